//! The vectors of `tests/vectors`, which every language runs; `tests/vectors/README.md` describes the files.
//!
//! A runner [loads](load) a file, compares each vector with what the engine does, and notes each difference in a [`Report`],
//! which panics at the end if there is one. Vectors that a single test reads have their types in that test.

mod decision;
mod load;
mod report;
mod value;

pub use decision::{AttackVector, DecisionVector, RefusedVector, RequestVector};
pub use load::{load, nullable};
pub use report::{Place, Report};
pub use value::{Repeated, Value, config};
