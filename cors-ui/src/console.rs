//! The lines of the browser's console.

use cors_core::browser::{Engine, Outcome};

use crate::printable::printable;

/// Returns the name of the console and its lines. Browsers print nothing for most fetches that succeed.
pub fn console(outcome: &Outcome<'_>) -> (&'static str, Vec<String>) {
    let (whose, lines) = match outcome.engine() {
        Engine::Firefox => {
            ("Firefox's console", outcome.firefox_lines().map(|line| line.to_string()).collect())
        }
        // WebKit's texts vary with the version. These lines have the same meaning.
        Engine::WebKit => {
            ("WebKit's console, in other words", outcome.error().iter().map(ToString::to_string).collect())
        }
        // The standard has no texts. Most developers know Chromium's.
        _ => {
            let mut text = String::new();
            // Writing to a string does not fail.
            let _ = outcome.chromium_message(&mut text);
            ("Chromium's console", Some(text).filter(|text| !text.is_empty()).into_iter().collect::<Vec<_>>())
        }
    };
    (whose, lines.iter().map(|line| printable(line)).collect())
}
