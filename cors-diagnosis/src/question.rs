//! A question in words, such as "How do I enable CORS in Express?": answered by the lines for the server's software.

use crate::besides::Besides;
use crate::case::Case;
use crate::diagnosis::{Finding, Verdict};
use crate::message::TopicKind;
use crate::stack::Stack;
use crate::{Answer, Wanted};

/// Words that make a text a question, or a wish.
const ASKS: [&str; 12] =
    ["how", "what", "why", "where", "can", "enable", "allow", "configure", "setup", "fix", "need", "want"];

/// Words that make it one about pages of other origins.
const ABOUT: [&str; 10] = [
    "cors",
    "origin",
    "origins",
    "frontend",
    "front",
    "cross",
    "preflight",
    "domain",
    "localhost",
    "access-control-allow-origin",
];

/// The longest text that is taken for a question.
const MAX_LEN: usize = 400;

/// Names of software that are words of English, too: only beside a word that says so.
const AMBIGUOUS: [&str; 4] = ["go", "next", "nest", "express"];

/// Returns the answer to a question; nothing for a text that is none.
pub(crate) fn answer(text: &str, besides: &Besides) -> Option<Finding> {
    if text.len() > MAX_LEN || text.trim().is_empty() {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let words: Vec<&str> = lower
        .split(|character: char| !(character.is_alphanumeric() || matches!(character, '-' | '.' | '/' | ':')))
        .map(|word| word.trim_matches(['.', ':', '-', '/']))
        .filter(|word| !word.is_empty())
        .collect();
    let has = |names: &[&str]| words.iter().any(|word| names.contains(word));
    if !(has(&ASKS) && has(&ABOUT)) {
        return None;
    }
    let named = words.iter().enumerate().find_map(|(index, word)| {
        let is_meant = !AMBIGUOUS.contains(word)
            || index.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|before| {
                matches!(*before, "in" | "with" | "on" | "for" | "using" | "my" | "an" | "a")
            });
        Stack::named(word).filter(|_| is_meant)
    });
    let origin = words.iter().filter_map(|word| crate::input::origin_of(word)).find(|origin| {
        cors_core::Origin::parse(origin.as_bytes())
            .is_ok_and(|origin| matches!(origin.scheme(), Some("http" | "https")))
    });
    let besides =
        Besides { stack: besides.stack.or(named), page: besides.page.clone().or(origin), ..besides.clone() };
    let stack = besides.stack.map_or("express", Stack::name);
    let page = besides.page.as_deref().unwrap_or("https://app.example.com");
    let command = format!("cors explain --stack {stack} --origin {}", crate::shell::word(page));
    let act = match (besides.stack, &besides.page) {
        (Some(_), Some(_)) => "Write these lines where the server is configured.",
        (Some(_), None) => "Write these lines where the server is configured, with your page's origin.",
        (None, _) => "Name the server's software and the page's origin, and the lines for it are printed.",
    };
    let mut case = Case { page: besides.page.clone(), ..Case::default() };
    besides.complete(&mut case);
    let answer = Answer {
        act: act.to_owned(),
        name: "question",
        title: "A server that allows a page".to_owned(),
        meaning: "A page reads what a server of another origin answers only if that server allows it by header fields (CORS). They are \
                  set in the server's configuration, for each origin that is to be allowed, and never in the page. For a line of the \
                  browser's console `cors explain` says which field is at fault."
            .to_owned(),
        command: Some(command),
        wanted: Some(Wanted { origins: besides.page.clone().into_iter().collect(), ..Wanted::default() }),
        ..Answer::default()
    };
    let mut finding = Finding::new(Verdict::Asked, answer, TopicKind::Cors, case);
    finding.url.clone_from(&besides.url);
    finding.method.clone_from(&besides.method);
    finding.finish(&besides);
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_and_others() {
        for (text, stack, page) in [
            ("how do I allow my front end?", None, None),
            ("How to enable CORS in Express?", Some("express"), None),
            (
                "what does nginx need for CORS from https://app.example.com",
                Some("nginx"),
                Some("https://app.example.com"),
            ),
            ("enable cors django", Some("django"), None),
            ("Where do I go to allow my origin?", None, None),
        ] {
            let finding = answer(text, &Besides::default()).unwrap();
            assert_eq!(finding.snippet.map(|lines| lines.stack.name()), stack, "{text}");
            assert_eq!(finding.page.as_deref(), page, "{text}");
        }
        for text in [
            "",
            "Hello",
            "x y z",
            "How are you?",
            "Uncaught ReferenceError: origin is not defined",
            "cors",
            "CORS is broken",
        ] {
            assert!(answer(text, &Besides::default()).is_none(), "{text}");
        }
    }
}
