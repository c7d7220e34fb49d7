//! The tables of recognisers, one for each source. A pattern is as short as tells the message from all others, so that a
//! text that was cut or retyped is still found; only its letters and digits count.

mod chromium;
mod firefox;
mod internet_explorer;
mod neighbours;
mod script;
mod servers;
mod statuses;
mod surroundings;
mod test_tools;
mod webkit;

use cors_core::browser::ErrorKind;

use super::cause::{Cause, Topic};
use super::row::Row;

pub(crate) use surroundings::SURROUNDINGS;

/// Returns every row.
pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    [
        chromium::ROWS,
        firefox::ROWS,
        webkit::ROWS,
        internet_explorer::ROWS,
        test_tools::ROWS,
        neighbours::ROWS,
        script::ROWS,
        servers::ROWS,
        statuses::ROWS,
    ]
    .into_iter()
    .flatten()
}

const fn error(kind: ErrorKind) -> Cause {
    Cause::Error(kind)
}

const fn topic(topic: &'static Topic) -> Cause {
    Cause::Topic(topic)
}
