//! Whether a request comes from the site's own pages (A6).

use crate::field::without_white_space;
use crate::origin::Origin;

/// What a server knows of a request's sender and of its own address. Spaces and tabs around the fields' values do not
/// count (E7).
///
/// Browsers send `Origin` to the page's own server, too, and let the page read the response whatever a policy says. An
/// adapter that refuses denied requests, or counts them, asks first whether they are the site's own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sender<'a> {
    /// The value of `Origin`.
    pub origin: &'a [u8],
    /// The value of `Sec-Fetch-Site`, if the request has it. A request with several lines of it has one that says
    /// nothing: write `Some(b"")`.
    pub sec_fetch_site: Option<&'a [u8]>,
    /// The scheme by which the request came, if the server knows it: `http`, `https`, `ws` or `wss`, in any case.
    pub scheme: Option<&'a [u8]>,
    /// The host and port to which the request was sent: `Host`, or `:authority` of HTTP/2. `None` if there is not
    /// exactly one.
    pub host: Option<&'a [u8]>,
}

impl Sender<'_> {
    /// Returns true if the request comes from a page of the server's own origin.
    ///
    /// `Sec-Fetch-Site`, where the request has it, alone decides. Otherwise `Origin` has to be one of `own_origins`, or, where
    /// the list is empty, the server's own address: scheme, host and port. `null` and files are no site's own. Of a server that does not know its scheme, host and
    /// port are compared, with the default port of the page's scheme.
    ///
    /// ```
    /// use cors_core::adapter::Sender;
    ///
    /// let sender = Sender {
    ///     origin: b"http://shop.example",
    ///     scheme: Some(b"https"),
    ///     host: Some(b"shop.example"),
    ///     ..Sender::default()
    /// };
    /// assert!(!sender.is_same_origin([""; 0]));
    /// assert!(sender.is_same_origin(["http://shop.example"]));
    /// ```
    pub fn is_same_origin(&self, own_origins: impl IntoIterator<Item: AsRef<[u8]>>) -> bool {
        if let Some(site) = self.sec_fetch_site {
            return without_white_space(site) == b"same-origin";
        }
        let sent = without_white_space(self.origin);
        let mut own_origins = own_origins.into_iter().peekable();
        if own_origins.peek().is_some() {
            // Any page can be sandboxed, and any file opened: neither origin is a site's own.
            return own_origins.any(|own| own.as_ref() == sent)
                && sent != b"null"
                && !sent.starts_with(b"file:");
        }
        let Ok(origin) = Origin::parse(sent) else { return false };
        let default_port: &[u8] = match origin.scheme() {
            Some("http") => b":80",
            Some("https") => b":443",
            _ => return false,
        };
        self.is_own_scheme(origin.scheme()) && self.is_own_authority(origin.as_bytes(), default_port)
    }

    fn is_own_scheme(&self, scheme: Option<&str>) -> bool {
        let Some(own) = self.scheme else { return true };
        // A WebSocket handshake carries the page's origin, which is of http or https.
        let own = if own.eq_ignore_ascii_case(b"ws") {
            b"http"
        } else if own.eq_ignore_ascii_case(b"wss") {
            b"https"
        } else {
            own
        };
        scheme.is_some_and(|scheme| own.eq_ignore_ascii_case(scheme.as_bytes()))
    }

    fn is_own_authority(&self, origin: &[u8], default_port: &[u8]) -> bool {
        let authority = origin.splitn(3, |&byte| byte == b'/').nth(2);
        let own =
            self.host.map(without_white_space).map(|host| host.strip_suffix(default_port).unwrap_or(host));
        authority.zip(own).is_some_and(|(authority, own)| own.eq_ignore_ascii_case(authority))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Origin, Sec-Fetch-Site, scheme, host.
    type Known = (&'static str, Option<&'static str>, Option<&'static str>, Option<&'static str>);

    fn is_same_origin((origin, site, scheme, host): Known, own_origins: &[&str]) -> bool {
        let sender = Sender {
            origin: origin.as_bytes(),
            sec_fetch_site: site.map(str::as_bytes),
            scheme: scheme.map(str::as_bytes),
            host: host.map(str::as_bytes),
        };
        sender.is_same_origin(own_origins)
    }

    #[test]
    fn a6_sec_fetch_site_alone_decides() {
        for (site, expected) in [
            ("same-origin", true),
            ("same-site", false),
            ("cross-site", false),
            ("none", false),
            ("Same-Origin", false),
            ("", false),
            // White space around a value does not belong to it.
            (" same-origin\t", true),
            ("same-origin\n", false),
            (" ", false),
        ] {
            for origin in ["https://a.example", "https://b.example", "null", "no origin"] {
                for own_origins in [&[][..], &["https://a.example"]] {
                    let known = (origin, Some(site), Some("https"), Some("a.example"));
                    assert_eq!(is_same_origin(known, own_origins), expected, "{known:?} {own_origins:?}");
                }
            }
        }
    }

    #[test]
    fn a6_the_own_address() {
        let cases: [(&str, Option<&str>, Option<&str>, bool); 31] = [
            ("https://a.example", Some("https"), Some("a.example"), true),
            ("https://a.example", Some("HTTPS"), Some("A.Example"), true),
            ("https://a.example", Some("https"), Some("a.example:443"), true),
            ("http://a.example", Some("http"), Some("a.example:80"), true),
            ("https://a.example", Some("wss"), Some("a.example"), true),
            ("http://a.example", Some("ws"), Some("a.example"), true),
            ("https://[::1]:8443", Some("https"), Some("[::1]:8443"), true),
            ("https://xn--bcher-kva.example", Some("https"), Some("xn--bcher-kva.example"), true),
            // The scheme is part of the origin.
            ("http://a.example", Some("https"), Some("a.example"), false),
            ("https://a.example", Some("http"), Some("a.example"), false),
            ("http://a.example", Some("wss"), Some("a.example"), false),
            ("https://a.example", Some("gopher"), Some("a.example"), false),
            // A server that does not know its scheme compares the rest.
            ("https://a.example", None, Some("a.example"), true),
            ("http://a.example", None, Some("a.example"), true),
            ("http://a.example", None, Some("a.example:80"), true),
            ("https://a.example", None, Some("a.example:80"), false),
            ("http://a.example", None, Some("a.example:443"), false),
            // Ports and hosts.
            ("https://a.example:8443", Some("https"), Some("a.example"), false),
            ("https://a.example", Some("https"), Some("a.example:8443"), false),
            ("https://a.example", Some("https"), Some("b.example"), false),
            ("https://a.example", Some("https"), Some("a.example.evil.example"), false),
            ("https://a.example", Some("https"), Some("a.example:443:443"), false),
            ("https://a.example", Some("https"), Some(""), false),
            ("https://a.example", Some("https"), None, false),
            // White space around a value does not belong to it.
            (" https://a.example\t", Some("https"), Some("\ta.example "), true),
            ("https://a.example", Some("https"), Some("a.example \n"), false),
            ("https://a .example", Some("https"), Some("a .example"), false),
            // Nothing else is an address of http.
            ("null", Some("https"), Some("null"), false),
            ("https://A.example", Some("https"), Some("A.example"), false),
            ("https://a.example/", Some("https"), Some("a.example/"), false),
            ("ftp://a.example", Some("ftp"), Some("a.example"), false),
        ];
        for (origin, scheme, host, expected) in cases {
            assert_eq!(
                is_same_origin((origin, None, scheme, host), &[]),
                expected,
                "{origin} {scheme:?} {host:?}"
            );
        }
    }

    #[test]
    fn a6_own_origins_stand_for_the_address() {
        let own = ["https://a.example", "https://www.a.example:8443", "null", "file://"];
        for (origin, host, expected) in [
            ("https://a.example", "internal:8080", true),
            ("https://www.a.example:8443", "internal:8080", true),
            ("http://a.example", "a.example", false),
            ("http://internal:8080", "internal:8080", false),
            ("https://A.example", "internal:8080", false),
            ("\thttps://a.example ", "internal:8080", true),
            // Any page can have the opaque origin.
            ("null", "internal:8080", false),
            (" null", "internal:8080", false),
            ("file://", "internal:8080", false),
        ] {
            for scheme in [None, Some("http"), Some("https")] {
                assert_eq!(is_same_origin((origin, None, scheme, Some(host)), &own), expected, "{origin}");
            }
        }
    }
}
