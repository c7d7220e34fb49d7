//! What people see of an explanation, as data: the steps of the sequence, the console, problems of a policy at their places.
//!
//! In: an [`Explanation`](cors_core::explain::Explanation), a policy's text, or whatever else a developer has in hand, as
//! [`question`]s in JSON. Out: JSON. The command prints it, `cors explain --serve` answers with it, and the page and the
//! extension have it from the wasm module that is made of this crate.

pub mod console;
pub mod count;
mod explanation;
mod json;
pub mod mermaid;
pub mod page;
pub mod place;
pub mod printable;
pub mod problem;
pub mod question;
pub mod sequence;
pub mod summary;

pub use explanation::ExplanationObject;
