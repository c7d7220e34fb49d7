//! [`Diagnostic`]: a problem of a policy file, with its place and what to do about it.

use std::fmt;
use std::ops::Range;

use cors_core::Risk;

/// A problem, or a risk that the policy does not accept.
///
/// [`Display`](fmt::Display) gives it in one line, without its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    span: Range<usize>,
    risk: Option<Risk>,
    title: String,
    help: Option<String>,
}

impl Diagnostic {
    pub(crate) fn error(span: Range<usize>, title: impl Into<String>) -> Self {
        Diagnostic { span, risk: None, title: title.into(), help: None }
    }

    pub(crate) fn unaccepted(span: Range<usize>, risk: Risk, title: impl Into<String>) -> Self {
        Diagnostic { span, risk: Some(risk), title: title.into(), help: None }
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

    /// The risk, if it is one.
    pub fn risk(&self) -> Option<Risk> {
        self.risk
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
