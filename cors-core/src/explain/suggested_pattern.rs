//! [`SuggestedPattern`]: a pattern that a policy might list.

use core::fmt::{self, Write};

use crate::pattern::OriginPattern;
use crate::pattern::canonical::Text;

/// A pattern made from a listed origin: the names under its host, or all its ports. [`Display`](fmt::Display) writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuggestedPattern<'a> {
    scheme: &'a str,
    labels: &'static str,
    host: &'a str,
    port: &'a str,
}

impl<'a> SuggestedPattern<'a> {
    /// `https://*.example.com`
    pub(super) fn subdomains(scheme: &'a str, host: &'a str, port: &'a str) -> Option<Self> {
        SuggestedPattern { scheme, labels: "*.", host, port }.checked()
    }

    /// `http://localhost:*`
    pub(super) fn ports(scheme: &'a str, host: &'a str) -> Option<Self> {
        SuggestedPattern { scheme, labels: "", host, port: "*" }.checked()
    }

    /// A long host has no room for another label.
    fn checked(self) -> Option<Self> {
        let mut text = Text::new();
        write!(text, "{self}").ok()?;
        OriginPattern::parse_canonical(&text).is_some().then_some(self)
    }
}

impl fmt::Display for SuggestedPattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SuggestedPattern { scheme, labels, host, port } = self;
        let colon = if port.is_empty() { "" } else { ":" };
        write!(f, "{scheme}://{labels}{host}{colon}{port}")
    }
}
