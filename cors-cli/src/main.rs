//! The `cors` command: checks, compiles and shows CORS policies, explains what browsers make of them, probes live
//! servers, and puts a policy in front of one.

mod args;
mod clues;
mod commands;
mod compiler;
mod diagnostics;
mod exit;
mod input;
mod json;
mod layout;
mod output;
#[cfg(not(target_family = "wasm"))]
mod server;
mod stacks;
mod target;

use std::process::ExitCode;

use cors_ui::{printable, summary};

use crate::args::{Arguments, Command};

fn main() -> ExitCode {
    // A WASI program begins in the root. Paths are relative to the host's folder.
    #[cfg(target_family = "wasm")]
    let _ = std::env::var_os("PWD").map(std::env::set_current_dir);
    let result = match Arguments::of_process().command {
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Compile(arguments) => commands::compile::run(&arguments),
        Command::Show(arguments) => commands::show::run(&arguments),
        Command::Decide(arguments) => commands::decide::run(&arguments),
        Command::Explain(arguments) => commands::explain::run(&arguments),
        #[cfg(not(target_family = "wasm"))]
        Command::Probe(arguments) => commands::probe::run(&arguments),
        #[cfg(not(target_family = "wasm"))]
        Command::Conformance(arguments) => commands::conformance::run(&arguments),
        #[cfg(not(target_family = "wasm"))]
        Command::Proxy(arguments) => commands::proxy::run(&arguments),
        #[cfg(target_family = "wasm")]
        Command::Probe(_) => Err(exit::Failure::no_network("cors probe")),
        #[cfg(target_family = "wasm")]
        Command::Conformance(_) => Err(exit::Failure::no_network("cors conformance")),
        #[cfg(target_family = "wasm")]
        Command::Proxy(_) => Err(exit::Failure::no_network("cors proxy")),
        Command::Completions(arguments) => commands::completions::run(&arguments),
        Command::Man(arguments) => commands::man::run(&arguments),
        Command::Export(arguments) => commands::export::run(&arguments),
        Command::Import(arguments) => commands::import::run(&arguments),
    };
    result.unwrap_or_else(diagnostics::report).into()
}
