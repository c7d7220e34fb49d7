//! [`CompileError`]: why a config was not compiled.

use core::error::Error;
use core::fmt;

use crate::config::error::ConfigError;

/// Why a config was not compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompileError<'a> {
    /// The first problem of the config; [`Config::check`](crate::Config::check) reports them all.
    Config(ConfigError<'a>),
    /// The buffer is smaller than the image, which takes this many bytes: [`Config::image_len`](crate::Config::image_len).
    BufferTooSmall {
        /// The image's length in bytes.
        needed: usize,
    },
    /// The image would be longer than 4 GiB.
    TooLarge,
}

impl fmt::Display for CompileError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CompileError::Config(error) => error.fmt(f),
            CompileError::BufferTooSmall { needed } => {
                write!(f, "the buffer is too small: the image takes {needed} bytes")
            }
            CompileError::TooLarge => f.write_str("the image would be longer than 4 GiB"),
        }
    }
}

impl Error for CompileError<'_> {}

impl<'a> From<ConfigError<'a>> for CompileError<'a> {
    fn from(error: ConfigError<'a>) -> Self {
        CompileError::Config(error)
    }
}
