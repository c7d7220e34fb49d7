//! `cors probe` against real servers, which the tests start on this machine.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's helpers may stop it, too"
)]

mod audit;
mod command;
mod failures;
mod fetch;
mod policy_server;
mod redirects;
mod requests;
mod terminal;
mod tls;
