//! A policy of twenty thousand origins finds all of them, and no others.

use cors_core::{Config, Denial, Policy, Request};

const COUNT: usize = 20_000;

#[test]
fn exact_origins_are_found() {
    let origins: Vec<String> = (0..COUNT).map(exact).collect();
    let misses = (0..COUNT).map(|number| {
        let origin = exact(number);
        match number % 7 {
            0 => origin.replace("https", "http"),
            1 => origin.replace("https://", "https://x"),
            2 => origin.replace(".example", ".examplf"),
            3 => format!("{origin}.evil.test"),
            4 => format!("{origin}."),
            5 => origin.replace("://", "://www."),
            _ => exact(COUNT + number),
        }
    });
    assert_found(&origins, &origins, misses);
}

#[test]
fn wildcards_are_found() {
    let patterns: Vec<String> = (0..COUNT).map(wildcard).collect();
    let instance = |number: usize| wildcard(number).replace(":*", ":8443").replace('*', "x1");
    let hits: Vec<String> = (0..COUNT).map(instance).collect();
    let misses = (0..COUNT).map(|number| match number % 4 {
        0 => instance(number).replace("https", "http"),
        1 => instance(COUNT + number),
        2 => instance(number).replace("x1", "x_1"),
        _ => instance(number).replace("x1", ""),
    });
    assert_found(&patterns, &hits, misses.filter(|origin| !is_allowed_by_p3(origin)));
}

fn exact(number: usize) -> String {
    let port = if number.is_multiple_of(5) { ":8443" } else { "" };
    match number % 3 {
        0 => format!("https://shop-{number}.example{port}"),
        1 => format!("https://example-{number}.example{port}"),
        _ => format!("https://tenant.eu-{number}.app.example.example{port}"),
    }
}

/// P3, P4, and P5 with its star in each place.
fn wildcard(number: usize) -> String {
    let port = if number.is_multiple_of(3) { ":*" } else { "" };
    let host = match number % 5 {
        0 => format!("*.tenant-{number}.example"),
        1 => format!("pr-{number}-*.example"),
        2 => format!("*-{number}.example"),
        3 => format!("pr-*-{number}.example"),
        _ => return format!("https://shop-{number}.example:*"),
    };
    format!("https://{host}{port}")
}

/// `_` may stand in a label that P3 covers, and a pattern without `*` has no near miss by its star.
fn is_allowed_by_p3(origin: &str) -> bool {
    let host = origin.trim_start_matches("https://");
    (host.contains(".tenant-") && host.starts_with("x_1.")) || host.starts_with("shop-")
}

fn assert_found(patterns: &[String], hits: &[String], misses: impl Iterator<Item = String>) {
    let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
    let config = Config { allow_origins: &patterns, ..Config::NEW };
    let mut image = vec![0; config.image_len()];
    let policy = config.compile_into(&mut image).expect("a config without a problem");
    assert_eq!(policy.as_bytes().len(), config.image_len());
    let policy = Policy::from_bytes(policy.as_bytes()).expect("an image");
    assert!(policy.allow_origins().eq(patterns.iter().copied()));

    for origin in hits {
        assert_eq!(denial(&policy, origin), None, "{origin}");
    }
    for origin in misses {
        assert!(denial(&policy, &origin).is_some(), "{origin}");
    }
}

fn denial(policy: &Policy<'_>, origin: &str) -> Option<Denial> {
    let request = Request::from_headers("GET", [("origin", origin)]);
    policy.evaluate(&request).denial()
}
