//! `cors completions`: what a shell needs to complete the command's arguments.

use clap::CommandFactory;

use crate::args::{Arguments, Completions};
use crate::exit::{Exit, Failure};
use crate::output::Output;

pub(crate) fn run(arguments: &Completions) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "cors", &mut script);
    Output::default().bytes(&script).map(|()| Exit::Ok)
}
