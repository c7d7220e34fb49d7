//! Files and standard input, read whole, and the sentences for those that cannot be used.

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use cors_core::{ImageError, Policy};

use crate::exit::Failure;
use crate::printable::printable;

/// An input and where it comes from.
pub(crate) struct Input {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Input {
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = if is_standard(path) {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            fs::read(path)
        };
        match bytes {
            Ok(bytes) => Ok(Input { path: path.to_owned(), bytes }),
            Err(error) => Err(Failure::unusable(name(path), explain(&error))),
        }
    }

    /// Returns the name, as it may be printed.
    pub(crate) fn name(&self) -> String {
        name(&self.path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns true for an image, damaged or not; false for what could be a policy file.
    pub(crate) fn is_image(&self) -> bool {
        Policy::is_image(&self.bytes)
    }

    /// Returns the text of a policy file, without a byte order mark.
    pub(crate) fn text(&self) -> Result<&str, Failure> {
        cors_policy_file::text_of(&self.bytes).map_err(|error| Failure::unusable(self.name(), error))
    }

    /// Returns the policy of an image.
    pub(crate) fn image(&self) -> Result<Policy<'_>, Failure> {
        if self.bytes.is_empty() {
            return Err(Failure::unusable(self.name(), "empty; `cors compile` makes an image"));
        }
        Policy::from_bytes(&self.bytes).map_err(|error| {
            let advice = match error {
                ImageError::NotAnImage => "make one with `cors compile`",
                ImageError::CutShort { .. } | ImageError::TooLong { .. } => {
                    "copy it again, whole, or compile the policy again"
                }
                ImageError::UnsupportedVersion(_) => "compile the policy again with this program",
                _ => "copy it again, or compile the policy again",
            };
            Failure::unusable(self.name(), format_args!("{error}; {advice}"))
        })
    }
}

/// Returns true for `-`, which names standard input or output.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Returns the number of the line, from 1, that contains the byte at `offset`.
pub(crate) fn line_of(bytes: &[u8], offset: usize) -> usize {
    bytes.iter().take(offset).filter(|&&byte| byte == b'\n').count().saturating_add(1)
}

/// Returns the path, as it may be printed.
pub(crate) fn name(path: &Path) -> String {
    if is_standard(path) { "standard input".to_owned() } else { printable(&path.to_string_lossy()) }
}

pub(crate) fn explain(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file; check the path".to_owned(),
        ErrorKind::IsADirectory => "a directory; name a file in it".to_owned(),
        ErrorKind::PermissionDenied => "you may not read it; check its permissions".to_owned(),
        _ => error.to_string(),
    }
}
