//! Sample policies and requests for all benchmarks: each measures the same bytes.

#![allow(clippy::expect_used, reason = "a benchmark may stop where its input is wrong")]

#[cfg(feature = "layer")]
pub mod layers;
pub mod requests;

use cors_core::Config;

/// The settings of the sample policies other than their origins.
pub const CONFIG: Config<'_> = Config {
    allow_methods: &["PUT", "DELETE"],
    allow_headers: &requests::TWENTY_HEADERS,
    expose_headers: &["x-total-count"],
    allow_credentials: true,
    max_age: Some(7200),
    ..Config::NEW
};

/// The numbers of origins to measure with.
pub const COUNTS: [usize; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/// Sets criterion to measure briefly, since there is much to measure.
#[macro_export]
macro_rules! criterion {
    () => {
        criterion::Criterion::default()
            .without_plots()
            .sample_size(50)
            .warm_up_time(std::time::Duration::from_millis(200))
            .measurement_time(std::time::Duration::from_millis(800))
    };
}

/// Returns `count` different origins of ordinary length (about 30 bytes).
#[must_use]
pub fn origins(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("https://app{n}.team{}.example.com", n % 97)).collect()
}

/// Returns the origins in an order that no cache foresees, the same each time: a shuffle by Fisher and Yates.
#[must_use]
pub fn shuffled(origins: &[String]) -> Vec<&str> {
    let mut shuffled: Vec<&str> = origins.iter().map(String::as_str).collect();
    let mut state = 1_u64;
    for last in (1..shuffled.len()).rev() {
        // The multiplier is Knuth's, for MMIX.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        shuffled.swap(last, (state >> 33) as usize % (last + 1));
    }
    shuffled
}

/// Returns the image of [`CONFIG`] with `origins` and then the `patterns`.
///
/// # Panics
///
/// If one of them is not a pattern.
#[must_use]
pub fn compile(origins: &[String], patterns: &[&str]) -> Vec<u8> {
    let allow_origins: Vec<&str> =
        origins.iter().map(String::as_str).chain(patterns.iter().copied()).collect();
    let config = Config { allow_origins: &allow_origins, ..CONFIG };
    let mut image = vec![0; config.image_len()];
    config.compile_into(&mut image).expect("the sample config compiles");
    image
}
