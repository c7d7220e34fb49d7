//! Addresses and origins in other words: with a scheme, or with https in place of http.

use core::fmt::{self, Write};

use crate::browser::{AddressSpace, scheme};
use crate::origin::{Origin, host};
use crate::pattern::canonical::Text;
use crate::text;

/// An address or an origin, with another scheme than it was given with, or with one that it lacked. [`Display`](fmt::Display)
/// writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuggestedAddress<'a> {
    scheme: &'static str,
    /// What stands after `://`.
    rest: &'a str,
}

impl<'a> SuggestedAddress<'a> {
    /// The same address by https.
    pub(super) fn secure(address: &'a str) -> Self {
        let rest = text::split_once(address, "://").map_or(address, |(_, rest)| rest);
        SuggestedAddress { scheme: "https", rest }
    }

    /// Returns the address with http in front, if it is near, and with https. Nothing where it has a scheme that is no host.
    pub(super) fn completions(address: &'a str) -> impl Iterator<Item = Self> {
        let address_with = move |scheme| SuggestedAddress { scheme, rest: address };
        // What stands before a port is no scheme.
        let is_host = scheme(address).is_none_or(|scheme| {
            let rest = address.get(scheme.len().saturating_add(1)..).unwrap_or_default();
            rest.starts_with(|character: char| character.is_ascii_digit())
        });
        let is_near = address_with("http").is_near();
        [is_near.then_some("http"), Some("https")]
            .into_iter()
            .flatten()
            .filter(move |_| is_host)
            .map(address_with)
    }

    fn is_near(self) -> bool {
        let mut text = Text::new();
        let _ = write!(text, "{}", self.origin());
        let space = Origin::parse(text.as_bytes()).ok().and_then(|origin| AddressSpace::of(&origin));
        space.is_some_and(|space| space != AddressSpace::Public)
    }

    /// Returns scheme, host and port.
    pub(super) fn origin(self) -> Self {
        let rest = self.rest.split(['/', '?', '#']).next().unwrap_or_default();
        SuggestedAddress { rest, ..self }
    }

    /// Returns the port that the text names.
    pub(super) fn port(self) -> Option<u16> {
        let authority = self.origin().rest;
        authority.get(host::port_colon(authority.as_bytes())?..)?.strip_prefix(':')?.parse().ok()
    }

    /// True if the text has a port.
    pub(super) fn has_port(self) -> bool {
        host::port_colon(self.origin().rest.as_bytes()).is_some()
    }
}

impl fmt::Display for SuggestedAddress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.rest)
    }
}
