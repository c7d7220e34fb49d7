//! What the runner of `tests/vectors` is made of. `tests/vectors/README.md` describes the files.

pub(crate) mod answer;
pub(crate) mod config;
pub(crate) mod image;
pub(crate) mod load;
pub(crate) mod report;
pub(crate) mod value;
