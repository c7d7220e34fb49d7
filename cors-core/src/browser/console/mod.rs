//! The texts of browsers' consoles, one row each: [`message`](super::message) renders the rows, and
//! [`recognize`](super::recognize()) finds them again (rule B3).
//!
//! A new text is a row in its engine's file and a line in the table of `tests/browser/recognized.rs`. Several rows may
//! have one cause: the first is what the engine writes today, the others are older or rarer wordings.

pub(crate) mod chromium;
pub(crate) mod firefox;
pub(crate) mod webkit;

use crate::browser::cause::Cause;
use crate::browser::engine::Engine;
use crate::browser::error::ErrorKind;
use crate::browser::options::Api;
use crate::named;

/// A text of a console, without what stands before and after every text of that engine.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) cause: Cause,
    /// The text, with a [`Hole`] for each part that differs from message to message.
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

/// Returns every row with its engine.
pub(crate) fn rows() -> impl Iterator<Item = (Engine, &'static Row)> {
    [(Engine::Chromium, chromium::ROWS), (Engine::Firefox, firefox::ROWS), (Engine::WebKit, webkit::ROWS)]
        .into_iter()
        .flat_map(|(engine, rows)| rows.iter().map(move |row| (engine, row)))
}

/// Returns the row that an engine writes for a cause.
pub(crate) fn find(rows: &'static [Row], cause: Cause) -> Option<&'static Row> {
    rows.iter().find(|row| row.cause == cause)
}

named! {
    /// The place of what differs from message to message. It is written in braces: `{url}`.
    pub(crate) enum Hole {
        /// The value, the method, the header name or the malformed element at fault.
        Parameter, "parameter";
        /// The address asked for; after redirects, the last.
        Url, "url";
        /// The address that the page asked for, where that redirected.
        RedirectedFrom, "redirected_from";
        /// The page's origin.
        Origin, "origin";
        /// What the page used, as Chromium names it.
        Kind, "kind";
        /// The response's status.
        Status, "status";
    }
    /// Returns the name in the braces.
    fn name;
}

/// Splits a text at its first hole: what stands before the hole, the hole, and the rest.
pub(crate) fn split_at_hole(text: &str) -> (&str, Option<(Hole, &str)>) {
    let hole = text.split_once('{').and_then(|(before, rest)| {
        let (name, after) = rest.split_once('}')?;
        Some((before, Some((Hole::from_name(name)?, after))))
    });
    hole.unwrap_or((text, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes() {
        assert_eq!(split_at_hole("a {url}, {kind}"), ("a ", Some((Hole::Url, ", {kind}"))));
        assert_eq!(split_at_hole("{origin}"), ("", Some((Hole::Origin, ""))));
        for text in ["", "a", "{", "{}", "{a}", "{a} {url}", "} url {"] {
            assert_eq!(split_at_hole(text), (text, None));
        }
        for hole in Hole::ALL {
            assert_eq!(Hole::from_name(hole.name()), Some(hole));
        }
    }

    /// A misspelled hole would be looked for as it stands.
    #[test]
    fn braces_are_holes() {
        for (engine, row) in rows() {
            let (mut rest, mut literal) = (row.text, std::string::String::new());
            while let (before, Some((_, after))) = split_at_hole(rest) {
                literal.push_str(before);
                rest = after;
            }
            literal.push_str(rest);
            assert!(!literal.contains(['{', '}']), "{engine}: {}", row.text);
        }
    }

    /// No two rows of an engine have one text, and Firefox's keys are there and differ.
    #[test]
    fn rows_differ() {
        for (engine, row) in rows() {
            let same = rows().filter(|(other, same)| *other == engine && same.text == row.text).count();
            assert_eq!(same, 1, "{engine}: {}", row.text);
            let is_of_firefox = row.key.starts_with("CORS") || row.key == firefox::MIXED;
            assert_eq!(is_of_firefox, engine == Engine::Firefox, "{row:?}");
        }
    }
}
