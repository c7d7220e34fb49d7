//! The text of a policy file, and the sentences for bytes that are not one.

use std::fmt;

use cors_core::Policy;

/// Why bytes are not the text of a policy file, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAPolicyFile {
    /// An image.
    Image,
    /// Not UTF-8 at this byte, in this line, counted from 1.
    NotUtf8 {
        /// From 0.
        offset: usize,
        /// From 1.
        line: usize,
    },
    /// A NUL at this byte.
    Nul {
        /// From 0.
        offset: usize,
    },
    /// Nothing, or white space.
    Empty,
}

impl fmt::Display for NotAPolicyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotAPolicyFile::Image => {
                f.write_str("an image, not a policy file; `cors show` prints the policy in it")
            }
            NotAPolicyFile::NotUtf8 { offset, line } => {
                write!(f, "not UTF-8 at byte {offset}, in line {line}; save the policy as UTF-8 text")
            }
            NotAPolicyFile::Nul { offset } => {
                write!(f, "neither a text nor an image: byte {offset} is NUL; save the policy as UTF-8 text")
            }
            NotAPolicyFile::Empty => {
                f.write_str("empty; a policy begins with allow_origins = [\"https://app.example.com\"]")
            }
        }
    }
}

impl std::error::Error for NotAPolicyFile {}

/// Returns the text in a policy file's bytes, without a byte order mark.
pub fn text_of(bytes: &[u8]) -> Result<&str, NotAPolicyFile> {
    if Policy::is_image(bytes) {
        return Err(NotAPolicyFile::Image);
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        let newlines = bytes.iter().take(offset).filter(|&&byte| byte == b'\n').count();
        NotAPolicyFile::NotUtf8 { offset, line: newlines.saturating_add(1) }
    })?;
    if let Some(offset) = text.find('\0') {
        return Err(NotAPolicyFile::Nul { offset });
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() { Err(NotAPolicyFile::Empty) } else { Ok(text) }
}
