//! [`request_headers`]: the lines of `Access-Control-Request-Headers` (E6, E7).

use cors_core::{Policy, Request, Verdict};
use cors_testing::{Message, OwnedConfigExt, naive};

use crate::config_text::valid_config;

/// Policies, each of which treats the names in its own way.
const POLICIES: [&[&str]; 4] = [
    &["allow-header: content-type", "allow-header: x-a", "allow-header: authorization"],
    &["allow-header: *", "allow-header: authorization"],
    &["allow-header: *", "allow-credentials"],
    &[],
];

/// Reads the lines, which line feeds separate.
pub fn request_headers(input: &[u8]) {
    let lines: Vec<Vec<u8>> = input.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
    for policy in POLICIES {
        let origin = "allow-origin: https://example.com";
        let config: Vec<Vec<u8>> =
            policy.iter().chain([&origin]).map(|line| line.as_bytes().to_vec()).collect();
        let config = valid_config(&config);
        let image = config.compile();
        let policy = Policy::from_bytes(&image).expect("an image");
        let verdict = |lines: &[Vec<u8>]| {
            let message = preflight(lines);
            let verdict = policy.evaluate(&message.request()).verdict();
            let naive = config.with(|config| naive::evaluate(config, &message, &mut |_| false));
            assert_eq!(verdict, naive.verdict, "{message:?}");
            verdict
        };
        check_spellings(&lines, verdict(&lines), verdict);
    }
}

/// Checks that order, case and the division into lines do not matter, as long as the policy reads all lines.
fn check_spellings(lines: &[Vec<u8>], expected: Verdict, verdict: impl Fn(&[Vec<u8>]) -> Verdict) {
    let reversed: Vec<_> = lines.iter().rev().cloned().collect();
    assert_eq!(verdict(&reversed), expected);
    let upper: Vec<_> = lines.iter().map(|line| line.to_ascii_uppercase()).collect();
    assert_eq!(verdict(&upper), expected);
    let filled: Vec<_> =
        lines.iter().map(|line| naive::trimmed(line).to_vec()).filter(|line| !line.is_empty()).collect();
    if filled.len() <= Request::MAX_HEADER_LINES {
        assert_eq!(verdict(&[filled.join(&b',')]), expected);
    }
}

fn preflight(lines: &[Vec<u8>]) -> Message {
    let mut headers = vec![
        ("origin".to_owned(), b"https://example.com".to_vec()),
        ("access-control-request-method".to_owned(), b"GET".to_vec()),
    ];
    headers.extend(lines.iter().map(|line| ("access-control-request-headers".to_owned(), line.clone())));
    Message { method: b"OPTIONS".to_vec(), headers }
}
