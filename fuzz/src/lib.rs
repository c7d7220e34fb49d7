//! The fuzz targets, one function each: it takes any bytes and panics if the engine breaks a promise.
//!
//! The targets and the properties compare the engine with the same code of `cors-testing`: the naive interpreter of the rules
//! and the checks.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a panic is how a fuzz target fails"
)]

mod config;
mod config_text;
mod console;
mod echo;
mod fetch_text;
mod ffi;
mod ffi_config;
mod halves;
mod image;
mod instances;
mod lines;
mod origin;
mod origin_regex;
mod pattern;
mod policy;
mod policy_file;
mod request_headers;
mod request_text;
mod response;

pub use config::config;
pub use console::console;
pub use echo::echo;
pub use ffi::ffi;
pub use halves::halves;
pub use image::{REQUESTS, compile, image};
pub use origin::origin;
pub use origin_regex::origin_regex;
pub use pattern::pattern;
pub use policy::policy;
pub use policy_file::policy_file;
pub use request_headers::request_headers;
pub use response::response;
