//! Images: the bytes of compiled policies (rules I1 to I5).
//!
//! Takes a checked config and a buffer, or bytes from anywhere. Returns an [`Image`], or an [`ImageError`].
//! Called by `policy` alone. [`layout`] describes the format; `write` and `validate` agree on every bit of it, and `lookup` and
//! `wildcards` have the look-ups of evaluation.

mod blake2s;
mod checksum;
mod error;
mod fields;
mod hash;
mod kinds;
pub(crate) mod layout;
mod lookup;
mod read;
mod same;
mod set;
mod set_writer;
mod validate;
mod wildcards;
mod write;

pub use error::ImageError;
pub(crate) use fields::{Field, FieldSet};
pub(crate) use layout::VERSION;
pub(crate) use read::Image;
pub(crate) use validate::is_image;
