//! Rules O1 to O5, by splitting strings.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Scheme, host, and the port where it is written.
pub(super) struct Parts<'a> {
    pub(super) scheme: &'a str,
    pub(super) host: &'a str,
    pub(super) port: Option<&'a str>,
}

/// Returns whether the text is an origin (O1 to O4).
pub fn is_origin(text: &[u8]) -> bool {
    text == b"null" || str::from_utf8(text).is_ok_and(|text| parse(text).is_some())
}

/// Returns the parts of an origin that has some.
pub(super) fn parse(text: &str) -> Option<Parts<'_>> {
    let parts = split(text)?;
    let valid = is_scheme(parts.scheme)
        && (is_host(parts.host) || is_host_of_an_application(&parts))
        && parts.port.is_none_or(|port| is_port(port, parts.scheme));
    valid.then_some(parts)
}

/// Splits a text at `://` and at its port; no part is checked.
pub(super) fn split(text: &str) -> Option<Parts<'_>> {
    let (scheme, rest) = text.split_once("://")?;
    let port_at = match rest.find(']') {
        Some(end) => rest[end..].find(':').map(|at| end + at),
        None => rest.find(':'),
    };
    let (host, port) = match port_at {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    Some(Parts { scheme, host, port })
}

/// O2.
fn is_scheme(scheme: &str) -> bool {
    scheme.len() <= 64
        && scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "+.-".contains(c))
}

/// O4.
fn is_port(port: &str, scheme: &str) -> bool {
    let default = match scheme {
        "http" | "ws" => "80",
        "https" | "wss" => "443",
        "ftp" => "21",
        _ => "",
    };
    port != default && port.parse::<u16>().is_ok_and(|number| number.to_string() == port)
}

/// O3.
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        return address
            .strip_suffix(']')
            .is_some_and(|address| address.parse().is_ok_and(|parsed| serialize_ipv6(parsed) == address));
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    if name.rsplit('.').next().is_some_and(is_numeric) {
        return host.parse().is_ok_and(|address: Ipv4Addr| address.to_string() == host);
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c))
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

/// O3, of the schemes that applications have.
fn is_host_of_an_application(parts: &Parts<'_>) -> bool {
    let allowed = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    let name = parts.host.strip_suffix('.').unwrap_or(parts.host);
    !has_domains(parts.scheme)
        && name.len() <= 253
        && parts.host.chars().all(|c| allowed.contains(c))
        && (parts.port.is_none() || !parts.host.is_empty())
}

/// Whether the hosts of a scheme are domains or addresses.
pub(super) fn has_domains(scheme: &str) -> bool {
    ["http", "https", "ws", "wss", "ftp"].contains(&scheme)
}

/// The URL standard's "ends in a number", of the last label.
fn is_numeric(label: &str) -> bool {
    let decimal = !label.is_empty() && label.chars().all(|c| c.is_ascii_digit());
    let hexadecimal =
        label.strip_prefix("0x").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_hexdigit()));
    decimal || hexadecimal
}

/// The URL standard's IPv6 serializer: compresses the first of the longest runs of two zeros or more.
fn serialize_ipv6(address: Ipv6Addr) -> String {
    let hex = |pieces: &[u16]| pieces.iter().map(|piece| format!("{piece:x}")).collect::<Vec<_>>().join(":");
    let pieces = address.segments();
    for len in (2..=8).rev() {
        for start in 0..=8 - len {
            if pieces[start..start + len].iter().all(|&piece| piece == 0) {
                return format!("{}::{}", hex(&pieces[..start]), hex(&pieces[start + len..]));
            }
        }
    }
    hex(&pieces)
}

#[test]
fn origins() {
    let good = "null https://a http://a.b:0 https://a. x+y.z-1://a_b ws://a:81 http://1.2.3.4 \
        http://[::1]:65535 https://0.a http://0xg http://[1::2:0:0:3] http://[::ffff:102:304] \
        http://[::] http://[1::] http://-a- file:// app://. app:// app://.. app://a..b app://1.2 app://a:80 \
        app://.:0 app://-_. app://[::1]:8 null://";
    for text in good.split_whitespace() {
        assert!(is_origin(text.as_bytes()), "{text}");
    }
    let bad = "Null https:// https://A https://a/ https://a:443 http://a:80 ws://a:80 ftp://a:21 http://a:08 \
        http://a: http://a:65536 http://a:+1 http://a..b http://.a http://. http://a.. 1://a a \
        http://a@b http://a,b http://1 http://1.2.3 http://1.2.3.04 http://1.2.3.4. http://a.0x \
        http://a.0x1f http://a.1 http://[::1.2.3.4] http://[0::1] http://[1::2:0:0:0:3] http://[::1%1] \
        http://[::A] http://[::1]] http://[::1]a http://[::1 http://::1 http://[1:0:0:2:3:4:5:6] \
        http://a%20 http://a:1:2 ws:// ftp://. https://.. wss://a..b ws://1.2 app://:80 app:/// app://A \
        app://a~ app://a:080 app://[0::1] app:/a";
    for text in bad.split_whitespace() {
        assert!(!is_origin(text.as_bytes()), "{text}");
    }
}
