//! [`Redirect`]: what to do about a redirect to another origin.

use core::fmt;

use crate::text;

/// A redirect from one address to another. [`Display`](fmt::Display) writes what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Redirect<'a> {
    from: &'a str,
    to: &'a str,
}

impl<'a> Redirect<'a> {
    pub(super) fn between(from: &'a str, to: &'a str) -> Option<Self> {
        origin(from).and(origin(to)).map(|_| Redirect { from, to })
    }

    /// True if the addresses are of two origins.
    pub(super) fn changes_origin(&self) -> bool {
        !origin(self.from).zip(origin(self.to)).is_some_and(|(from, to)| from.eq_ignore_ascii_case(to))
    }

    /// True if both addresses are of one host, such as http and https of a site.
    fn stays_on_host(&self) -> bool {
        let host = |address| {
            let (_, authority) = text::split_once(origin(address)?, "://")?;
            Some(crate::origin::host::split_port(authority).0)
        };
        host(self.from).zip(host(self.to)).is_some_and(|(from, to)| from.eq_ignore_ascii_case(to))
    }
}

/// Words of the addresses of logins.
const LOGIN_WORDS: [&str; 15] = [
    "accounts",
    "adfs",
    "auth",
    "authenticate",
    "authorize",
    "identity",
    "idp",
    "login",
    "logon",
    "oauth",
    "okta",
    "openid",
    "saml",
    "signin",
    "sso",
];

/// True if a word of the host or the path is one of those of logins.
fn is_login(address: &str) -> bool {
    let place = address.split(['?', '#']).next().unwrap_or_default();
    let words = || place.split(|character: char| !character.is_ascii_alphabetic());
    let is = |word: &str, other: &str| word.eq_ignore_ascii_case(other);
    let is_written_apart = words().zip(words().skip(1)).any(|(one, next)| is(one, "sign") && is(next, "in"));
    is_written_apart || words().any(|word| LOGIN_WORDS.iter().any(|other| is(word, other)))
}

/// Returns scheme, host and port of an address as they are written.
fn origin(address: &str) -> Option<&str> {
    let (scheme, rest) = text::split_once(address, "://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let len = scheme.len().checked_add("://".len())?.checked_add(authority.len())?;
    address.get(..len)
}

impl fmt::Display for Redirect<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (origin(self.from).unwrap_or_default(), origin(self.to).unwrap_or_default());
        // What stands behind the path may be secret.
        let address = self.to.split(['?', '#']).next().unwrap_or_default();
        if self.stays_on_host() {
            return write!(
                f,
                "Let the page ask for {address} at once, or take the redirect away: after a redirect from one origin to another a \
                 page counts as `null`, which no server should allow."
            );
        }
        if !is_login(self.to) {
            return write!(
                f,
                "Let the page ask for {address} at once, whose server then has to allow the page: after a redirect from one origin to \
                 another a page counts as `null`, which no server should allow. If that is a login, let {from} answer 401 in place of the \
                 redirect: the session has ended, or the request came without credentials."
            );
        }
        write!(
            f,
            "Let {from} answer 401 in place of the redirect to {to}, and let the page go to the login itself: mostly the session \
             has ended, or the request came without credentials. Add no CORS fields to a login page. If the answer is meant to \
             come from {to}, let the page ask for {address} at once."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_logins() {
        for (address, expected) in [
            ("https://login.example.com/", true),
            ("https://example.eu.auth0.com/authorize?client_id=1", true),
            ("https://example.com/oauth2/token", true),
            ("https://example.com/users/sign_in", true),
            ("https://example.com/Sign-In", true),
            ("https://example.com/authors/7", false),
            ("https://lessons.example.com/", false),
            ("https://bucket.s3.example.com/a.pdf?login=1", false),
            ("https://example.com/sign/inbox", false),
        ] {
            assert_eq!(is_login(address), expected, "{address}");
        }
    }
}
