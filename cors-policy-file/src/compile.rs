//! From a policy file to its image, with every problem on the way.

use std::fmt;

use cors_core::{CompileError, ConfigOf};

use crate::diagnostic::Diagnostic;
use crate::document::{Document, Format};
use crate::owned_config::image_of;
use crate::problems::Problems;
use crate::reader::Settings;
use crate::warnings::warnings;
use crate::words::Words;

/// A compiled policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    image: Vec<u8>,
    warnings: Vec<Diagnostic>,
}

impl Compiled {
    /// Returns the image.
    pub fn into_image(self) -> Vec<u8> {
        self.image
    }

    /// Returns what is legal and probably not meant, in the order of the file. They are few, however long the file is.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }
}

/// Why a policy file has no image.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The problems of the file, in the order of their places.
    Problems(Problems),
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
                match problems.total().saturating_sub(problems.len()) {
                    0 => Ok(()),
                    more => write!(f, "\nand {more} more"),
                }
            }
            Error::TooMuch(sentence) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for Error {}

/// A predicate: is this domain a public suffix?
pub type PublicSuffixes<'a> = dyn Fn(&str) -> bool + Sync + 'a;

/// The public suffix list, if it is linked.
#[cfg(feature = "psl")]
const LIST: Option<&PublicSuffixes<'static>> = Some(&cors_core::is_shared_domain);
#[cfg(not(feature = "psl"))]
const LIST: Option<&PublicSuffixes<'static>> = None;

/// Compiles a policy file, with the public suffix list if the feature `psl` is on.
///
/// [`text_of`](crate::text_of) gives the text of a file, [`Format::of`] its format.
pub fn compile(format: Format, text: &str) -> Result<Compiled, Error> {
    let mut syntax_errors = Vec::new();
    let document = format.parse(text, &mut syntax_errors);
    compile_beside(syntax_errors, document, &Words::FILE, LIST)
}

/// Compiles a policy in any notation whose words are those of files, with the public suffixes of [`compile`].
pub fn compile_document(document: Document<'_>) -> Result<Compiled, Error> {
    compile_beside(Vec::new(), document, &Words::FILE, LIST)
}

/// Compiles a policy in any notation, with the public suffixes that the caller knows.
pub fn compile_document_with(
    document: Document<'_>,
    words: &Words,
    public_suffixes: &PublicSuffixes<'_>,
) -> Result<Compiled, Error> {
    compile_beside(Vec::new(), document, words, Some(public_suffixes))
}

fn compile_beside(
    syntax_errors: Vec<Diagnostic>,
    document: Document<'_>,
    words: &Words,
    public_suffixes: Option<&PublicSuffixes<'_>>,
) -> Result<Compiled, Error> {
    let mut problems = Problems::new(syntax_errors);
    let settings = Settings::read(document, words, &mut problems);
    let config = ConfigOf { is_public_suffix: public_suffixes, ..settings.config.config() };
    config.check(|error| problems.push(settings.places.refused(&error)));
    if let Some(problems) = problems.finish() {
        return Err(Error::Problems(problems));
    }
    match image_of(&config) {
        Ok(image) => Ok(Compiled { image, warnings: warnings(&settings, words) }),
        Err(error) => {
            let advice = match error {
                CompileError::TooLarge => "; split the origins over several policies",
                _ => "",
            };
            Err(Error::TooMuch(format!("{error}{advice}")))
        }
    }
}
