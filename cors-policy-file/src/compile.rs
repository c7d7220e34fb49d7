//! From a policy file to its image, with every problem on the way.

use std::fmt;
use std::ops::Range;

use cors_core::{CompileError, Config, ConfigError, ConfigField};

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Format};
use crate::policy_file::{PolicyFile, Text};

/// Why a policy file has no image.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Every problem of the file, in the order of their places.
    Problems(Vec<Diagnostic>),
    /// The policy as a whole is too much. In one sentence.
    TooMuch(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Problems(problems) => {
                for (index, problem) in problems.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "\n" };
                    write!(f, "{separator}{problem}")?;
                }
                Ok(())
            }
            Error::TooMuch(sentence) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for Error {}

/// The image of a policy file, whose public suffixes are those of the public suffix list.
///
/// [`text_of`](crate::text_of) gives the text of a file, [`Format::of`] its format.
pub fn compile(format: Format, text: &str) -> Result<Vec<u8>, Error> {
    let mut problems = Vec::new();
    let document = format.parse(text, &mut problems);
    compile_beside(problems, document)
}

/// The image of a policy in any notation.
pub fn compile_document(document: Document<'_>) -> Result<Vec<u8>, Error> {
    compile_beside(Vec::new(), document)
}

fn compile_beside(mut problems: Vec<Diagnostic>, document: Document<'_>) -> Result<Vec<u8>, Error> {
    let syntax_errors = Spans::of(&problems);
    let file = PolicyFile::new(document, &mut problems);
    let lists = Lists::of(&file);
    let config = lists.config(&file);
    config.check(|error| problems.push(Diagnostic::of(&error, place(&file, &error))));
    if !problems.is_empty() {
        syntax_errors.retain_others(&mut problems);
        problems.sort_by_key(|problem| (problem.span().start, problem.span().end));
        return Err(Error::Problems(problems));
    }
    let mut image = vec![0; config.image_len()];
    match config.compile_into(&mut image) {
        Ok(_) => Ok(image),
        Err(error) => {
            let advice = match error {
                CompileError::TooLarge => "; split the origins over several policies",
                _ => "",
            };
            Err(Error::TooMuch(format!("{error}{advice}")))
        }
    }
}

/// The lists of a policy file, as a config borrows them.
struct Lists<'f> {
    allow_origins: Vec<&'f str>,
    allow_methods: Vec<&'f str>,
    allow_headers: Vec<&'f str>,
    expose_headers: Vec<&'f str>,
}

impl<'f> Lists<'f> {
    fn of(file: &'f PolicyFile<'_>) -> Self {
        let list = |texts: &'f [Text<'_>]| texts.iter().map(|text| text.value.as_ref()).collect();
        Lists {
            allow_origins: list(&file.allow_origins),
            allow_methods: list(&file.allow_methods),
            allow_headers: list(&file.allow_headers),
            expose_headers: list(&file.expose_headers),
        }
    }

    fn config(&'f self, file: &'f PolicyFile<'_>) -> Config<'f> {
        Config {
            allow_origins: &self.allow_origins,
            allow_methods: &self.allow_methods,
            allow_headers: &self.allow_headers,
            expose_headers: &self.expose_headers,
            allow_credentials: file.allow_credentials,
            max_age: file.max_age.as_ref().map(|seconds| seconds.value),
            allow_private_network: file.allow_private_network,
            preflight_status: file
                .preflight_status
                .as_ref()
                .map_or(Config::NEW.preflight_status, |status| status.value),
            accept_risks: &file.accept_risks,
            is_public_suffix: Some(&cors_core::is_public_suffix),
        }
    }
}

/// Where the value that the error is about stands.
fn place(file: &PolicyFile<'_>, error: &ConfigError<'_>) -> Range<usize> {
    let entry = |list: &[Text<'_>]| Some(list.get(error.index()?)?.span.clone());
    let span = match error.field() {
        ConfigField::AllowOrigins => entry(&file.allow_origins),
        ConfigField::AllowMethods => entry(&file.allow_methods),
        ConfigField::AllowHeaders => entry(&file.allow_headers),
        ConfigField::ExposeHeaders => entry(&file.expose_headers),
        ConfigField::MaxAge => file.max_age.as_ref().map(|seconds| seconds.span.clone()),
        ConfigField::PreflightStatus => file.preflight_status.as_ref().map(|status| status.span.clone()),
        _ => None,
    };
    span.unwrap_or_default()
}

/// Where the syntax errors are. What a parser makes of a value with one in it is a guess, and nothing is said of it
/// but that error.
struct Spans(Vec<Range<usize>>);

impl Spans {
    fn of(errors: &[Diagnostic]) -> Self {
        let mut spans: Vec<Range<usize>> = errors.iter().map(Diagnostic::span).collect();
        spans.sort_by_key(|span| span.end);
        Spans(spans)
    }

    fn retain_others(&self, problems: &mut Vec<Diagnostic>) {
        // They came first.
        let mut index = 0_usize;
        problems.retain(|problem| {
            index = index.saturating_add(1);
            index <= self.0.len() || !self.touch(&problem.span())
        });
    }

    fn touch(&self, span: &Range<usize>) -> bool {
        let next = self.0.partition_point(|error| error.end < span.start);
        self.0.get(next).is_some_and(|error| error.start <= span.end)
    }
}
