//! Texts: what of them a terminal shows, and replacements for `str::split`, `split_once` and `contains`.
//!
//! The replacements contain no panic (`cors-ffi/tests/no_panic.rs` checks this), and do not link substring search or Unicode
//! tables.

use core::fmt::{self, Write};

/// Splits `text` at the first `separator`: what stands before it, and what after it.
pub(crate) fn split_once<'t>(text: &'t str, separator: &str) -> Option<(&'t str, &'t str)> {
    let starts =
        |&at: &usize| text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(separator.as_bytes()));
    let at = (0..text.len()).find(starts)?;
    Some((text.get(..at)?, text.get(at.checked_add(separator.len())?..)?))
}

/// Returns true if `part` stands somewhere in `text`.
pub(crate) fn contains(text: &str, part: &str) -> bool {
    split_once(text, part).is_some()
}

/// Splits `text` at each `separator`.
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

/// Returns true for a character that a terminal or a log shows, as itself and in its place.
///
/// False for controls, for the separators of lines and paragraphs, for characters that are invisible, or turn the
/// direction of the text around them, and for those that are blank or that no standard gives a shape: in the terms of Unicode,
/// `Default_Ignorable_Code_Point`, format characters other than the visible ones (`Prepended_Concatenation_Mark`),
/// spaces other than U+0020, the blank of Braille, private use and noncharacters. Code points that are not assigned yet
/// are taken as printable: which they are changes with each version of Unicode.
///
/// ```
/// use cors_core::is_printable;
///
/// assert!(is_printable('ü') && is_printable(' '));
/// assert!(!is_printable('\n') && !is_printable('\u{9b}') && !is_printable('\u{202e}'));
/// assert!(!is_printable('\u{a0}') && !is_printable('\u{e000}'));
/// ```
pub const fn is_printable(character: char) -> bool {
    // The last two code points of each plane.
    let is_noncharacter = character as u32 & 0xfffe == 0xfffe;
    !is_noncharacter
        && !matches!(
            character,
            '\0'..='\u{1f}'
                // With the no-break space behind them.
                | '\u{7f}'..='\u{a0}'
                // Soft hyphen, and the joiner of graphemes.
                | '\u{ad}'
                | '\u{34f}'
                // Arabic letter mark.
                | '\u{61c}'
                // Ogham space mark.
                | '\u{1680}'
                // Fillers and inherent vowels of Hangul, Khmer and Mongolian.
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                // Spaces of each width, zero-width spaces and joiners, separators, marks of direction, invisible operators.
                | '\u{2000}'..='\u{200f}'
                | '\u{2028}'..='\u{202f}'
                | '\u{205f}'..='\u{206f}'
                // A pattern of Braille without a dot, the ideographic space, the filler of Hangul.
                | '\u{2800}'
                | '\u{3000}'
                | '\u{3164}'
                // Private use, here and in the last two planes, and noncharacters.
                | '\u{e000}'..='\u{f8ff}'
                | '\u{fdd0}'..='\u{fdef}'
                | '\u{f0000}'..='\u{10ffff}'
                // Selectors of a variation, the byte order mark, and what may be assigned like them.
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                // Controls of hieroglyphs, shorthand and music.
                | '\u{13430}'..='\u{1343f}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                // Tags, and more selectors of a variation.
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// A text in quotation marks, in which characters that are not [printable](is_printable) are escaped.
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
                _ if is_printable(character) => f.write_char(character)?,
                _ => write!(f, "\\u{{{:x}}}", u32::from(character))?,
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use icu_properties::props::{
        BidiControl, BinaryProperty, DefaultIgnorableCodePoint, GeneralCategory, NoncharacterCodePoint,
        PrependedConcatenationMark,
    };
    use icu_properties::{CodePointMapData, CodePointSetData};

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

    /// Unicode's own tables, as the crate `icu_properties` has them.
    #[test]
    fn printable_characters_are_those_that_unicode_shows() {
        fn has<P: BinaryProperty>(character: char) -> bool {
            CodePointSetData::new::<P>().contains(character)
        }
        for character in '\0'..=char::MAX {
            let is_hidden = match CodePointMapData::<GeneralCategory>::new().get(character) {
                GeneralCategory::Control
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
                | GeneralCategory::PrivateUse => true,
                GeneralCategory::SpaceSeparator => character != ' ',
                GeneralCategory::Format => !has::<PrependedConcatenationMark>(character),
                // Unicode calls the blank of Braille a symbol.
                _ => {
                    has::<DefaultIgnorableCodePoint>(character)
                        || has::<BidiControl>(character)
                        || has::<NoncharacterCodePoint>(character)
                        || character == '\u{2800}'
                }
            };
            assert_eq!(is_printable(character), !is_hidden, "{:x}", u32::from(character));
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
