//! Origins against the `url` crate, another implementation of the URL standard (O3, O4).

use std::net::{Ipv4Addr, Ipv6Addr};

use cors_core::{Origin, OriginPattern, PatternErrorKind};
use cors_testing::naive::{decode_punycode, is_ordinary_host};
use cors_testing::strategies::{self, cases};
use proptest::collection::vec;
use proptest::prelude::*;
use url::Url;

proptest! {
    #![proptest_config(cases(8000))]

    /// Every text that parses is one that the standard serializes.
    #[test]
    fn origins_are_serialized_urls(text in prop_oneof![serialized_like(), strategies::origin()]) {
        if let Ok(origin) = Origin::parse(&text) {
            let is_special = matches!(origin.scheme(), Some("http" | "https" | "ws" | "wss" | "ftp"));
            // O3 takes the bytes of an A-label without decoding them.
            let mut labels = origin.host().unwrap_or_default().split('.');
            if is_special && !labels.any(|label| label.starts_with("xn--")) {
                prop_assert_eq!(serialize(origin.as_str()), Some(origin.as_str().to_owned()));
            } else if !is_special && !origin.is_opaque() {
                check_parts(&origin)?;
            }
        }
    }

    /// Every URL of an application's scheme whose host has the bytes of O3 has an origin that parses.
    #[test]
    fn urls_of_applications_have_origins(
        scheme in "(app|capacitor|chrome-extension|x[+.-]y)",
        host in "[a-z0-9._-]{0,6}|\\[::1\\]",
        port in port(),
        tail in prop_oneof![Just(""), Just("/"), Just("/a?b#c"), Just("?")],
    ) {
        if let Ok(url) = Url::parse(&format!("{scheme}://{host}{port}{tail}")) {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            let origin = format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default());
            prop_assert!(Origin::parse(origin.as_bytes()).is_ok(), "{} of {}", origin, url);
            // P2: it can be listed.
            prop_assert!(OriginPattern::parse(&origin).is_ok(), "{} of {}", origin, url);
        }
    }

    /// P2: a label that the standard knows is taken, and one that is taken decodes by the naive rules.
    #[test]
    fn a_labels_of_urls_are_taken(label in a_label(), under in prop_oneof![Just(""), Just("*."), Just("pr-*.")]) {
        let is_taken = OriginPattern::parse(&format!("https://{under}{label}.example")).is_ok();
        let decoded = label.strip_prefix("xn--").and_then(decode_punycode);
        prop_assert_eq!(is_taken, decoded.as_ref().is_some_and(|text| !text.is_ascii()), "{} {:?}", label, decoded);
        let address = format!("https://{label}.example");
        if serialize(&address).is_some_and(|origin| origin == address) {
            prop_assert!(is_taken, "{} {:?}", label, decoded);
        }
    }

    /// P2: the A-label that an error advises for a U-label decodes to it.
    #[test]
    fn advised_a_labels_decode(label in "[a-z0-9]{0,3}[\u{e4}\u{df}\u{3b1}\u{436}\u{65e5}\u{ac00}\u{1f600}]{1,4}[a-z0-9]{0,3}") {
        let text = format!("https://{label}.example");
        let error = OriginPattern::parse(&text).unwrap_err();
        let advice = error.advice().expect("characters that map to themselves");
        let encoded = advice.replacement().and_then(|text| text.strip_prefix("https://xn--")?.strip_suffix(".example"));
        prop_assert_eq!(encoded.and_then(decode_punycode), Some(label), "{}", error);
    }

    /// Every text that the standard serializes parses.
    #[test]
    fn serialized_urls_are_origins(text in url_text()) {
        if let Some(url) = Url::parse(&text).ok().filter(|url| url.host_str().is_some_and(is_ordinary_host)) {
            let origin = url.origin().ascii_serialization();
            prop_assert!(Origin::parse(origin.as_bytes()).is_ok(), "{} of {}", origin, text);
        }
    }

    /// P2: if the text is a URL of an origin, the form that an error advises is the one that a browser sends.
    #[test]
    fn advice_is_the_serialized_url(text in prop_oneof![url_text(), strategies::pattern_like()]) {
        if text.is_ascii() {
            check_advice(&text)?;
        }
    }

    /// P2, for domains with U-labels.
    #[test]
    fn advice_for_u_labels_is_the_serialized_url(
        domain in "[a-z]{1,2}[\u{c4}\u{df}\u{3a3}\u{65e5}\u{130}\u{300}\u{ff41}\u{ad}\u{feff}][a-z]{0,2}",
        after in prop_oneof![Just(".example"), Just("\u{3002}example/"), Just(".EXAMPLE:443")],
    ) {
        check_advice(&format!("https://{domain}{after}"))?;
    }

    /// P2, P5: the pattern that an error advises allows what the text was meant to allow.
    #[test]
    fn advised_wildcards_match(
        label in "[A-Za-z]{0,2}-?\\*-?[A-Za-z]{0,2}",
        domain in prop_oneof![Just("example"), Just("Example/"), Just("b\u{fc}cher.example"), Just("a:443")],
        middle in "[a-z0-9]{1,4}",
    ) {
        check_advised_wildcard(&format!("https://{label}.{domain}"), &middle)?;
    }

    /// P2, P5, for a part of a U-label: its A-label has no fixed part.
    #[test]
    fn advised_wildcards_in_u_labels_match(
        label in "[a-z]?[\u{df}\u{fc}\u{e9}]\\*[a-z]?",
        middle in "[a-z0-9]{1,4}",
    ) {
        check_advised_wildcard(&format!("https://{label}.example"), &middle)?;
    }
}

/// `middle` is a text that the `*` may stand for.
fn check_advised_wildcard(text: &str, middle: &str) -> Result<(), TestCaseError> {
    if let Err(error) = OriginPattern::parse(text)
        // Advice for `https://*example.com` is another pattern, since no pattern means that (P6).
        && error.kind() != PatternErrorKind::WildcardInRegisteredName
        && let Some(advised) = error.advice().as_ref().and_then(|advice| advice.replacement())
    {
        let meant = serialize(&text.replace('*', middle)).expect("a URL");
        let (pattern, origin) = (OriginPattern::parse(advised), Origin::parse(meant.as_bytes()));
        let allows = pattern.is_ok_and(|pattern| origin.is_ok_and(|origin| pattern.matches(&origin)));
        prop_assert!(allows, "{error}, and {meant} is not allowed");
    }
    Ok(())
}

/// Compares the parts of an origin of an application's scheme. The standard gives such URLs opaque origins, and browsers write the
/// parts of the URL.
fn check_parts(origin: &Origin<'_>) -> Result<(), TestCaseError> {
    // A URL of `file` has a path and mostly no host; browsers write `file://` for all of them.
    if origin.scheme() == Some("file") {
        return Ok(());
    }
    let url =
        Url::parse(origin.as_str()).map_err(|error| TestCaseError::fail(format!("{origin}: {error}")))?;
    prop_assert_eq!(origin.scheme(), Some(url.scheme()));
    prop_assert_eq!(origin.port(), url.port());
    prop_assert_eq!(origin.host(), Some(url.host_str().unwrap_or_default()));
    prop_assert_eq!(origin.as_str(), url.as_str());
    Ok(())
}

/// Labels that begin as A-labels do.
fn a_label() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "xn--[a-z]{1,2}[a-e]",
        3 => "xn--[a-z]{1,4}-[a-z0-9]{2,3}a",
        2 => "xn--[a-z0-9_-]{0,12}",
        1 => Just("xn--bcher-kva".to_owned()),
    ]
}

fn check_advice(text: &str) -> Result<(), TestCaseError> {
    let scheme = text.trim().split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    let is_http = matches!(scheme.as_deref(), Some("http" | "https"));
    let is_exact =
        |origin: &String| is_http && !text.contains('*') && Origin::parse(origin.as_bytes()).is_ok();
    let serialized = serialize(text.trim()).filter(is_exact);
    if let (Some(serialized), Err(error)) = (serialized, OriginPattern::parse(text))
        && let Some(advised) = error.advice().as_ref().and_then(|advice| advice.replacement())
    {
        prop_assert_eq!(serialized, advised, "{}", error);
    }
    Ok(())
}

fn serialize(text: &str) -> Option<String> {
    Url::parse(text).ok().map(|url| url.origin().ascii_serialization())
}

/// Bytes that are serialized origins, or close to them.
fn serialized_like() -> impl Strategy<Value = Vec<u8>> {
    let host = prop_oneof![
        3 => "[a-z0-9_-]{1,4}(\\.[a-z0-9x_-]{1,4}){0,3}\\.?",
        1 => "(0x)?[0-9a-f]{0,3}(\\.(0x)?[0-9a-f]{0,3}){0,3}\\.?",
        2 => ipv4().prop_map(|address| address.to_string()),
        2 => ipv6().prop_map(|address| format!("[{address}]")),
        1 => vec(any::<u16>().prop_map(|piece| piece & 0x1f), 8).prop_map(|pieces| {
            let pieces: Vec<_> = pieces.iter().map(|piece| format!("{piece:x}")).collect();
            format!("[{}]", pieces.join(":").replacen(":0:0:", "::", 1))
        }),
    ];
    let scheme = prop_oneof![
        5 => Just("http"),
        5 => Just("https"),
        1 => prop_oneof![Just("ws"), Just("wss"), Just("ftp")],
        2 => prop_oneof![Just("app"), Just("x+y.z-1"), Just("file")],
    ];
    (scheme, host, port()).prop_map(|(scheme, host, port)| format!("{scheme}://{host}{port}").into_bytes())
}

/// URLs in every spelling that a parser takes.
fn url_text() -> impl Strategy<Value = String> {
    let scheme =
        prop_oneof![4 => Just("http://"), 4 => Just("https://"), 1 => Just("HtTp://"), 1 => Just("HTTPS:/")];
    let host = prop_oneof![
        4 => "[a-zA-Z0-9-]{1,4}(\\.[a-zA-Z0-9-]{1,4}){0,3}\\.?",
        1 => "[a-z\u{e4}\u{df}\u{f6}\u{3b1}\u{65e5}]{1,6}(\\.|\u{3002})[a-z\u{e9}]{1,4}",
        2 => "(0x)?[0-9]{0,3}(\\.(0x)?[0-9]{1,3}){0,3}\\.?",
        1 => any::<u32>().prop_map(|number| number.to_string()),
        1 => ipv4().prop_map(|address| address.to_string()),
        2 => ipv6().prop_map(|address| format!("[{address}]")),
        1 => ipv6().prop_map(|address| format!("[{}]", address.to_string().to_uppercase())),
        1 => ipv6().prop_map(|address| {
            let pieces: Vec<_> = address.segments().iter().map(|piece| format!("{piece:04x}")).collect();
            format!("[{}]", pieces.join(":"))
        }),
    ];
    let tail =
        prop_oneof![3 => Just(""), 1 => Just("/"), 1 => Just("/a?b#c"), 1 => Just("?"), 1 => Just("\\x")];
    (scheme, host, port(), tail).prop_map(|(scheme, host, port, tail)| format!("{scheme}{host}{port}{tail}"))
}

fn port() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(String::new()),
        2 => any::<u16>().prop_map(|port| format!(":{port}")),
        2 => prop_oneof![Just(":80"), Just(":443"), Just(":0"), Just(":"), Just(":0080"), Just(":65535")]
            .prop_map(str::to_owned),
    ]
}

fn ipv4() -> impl Strategy<Value = Ipv4Addr> {
    any::<u32>().prop_map(Ipv4Addr::from)
}

/// With runs of zeros of every length at every place, and addresses that hold an IPv4 one.
fn ipv6() -> impl Strategy<Value = Ipv6Addr> {
    let piece = prop_oneof![2 => Just(0), 1 => Just(0xffff), 1 => any::<u16>(), 1 => 1..0x20_u16];
    prop_oneof![
        5 => vec(piece, 8).prop_map(|pieces| Ipv6Addr::from(<[u16; 8]>::try_from(pieces).unwrap())),
        1 => ipv4().prop_map(|address| address.to_ipv6_mapped()),
    ]
}
