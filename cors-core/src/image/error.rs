//! [`ImageError`]: the reason why some bytes are not an image (I2).

use core::error::Error;
use core::fmt;

use super::layout::VERSION;

/// The reason why some bytes are not an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageError {
    /// They do not begin as an image does.
    NotAnImage,
    /// They are an image of a format that this version of the crate does not read.
    UnsupportedVersion(u16),
    /// They are the beginning of an image.
    CutShort {
        /// The image's length in bytes.
        expected: usize,
        /// The length of what was given.
        actual: usize,
    },
    /// They go on after the image's end.
    TooLong {
        /// The image's length in bytes.
        expected: usize,
        /// The length of what was given.
        actual: usize,
    },
    /// The checksum is not that of the contents: some bit has changed.
    Checksum,
    /// The checksum is right, and this part is not as the compiler writes it.
    Malformed(&'static str),
    /// They are an image, for which a [`PolicyBuf`](crate::PolicyBuf) has no room.
    BufferTooSmall {
        /// The image's length in bytes.
        needed: usize,
    },
}

impl fmt::Display for ImageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImageError::NotAnImage => f.write_str("not an image: it does not begin with `cors`"),
            ImageError::UnsupportedVersion(version) => {
                write!(f, "an image of format version {version}; this program reads version {VERSION}")
            }
            ImageError::CutShort { expected, actual } => {
                write!(f, "an image cut short: {actual} bytes of {expected}")
            }
            ImageError::TooLong { expected, actual } => {
                write!(
                    f,
                    "an image of {expected} bytes with {} more after it",
                    actual.saturating_sub(*expected)
                )
            }
            ImageError::Checksum => f.write_str("a damaged image: its checksum is not that of its contents"),
            ImageError::BufferTooSmall { needed } => {
                write!(f, "the buffer is too small: the image takes {needed} bytes")
            }
            ImageError::Malformed(part) => {
                write!(f, "an image that this program's compiler did not write: its {part} cannot be")
            }
        }
    }
}

impl Error for ImageError {}
