//! [`PatternError`]: a fault with its text and the advice for it.

use core::error::Error;
use core::fmt;

use crate::pattern::advice::{self, Advice};
use crate::pattern::error_kind::PatternErrorKind;
use crate::text::Quoted;

/// Why a text is not a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatternError<'a> {
    pub(super) text: &'a str,
    pub(super) kind: PatternErrorKind,
}

impl<'a> PatternError<'a> {
    /// Returns what is wrong.
    pub fn kind(&self) -> PatternErrorKind {
        self.kind
    }

    /// Returns the text that was parsed.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Returns what to write instead; `None` where the text does not show what was meant.
    pub fn advice(&self) -> Option<Advice<'a>> {
        advice::for_pattern(self.text, self.kind)
    }
}

impl fmt::Display for PatternError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", Quoted(self.text), self.kind)?;
        match self.advice() {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

impl Error for PatternError<'_> {}
