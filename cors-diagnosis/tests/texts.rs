//! The table of texts: console messages as people paste them, each with what it is about, what is drawn from it, and how the

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's helpers may stop it, too"
)]
//! advice begins. The texts whose names begin with `own` are written for what the others leave out.

mod support;

use cors_diagnosis::Answer;
use cors_diagnosis::message::read;

use self::support::{Expected, texts};

#[test]
fn every_text_is_told() {
    let texts = texts();
    assert!(texts.len() >= 235, "{}", texts.len());
    for text in &texts {
        let messages = read(&text.pasted);
        let found: Vec<Expected> = messages
            .iter()
            .map(|message| {
                let act = Answer::to_message(message, None).act;
                let words = |text: &str| text.split_whitespace().take(7).collect::<Vec<_>>().join(" ");
                Expected::of(message, words(&act))
            })
            .collect();
        assert_eq!(found, text.messages, "{}: {}", text.id, text.pasted);
    }
}

/// No advice names a setting that lets any site in.
#[test]
fn no_advice_is_dangerous() {
    for text in texts() {
        for message in read(&text.pasted) {
            for page in [None, Some("null"), Some("https://app.example.com")] {
                let answer = Answer::to_message(&message, page);
                let all = [vec![answer.act, answer.meaning], answer.notes].concat();
                for sentence in all {
                    assert!(
                        !sentence.contains("Access-Control-Allow-Origin: null"),
                        "{}: {sentence}",
                        text.id
                    );
                    assert!(!sentence.contains(['{', '}']), "{}: {sentence}", text.id);
                    assert!(!sentence.is_empty(), "{}", text.id);
                }
            }
        }
    }
}

/// What is not a message is not told to be one.
#[test]
fn other_texts() {
    for text in [
        "",
        "Hello",
        "res.header('Access-Control-Allow-Origin', '*')",
        "add_header Access-Control-Allow-Methods 'GET, POST, OPTIONS';",
        "How do I enable CORS in Express? I have set Access-Control-Allow-Origin to my origin.",
        "Uncaught ReferenceError: x is not defined",
        "allow_origins = [\"https://app.example.com\"]",
        "fetch('https://api.example.com/').then(response => response.json())",
        "\u{0}\u{1}\u{ffff}",
        "日本語のテキスト",
        "Das ist ein Text, in dem etwas fehlt.",
        "Ich habe CORS eingerichtet und Access-Control-Allow-Origin in der Konfiguration für unsere Anwendung gesetzt, aber \
         der Browser zeigt immer noch denselben Fehler. Was kann ich tun?",
    ] {
        assert_eq!(read(text), [], "{text}");
    }
}

/// The end of a text may be the middle of a name; what stands behind the name shows that it is whole.
#[test]
fn names_at_the_end_of_a_text() {
    const HEAD: &str = "Access to fetch at 'https://api.example.com/x' from origin 'https://app.example.com' has been blocked by CORS policy: ";
    for (text, parameter, is_cut) in [
        ("Request header field x-ap", Some("x-ap…"), true),
        ("Request header field x-ap...", Some("x-ap…"), true),
        ("Request header field x-ap\n    at load (app.js:3:4)", Some("x-ap…"), true),
        ("Request header field authorization: bearer abc", Some("authorization"), false),
        ("Request header field x-ap is not all", Some("x-ap"), false),
        ("Request header field ", None, false),
    ] {
        let messages = read(&[HEAD, text].concat());
        let [message] = messages.as_slice() else { panic!("{text}: {messages:?}") };
        assert_eq!(message.name(), "HeaderDisallowedByPreflightResponse", "{text}");
        assert_eq!(message.parameter.as_deref(), parameter, "{text}");
        assert_eq!(message.whole_parameter().is_none(), is_cut || parameter.is_none(), "{text}");
        let act = Answer::to_message(message, None).act;
        assert_eq!(act.starts_with("Copy the rest of the message: it is cut "), is_cut, "{text}: {act}");
    }
}
