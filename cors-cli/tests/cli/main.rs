//! The `cors` command, run as its users run it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's helpers may stop it, too"
)]

mod check;
mod compile;
mod completions;
mod conformance;
mod contradictions;
mod decide;
mod explain;
mod formats;
mod in_hand;
mod inputs;
mod layout;
mod pages;
#[cfg(unix)]
mod printable;
mod recorded;
mod show;
mod stack;
mod support;
mod terminal;
