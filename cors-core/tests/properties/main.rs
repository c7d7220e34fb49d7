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

mod agreement;
mod configs;
mod damage;
mod echoes;
mod forgeries;
mod frequencies;
mod headers;
mod images;
mod many;
mod paths;
mod patterns;
mod urls;
