//! `cors explain --serve` before real clients on this machine. What the page makes of it is tested in a browser:
//! `tests/page`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's helpers may stop it, too"
)]

mod answers;
mod beginning;
mod process;
mod refusals;
