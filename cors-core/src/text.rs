//! What `str` has as well. Here the compiler sees that nothing panics, as a test of the C library demands of what loads an
//! image; and a program links neither a substring search nor the tables of Unicode.

use core::fmt::{self, Write};

/// What stands before the first `separator`, and what after it.
pub(crate) fn split_once<'t>(text: &'t str, separator: &str) -> Option<(&'t str, &'t str)> {
    let starts =
        |&at: &usize| text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(separator.as_bytes()));
    let at = (0..text.len()).find(starts)?;
    Some((text.get(..at)?, text.get(at.checked_add(separator.len())?..)?))
}

/// True if `part` stands somewhere in `text`.
pub(crate) fn contains(text: &str, part: &str) -> bool {
    split_once(text, part).is_some()
}

/// What stands between the separators: one text more than there are of them.
pub(crate) fn split<'t>(
    text: &'t str,
    separator: &'static str,
) -> impl Iterator<Item = &'t str> + Clone + use<'t> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let text = rest?;
        let (element, after) = match split_once(text, separator) {
            Some((element, after)) => (element, Some(after)),
            None => (text, None),
        };
        rest = after;
        Some(element)
    })
}

/// A text in quotation marks, with what a terminal would not show, or would not show in its place, escaped.
pub(crate) struct Quoted<'t>(pub(crate) &'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for character in self.0.chars() {
            match character {
                '"' | '\\' => f.write_char('\\').and_then(|()| f.write_char(character))?,
                '\t' => f.write_str("\\t")?,
                '\r' => f.write_str("\\r")?,
                '\n' => f.write_str("\\n")?,
                // Controls, and the format characters that hide, break or turn a text.
                '\0'..' '
                | '\u{7f}'..='\u{9f}'
                | '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{e0000}'..='\u{e007f}' => write!(f, "\\u{{{:x}}}", u32::from(character))?,
                _ => f.write_char(character)?,
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use super::*;

    #[test]
    fn texts_are_split_as_str_does() {
        for text in ["", "a", ", ", "a, b", ", a", "a, ", "a,b, c", "a, , b", ",, ", "\u{e9}, \u{e9}", "a ,b"]
        {
            assert_eq!(split_once(text, ", "), text.split_once(", "), "{text:?}");
            let elements: Vec<&str> = split(text, ", ").collect();
            assert_eq!(elements, text.split(", ").collect::<Vec<_>>(), "{text:?}");
        }
    }

    #[test]
    fn texts_are_quoted() {
        for (text, quoted) in [
            ("", r#""""#),
            ("https://bücher.example", r#""https://bücher.example""#),
            (r#"a"b\c"#, r#""a\"b\\c""#),
            ("a\r\n\tb\0\u{1b}[1m", r#""a\r\n\tb\u{0}\u{1b}[1m""#),
            ("a\u{200b}b\u{202e}c\u{feff}", r#""a\u{200b}b\u{202e}c\u{feff}""#),
        ] {
            assert_eq!(Quoted(text).to_string(), quoted);
        }
    }
}
