//! Is a text a URL, as far as Chromium's choice between an "invalid" and a "mismatching" `Access-Control-Allow-Origin`
//! goes (URL standard, "basic URL parser").

use core::str;

use heapless::Vec;

use crate::origin::{host, ipv4, ipv6};

/// True if the basic URL parser takes `text` for a URL without a base.
pub(crate) fn is_valid(text: &[u8]) -> bool {
    // It drops tabs wherever they are. What is too long for that would not be taken for an origin by anyone.
    let mut without_tabs: Vec<u8, 1024> = Vec::new();
    let fits = text.iter().filter(|&&byte| byte != b'\t').all(|&byte| without_tabs.push(byte).is_ok());
    let text = if fits { &without_tabs } else { text }.trim_ascii();
    let Some((scheme, rest)) = split_scheme(text) else {
        return false;
    };
    if is_special(scheme) {
        // However many slashes there are, and whichever way they lean, a host follows.
        let start = rest.iter().position(|&byte| !is_slash(byte)).unwrap_or(rest.len());
        let authority = until(rest.get(start..).unwrap_or_default(), |byte| is_slash(byte) || is_end(byte));
        is_authority(authority, is_special_host)
    } else if let Some(rest) = rest.strip_prefix(b"//") {
        let authority = until(rest, |byte| byte == b'/' || is_end(byte));
        is_authority(authority, is_opaque_host)
    } else {
        true
    }
}

/// The origin that a `Location` leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination<'a> {
    /// Another path of the same origin.
    SameOrigin,
    /// An absolute address: what stands before its path.
    Elsewhere(&'a [u8]),
    /// An address that is neither http nor https.
    NotHttp,
}

impl<'a> Destination<'a> {
    pub(crate) fn of(location: &'a [u8]) -> Self {
        match split_scheme(location) {
            Some((scheme, rest))
                if scheme.eq_ignore_ascii_case(b"http") || scheme.eq_ignore_ascii_case(b"https") =>
            {
                let slashes = rest.iter().take_while(|&&byte| is_slash(byte)).count();
                let authority =
                    until(rest.get(slashes..).unwrap_or_default(), |byte| is_slash(byte) || is_end(byte));
                let path = rest.len().saturating_sub(slashes).saturating_sub(authority.len());
                let end = location.len().saturating_sub(path);
                Destination::Elsewhere(location.get(..end).unwrap_or_default())
            }
            Some(_) => Destination::NotHttp,
            None if location.starts_with(b"//") => {
                let rest = location.get(2..).unwrap_or_default();
                let authority = until(rest, |byte| is_slash(byte) || is_end(byte));
                let end = authority.len().saturating_add(2);
                Destination::Elsewhere(location.get(..end).unwrap_or_default())
            }
            None => Destination::SameOrigin,
        }
    }
}

/// True if `location` has a user name or a password before its host.
pub(crate) fn has_user_info(location: &[u8]) -> bool {
    let Some(authority) = authority(location) else {
        return false;
    };
    let user_info = authority.iter().rposition(|&byte| byte == b'@').and_then(|at| authority.get(..at));
    user_info.is_some_and(|user_info| !matches!(user_info, b"" | b":"))
}

/// Returns the scheme of an address, if it begins with one.
pub(crate) fn scheme(address: &str) -> Option<&str> {
    let (scheme, _) = split_scheme(address.as_bytes())?;
    address.get(..scheme.len())
}

/// Returns the port that an address names.
pub(crate) fn port(address: &str) -> Option<u16> {
    let host_and_port = authority(address.as_bytes())?.rsplit(|&byte| byte == b'@').next()?;
    let (host, port) = host_and_port.split_at_checked(host::port_colon(host_and_port)?)?;
    let is_whole = host.starts_with(b"[") == host.ends_with(b"]");
    number_of_port(port.strip_prefix(b":")?).filter(|_| is_whole)
}

/// Returns what stands between the two slashes and the path of an address, if it has no scheme, or one whose addresses have a host. In a
/// path an `@` or a colon says nothing.
fn authority(address: &[u8]) -> Option<&[u8]> {
    let rest = match split_scheme(address) {
        Some((scheme, rest)) if is_special(scheme) => rest,
        Some(_) => return None,
        None => address,
    };
    let slashes = rest.iter().take_while(|&&byte| is_slash(byte)).count();
    let authority = until(rest.get(slashes..)?, |byte| is_slash(byte) || is_end(byte));
    (slashes >= 2).then_some(authority)
}

fn split_scheme(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = text.iter().position(|&byte| byte == b':')?;
    let (scheme, rest) = (text.get(..colon)?, text.get(colon.checked_add(1)?..)?);
    let is_scheme = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte));
    is_scheme.then_some((scheme, rest))
}

/// The special schemes but `file`, whose URLs may do without a host.
fn is_special(scheme: &[u8]) -> bool {
    ["http", "https", "ws", "wss", "ftp"]
        .iter()
        .any(|special| scheme.eq_ignore_ascii_case(special.as_bytes()))
}

fn is_slash(byte: u8) -> bool {
    matches!(byte, b'/' | b'\\')
}

fn is_end(byte: u8) -> bool {
    matches!(byte, b'?' | b'#')
}

fn until(text: &[u8], ends: impl Fn(u8) -> bool) -> &[u8] {
    text.split(|&byte| ends(byte)).next().unwrap_or_default()
}

/// `[user-info "@"] host [":" [port]]`
fn is_authority(authority: &[u8], is_host: fn(&[u8]) -> bool) -> bool {
    let host_and_port = authority.rsplit(|&byte| byte == b'@').next().unwrap_or_default();
    match host::port_colon(host_and_port) {
        None => is_host(host_and_port),
        Some(colon) => {
            let (host, port) = host_and_port.split_at_checked(colon).unwrap_or_default();
            let port = port.strip_prefix(b":").unwrap_or_default();
            is_host(host) && !host.is_empty() && (port.is_empty() || number_of_port(port).is_some())
        }
    }
}

fn number_of_port(digits: &[u8]) -> Option<u16> {
    let is_number = digits.iter().all(u8::is_ascii_digit);
    str::from_utf8(digits).ok().filter(|_| is_number)?.parse().ok()
}

/// A host of a special URL: an address, or a domain in the wide sense in which Chromium takes one.
fn is_special_host(host: &[u8]) -> bool {
    if host.first() == Some(&b'[') {
        return is_ipv6(host);
    }
    let Ok(text) = str::from_utf8(host) else {
        return false;
    };
    if host.is_empty() || !is_percent_decodable(host) {
        return false;
    }
    let domain = text.strip_suffix('.').unwrap_or(text);
    let last = domain.rsplit('.').next().unwrap_or_default();
    !ipv4::is_number(last.as_bytes()) || ipv4::parse(domain).is_some()
}

/// No byte, escaped or not, that no host has.
fn is_percent_decodable(host: &[u8]) -> bool {
    let is_forbidden =
        |byte: u8| matches!(byte, ..0x20 | b':' | b'<' | b'>' | b'[' | b']' | b'^' | b'|' | 0x7f);
    let mut rest = host;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'%' {
            let Some((digits, after)) = rest.split_at_checked(2) else {
                return false;
            };
            let decoded = str::from_utf8(digits)
                .ok()
                .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
                .and_then(|digits| u8::from_str_radix(digits, 16).ok());
            if decoded.is_none_or(|byte| is_forbidden(byte) || b"#%/?@\\".contains(&byte)) {
                return false;
            }
            rest = after;
        } else if is_forbidden(byte) {
            return false;
        }
    }
    true
}

fn is_ipv6(host: &[u8]) -> bool {
    host.strip_prefix(b"[")
        .and_then(|host| host.strip_suffix(b"]"))
        .is_some_and(|address| ipv6::parse_embedded(address).is_some())
}

/// URL, "opaque-host parser".
fn is_opaque_host(host: &[u8]) -> bool {
    if host.first() == Some(&b'[') {
        return is_ipv6(host);
    }
    !host.iter().any(|byte| matches!(byte, b'\0' | b'\t' | b' ') || b":<>@[\\]^|".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        for text in [
            "http://app.example.com",
            "HTTP://APP.EXAMPLE.COM:80/",
            "http://app.example.com:",
            "ht\ttp://app.example.com\thttp://b.example",
            "http://*.example.com",
            "https://*",
            "http:app.example.com",
            "http:/app.example.com",
            "http:\\\\app.example.com\\x",
            "http:////app.example.com",
            "http://user:pw@app.example.com:8080/a?b#c",
            "http://a@b@app.example.com",
            "http://a_b.-c-..example.com.",
            "http://a!\"$&'()+;=`{}~.example.com",
            "http://%41%20pp.example.com",
            "http://127.1",
            "http://0x7f.1",
            "http://0x",
            "http://1.0X",
            "http://017700000001",
            "http://1.2.3.4.",
            "http://[::1]:8080",
            "http://[::ffff:1.2.3.4]",
            "http://b\u{fc}cher.example",
            "file:///",
            "file:",
            "data:,x",
            "localhost:3000",
            "app.example.com:443",
            "about:blank",
            "app://x:8080/",
            "app://",
            "app://[::1]",
        ] {
            assert!(is_valid(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn no_urls() {
        for text in [
            "",
            "*",
            "false",
            "Null",
            "app.example.com",
            "//app.example.com",
            "://app.example.com",
            "/x",
            "*.example.com",
            "*:80",
            "1http://app.example.com",
            "\"http://app.example.com\"",
            "<http://app.example.com>",
            "http:",
            "http://",
            "http:///",
            "http://:80",
            "http://user@",
            "http://user@:80",
            "http://app.example.com:99999",
            "http://app.example.com:+80",
            "http://app.example.com:80x",
            "http://app.example.com:80:80",
            "https://app.example.com:*",
            "http://a<b",
            "http://a^b|c",
            "http://a[b]",
            "http://%zz.example.com",
            "http://%2.example.com",
            "http://a%2fb",
            "http://a%00b",
            "http://1.2.3.256",
            "http://1.2.3.4.5",
            "http://1.2.3.08",
            "http://4294967296",
            "http://a.1",
            "http://1..2",
            "http://[::1",
            "http://[::1%25eth0]",
            "http://[::g]",
            "app://a:b",
            "app://:80",
            "app://a^b",
        ] {
            assert!(!is_valid(text.as_bytes()), "{text}");
        }
        assert!(!is_valid(b"http://\xff.example.com"));
    }

    #[test]
    fn destinations() {
        for (location, expected) in [
            ("", Destination::SameOrigin),
            ("/2", Destination::SameOrigin),
            ("?http://x", Destination::SameOrigin),
            ("http://a.example/2", Destination::Elsewhere(b"http://a.example")),
            ("HTTPS://a.example?x", Destination::Elsewhere(b"HTTPS://a.example")),
            ("//a.example/2", Destination::Elsewhere(b"//a.example")),
            ("data:,x", Destination::NotHttp),
            ("file:///x", Destination::NotHttp),
        ] {
            assert_eq!(Destination::of(location.as_bytes()), expected, "{location}");
        }
    }

    #[test]
    fn ports() {
        for (address, expected) in [
            ("http://api.example.com:6666/x", Some(6666)),
            ("HTTPS://API.example.com:6666", Some(6666)),
            ("http://user:25@api.example.com:22?x", Some(22)),
            ("http://[::1]:6000#x", Some(6000)),
            ("//api.example.com:25/x", Some(25)),
            ("http:\\\\api.example.com:025", Some(25)),
            ("http://api.example.com:0/", Some(0)),
            ("http://api.example.com/a:25", None),
            ("http://api.example.com:/", None),
            ("http://api.example.com:+25/", None),
            ("http://api.example.com:65536/", None),
            ("http://[::25]/", None),
            ("http://[::25", None),
            ("localhost:25/x", None),
            ("/a:25/x", None),
            ("a:25", None),
            ("", None),
        ] {
            assert_eq!(port(address), expected, "{address}");
        }
    }

    #[test]
    fn user_info() {
        for (location, expected) in [
            ("http://user@example.com/", true),
            ("https://user:pw@example.com", true),
            ("https://:pw@example.com", true),
            ("//user@example.com/", true),
            ("\\\\user@example.com/", true),
            ("http://example.com/@user", false),
            ("http://example.com?a@b", false),
            ("http://@example.com", false),
            ("http://:@example.com", false),
            ("/orders/@me", false),
            ("user@example.com", false),
            ("mailto:user@example.com", false),
            // No redirect leads there, with a user name or without.
            ("app://user@example.com/", false),
            ("", false),
        ] {
            assert_eq!(has_user_info(location.as_bytes()), expected, "{location}");
        }
    }
}
