//! Why is this blocked, and what do I change? This crate takes whatever a developer has in hand: a console message, a HAR
//! file, a copied request, a response's head.
//!
//! In: bytes and texts, never files or a network. Out: a [`Diagnosis`] by [`diagnose`], which makes a [`Case`] of them, and has
//! the [`Answer`] to it. `cors explain` is built on it, and what runs in a browser, so that it builds for `wasm32-unknown-unknown`.

pub mod answer;
mod besides;
pub mod case;
mod contradiction;
mod diagnosis;
pub mod input;
pub mod json;
mod judge;
pub mod message;
mod printable;
mod question;
pub mod shell;
pub mod stack;
mod wanted;

pub use answer::Answer;
pub use besides::Besides;
pub use case::Case;
pub use diagnosis::{Diagnosis, Finding, FoundClue, Refusal, Verdict, diagnose, diagnose_as, of_response};
pub use judge::Missing;
pub use wanted::Wanted;
