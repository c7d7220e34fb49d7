//! Why is this blocked, and what do I change? This crate takes whatever a developer has in hand: a console message, a HAR
//! file, a copied request, a response's head.
//!
//! In: bytes and texts, never files or a network. Out: a [`Case`], and the [`Answer`] to it. `cors explain` is built on it,
//! and what runs in a browser, so that it builds for `wasm32-unknown-unknown`.

pub mod answer;
pub mod case;
pub mod input;
pub mod message;
pub mod stack;
mod wanted;

pub use answer::Answer;
pub use case::Case;
pub use wanted::Wanted;
