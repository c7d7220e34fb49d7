//! The layer's rules (A1 to A9), one by one in the process, and over real sockets with axum, hyper and tonic.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's helpers may stop it, too"
)]

mod adapter_vectors;
mod allocations;
mod backpressure;
mod builder;
mod comparison;
mod rules;
mod sockets;
mod support;
mod swap;
mod tonic_server;
#[cfg(feature = "tracing")]
mod tracing_events;
mod vectors;
mod waiting;
mod websocket;
