//! Properties of the engine, over generated configs, requests and images. A naive interpreter of the rules
//! says what is right.
//!
//! `PROPTEST_CASES` scales every property's number of cases: 256 leaves it, 2560 makes ten times as many.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's helpers may stop it, too"
)]

mod accepted;
mod agreement;
mod checked;
mod checks;
mod damage;
mod echo;
mod echoes;
mod forgeries;
mod frequencies;
mod headers;
mod images;
mod many;
mod message;
mod naive;
mod ordinary_host;
#[path = "../support/owned_config.rs"]
mod owned_config;
mod patterns;
mod read_back;
mod seal;
mod strategies;
mod urls;

use proptest::test_runner::Config as ProptestConfig;

/// So many cases, times what `PROPTEST_CASES` asks for.
fn cases(count: u32) -> ProptestConfig {
    const USUAL: u32 = 256;
    let asked = ProptestConfig::default();
    let cases = (u64::from(count) * u64::from(asked.cases)).div_ceil(u64::from(USUAL));
    ProptestConfig { cases: cases.try_into().unwrap_or(u32::MAX), ..asked }
}
