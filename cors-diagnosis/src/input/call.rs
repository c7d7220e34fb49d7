//! Calls of `fetch`, as developer tools copy them, and as people write them.

use cors_core::browser::Mode;

use super::curl::Copied;
use super::script::{Literal, Script};
use crate::case::Case;

/// Reads a call. Returns a sentence that says what is wrong with one that is none.
///
/// Developer tools write `mode: "cors"` always, and `credentials: "include"` only where the request had a cookie: neither is
/// trusted where it says less.
pub fn fetch_call(text: &str) -> Result<Case, String> {
    read(text).0
}

/// Reads every call of a text, as "Copy all as fetch" gives them.
pub fn fetch_calls(text: &str) -> Vec<Result<Case, String>> {
    let mut calls = Vec::new();
    let mut rest = text;
    while find(rest).is_some() {
        let (call, behind) = read(rest);
        calls.push(call);
        rest = behind;
    }
    calls
}

/// Returns the text from the first call's arguments on.
fn find(text: &str) -> Option<&str> {
    let mut words = text.match_indices("fetch");
    words.find_map(|(index, word)| {
        text.get(index.saturating_add(word.len())..)?.trim_start().strip_prefix('(')
    })
}

/// Returns the first call, and the text behind it.
fn read(text: &str) -> (Result<Case, String>, &str) {
    let wrong = || Err("not a call of fetch; copy the request as fetch in the network panel".to_owned());
    let Some(arguments) = find(text) else { return (wrong(), "") };
    let mut script = Script { rest: arguments };
    let Some(arguments) = script.arguments() else {
        let what = "a bracket closes in the call of fetch that was not opened; copy the call whole";
        return (Err(what.to_owned()), script.rest);
    };
    let Some(Literal::Text(url)) = arguments.first() else { return (wrong(), script.rest) };
    (case(url, arguments.get(1).unwrap_or(&Literal::Null)), script.rest)
}

fn case(url: &str, options: &Literal) -> Result<Case, String> {
    let mut copied = Copied::new(url.to_owned());
    let get = |name: &str| options.get(name).and_then(Literal::text);
    if let Some(method) = get("method") {
        copied.method(method.to_owned());
    }
    let mut unknown = Vec::new();
    // Options that are not written out may hold each of the two.
    let is_hidden = *options == Literal::Other || options.get("").is_some();
    if options.get("method").map_or(is_hidden, |method| !matches!(method, Literal::Text(_) | Literal::Null)) {
        unknown.push("method");
    }
    match options.get("headers") {
        None if is_hidden => unknown.push("headers"),
        None => {}
        Some(given) => {
            let (fields, is_whole) = headers(given);
            if !is_whole {
                unknown.push("headers");
            }
            for (name, value) in fields {
                copied.header(name, value);
            }
        }
    }
    if let Some(referrer) = get("referrer") {
        copied.header("referer".to_owned(), referrer.to_owned());
    }
    if options.get("body").is_some_and(|body| *body != Literal::Null) {
        copied.call_body();
    }
    let mut case = copied.case()?;
    if let Some(fetch) = &mut case.fetch {
        fetch.unknown = unknown;
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

/// Returns the fields that are written out, of an object or of a list of pairs, and whether those are all.
fn headers(given: &Literal) -> (Vec<(String, String)>, bool) {
    let value = |value: Option<&Literal>| value.and_then(Literal::text).unwrap_or_default().to_owned();
    let mut is_whole = true;
    let mut fields = Vec::new();
    match given {
        Literal::Object(members) => {
            for (name, member) in members {
                if name.is_empty() {
                    is_whole = false;
                } else {
                    fields.push((name.clone(), value(Some(member))));
                }
            }
        }
        Literal::Array(pairs) => {
            for pair in pairs {
                match pair {
                    Literal::Array(pair) if pair.first().is_some_and(|name| name.text().is_some()) => {
                        fields.push((value(pair.first()), value(pair.get(1))));
                    }
                    _ => is_whole = false,
                }
            }
        }
        Literal::Null => {}
        Literal::Text(_) | Literal::Other => is_whole = false,
    }
    (fields, is_whole)
}
