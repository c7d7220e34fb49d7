//! Text from elsewhere, as it may be printed on a terminal.

use std::fmt::{self, Write};

/// Prints the bytes of a message, such as a request line. Bytes other than visible ASCII and spaces are escaped.
pub struct Printable<'b>(pub &'b [u8]);

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
pub fn printable(text: &str) -> String {
    printable_except(text, &[])
}

/// Escapes the same characters, except line ends.
pub fn printable_lines(text: &str) -> String {
    printable_except(text, &['\n'])
}

/// Escapes the same characters, except those in `kept`.
pub fn printable_except(text: &str, kept: &[char]) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        if cors_core::is_printable(character) || kept.contains(&character) {
            printable.push(character);
        } else {
            printable.extend(character.escape_default());
        }
    }
    printable
}
