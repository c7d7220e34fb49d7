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
    let (_, after) = text.split_once("fetch")?;
    match after.trim_start().strip_prefix('(') {
        Some(arguments) => Some(arguments),
        None => find(after),
    }
}

/// Returns the first call, and the text behind it.
fn read(text: &str) -> (Result<Case, String>, &str) {
    let wrong = || Err("not a call of fetch; copy the request as fetch in the network panel".to_owned());
    let Some(arguments) = find(text) else { return (wrong(), "") };
    let mut script = Script { rest: arguments };
    let arguments = script.arguments();
    let Some(Literal::Text(url)) = arguments.first() else { return (wrong(), script.rest) };
    (case(url, arguments.get(1).unwrap_or(&Literal::Null)), script.rest)
}

fn case(url: &str, options: &Literal) -> Result<Case, String> {
    let mut copied = Copied::new(url.to_owned());
    let get = |name: &str| options.get(name).and_then(Literal::text);
    if let Some(method) = get("method") {
        copied.method(method.to_owned());
    }
    for (name, value) in options.get("headers").map(Literal::members).unwrap_or_default() {
        copied.header(name.clone(), value.text().unwrap_or_default().to_owned());
    }
    if let Some(referrer) = get("referrer") {
        copied.header("referer".to_owned(), referrer.to_owned());
    }
    if options.get("body").is_some_and(|body| *body != Literal::Null) {
        copied.call_body();
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
