//! JSON that may be printed on a terminal: characters other than visible ASCII are escaped.

use std::fmt::Write;

use serde::Serialize;

/// Returns an object over several lines, and a line end.
pub(crate) fn object(object: &impl Serialize) -> String {
    // An object of strings and numbers has nothing that JSON lacks.
    escaped(&serde_json::to_string_pretty(object).unwrap_or_default())
}

/// Returns an object in one line, and a line end.
pub(crate) fn line(object: &impl Serialize) -> String {
    escaped(&serde_json::to_string(object).unwrap_or_default())
}

fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            // White space, or part of a string in which serde has escaped the rest.
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
    use super::{line, object};

    #[test]
    fn escapes() {
        let text = "a\"\\\n\u{7f}\u{9b}é‘\u{1f600}";
        let string = r#""a\"\\\n\u007f\u009b\u00e9\u2018\ud83d\ude00""#;
        assert_eq!(object(&[text]), format!("[\n  {string}\n]\n"));
        assert_eq!(line(&[text]), format!("[{string}]\n"));
        assert_eq!(serde_json::from_str::<[String; 1]>(&line(&[text])).unwrap(), [text]);
    }
}
