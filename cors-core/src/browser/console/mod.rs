//! The texts of browsers' consoles, one row each, which [`message`](super::message) renders (rule B3). `cors-diagnosis` reads
//! them, and those of other versions.
//!
//! Several rows may have one cause: the first is what the engine writes today, the others are rarer wordings.

pub(crate) mod chromium;
pub(crate) mod firefox;

use crate::browser::error::ErrorKind;
use crate::browser::options::Api;

/// What a text is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A failure that a [`CorsError`](crate::browser::CorsError) stands for.
    Error(ErrorKind),
    /// Firefox: the request did not succeed. Another line names the cause if that is CORS.
    DidNotSucceed,
    /// Firefox: a warning that `Access-Control-Allow-Headers: *` will cease to cover `authorization`.
    AuthorizationNotCovered,
}

/// A text of a console, without what stands before and after every text of that engine.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) cause: Cause,
    /// The text, with at most one hole for what differs from message to message: `{parameter}`.
    pub(crate) text: &'static str,
    /// The name in the engine's sources, where the console shows it; else nothing.
    pub(crate) key: &'static str,
    /// The sentence that follows where the page used this interface.
    pub(crate) hint: Option<(Api, &'static str)>,
    /// Whether the status of the response follows.
    pub(crate) has_status: bool,
}

impl Row {
    pub(crate) const fn new(cause: Cause, text: &'static str) -> Self {
        Row { cause, text, key: "", hint: None, has_status: false }
    }

    /// A row whose cause is a failure of this kind.
    pub(crate) const fn error(kind: ErrorKind, text: &'static str) -> Self {
        Row::new(Cause::Error(kind), text)
    }

    pub(crate) const fn key(self, key: &'static str) -> Self {
        Row { key, ..self }
    }

    pub(crate) const fn hint(self, api: Api, sentence: &'static str) -> Self {
        Row { hint: Some((api, sentence)), ..self }
    }

    pub(crate) const fn status(self) -> Self {
        Row { has_status: true, ..self }
    }
}

/// Returns the row that an engine writes for a cause.
pub(crate) fn find(rows: &'static [Row], cause: Cause) -> Option<&'static Row> {
    rows.iter().find(|row| row.cause == cause)
}

/// Splits a text at its hole: what stands before the hole, and what stands after it, if there is one.
pub(crate) fn split_at_hole(text: &str) -> (&str, Option<&str>) {
    let hole = text.split_once('{').and_then(|(before, rest)| Some((before, Some(rest.split_once('}')?.1))));
    hole.unwrap_or((text, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes() {
        assert_eq!(split_at_hole("a {url}, b"), ("a ", Some(", b")));
        assert_eq!(split_at_hole("{origin}"), ("", Some("")));
        for text in ["", "a", "{", "} url {"] {
            assert_eq!(split_at_hole(text), (text, None));
        }
    }

    /// No text has a second hole, which would be printed as it stands.
    #[test]
    fn one_hole_each() {
        for row in chromium::ROWS.iter().chain(firefox::ROWS) {
            let (before, after) = split_at_hole(row.text);
            assert!(!before.contains(['{', '}']), "{}", row.text);
            assert!(!after.unwrap_or_default().contains(['{', '}']), "{}", row.text);
        }
    }

    /// No two rows of an engine have one text, and Firefox's have keys.
    #[test]
    fn rows_differ() {
        for rows in [chromium::ROWS, firefox::ROWS] {
            for row in rows {
                assert_eq!(rows.iter().filter(|same| same.text == row.text).count(), 1, "{}", row.text);
            }
        }
        assert!(chromium::ROWS.iter().all(|row| row.key.is_empty()));
        assert!(firefox::ROWS.iter().all(|row| row.key.starts_with("CORS") || row.key == firefox::MIXED));
    }
}
