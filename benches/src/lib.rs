//! What the benchmarks share: sample policies and requests, the same bytes for all that is measured.

#![allow(clippy::expect_used, reason = "a benchmark may stop where its input is wrong")]

pub mod requests;

use cors_core::Config;

/// What the sample policies allow beside their origins.
pub const CONFIG: Config<'_> = Config {
    allow_methods: &["PUT", "DELETE"],
    allow_headers: &requests::TWENTY_HEADERS,
    expose_headers: &["x-total-count"],
    allow_credentials: true,
    max_age: Some(7200),
    ..Config::NEW
};

/// `count` different origins of ordinary length (about 30 bytes).
#[must_use]
pub fn origins(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("https://app{n}.team{}.example.com", n % 97)).collect()
}

/// The image of [`CONFIG`] with `origins` and then the `patterns`.
///
/// # Panics
///
/// If one of them is no pattern.
#[must_use]
pub fn compile(origins: &[String], patterns: &[&str]) -> Vec<u8> {
    let allow_origins: Vec<&str> =
        origins.iter().map(String::as_str).chain(patterns.iter().copied()).collect();
    let config = Config { allow_origins: &allow_origins, ..CONFIG };
    let mut image = vec![0; config.image_len()];
    config.compile_into(&mut image).expect("the sample config compiles");
    image
}
