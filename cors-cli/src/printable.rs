//! Text from elsewhere, as it may be printed on a terminal.

use std::fmt::{self, Write};

/// Bytes of a message, such as a request line: what is not visible ASCII or a space is escaped.
pub(crate) struct Printable<'b>(pub(crate) &'b [u8]);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for &byte in self.0 {
            match byte {
                b' '..=b'~' => f.write_char(byte.into())?,
                _ => write!(f, "{}", byte.escape_ascii())?,
            }
        }
        Ok(())
    }
}

/// Escapes the characters of a person's text, such as the name of a file, that a terminal would not show, or not in their
/// place.
pub(crate) fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        if cors_core::is_printable(character) {
            printable.push(character);
        } else {
            printable.extend(character.escape_default());
        }
    }
    printable
}
