//! How the command ends: its exit status, and why it cannot go on.

use std::fmt;
use std::process::ExitCode;

/// The exit status. A greater status is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    Ok = 0,
    /// A policy has a problem, a request is denied, a fetch is blocked, or an audit has a finding.
    Problem = 1,
    /// The command line is wrong, or an input cannot be read.
    Unusable = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command, or one of its inputs, cannot go on.
pub(crate) enum Failure {
    /// The policy has problems, which have been printed.
    Problems,
    /// An input or output that cannot be used, in one sentence.
    Unusable(String),
}

impl Failure {
    /// Returns the failure of an input or output: its name, what is wrong with it, and what to do.
    pub(crate) fn unusable(name: impl fmt::Display, what: impl fmt::Display) -> Self {
        Failure::Unusable(format!("{name}: {what}"))
    }

    /// Returns the failure of a command that needs a network, in a program that has none.
    #[cfg(target_family = "wasm")]
    pub(crate) fn no_network(command: &str) -> Self {
        Failure::unusable(
            command,
            "this program has no network; install the command that is built by Rust: cors-cli",
        )
    }
}
