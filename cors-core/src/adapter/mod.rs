//! What the adapters of servers share, written once for all of them (the A-rules).
//!
//! In: header fields and paths, as a server holds them. Out: what an adapter does about them. Adapters call it (`cors-tower`,
//! the wheel, and by way of `cors-ffi` nginx, C and JavaScript); nothing in this crate does.
//!
//! - [`is_policy_field`]: which fields of the application's response give way to the policy's (A3);
//! - [`merge_vary`]: the one line of `Vary` (A3);
//! - [`Sender`]: whether the request comes from the site's own pages (A6);
//! - [`PathPrefix`] and [`find_prefix`]: which of several policies a path falls under, however it is read (A9).
//!
//! The project's `docs/adapters.md` tells how an adapter is written, and `tests/vectors/adapters.json` tests it.

mod path;
mod policy_field;
mod sender;
mod vary;

pub use path::{
    AmbiguousPath, FoundPrefix, PathPrefix, PathPrefixError, PathPrefixErrorKind, PathReading, PrefixText,
    RequestPath, find_prefix, path_readings,
};
pub use policy_field::is_policy_field;
pub use sender::Sender;
pub use vary::{MergedVary, merge_vary};
