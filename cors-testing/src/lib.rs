//! What the tests of several crates share, each thing once.
//!
//! | module | what comes in | what goes out | who calls it |
//! |---|---|---|---|
//! | [`vectors`] | `tests/vectors/*.json` | typed vectors, and a report of all failures | cors-core, cors-tower, the firmware, the fuzz seeds |
//! | [`naive`] | a config and a request | the answer, by the rules as plainly as code can put them | properties, fuzz targets |
//! | [`checks`] | a policy and a request, config or fetch | a panic where the engine breaks a rule | properties, fuzz targets |
//! | `failures` | nothing | a fetch, an error and its response for each kind of failure (feature `browser`) | cors-core, cors-diagnosis |
//! | [`strategies`] | nothing, or a config | generated configs, requests and fetches (feature `strategies`) | properties |
//! | [`seal`] | the bytes of an image | the same bytes with a checksum that fits | properties, the second writer, fuzz targets |
//! | [`sets`] | the texts of an image | the seed and the sets that belong to them, by a second writer | properties, the second writer, fuzz targets |
//! | [`sockets`] | a request, or a function that answers requests | an HTTP client and a server on this machine (feature `sockets`) | cors-cli |
//!
//! [`OwnedConfig`] (with [`OwnedConfigExt`]), `OwnedFetch` (feature `browser`), [`Message`] and [`Answer`] are configs, fetches,
//! requests and decisions that own their texts.
//!
//! Unit tests inside cors-core cannot use this crate: it links another build of cors-core than the one under test, so that
//! the types differ. Integration tests can.

#![forbid(unsafe_code)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a panic is how a test fails"
)]

mod answer;
pub mod checks;
mod config;
#[cfg(feature = "browser")]
pub mod failures;
#[cfg(feature = "browser")]
mod fetch;
mod message;
pub mod naive;
pub mod program;
pub mod seal;
pub mod sets;
#[cfg(feature = "sockets")]
pub mod sockets;
#[cfg(feature = "strategies")]
pub mod strategies;
pub mod vectors;

pub use answer::Answer;
pub use config::{OwnedConfigExt, is_public_suffix};
pub use cors_policy_file::OwnedConfig;
#[cfg(feature = "browser")]
pub use fetch::OwnedFetch;
pub use message::Message;
