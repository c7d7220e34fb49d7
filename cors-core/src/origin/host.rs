//! Hosts in the serialized form of the URL standard (rule O3).

use crate::field::{class, is};
use crate::origin::error::OriginErrorKind;
use crate::origin::{ipv4, ipv6};

/// The most bytes of a label (RFC 1035).
pub(crate) const MAX_LABEL_LEN: usize = 63;
/// The most bytes of a domain, its trailing dot not counted (UTS 46, `VerifyDnsLength`).
pub(crate) const MAX_DOMAIN_LEN: usize = 253;
/// The most bytes of an IPv6 address in brackets.
const MAX_IPV6_LEN: usize = 41;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostKind {
    Domain,
    Ipv4,
    Ipv6,
}

/// What is wrong, and at which byte.
type HostError = (OriginErrorKind, usize);

/// Parses the host at the front of `text`, which ends with `text` or at a `:`. Returns its kind and its length in bytes.
pub(crate) fn parse(text: &[u8]) -> Result<(HostKind, usize), HostError> {
    if text.first() == Some(&b'[') { parse_ipv6(text) } else { parse_domain(text) }
}

fn parse_domain(text: &[u8]) -> Result<(HostKind, usize), HostError> {
    let mut label_start = 0_usize;
    let mut last_label = 0;
    let end = loop {
        let rest = text.get(label_start..).unwrap_or_default();
        let label_len = rest.iter().position(|&byte| !is(byte, class::LABEL)).unwrap_or(rest.len());
        let label_end = label_start.saturating_add(label_len);
        match text.get(label_end) {
            Some(b'.') => check_label(label_start, label_end)?,
            Some(b':') | None => break label_end,
            Some(_) => return Err((OriginErrorKind::HostByte, label_end)),
        }
        last_label = label_start;
        label_start = label_end.saturating_add(1);
    };
    let trailing_dot = label_start == end && end != 0;
    if !trailing_dot {
        check_label(label_start, end)?;
        last_label = label_start;
    }
    if end.saturating_sub(usize::from(trailing_dot)) > MAX_DOMAIN_LEN {
        return Err((OriginErrorKind::DomainTooLong, MAX_DOMAIN_LEN));
    }
    let last_label = text.get(last_label..end).unwrap_or_default();
    if !ipv4::is_number(last_label.strip_suffix(b".").unwrap_or(last_label)) {
        return Ok((HostKind::Domain, end));
    }
    if ipv4::is_serialized(text.get(..end).unwrap_or_default()) {
        Ok((HostKind::Ipv4, end))
    } else {
        Err((OriginErrorKind::Ipv4, 0))
    }
}

/// Parses the host of a scheme that is not special (O3), in the place of [`parse`]. Returns its length in bytes.
pub(crate) fn parse_opaque(text: &[u8]) -> Result<usize, HostError> {
    if text.first() == Some(&b'[') {
        return parse_ipv6(text).map(|(_, len)| len);
    }
    let is_host = |byte: u8| is(byte, class::LABEL) || byte == b'.';
    let end = text.iter().position(|&byte| !is_host(byte)).unwrap_or(text.len());
    let host = text.get(..end).unwrap_or_default();
    match text.get(end) {
        None | Some(b':') if host.strip_suffix(b".").unwrap_or(host).len() > MAX_DOMAIN_LEN => {
            Err((OriginErrorKind::DomainTooLong, MAX_DOMAIN_LEN))
        }
        // The URL standard takes no port without a host.
        Some(b':') if host.is_empty() => Err((OriginErrorKind::EmptyLabel, 0)),
        None | Some(b':') => Ok(end),
        Some(_) => Err((OriginErrorKind::HostByte, end)),
    }
}

fn check_label(start: usize, end: usize) -> Result<(), HostError> {
    match end.saturating_sub(start) {
        0 => Err((OriginErrorKind::EmptyLabel, start)),
        1..=MAX_LABEL_LEN => Ok(()),
        _ => Err((OriginErrorKind::LabelTooLong, start)),
    }
}

fn parse_ipv6(text: &[u8]) -> Result<(HostKind, usize), HostError> {
    let error = (OriginErrorKind::Ipv6, 0);
    let end = text.iter().take(MAX_IPV6_LEN).position(|&byte| byte == b']').ok_or(error)?;
    let written = text.get(1..end).unwrap_or_default();
    if ipv6::is_serialized(written) { Ok((HostKind::Ipv6, end.saturating_add(1))) } else { Err(error) }
}

/// Splits `host` or `host:port`: the host, and what follows the port's colon if there is one.
pub(crate) fn split_port(authority: &str) -> (&str, Option<&str>) {
    let colon = port_colon(authority.as_bytes());
    match colon.and_then(|colon| authority.split_at_checked(colon)) {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None => (authority, None),
    }
}

/// Returns where the port's colon stands. The colons between the brackets of an IPv6 address belong to the host.
#[inline]
pub(crate) fn port_colon(authority: &[u8]) -> Option<usize> {
    authority.iter().rposition(|&byte| byte == b':').filter(|_| !authority.ends_with(b"]"))
}

/// Returns true if a serialized host is this machine: a loopback address, `localhost` or a name under it. A pattern's host
/// may have its `*`.
pub(crate) fn is_local(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    name == "localhost" || name.ends_with(".localhost") || is_loopback_address(host)
}

/// Returns true for a name under which nobody can register one (P6): the special-use names, and those that private networks
/// use. `domain` has no trailing dot.
pub(crate) fn is_reserved(domain: &str) -> bool {
    const RESERVED: [&str; 8] =
        ["localhost", "test", "internal", "local", "home.arpa", "example", "invalid", "lan"];
    RESERVED.contains(&domain)
}

/// Returns true for `[::1]` and for the IPv4 addresses that begin with 127.
pub(crate) fn is_loopback_address(host: &str) -> bool {
    host == "[::1]" || (host.starts_with("127.") && ipv4::is_serialized(host.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_split_off() {
        for (authority, expected) in [
            ("", ("", None)),
            ("example.com", ("example.com", None)),
            ("example.com:8443", ("example.com", Some("8443"))),
            ("example.com:*", ("example.com", Some("*"))),
            ("example.com:", ("example.com", Some(""))),
            (":8443", ("", Some("8443"))),
            ("[::1]", ("[::1]", None)),
            ("[::1]:8443", ("[::1]", Some("8443"))),
        ] {
            assert_eq!(split_port(authority), expected, "{authority}");
        }
    }

    #[test]
    fn names_that_nobody_registers() {
        for (domain, expected) in [
            ("localhost", true),
            ("test", true),
            ("internal", true),
            ("local", true),
            ("home.arpa", true),
            ("example", true),
            ("invalid", true),
            ("lan", true),
            ("a.internal", false),
            ("a.home.arpa", false),
            ("", false),
            ("com", false),
            ("arpa", false),
            ("xhome.arpa", false),
            ("mylan", false),
            ("example.com", false),
            ("local.", false),
        ] {
            assert_eq!(is_reserved(domain), expected, "{domain}");
        }
    }

    #[test]
    fn hosts_of_this_machine() {
        for (host, expected) in [
            ("localhost", true),
            ("localhost.", true),
            ("app.localhost", true),
            ("*.localhost", true),
            ("pr-*.localhost", true),
            ("127.0.0.1", true),
            ("127.255.255.254", true),
            ("[::1]", true),
            ("", false),
            ("evillocalhost", false),
            ("localhost.example", false),
            ("127.example.com", false),
            ("*.127.example.com", false),
            ("128.0.0.1", false),
            ("10.127.0.1", false),
            ("0.0.0.0", false),
            ("[::]", false),
            ("[::ffff:7f00:1]", false),
        ] {
            assert_eq!(is_local(host), expected, "{host}");
        }
    }
}
