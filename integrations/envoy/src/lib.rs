//! The CORS engine as a proxy-wasm filter, for Envoy and what is built on it.
//!
//! In: the filter's configuration, and the header fields of requests and responses, by the interface of proxy-wasm. Out: answers to
//! preflights, changes of responses, counters, and verdicts for the access log. `README.md` describes the configuration.
//!
//! - `configuration`: JSON to a `Configuration`, or every problem of it;
//! - `structure`: JSON of what Envoy hands on;
//! - `sites`: which policy a host and a path fall under (A9);
//! - `compiled`: a policy with the fields of its responses;
//! - `plan`: what to do with a request;
//! - `edits`: what to change of a response (A3);
//! - `lines`: fields as the host writes them;
//! - `filter`: the functions that the host calls; `host`: those that it has. Only these two have unsafe code, and they are
//!   compiled for wasm alone.

#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(dead_code, reason = "the host calls it, and there is none but for wasm")
)]

mod compiled;
mod configuration;
mod edits;
#[cfg(target_arch = "wasm32")]
mod filter;
#[cfg(target_arch = "wasm32")]
mod host;
mod lines;
mod plan;
mod sites;
mod structure;
