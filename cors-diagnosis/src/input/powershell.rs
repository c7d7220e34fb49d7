//! `Invoke-WebRequest`, as developer tools copy a request for PowerShell.

use super::curl::Copied;
use crate::case::Case;

/// Reads a command. Returns a sentence that says what is wrong with one that is none.
pub fn powershell(text: &str) -> Result<Case, String> {
    let wrong =
        || "not a command of PowerShell; copy the request as PowerShell in the network panel".to_owned();
    let lower = text.to_ascii_lowercase();
    let start = lower.find("invoke-webrequest").ok_or_else(wrong)?;
    let words = words(text.get(start..).unwrap_or_default());
    let mut copied = Copied::empty();
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        match word.to_ascii_lowercase().as_str() {
            "-uri" => copied.url(words.next().unwrap_or_default()),
            "-method" => copied.method(words.next().unwrap_or_default()),
            "-contenttype" => copied.header("content-type".to_owned(), words.next().unwrap_or_default()),
            "-body" => {
                words.next();
                copied.body();
            }
            "-headers" => {
                while let Some(name) = words.next_if(|word| !word.starts_with('-')) {
                    if let Some(value) = words.next() {
                        copied.header(name, value);
                    }
                }
            }
            _ => {}
        }
    }
    copied.case()
}

/// Splits a command at its spaces and at the signs of a hash table, `@{ "name"="value" }`. In double quotation marks a backtick escapes.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                let quoted = word.get_or_insert_default();
                while let Some(character) = characters.next() {
                    match character {
                        '"' if characters.peek() == Some(&'"') => quoted.extend(characters.next()),
                        '"' => break,
                        '`' => quoted.extend(characters.next()),
                        other => quoted.push(other),
                    }
                }
            }
            '\'' => {
                let quoted = word.get_or_insert_default();
                while let Some(character) = characters.next() {
                    match character {
                        '\'' if characters.peek() == Some(&'\'') => quoted.extend(characters.next()),
                        '\'' => break,
                        other => quoted.push(other),
                    }
                }
            }
            '`' | '@' | '{' | '}' | '=' | ';' => words.extend(word.take()),
            character if character.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}
