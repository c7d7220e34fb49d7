//! [`console`]: any text that a developer pastes.

use cors_diagnosis::Answer;
use cors_diagnosis::message::read;

/// Reads any text as messages of a browser's console, and answers them.
pub fn console(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    for message in read(&text) {
        for page in [None, Some("https://app.example.com"), Some("null")] {
            let answer = Answer::to_message(&message, page);
            assert!(!answer.act.is_empty() && !answer.meaning.is_empty(), "{message:?}");
            assert!(!answer.act.contains("Access-Control-Allow-Origin: null"), "{message:?}: {}", answer.act);
        }
    }
}
