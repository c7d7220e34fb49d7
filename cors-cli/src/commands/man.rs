//! `cors man`: manual pages, from what `--help` prints.

use clap::CommandFactory;

use crate::args::{Arguments, Man};
use crate::exit::{Exit, Failure};
use crate::output::Output;

pub(crate) fn run(arguments: &Man) -> Result<Exit, Failure> {
    // `cors help` has no page of its own.
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    if let Some(about) = arguments.about.as_deref().and_then(|about| command.find_subcommand(about)) {
        command = about.clone();
    }
    // The page is about `cors explain`, in the file `cors-explain.1`.
    let name = command.get_bin_name().unwrap_or("cors").replace(' ', "-");
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .title(name)
        .render(&mut page)
        .map_err(|error| Failure::unusable("the manual page", error))?;
    Output::default().bytes(&page).map(|()| Exit::Ok)
}
