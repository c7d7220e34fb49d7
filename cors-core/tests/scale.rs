//! A million origins in one policy.

use cors_core::{Config, Policy, Request};

const COUNT: usize = 1_000_000;

#[test]
fn a_million_origins() {
    let origins: Vec<String> =
        (0..COUNT).map(|n| format!("https://app{n}.team{}.example.com", n % 97)).collect();
    let mut patterns: Vec<&str> = origins.iter().map(String::as_str).collect();
    patterns.push("https://*.wild.example");
    let config = Config { allow_origins: &patterns, ..Config::NEW };

    let mut image = vec![0; config.image_len()];
    let len = config.compile_into(&mut image).unwrap().as_bytes().len();
    assert_eq!(len, image.len());
    let text: usize = patterns.iter().map(|pattern| pattern.len()).sum();
    assert!(len * 2 <= text * 5, "the image takes {len} bytes for {text} bytes of text: more than 2.5 times");

    let policy = Policy::from_bytes(&image).unwrap();
    let is_allowed =
        |origin: &str| policy.evaluate(&Request::from_headers("GET", [("origin", origin)])).is_allowed();
    for origin in &origins {
        assert!(is_allowed(origin), "{origin}");
        // One byte short of it, and one byte more.
        assert!(!is_allowed(&origin[..origin.len() - 1]), "{origin}");
        assert!(!is_allowed(&format!("{origin}m")), "{origin}");
    }
    assert!(is_allowed("https://a.b.wild.example"));
    assert!(!is_allowed("https://wild.example"));
    assert!(policy.allow_origins().eq(patterns.iter().copied()));
}
