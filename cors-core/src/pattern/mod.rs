//! Patterns, as an operator writes them (rules P1 to P8).
//!
//! Takes a text. Returns an [`OriginPattern`], or a [`PatternError`] with the text to write instead.
//! Called by `config`, `image` and `explain`; within the room, `grammar` lies below `canonical`, and that below `advice`.

pub(crate) mod advice;
pub(crate) mod canonical;
mod error;
mod error_kind;
mod grammar;
mod punycode;
mod star_places;

pub use advice::Advice;
pub use error::PatternError;
pub use error_kind::PatternErrorKind;
pub(crate) use grammar::{LOCAL_FILE_ORIGIN, Shape, Star, Wildcard};
pub(crate) use star_places::{StarPlace, StarPlaces, TooManyPlaces};

use core::fmt;

use crate::origin::Origin;
use crate::origin::host;
use crate::text;

/// An exact origin, or a set of origins written with a wildcard.
///
/// | pattern | allows |
/// |---|---|
/// | `*` | any origin |
/// | `https://example.com`, `capacitor://localhost` | that origin |
/// | `https://example.com:*` | any port of that host, the default one included |
/// | `https://*.example.com` | every subdomain at any depth, not `example.com` itself |
/// | `https://pr-*-team.example.com` | one label, with one or more of `[a-z0-9-]` in place of the `*` |
/// | `null` | the opaque origin |
///
/// A port wildcard combines with the other two. A `*` anywhere else, or after another scheme than http and https, is an error,
/// and there are no regular expressions.
///
/// ```
/// use cors_core::{Origin, OriginPattern};
///
/// let pattern = OriginPattern::parse("https://*.example.com:*")?;
/// assert!(pattern.matches(&Origin::parse(b"https://shop.example.com:8443").unwrap()));
/// assert!(!pattern.matches(&Origin::parse(b"https://example.com").unwrap()));
///
/// let error = OriginPattern::parse("https://Example.com:443/").unwrap_err();
/// assert_eq!(error.advice().unwrap().to_string(), "write https://example.com");
/// # Ok::<(), cors_core::PatternError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OriginPattern<'a> {
    text: &'a str,
    shape: Shape<'a>,
}

impl<'a> OriginPattern<'a> {
    /// The most bytes of a pattern: a longer one could match no origin.
    pub const MAX_LEN: usize = grammar::MAX_LEN;

    /// Parses what an operator wrote. Only the canonical form is taken; the error says what to write instead.
    pub fn parse(text: &'a str) -> Result<Self, PatternError<'a>> {
        match grammar::parse(text) {
            Ok(shape) => Ok(OriginPattern { text, shape }),
            Err(kind) => Err(PatternError { text, kind: advice::diagnose(text, kind) }),
        }
    }

    /// Parses a pattern in canonical form, and does not look for what the operator meant.
    pub(crate) fn parse_canonical(text: &'a str) -> Option<Self> {
        grammar::parse(text).ok().map(|shape| OriginPattern { text, shape })
    }

    /// Returns true if the pattern allows `origin`.
    pub fn matches(&self, origin: &Origin<'_>) -> bool {
        match self.shape {
            Shape::Any => true,
            Shape::Exact => origin.as_str() == self.text,
            Shape::Wildcard(wildcard) => wildcard.matches(origin),
        }
    }

    /// Returns true if the pattern allows more than one origin.
    pub fn is_wildcard(&self) -> bool {
        self.shape != Shape::Exact
    }

    /// Returns the text that was parsed.
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    pub(crate) fn shape(&self) -> Shape<'a> {
        self.shape
    }

    /// Returns the scheme; `None` for `*` and `null`.
    pub(crate) fn scheme(&self) -> Option<&'a str> {
        text::split_once(self.text, "://").map(|(scheme, _)| scheme)
    }

    /// Returns the host as written, with its `*` if it has one, without the port; `None` for `*` and `null`.
    pub(crate) fn host(&self) -> Option<&'a str> {
        let (_, authority) = text::split_once(self.text, "://")?;
        Some(host::split_port(authority).0)
    }
}

impl fmt::Display for OriginPattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl fmt::Debug for OriginPattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OriginPattern").field(&self.text).finish()
    }
}
