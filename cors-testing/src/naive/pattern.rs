//! Rules P1 to P7, by splitting strings.

use super::origin::{self, Parts, has_domains};
use super::punycode;

/// Returns whether the text is a pattern by P1 to P7.
pub fn is_pattern(text: &str) -> bool {
    if text == "*" || text == "null" || text == "file://" {
        return true;
    }
    // The rest is decided by an origin, made by putting something in place of each wildcard.
    let Some(Parts { scheme, host, port }) = origin::split(text) else {
        return false;
    };
    let port = match port {
        None | Some("*") => String::new(),
        Some(port) => format!(":{port}"),
    };
    let host_is_fine = match host.split_once('.') {
        _ if !host.contains('*') => true,
        // P3 and P5: one `*`, in the leftmost label, and a domain after it.
        Some((label, domain)) => {
            label.matches('*').count() == 1
                && !domain.contains('*')
                && !domain.is_empty()
                && (label == "*" || is_below_a_registered_name(domain.trim_end_matches('.')))
        }
        None => false, // P6
    };
    let example = format!("{scheme}://{}{port}", host.replace('*', "a"));
    !["ws", "wss", "file"].contains(&scheme)
        && !is_misspelled(scheme)
        && (!text.contains('*') || ["http", "https"].contains(&scheme)) // P6
        && (!has_domains(scheme) || host.split('.').all(may_be_a_label))
        && host_is_fine
        && origin::parse(&example).is_some()
}

/// P2: whether one letter put in, taken out, changed or exchanged with the next makes http or https of the scheme.
fn is_misspelled(scheme: &str) -> bool {
    if ["http", "https"].contains(&scheme) || !scheme.is_ascii() {
        return false;
    }
    ["http", "https"].iter().any(|name| {
        let without = |text: &str, at: usize| format!("{}{}", &text[..at], &text[at + 1..]);
        let inserted = (0..scheme.len()).any(|at| without(scheme, at) == *name);
        let missing = (0..name.len()).any(|at| without(name, at) == scheme);
        let changed =
            scheme.len() == name.len() && (0..name.len()).any(|at| without(scheme, at) == without(name, at));
        let exchanged = (1..scheme.len()).any(|at| {
            let mut bytes = scheme.as_bytes().to_vec();
            bytes.swap(at - 1, at);
            bytes == name.as_bytes()
        });
        inserted || missing || changed || exchanged
    })
}

/// P2: whether the URL standard knows the label: those that begin with `xn--` decode, and not to ASCII alone.
fn may_be_a_label(label: &str) -> bool {
    let Some(encoded) = label.strip_prefix("xn--") else { return true };
    label.contains('*') || punycode::decode(encoded).is_some_and(|decoded| !decoded.is_ascii())
}

/// Returns whether the domain has two labels or more (P6), or is a name that nobody registers.
fn is_below_a_registered_name(domain: &str) -> bool {
    let reserved = ["localhost", "test", "internal", "local", "example", "invalid", "lan"];
    domain.split('.').count() > 1 || reserved.contains(&domain)
}

/// Returns whether `pattern`, for which [`is_pattern`] holds, allows `origin`, which parses.
pub fn matches(pattern: &str, origin: &[u8]) -> bool {
    let origin = String::from_utf8_lossy(origin);
    if pattern == "*" || pattern == origin {
        return true; // P1, P2
    }
    let (Some(allowed), Some(found)) = (origin::split(pattern), origin::split(&origin)) else {
        return false;
    };
    allowed.scheme == found.scheme
        && (allowed.port == Some("*") || allowed.port == found.port) // P4
        && host_matches(allowed.host, found.host)
}

fn host_matches(pattern: &str, host: &str) -> bool {
    let Some((label, domain)) = pattern.split_once('.').filter(|(label, _)| label.contains('*')) else {
        return pattern == host;
    };
    if label == "*" {
        return host.strip_suffix(domain).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')); // P3
    }
    let Some((before, after)) = label.split_once('*') else {
        return false;
    };
    host.split_once('.').is_some_and(|(first, rest)| {
        let middle = first.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        rest == domain && middle.is_some_and(|middle| !middle.is_empty() && middle.chars().all(fits)) // P5
    })
}

#[test]
fn patterns() {
    let good = "* null https://a https://a:* https://*.a https://*.a.b:8 https://p-*.a.b https://*-p.lan \
        https://a-*-b.c.d:* http://p*.localhost. http://*p.home.arpa http://[::1]:* http://1.2.3.4:* http://*.a. x-y://a \
        app://. capacitor:// file:// app://xn--f https://xn--tda https://*.xn--tda.a https://xn--*.a.b https://xn-f htpt-x://a tps://a httpapp://a h://a";
    for text in good.split_whitespace() {
        assert!(is_pattern(text), "{text}");
    }
    let bad = "** https://* https://p-* https://a.*.b https://**.a https://*a*.b https://*. https://a.* \
        https://*.1 https://*.0.0.1 https://a*:443 https://a:443 https://A https://a/ a *.a *:* null:* \
        https://p-*.a https://*p.a https://p-*.a.:8 https://p-*.arpa ws://a wss://*.a file://a https://[*::1] https://a:8* *://a \
        app://* app://a:* ftp://*.a.b x-y://p-*.a.b file:/// file://* https://xn--f https://*.xn--f.a https://p-*.a.xn-- \
        ftp://xn--a- https://xn--f:* https://xn---tda htps://a htpps://a htt://a httpss://a hhtp://a htpt://a thttps://a httpx://a";
    for text in bad.split_whitespace() {
        assert!(!is_pattern(text), "{text}");
    }
    let matching = "https://*.a https://b.a, https://*.a https://c.b.a, https://a:* https://a, \
        https://a:* https://a:8, https://p-*.a https://p-1.a, https://p-*-q.a https://p---q.a, * null, \
        null null";
    for pair in matching.split(", ") {
        let (pattern, origin) = pair.trim().split_once(' ').unwrap();
        assert!(matches(pattern, origin.as_bytes()), "{pair}");
    }
    let apart = "https://*.a https://a, https://*.a https://ba, https://*.a http://b.a, \
        https://*.a https://b.a:8, https://p-*.a https://p-.a, https://p-*-q.a https://p-q.a, \
        https://p-*.a https://p-1.b.a, https://p-*.a https://p-_.a, https://a:* https://b.a, \
        https://a. https://a";
    for pair in apart.split(", ") {
        let (pattern, origin) = pair.trim().split_once(' ').unwrap();
        assert!(!matches(pattern, origin.as_bytes()), "{pair}");
    }
}
