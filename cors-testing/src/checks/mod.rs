//! What holds for every policy, config, request and fetch: each check panics where the engine breaks a rule.
//!
//! Properties call the checks with generated cases, fuzz targets with whatever the fuzzer writes.

mod config;
mod echoes;
#[cfg(feature = "browser")]
mod halves;
mod image;
#[cfg(feature = "origin-regex")]
mod origin_regex;

pub use config::check_config;
pub use echoes::check_echoes;
#[cfg(feature = "browser")]
pub use halves::{check_halves, succeeds};
pub use image::{use_if_accepted, use_unchecked};
#[cfg(feature = "origin-regex")]
pub use origin_regex::{RegexChecked, check_origin_regex};
