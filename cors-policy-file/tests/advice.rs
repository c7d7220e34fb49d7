//! Advice is tried: where it says what to write, a policy in which that was written has no such problem there.

#![cfg(feature = "file")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "a test may stop"
)]

use cors_core::Risk;
use cors_policy_file::{Cause, Diagnostic, Error, Format, Problems, compile};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Follows the advice of the first problem until none is left, or until advice is in words.
fn follow(mut text: String) -> Result<(), TestCaseError> {
    for _ in 0..8 {
        let Some(problems) = problems(Format::Json, &text) else { return Ok(()) };
        let Some(written) = followed(&text, &problems[0]) else { return Ok(()) };
        // Risks are named once the value is in its right form.
        let again = problems_at(&written, problems[0].span().start).find(|next| next.risk().is_none());
        prop_assert_eq!(again, None, "{}\nafter: {}\nin {}", text, problems[0], written);
        text = written;
    }
    Err(TestCaseError::fail(format!("still a problem: {text}")))
}

fn problems(format: Format, text: &str) -> Option<Problems> {
    match compile(format, text) {
        Ok(_) => None,
        Err(Error::Problems(problems)) => Some(problems),
        Err(error) => panic!("{error}"),
    }
}

fn problems_at(text: &str, place: usize) -> impl Iterator<Item = Diagnostic> {
    problems(Format::Json, text).into_iter().flatten().filter(move |problem| problem.span().start == place)
}

/// Returns the text with the advice in the place of the value at fault, if the advice says what to write.
fn followed(text: &str, problem: &Diagnostic) -> Option<String> {
    let help = problem.help()?.trim_end_matches(", without quotation marks");
    let place = problem.span();
    let replaced = |with: &str| Some(format!("{}{with}{}", &text[..place.start], &text[place.end..]));
    let is_text = text[place.clone()].starts_with('"') && text[..place.start].ends_with('[');
    let entry = |text: &str| if is_text { format!("\"{text}\"") } else { text.to_owned() };
    if let Some(name) = help.strip_prefix("did you mean `") {
        return replaced(&format!("\"{}\"", name.trim_end_matches("`?")));
    }
    if let Some(value) = help.strip_prefix("write it like ") {
        return replaced(value);
    }
    if let Some(origin) = help.strip_prefix("add the scheme: ") {
        return replaced(&entry(origin));
    }
    let value = help.strip_prefix("write ")?;
    let alternative = [", or leave", ", so that", " or "].into_iter().find_map(|or| value.split_once(or));
    let value = alternative.map_or(value, |(value, _)| value);
    // Advice in words, such as "write each name as an entry of its own", has spaces, and a list has them, too.
    if value.starts_with('[') || !value.contains(' ') { replaced(&entry(value)) } else { None }
}

const LISTS: [(&str, &[&str]); 5] = [
    ("allow_origins", &["https://a.example", "HTTPS://B.example:443/", "c.example", "http://localhost:*"]),
    ("allow_methods", &["GET", "put", "PATCH", "M-SEARCH"]),
    ("allow_headers", &["content-type", "X-Token", "authorization"]),
    ("expose_headers", &["x-request-id", "ETag"]),
    ("accept_risks", &["NullOrigin", "insecure_origin", "PublicSuffixes"]),
];

/// A text of some entries, as an environment variable, a form or a template leaves one.
fn list_as_text() -> impl Strategy<Value = (&'static str, String)> {
    let separator = select(vec![",", ", ", " ", ";", " , ", "\n"]);
    let quote = select(vec!["", "\"", "'", "`"]);
    let brackets = select(vec![("", ""), ("[", "]"), ("(", ")"), (" ", " ")]);
    (select(LISTS.to_vec()), any::<Index>(), 1..4_usize, separator, quote, brackets).prop_map(
        |((field, entries), first, count, separator, quote, (open, close))| {
            let chosen = entries.iter().cycle().skip(first.index(entries.len())).take(count);
            let quoted: Vec<String> = chosen.map(|entry| format!("{quote}{entry}{quote}")).collect();
            (field, format!("{open}{}{close}", quoted.join(separator)))
        },
    )
}

/// A field with a mistake in its value or its name, in JSON.
fn mistake() -> impl Strategy<Value = String> {
    let scalar = || {
        select(vec![
            "null",
            "true",
            "0",
            "1",
            "7",
            "-1",
            "60.0",
            "1.5",
            "1e12",
            "{}",
            "[]",
            "\"\"",
            "\"*\"",
            "\"true\"",
            "\"No\"",
            "\"60\"",
            "\" 7200 \"",
            "\"86401\"",
            "\"-5\"",
            "\"2h\"",
            "\"200\"",
            "\"404\"",
            "86401",
            "404",
            "[[\"PUT\"]]",
            "[null]",
            "[1]",
            "[\"*\", \"*\"]",
            "[\"\"]",
            "[\" \"]",
            "[\"null\"]",
        ])
    };
    let lists: Vec<&str> = LISTS.iter().map(|(field, _)| *field).collect();
    let others = vec!["allow_credentials", "allow_private_network", "max_age", "preflight_status"];
    let names = vec!["alow_origins", "allowOrigins", "origins", "allow_origins "];
    prop_oneof![
        4 => list_as_text().prop_map(|(field, text)| format!("\"{field}\": {}", json(&text))),
        2 => list_as_text().prop_map(|(field, text)| format!("\"{field}\": [{}]", json(&text))),
        2 => (select(lists), scalar()).prop_map(|(field, value)| format!("\"{field}\": {value}")),
        3 => (select(others), scalar()).prop_map(|(field, value)| format!("\"{field}\": {value}")),
        1 => select(names).prop_map(|name| format!("\"{name}\": [\"https://a.example\"]")),
    ]
}

/// An origin as people write it: with a part of an address too much or too few, in another spelling, with a wildcard.
fn origin() -> impl Strategy<Value = String> {
    let scheme = select(vec![
        "https://",
        "HTTPS://",
        "http://",
        "ws://",
        "wss://",
        "file://",
        "https:",
        "https:/",
        " https://",
        "//",
        "",
    ]);
    let user = select(vec!["", "", "", "user:pass@"]);
    let host = select(vec![
        "a.example",
        "App.Example.COM",
        "a.example.",
        "a..example",
        "a_b.example",
        "b\u{fc}cher.example",
        "xn--bcher-kva.example",
        "xn--f.example",
        "*.a.example",
        "*.A.example",
        "*a.example",
        "pr-*-team.example.com",
        "a.*.example",
        "*.com",
        "*.github.io",
        "*",
        "localhost",
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "2130706433",
        "[::1]",
        "[0:0::0:1]",
        "[::FFFF:1.2.3.4]",
        "%61.example",
        "",
    ]);
    let port = select(vec!["", "", ":443", ":80", ":0443", ":8443", ":*", ":", ":65536", ":x"]);
    let tail = select(vec!["", "", "/", "/path", "/*", "?q", "#f", " ", ","]);
    (scheme, user, host, port, tail)
        .prop_map(|(scheme, user, host, port, tail)| format!("{scheme}{user}{host}{port}{tail}"))
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

proptest! {
    #[test]
    fn advice_is_accepted_when_followed(mistake in mistake(), credentials in any::<bool>()) {
        let credentials = if credentials { "\"allow_credentials\": true, " } else { "" };
        let is_of_credentials = mistake.starts_with("\"allow_credentials");
        follow(format!("{{{}{mistake}}}", if is_of_credentials { "" } else { credentials }))?;
    }

    #[test]
    fn advice_for_an_origin_is_accepted_when_followed(origin in origin(), credentials in any::<bool>()) {
        // A risk is not a mistake: what it says is in words.
        let risks: Vec<&str> = Risk::ALL.iter().map(|risk| risk.name()).collect();
        follow(format!(
            "{{\"accept_risks\": {risks:?}, \"allow_credentials\": {credentials}, \"allow_origins\": [{}]}}",
            json(&origin)
        ))?;
    }

    #[test]
    fn advice_for_a_list_in_a_text_is_the_list((field, text) in list_as_text()) {
        for (format, file) in [
            (Format::Json, format!("{{\"{field}\": {}}}", json(&text))),
            (Format::Toml, format!("{field} = {}", json(&text))),
        ] {
            let problems = problems(format, &file).unwrap();
            prop_assert_eq!(problems[0].cause(), Cause::WrongType);
            let help = problems[0].help().unwrap();
            prop_assert!(help.starts_with("write ["), "{}: {}", file, help);
        }
    }
}

#[test]
fn mistakes_that_were_reported() {
    let cases = [
        (r#"{"allow_methods": "GET,PUT"}"#, r#"write ["GET", "PUT"]"#),
        (r#"{"allow_methods": "[\"GET\", \"PUT\"]"}"#, r#"write ["GET", "PUT"]"#),
        (r#"{"allow_origins": "'https://a.example'"}"#, r#"write ["https://a.example"]"#),
        (r#"{"allow_origins": ["\"https://a.example\""]}"#, "write https://a.example"),
        (r#"{"allow_origins": ["[\"https://a.example\"]"]}"#, "write https://a.example"),
        (r#"{"allow_headers": ["\"x-a\""]}"#, "write x-a"),
        (r#"{"allow_origins": ""}"#, "write []"),
        (r#"{"allow_origins": null}"#, "write [], or leave the field out"),
        (r#"{"max_age": "100000"}"#, "write 86400, without quotation marks"),
        (r#"{"allow_credentials": "False"}"#, "write false, without quotation marks"),
        (r#"{"allow_credentials": 1}"#, "write true"),
        (r#"{"accept_risks": "NullOrigin,InsecureOrigins"}"#, r#"write ["NullOrigin", "InsecureOrigin"]"#),
        (r#"{"allow_methods": "G(T"}"#, r#"write it like ["PUT", "DELETE"]"#),
    ];
    for (file, expected) in cases {
        let problems = problems(Format::Json, file).unwrap();
        let help: Vec<&str> = problems.iter().filter_map(Diagnostic::help).collect();
        assert_eq!(help, [expected], "{file}");
    }
}

#[test]
fn warnings() {
    let cases: [(&str, &[Cause]); 5] = [
        ("{}", &[Cause::NoOrigin]),
        (r#"{"allow_origins": []}"#, &[Cause::NoOrigin]),
        (r#"{"allow_origins": ["https://a.example"]}"#, &[]),
        (r#"{"allow_origins": ["*"], "allow_methods": ["'PUT'", "'DELETE'"]}"#, &[Cause::QuotedName]),
        (r#"{"allow_headers": ["`x-a`"]}"#, &[Cause::NoOrigin, Cause::QuotedName]),
    ];
    for (file, expected) in cases {
        let compiled = compile(Format::Json, file).unwrap();
        let found: Vec<Cause> = compiled.warnings().iter().map(Diagnostic::cause).collect();
        assert_eq!(found, expected, "{file}");
    }
}

#[test]
fn a_bounded_number_of_problems_is_kept() {
    let many = 20_000;
    let lines = (0..many).map(|line| format!("unheard_of_{line} = 1\n")).collect::<Vec<_>>().concat();
    let problems = problems(Format::Toml, &lines).unwrap();
    assert_eq!((problems.total(), problems.risks(), problems.len()), (many, 0, Problems::MOST));
    let places = [problems.first(), problems.last()].map(|problem| problem.unwrap().line_and_column(&lines));
    assert_eq!(places, [(1, 1), (Problems::MOST, 1)]);
}
