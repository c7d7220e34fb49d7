//! Calls of `fetch`, as developer tools copy them: an address, and an object that is JSON but for its keys.

use cors_core::browser::Mode;
use serde_json::Value;

use super::curl::Copied;
use crate::case::Case;

/// Reads a call. Returns a sentence that says what is wrong with one that is none.
///
/// Developer tools write `mode: "cors"` always, and `credentials: "include"` only where the request had a cookie: neither is
/// trusted where it says less.
pub fn fetch_call(text: &str) -> Result<Case, String> {
    let wrong = || "not a call of fetch; copy the request as fetch in the network panel".to_owned();
    let start = text.find("fetch").ok_or_else(wrong)?;
    let arguments =
        text.get(start..).and_then(|text| text.split_once('(')).map(|(_, rest)| rest).ok_or_else(wrong)?;
    let json = as_json(arguments);
    let mut values = serde_json::Deserializer::from_str(&json).into_iter::<Value>();
    let Some(Ok(Value::String(url))) = values.next() else { return Err(wrong()) };
    let mut copied = Copied::new(url);
    // What follows the call does not belong to it.
    let options = match values.next() {
        Some(Ok(Value::Object(options))) => options,
        _ => serde_json::Map::new(),
    };
    let get = |name: &str| options.get(name).and_then(Value::as_str);
    if let Some(method) = get("method") {
        copied.method(method.to_owned());
    }
    for (name, value) in options.get("headers").and_then(Value::as_object).into_iter().flatten() {
        copied.header(name.clone(), value.as_str().unwrap_or_default().to_owned());
    }
    if let Some(referrer) = get("referrer") {
        copied.header("referer".to_owned(), referrer.to_owned());
    }
    if options.get("body").is_some_and(|body| !body.is_null()) {
        copied.body();
    }
    let mut case = copied.case()?;
    if let Some(fetch) = &mut case.fetch {
        if get("credentials") == Some("include") {
            fetch.credentials = Some(true);
        }
        fetch.mode = match get("mode") {
            Some("no-cors") => Mode::NoCors,
            Some("same-origin") => Mode::SameOrigin,
            _ => fetch.mode,
        };
    }
    Ok(case)
}

/// Returns the arguments with strings and keys as JSON has them, and without the commas between arguments and before a
/// closing bracket.
fn as_json(text: &str) -> String {
    let mut json = String::with_capacity(text.len());
    let mut depth = 0_usize;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' | '\'' | '`' => string(character, &mut characters, &mut json),
            '{' | '[' => {
                depth = depth.saturating_add(1);
                json.push(character);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                let len = json.trim_end().trim_end_matches(',').len();
                json.truncate(len);
                json.push(character);
            }
            ')' if depth == 0 => break,
            ',' if depth == 0 => json.push(' '),
            character if character.is_ascii_alphabetic() || character == '_' => {
                let mut word = String::from(character);
                while let Some(next) = characters.next_if(|next| next.is_ascii_alphanumeric() || *next == '_')
                {
                    word.push(next);
                }
                match word.as_str() {
                    "true" | "false" | "null" => json.push_str(&word),
                    _ => {
                        json.push('"');
                        json.push_str(&word);
                        json.push('"');
                    }
                }
            }
            other => json.push(other),
        }
    }
    json
}

/// Writes a string of JavaScript as one of JSON.
fn string(mark: char, characters: &mut std::iter::Peekable<std::str::Chars<'_>>, json: &mut String) {
    json.push('"');
    while let Some(character) = characters.next() {
        match character {
            character if character == mark => break,
            '"' => json.push_str("\\\""),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\\' => match characters.next() {
                Some(escaped @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u')) => {
                    json.extend(['\\', escaped]);
                }
                Some(other) => json.push(other),
                None => {}
            },
            other => json.push(other),
        }
    }
    json.push('"');
}
