//! JSON that a terminal can show, too: what is no visible ASCII is escaped.

use std::fmt::Write;

use serde::Serialize;

/// An object, and a line end.
pub(crate) fn object(object: &impl Serialize) -> String {
    // Strings and numbers only: there is nothing in it that JSON has not.
    let json = serde_json::to_string_pretty(object).unwrap_or_default();
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            // White space, or part of a string: others are escaped already.
            '\n' | ' '..='~' => escaped.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a string does not fail.
                    let _ = write!(escaped, "\\u{unit:04x}");
                }
            }
        }
    }
    escaped.push('\n');
    escaped
}

#[cfg(test)]
mod tests {
    use super::object;

    #[test]
    fn escapes() {
        let text = "a\"\\\n\u{7f}\u{9b}é‘\u{1f600}";
        let json = object(&[text]);
        assert_eq!(json, "[\n  \"a\\\"\\\\\\n\\u007f\\u009b\\u00e9\\u2018\\ud83d\\ude00\"\n]\n");
        assert_eq!(serde_json::from_str::<[String; 1]>(&json).unwrap(), [text]);
    }
}
