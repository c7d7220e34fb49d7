//! What the tests of the documents share: the tree of files, and the figures in Markdown.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "only tests call this"
)]

pub mod figures;
pub mod tree;
