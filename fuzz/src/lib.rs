//! The fuzz targets, a function each: it takes any bytes and panics where the engine breaks a promise.
//!
//! What they hold the engine against is the property tests' own: the naive interpreter of the rules, the check of what
//! is echoed, the invariant of the two halves.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "to stop is how a fuzz target tells"
)]

mod config;
mod config_text;
mod console;
mod echo_target;
mod fetch_text;
mod ffi;
mod ffi_config;
mod halves_target;
mod image;
mod instances;
mod lines;
mod origin;
mod pattern;
mod policy;
mod policy_file;
mod request_headers;
mod request_text;
mod response;

#[path = "../../cors-core/tests/properties/accepted.rs"]
mod accepted;
#[path = "../../cors-core/tests/properties/checked.rs"]
mod checked;
#[path = "../../cors-core/tests/properties/echo.rs"]
mod echo;
#[path = "../../cors-core/tests/invariant/halves.rs"]
mod halves;
#[path = "../../cors-core/tests/properties/message.rs"]
mod message;
#[path = "../../cors-core/tests/properties/naive/mod.rs"]
mod naive;
#[path = "../../cors-core/tests/properties/ordinary_host.rs"]
mod ordinary_host;
#[path = "../../cors-core/tests/support/owned_config.rs"]
mod owned_config;
#[path = "../../cors-core/tests/invariant/owned_fetch.rs"]
mod owned_fetch;
#[path = "../../cors-core/tests/properties/read_back.rs"]
mod read_back;
#[path = "../../cors-core/tests/properties/seal.rs"]
mod seal;

pub use config::config;
pub use console::console;
pub use echo_target::echo;
pub use ffi::ffi;
pub use halves_target::halves;
pub use image::{REQUESTS, compile, image};
pub use origin::origin;
pub use pattern::pattern;
pub use policy::policy;
pub use policy_file::policy_file;
pub use request_headers::request_headers;
pub use response::response;
