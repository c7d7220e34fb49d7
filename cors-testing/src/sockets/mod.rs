//! HTTP over loopback: a [`client`] of the servers that a test starts, and a [`server`] for the clients that it starts.

pub mod client;
pub mod server;
