//! The image: the bytes of a compiled policy.

mod checksum;
mod hash;
mod kinds;
pub(crate) mod layout;
mod lookup;
mod read;
mod set;
mod validate;
mod write;

pub(crate) use layout::{MAGIC, VERSION};
pub(crate) use read::Image;
pub use validate::ImageError;
