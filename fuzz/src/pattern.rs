//! [`pattern`]: any text as a pattern, and the origins that it allows.

use cors_core::{Config, Denial, Origin, OriginPattern, Policy, Request, Risk};
use cors_testing::naive;

use crate::instances;
use crate::lines::{paragraphs, text};

/// Reads a pattern from the first line, and origins from the others.
pub fn pattern(input: &[u8]) {
    let lines = paragraphs(input).concat();
    let Some((pattern, origins)) = lines.split_first() else { return };
    let pattern = text(pattern);
    match OriginPattern::parse(&pattern) {
        Ok(parsed) => check_matches(&parsed, &pattern, origins),
        Err(error) => {
            assert!(!naive::is_pattern(&pattern), "{error}");
            assert_eq!(error.text(), pattern);
            let message = error.to_string();
            let advice = error.advice();
            if let Some(replacement) = advice.as_ref().and_then(|advice| advice.replacement()) {
                assert!(OriginPattern::parse(replacement).is_ok(), "{message}");
                assert!(message.ends_with(replacement), "{message}");
            }
        }
    }
}

fn check_matches(parsed: &OriginPattern<'_>, pattern: &str, origins: &[Vec<u8>]) {
    assert!(naive::is_pattern(pattern), "{pattern}");
    assert_eq!(parsed.as_str(), pattern);
    // With credentials, since `*` without credentials does not look at the origin.
    let config = Config {
        allow_origins: &[pattern],
        allow_credentials: true,
        accept_risks: &Risk::ALL,
        ..Config::NEW
    };
    let mut image = vec![0; config.image_len()];
    let policy = config.compile_into(&mut image).expect("a pattern compiles");
    let instances = instances::origins(&[pattern.to_owned()]);
    for origin in origins.iter().map(Vec::as_slice).chain(instances.iter().map(String::as_bytes)) {
        check_match(parsed, &policy, pattern, origin);
    }
}

fn check_match(parsed: &OriginPattern<'_>, policy: &Policy<'_>, pattern: &str, origin: &[u8]) {
    // A request takes the white space off that is around its origin (E7).
    let is_white_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let begin = origin.iter().position(|byte| !is_white_space(byte)).unwrap_or(origin.len());
    let end = origin.iter().rposition(|byte| !is_white_space(byte)).map_or(begin, |last| last + 1);
    let origin = &origin[begin..end];
    let request = Request::from_headers("GET", [("origin", origin)]);
    let denial = policy.evaluate(&request).denial();
    match Origin::parse(origin) {
        Ok(origin) => {
            let expected = naive::matches(pattern, origin.as_bytes());
            assert_eq!(parsed.matches(&origin), expected, "{pattern} {origin}");
            assert_eq!(policy.allows_origin(&origin), expected, "{pattern} {origin}");
            assert_eq!(denial, (!expected).then_some(Denial::OriginNotAllowed), "{pattern} {origin}");
        }
        Err(error) => assert_eq!(denial, Some(Denial::MalformedOrigin), "{error}"),
    }
}
