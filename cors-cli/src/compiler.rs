//! From a policy file to its image, with every problem on the way.

use std::ops::Range;

use cors_core::{CompileError, Config, ConfigError, ConfigField, Policy, Problem};

use crate::diagnostics::{Diagnostic, tell};
use crate::document::Format;
use crate::exit::Failure;
use crate::input::Input;
use crate::policy_file::{PolicyFile, Text};

/// The image of the policy file in `input`, whose problems are all told if it has any.
pub(crate) fn image_of(input: &Input) -> Result<Vec<u8>, Failure> {
    let text = input.text()?;
    let mut problems = Vec::new();
    let document = Format::of(input.path(), text).parse(text, &mut problems);
    let syntax_errors = Spans::of(&problems);
    let file = PolicyFile::new(document, &mut problems);
    let lists = Lists::of(&file);
    let config = lists.config(&file);
    config.check(|error| problems.push(diagnostic(&error, place(&file, &error))));
    if !problems.is_empty() {
        syntax_errors.retain_others(&mut problems);
        tell(&input.name(), text, problems);
        return Err(Failure::Problems);
    }
    let mut image = vec![0; config.image_len()];
    match config.compile_into(&mut image) {
        Ok(_) => Ok(image),
        Err(error) => {
            let advice = match error {
                CompileError::TooLarge => "; split the origins over several policies",
                CompileError::Collisions => "; remove some of the origins",
                _ => "",
            };
            Err(Failure::unusable(input.name(), format_args!("{error}{advice}")))
        }
    }
}

/// The policy in an image that [`image_of`] made of `input`.
pub(crate) fn policy_of<'i>(image: &'i [u8], input: &Input) -> Result<Policy<'i>, Failure> {
    Policy::from_bytes(image).map_err(|error| Failure::unusable(input.name(), error))
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

fn diagnostic(error: &ConfigError<'_>, span: Range<usize>) -> Diagnostic {
    let field = error.field();
    let diagnostic = match error.problem() {
        Problem::Risk(risk) => Diagnostic::risk(span, risk, format!("{field}: {}", risk.consequence())),
        problem => Diagnostic::error(span, format!("{field}: {problem}")),
    };
    match error.advice() {
        Some(advice) => diagnostic.help(advice.to_string()),
        None => diagnostic,
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
        let mut spans: Vec<Range<usize>> = errors.iter().map(|error| error.span().clone()).collect();
        spans.sort_by_key(|span| span.end);
        Spans(spans)
    }

    fn retain_others(&self, problems: &mut Vec<Diagnostic>) {
        // They came first.
        let mut index = 0_usize;
        problems.retain(|problem| {
            index = index.saturating_add(1);
            index <= self.0.len() || !self.touch(problem.span())
        });
    }

    fn touch(&self, span: &Range<usize>) -> bool {
        let next = self.0.partition_point(|error| error.end < span.start);
        self.0.get(next).is_some_and(|error| error.start <= span.end)
    }
}
