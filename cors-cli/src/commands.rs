//! One module for each subcommand.

pub(crate) mod check;
pub(crate) mod compile;
pub(crate) mod completions;
#[cfg(not(target_family = "wasm"))]
pub(crate) mod conformance;
pub(crate) mod decide;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod man;
#[cfg(not(target_family = "wasm"))]
pub(crate) mod probe;
#[cfg(not(target_family = "wasm"))]
pub(crate) mod proxy;
pub(crate) mod show;
