//! The texts of the table once more, damaged as pastes are: what they are about stays the same, or becomes vaguer where a part
//! is missing, and never another.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's helpers may stop it, too"
)]

mod support;

use cors_core::browser::ErrorKind;
use cors_diagnosis::message::{Cause, Message, TopicKind, read};
use proptest::prelude::*;

use self::support::{Text, texts};

/// A damage that loses nothing which tells a message.
type Damage = (&'static str, fn(&str) -> String);

const DAMAGES: [Damage; 16] = [
    ("plain quotation marks", |text| replaced(text, "'")),
    ("double quotation marks", |text| replaced(text, "\"")),
    ("curly quotation marks", |text| replaced(text, "’")),
    ("backquotes", |text| replaced(text, "`")),
    ("escaped quotation marks", |text| replaced(text, "\\\"")),
    ("no last full stop", |text| text.trim_end().trim_end_matches('.').to_owned()),
    ("HTML", |text| {
        text.replace('&', "&amp;")
            .replace('\'', "&#39;")
            .replace('"', "&quot;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    }),
    ("hexadecimal HTML", |text| text.replace('&', "&amp;").replace('\'', "&#x27;").replace('’', "&rsquo;")),
    ("a JSON string", |text| serde_json::to_string(text).unwrap()),
    ("wide spaces", |text| text.replace(' ', "\u{a0}")),
    ("invisible characters", |text| text.replace(' ', " \u{200b}")),
    ("CRLF", |text| text.replace('\n', "\r\n")),
    ("colours", |text| format!("\u{1b}[1;31m{text}\u{1b}[0m")),
    ("a code block around it", |text| format!("```\n{text}\n```")),
    ("a question around it", |text| {
        format!("Hi, I get this and do not know why:\n\n{text}\n\nThanks in advance")
    }),
    ("a console's line around it", |text| format!("main.4f3e.js:1 ⛔ {text}\nmain.4f3e.js:1 (anonymous)\n")),
];

fn replaced(text: &str, mark: &str) -> String {
    text.replace(['‘', '’', '“', '”', '\''], mark)
}

fn wrapped(text: &str, width: usize, quote: &str) -> String {
    let mut wrapped = String::new();
    for line in text.lines() {
        let mut column = 0;
        wrapped.push_str(quote);
        for word in line.split(' ') {
            if column > 0 && column + word.len() > width {
                wrapped.push('\n');
                wrapped.push_str(quote);
                column = 0;
            } else if column > 0 {
                wrapped.push(' ');
            }
            wrapped.push_str(word);
            column += word.len() + 1;
        }
        wrapped.push('\n');
    }
    wrapped
}

fn causes(text: &str) -> Vec<Cause> {
    read(text).iter().map(|message| message.cause).collect()
}

#[test]
fn damaged_texts_are_told_alike() {
    for Text { id, pasted: text, cut, .. } in texts() {
        let expected = causes(&text);
        // A text of one line may have escapes in it, which a text of several has not.
        for (damage, apply) in DAMAGES {
            if cut && damage.contains("around") {
                continue;
            }
            let damaged = apply(&text);
            assert_eq!(causes(&damaged), expected, "{id} with {damage}: {damaged}");
        }
        for width in [40, 72, 100] {
            for quote in ["", "> ", "    ", "| "] {
                let damaged = wrapped(&text, width, quote);
                assert_eq!(causes(&damaged), expected, "{id}: {damaged}");
            }
        }
    }
}

#[test]
fn cases_do_not_count() {
    for Text { id, pasted: text, .. } in texts() {
        let expected = causes(&text);
        assert_eq!(causes(&text.to_lowercase()), expected, "{id}");
        assert_eq!(causes(&text.to_uppercase()), expected, "{id}");
    }
}

/// What was drawn from a text stays the same, too.
#[test]
fn parts_stay() {
    for Text { id, pasted: text, .. } in texts().into_iter().filter(|text| !text.pasted.contains('\n')) {
        let expected: Vec<Message> = read(&text);
        for width in [40, 72] {
            for quote in ["", "> "] {
                let damaged = wrapped(&text, width, quote);
                for (one, other) in expected.iter().zip(read(&damaged)) {
                    assert_eq!(
                        (&one.url, &one.origin, one.status),
                        (&other.url, &other.origin, other.status),
                        "{id}: {damaged}"
                    );
                }
            }
        }
    }
}

/// True if a text that was cut may be told so: alike, or vaguer. An error that is named has to be the text's own; what is not
/// CORS has to be so by the whole text, too.
fn is_vaguer(expected: &[Message], found: &Message) -> bool {
    let has =
        |is_fitting: fn(TopicKind) -> bool| expected.iter().any(|message| is_fitting(message.cause.kind()));
    if expected.iter().any(|message| message.cause == found.cause) {
        return true;
    }
    match found.cause {
        // Of the file that is asked for, only the address tells.
        Cause::Error(_) if found.cause.is_cors() => {
            expected.iter().any(|message| message.cause == Cause::Error(ErrorKind::CorsDisabledScheme))
        }
        // A line with a status stands beside that of CORS, and is what is left without it; and without its status, Chromium's
        // `net::ERR_ABORTED 403 (Forbidden)` is that of a page that has left.
        Cause::Topic(topic) if matches!(topic.name, "http-status" | "aborted") => {
            expected.iter().any(|message| message.status.is_some())
        }
        Cause::Topic(topic) if matches!(topic.name, "blocked" | "preflight-failed") => true,
        cause => match cause.kind() {
            TopicKind::NotCors => has(|kind| matches!(kind, TopicKind::NotCors | TopicKind::Unknown)),
            TopicKind::Cors => has(|kind| kind != TopicKind::NotCors),
            TopicKind::Unknown | TopicKind::Warning => true,
        },
    }
}

#[test]
fn a_cut_text_is_never_told_to_be_another() {
    let mut told = 0;
    for Text { id, pasted: text, .. } in texts() {
        let expected = read(&text);
        for (end, _) in text.char_indices().step_by(5) {
            for message in read(&text[..end]) {
                assert!(is_vaguer(&expected, &message), "{id}: {} for {}", message.name(), &text[..end]);
                told += 1;
            }
        }
    }
    assert!(told > 1000, "{told}");
}

/// Parts that have the letters of another message, too, or a part of its last or first word.
#[test]
fn a_part_of_two_messages_is_told_to_be_neither() {
    for part in [
        "://api.example.com/” (nagłówek CORS „Access-Control-Allow-Origin” nie pasuje",
        "en. Credentials flag is 'true',",
        "in CORS header `Access-Control-Allow-Headers`)",
        " in CORS header 'Access-Control-Allow-Headers'",
        "RB) blocked cross-origin response https://www.example.com/ads/l?ebcid=ALh7 with MIME type text/html. See https://www.chromestatus.com/feature/5629709824032768 for ",
        "withCredentials ",
    ] {
        let told: Vec<_> = read(part).into_iter().map(|message| message.cause).collect();
        let is_right = match told.as_slice() {
            [] => true,
            [Cause::Error(ErrorKind::AllowOriginMismatch)] => part.contains("nie pasuje"),
            [Cause::Topic(topic)] => topic.name == "opaque-response-blocking",
            _ => false,
        };
        assert!(is_right, "{part}: {told:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_part_of_a_text_is_never_told_to_be_another(index in 0usize..1000, start in 0usize..400, len in 1usize..600) {
        let texts = texts();
        let Text { id, pasted: text, .. } = &texts[index % texts.len()];
        let expected = read(text);
        let part: String = text.chars().skip(start).take(len).collect();
        for message in read(&part) {
            prop_assert!(is_vaguer(&expected, &message), "{id}: {} for {part}", message.name());
        }
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,300}", other in any::<String>()) {
        let _ = (read(&text), read(&other));
    }
}
