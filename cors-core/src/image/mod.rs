//! The image: the bytes of a compiled policy.

mod checksum;
mod fields;
mod hash;
mod kinds;
pub(crate) mod layout;
mod lookup;
mod read;
mod same;
mod set;
mod validate;
mod wildcards;
mod write;

pub(crate) use fields::{Field, FieldSet};
pub(crate) use layout::VERSION;
pub(crate) use read::Image;
pub use validate::ImageError;
pub(crate) use validate::is_image;
