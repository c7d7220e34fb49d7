//! What the developer reads in the browser's console.

use cors_core::browser::{Engine, Outcome};

use crate::printable::printable;

/// Whose console it is, and its lines: none for a fetch of which nothing is said.
pub(super) fn console(outcome: &Outcome<'_>) -> (&'static str, Vec<String>) {
    let (whose, lines) = match outcome.engine() {
        Engine::Firefox => {
            ("Firefox's console", outcome.firefox_lines().map(|line| line.to_string()).collect())
        }
        // Its texts vary with the version: this is what they mean.
        Engine::WebKit => {
            ("WebKit's console, in other words", outcome.error().iter().map(ToString::to_string).collect())
        }
        // The standard has no texts. Most developers read these.
        _ => {
            let mut text = String::new();
            // Writing to a string does not fail.
            let _ = outcome.chromium_message(&mut text);
            ("Chromium's console", Some(text).filter(|text| !text.is_empty()).into_iter().collect::<Vec<_>>())
        }
    };
    (whose, lines.iter().map(|line| printable(line)).collect())
}
