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

/// Text of a person, such as the name of a file: only what a terminal could take for a command is escaped.
pub(crate) fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        // Marks that turn the direction of writing can make one name look like another.
        let hidden = character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if hidden {
            printable.extend(character.escape_default());
        } else {
            printable.push(character);
        }
    }
    printable
}
