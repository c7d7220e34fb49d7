//! The runner of `cors-core`'s tests: how a vector is read, and its failures told.

#![allow(dead_code, reason = "its other half is for the other vectors")]

#[path = "../../../cors-core/tests/support/config.rs"]
pub(crate) mod config;
#[path = "../../../cors-core/tests/support/load.rs"]
pub(crate) mod load;
#[path = "../../../cors-core/tests/support/report.rs"]
pub(crate) mod report;
#[path = "../../../cors-core/tests/support/value.rs"]
pub(crate) mod value;
