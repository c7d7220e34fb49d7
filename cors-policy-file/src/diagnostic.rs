//! [`Diagnostic`]: a problem of a policy file, with its place and what to do about it.

use std::fmt;
use std::ops::Range;

use cors_core::{ConfigError, Problem, Risk};

/// A problem, or a risk that the policy does not accept.
///
/// [`Display`](fmt::Display) gives it in one line, without its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    span: Range<usize>,
    entry: Option<Entry>,
    title: String,
    help: Option<String>,
}

/// The value that [`Config::check`](cors_core::Config::check) refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The field of the policy: `allow_origins`.
    pub field: &'static str,
    /// Which entry of the field, from 0, where that is a list.
    pub index: Option<usize>,
    /// What stands there.
    pub value: String,
    /// What is wrong with it.
    pub problem: Problem,
}

impl Diagnostic {
    pub(crate) fn error(span: Range<usize>, title: impl Into<String>) -> Self {
        Diagnostic { span, entry: None, title: title.into(), help: None }
    }

    /// What the engine's check says of the value at `span`.
    pub(crate) fn of(error: &ConfigError<'_>, span: Range<usize>) -> Self {
        let field = error.field().name();
        let problem = error.problem();
        let what = match problem {
            Problem::Risk(risk) => risk.consequence().to_owned(),
            problem => problem.to_string(),
        };
        let entry = Entry { field, index: error.index(), value: error.value().to_string(), problem };
        Diagnostic {
            span,
            entry: Some(entry),
            title: format!("{field}: {what}"),
            help: error.advice().map(|advice| advice.to_string()),
        }
    }

    /// A field that stands there for the second time.
    pub(crate) fn duplicate(name: &str, span: Range<usize>) -> Self {
        Diagnostic::error(span, format!("duplicate field `{}`", name.escape_debug()))
            .with_help("write it once; of two, one would have no effect")
    }

    pub(crate) fn with_help(self, help: impl Into<String>) -> Self {
        Diagnostic { help: Some(help.into()), ..self }
    }

    /// Where it stands: bytes of the text, or what the spans of the [`Document`](crate::Document) are.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The value that is refused, where it is not the file's form that is wrong.
    pub fn entry(&self) -> Option<&Entry> {
        self.entry.as_ref()
    }

    /// The risk, if it is one.
    pub fn risk(&self) -> Option<Risk> {
        match self.entry()?.problem {
            Problem::Risk(risk) => Some(risk),
            _ => None,
        }
    }

    /// What is wrong, in one line.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What to do about it, in the imperative.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Where it begins in `text`, which was compiled: the line and the character in it, both from 1.
    pub fn line_and_column(&self, text: &str) -> (usize, usize) {
        let before = text.char_indices().take_while(|&(offset, _)| offset < self.span.start);
        before.fold((1, 1), |(line, column): (usize, usize), (_, character)| match character {
            '\n' => (line.saturating_add(1), 1),
            _ => (line, column.saturating_add(1)),
        })
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}
