//! [`origin`]: any value of an `Origin` field, against the naive rules and against the `url` crate.

use cors_core::{Origin, OriginPattern};
use cors_testing::naive;
use url::Url;

/// Reads any bytes as the value of an `Origin` field, and as the URL of a page.
pub fn origin(input: &[u8]) {
    match Origin::parse(input) {
        Ok(origin) => check_parts(&origin, input),
        Err(error) => {
            assert!(!naive::is_origin(input), "{error}");
            assert!(error.index() <= input.len() && !error.to_string().is_empty());
        }
    }
    if let Ok(text) = str::from_utf8(input) {
        check_url(text);
    }
}

fn check_parts(origin: &Origin<'_>, input: &[u8]) {
    assert!(naive::is_origin(input), "{origin}");
    assert!(input.len() <= Origin::MAX_LEN);
    assert_eq!(origin.as_bytes(), input);
    let (Some(scheme), Some(host)) = (origin.scheme(), origin.host()) else {
        assert!(origin.is_opaque() && input == b"null");
        return;
    };
    let port = origin.port().map(|port| format!(":{port}")).unwrap_or_default();
    assert_eq!(format!("{scheme}://{host}{port}").as_bytes(), input);

    // O3 takes the bytes of an A-label without decoding them; to `url` the origins of other schemes are opaque.
    let has_a_label = host.split('.').any(|label| label.starts_with("xn--"));
    if ["http", "https", "ws", "wss", "ftp"].contains(&scheme) {
        match Url::parse(origin.as_str()) {
            Ok(url) => {
                assert_eq!(url.origin().ascii_serialization(), origin.as_str());
                assert_eq!(url.port_or_known_default(), origin.port_or_default());
            }
            Err(error) => assert!(has_a_label, "{origin}: {error}"),
        }
    } else if scheme != "file" {
        // Browsers write the parts of the URL.
        let url = Url::parse(origin.as_str()).expect("a URL");
        assert_eq!((url.as_str(), url.host_str().unwrap_or_default()), (origin.as_str(), host));
        assert_eq!(url.port(), origin.port());
    }
}

/// Checks that an origin parses that the URL standard serializes for a host of letters, digits and hyphens.
fn check_url(text: &str) {
    let Some(url) = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https")) else {
        return;
    };
    let serialized = url.origin().ascii_serialization();
    if url.host_str().is_some_and(naive::is_ordinary_host) {
        let parsed = Origin::parse(serialized.as_bytes());
        assert!(parsed.is_ok(), "{serialized} of {text:?}: {parsed:?}");
        // P2: every origin can be written as a pattern.
        assert!(OriginPattern::parse(&serialized).is_ok(), "{serialized}");
    }
}
