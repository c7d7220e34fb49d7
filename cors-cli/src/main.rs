//! The `cors` command: checks, compiles and shows CORS policies, explains what browsers make of them, probes live
//! servers, and puts a policy in front of one.

mod args;
mod commands;
mod compiler;
mod diagnostics;
mod exit;
mod input;
mod json;
mod layout;
mod output;
mod printable;
mod server;
mod stacks;
mod summary;
mod target;

use std::process::ExitCode;

use crate::args::{Arguments, Command};

fn main() -> ExitCode {
    let result = match Arguments::of_process().command {
        Command::Check(arguments) => Ok(commands::check::run(&arguments)),
        Command::Compile(arguments) => commands::compile::run(&arguments),
        Command::Show(arguments) => commands::show::run(&arguments),
        Command::Decide(arguments) => commands::decide::run(&arguments),
        Command::Explain(arguments) => commands::explain::run(&arguments),
        Command::Probe(arguments) => commands::probe::run(&arguments),
        Command::Proxy(arguments) => commands::proxy::run(&arguments),
        Command::Completions(arguments) => commands::completions::run(&arguments),
        Command::Man(arguments) => commands::man::run(&arguments),
    };
    result.unwrap_or_else(diagnostics::report).into()
}
