//! Bytes as a text: UTF-8, or UTF-16 as Windows writes it.

use std::borrow::Cow;

/// Returns the text that bytes hold, without a byte order mark. What is neither UTF-8 nor UTF-16 gets replacement characters.
///
/// ```
/// use cors_diagnosis::input::decoded;
///
/// assert_eq!(decoded(b"\xef\xbb\xbfabc"), "abc");
/// assert_eq!(decoded(b"\xff\xfea\0b\0"), "ab");
/// assert_eq!(decoded(b"a\0b\0c\0d\0"), "abcd");
/// ```
pub fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return String::from_utf8_lossy(rest);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return Cow::Owned(utf16(rest, u16::from_le_bytes));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return Cow::Owned(utf16(rest, u16::from_be_bytes));
    }
    match bytes {
        // Without a mark, by the zeros beside ASCII.
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => {
            Cow::Owned(utf16(bytes, u16::from_le_bytes))
        }
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => {
            Cow::Owned(utf16(bytes, u16::from_be_bytes))
        }
        _ => String::from_utf8_lossy(bytes),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(unit);
    char::decode_utf16(units).map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
