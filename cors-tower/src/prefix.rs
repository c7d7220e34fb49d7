//! [`PrefixError`]: why a text is not taken as a path prefix (A9).

use std::error::Error;
use std::fmt;

use cors_core::adapter::PathPrefixError;
pub use cors_core::adapter::PathPrefixErrorKind as PrefixErrorKind;

/// Why a text is not taken as a path prefix. As text it gives the prefix and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefixError {
    prefix: String,
    kind: PrefixErrorKind,
}

impl PrefixError {
    pub(crate) fn duplicate(prefix: &str) -> Self {
        PathPrefixError::new(prefix, PrefixErrorKind::Duplicate).into()
    }

    /// Returns the text.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Returns what is wrong with the text.
    pub fn kind(&self) -> PrefixErrorKind {
        self.kind
    }
}

impl From<PathPrefixError<'_>> for PrefixError {
    fn from(error: PathPrefixError<'_>) -> Self {
        PrefixError { prefix: error.prefix().to_owned(), kind: error.kind() }
    }
}

impl fmt::Display for PrefixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        PathPrefixError::new(&self.prefix, self.kind).fmt(f)
    }
}

impl Error for PrefixError {}
