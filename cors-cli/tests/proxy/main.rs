//! `cors proxy` between real clients and real servers on this machine.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's helpers may stop it, too"
)]

mod credentials;
mod forwarding;
mod places;
mod process;
mod reload;
#[cfg(unix)]
mod stopping;
#[cfg(target_os = "linux")]
mod tls;
mod trouble;
mod websocket;
