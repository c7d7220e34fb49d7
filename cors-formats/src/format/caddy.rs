//! Caddy's Caddyfile: `header`, and matchers on `Origin`.

use std::ops::Range;

use super::lines::{Directive, End, directives};
use super::recipe::{self, Asked, Programs, Sent, Set};
use super::{Row, found};
use crate::finding::Finding;
use crate::matcher::{Engine, Expression, Matcher};
use crate::reader::Read;
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program, Spot};
use crate::source::Source;

static STAR: Program = Program { title: "Caddy", ..PLAIN };
static ECHO: Program = Program { title: "Caddy", any_with_credentials: AnyWithCredentials::Echoed, ..PLAIN };
static ECHO_WITHOUT_VARY: Program = Program {
    title: "Caddy",
    any_with_credentials: AnyWithCredentials::Echoed,
    vary: Some((
        "without Vary a cache may give a response made for one origin to another",
        "write header +Vary Origin",
    )),
    ..PLAIN
};
const PROGRAMS: Programs =
    Programs { star: &STAR, echo: &ECHO, echo_without_vary: &ECHO_WITHOUT_VARY, always: "" };

pub(super) const ROW: Row = Row {
    name: "caddy",
    other_names: &["caddyfile"],
    title: "Caddy",
    read,
    is_variant: false,
    says: recipe::says,
    methods: None,
    write: Some(|plan| recipe::write("caddy", plan)),
    comment: Some("#"),
};

fn read(source: &Source<'_>) -> Option<Read> {
    if !source.text.to_ascii_lowercase().contains("access-control-allow-origin") {
        return None;
    }
    let directives = directives(source, End::Line)?;
    let mut all: Vec<(&Directive, Vec<&Directive>)> = Vec::new();
    for directive in &directives {
        directive.walk(&mut Vec::new(), &mut |directive, around| all.push((directive, around.to_vec())));
    }
    let mut read = Read::default();
    let has_vary = all.iter().any(|(directive, _)| {
        directive
            .words
            .iter()
            .any(|word| word.value.trim_start_matches(['+', '>', '?']).eq_ignore_ascii_case("vary"))
    });
    // Each field, with the matcher that it has and the blocks that it stands in.
    let mut lines: Vec<(Set, String, Vec<&Directive>, bool)> = Vec::new();
    for (directive, around) in &all {
        let (matcher, first, defers, blocks) = if directive.word(0) == "header" && directive.block.is_empty()
        {
            let has_matcher = directive.word(1).starts_with(['@', '/']) || directive.word(1) == "*";
            (
                if has_matcher { directive.word(1) } else { "" },
                if has_matcher { 2 } else { 1 },
                false,
                around.as_slice(),
            )
        } else if let Some((block, outer)) =
            around.split_last().filter(|(block, _)| block.word(0) == "header")
        {
            (block.word(1), 0, block.block.iter().any(|line| line.word(0) == "defer"), outer)
        } else {
            continue;
        };
        let name = directive.word(first);
        let field = name.trim_start_matches(['+', '>', '?']).trim_end_matches(':').to_ascii_lowercase();
        if !field.starts_with("access-control-") {
            continue;
        }
        let value = directive
            .words
            .get(first.saturating_add(1))
            .cloned()
            .unwrap_or(Spot { value: String::new(), span: directive.span() });
        let set = Set { field, value, span: directive.span(), with_errors: true };
        let matcher = if matcher == "*" { "" } else { matcher };
        lines.push((set, matcher.to_owned(), blocks.to_vec(), defers || name.starts_with('>')));
    }
    let removes = all.iter().any(|(directive, _)| {
        directive.word(0) == "header_down"
            && directive.word(1).to_ascii_lowercase().starts_with("-access-control-")
    });
    let proxies = all.iter().any(|(directive, _)| directive.word(0) == "reverse_proxy");
    for (index, (value, matcher, blocks, deferred)) in lines.iter().enumerate() {
        if value.field != "access-control-allow-origin" {
            continue;
        }
        // A field without a matcher, or of a block around or within, belongs to each rule; one with the same matcher, to its rule.
        let belongs = |(place, (set, other, outer, _)): &(usize, &(Set, String, Vec<&Directive>, bool))| {
            if set.field == "access-control-allow-origin" {
                return *place == index;
            }
            let is_same = |(one, other): (&&Directive, &&Directive)| std::ptr::eq(*one, *other);
            // One of the two stands in what the other stands in.
            let is_around = outer.iter().zip(blocks).all(is_same);
            // A name is one site's.
            let is_named =
                !matcher.is_empty() && other == matcher && outer.iter().zip(blocks).take(1).all(is_same);
            is_named || is_around && (other.is_empty() || other == matcher)
        };
        let sets: Vec<Set> =
            lines.iter().enumerate().filter(belongs).map(|(_, (set, ..))| set.clone()).collect();
        let asked = asked(matcher, blocks, &all, &value.span);
        let sent = sent(&value.value, asked);
        recipe::rule(&sets, &sent, &PROGRAMS, has_vary, &mut read);
        if proxies && !removes && !deferred {
            let what = "the field of the application behind stands beside this one: two values, which no browser takes";
            read.findings.push(
                Finding::warning("two-layers", &value.span, what)
                    .fix("write header_down -Access-Control-* in reverse_proxy"),
            );
        }
    }
    found(read)
}

/// Returns the origins that a line is for: by its own matcher, and by those of the blocks around it.
fn asked(
    own: &str,
    around: &[&Directive],
    all: &[(&Directive, Vec<&Directive>)],
    span: &Range<usize>,
) -> Asked {
    let names = around.iter().map(|block| block.word(1)).chain([own]);
    names
        .filter(|name| name.starts_with('@'))
        .fold(None, |asked, name| recipe::both(asked, origins(name, all, span)))
}

fn sent(value: &Spot<String>, asked: Asked) -> Sent {
    let lower = value.value.to_ascii_lowercase();
    if !lower.contains('{') {
        return Sent::Text;
    }
    if lower == "{header.origin}" || lower == "{http.request.header.origin}" {
        return Sent::Requested(asked);
    }
    Sent::Unknown
}

/// Returns the origins of a named matcher: each of its lines has to hold, and one of the values of a field.
fn origins(name: &str, all: &[(&Directive, Vec<&Directive>)], span: &Range<usize>) -> Asked {
    let mut is_defined = false;
    let mut listed: Vec<OriginEntry> = Vec::new();
    let mut asked: Asked = None;
    for (directive, around) in all {
        // `@name header Origin …`, or a line in the block of `@name`.
        let words: &[Spot<String>] = if directive.word(0) == name {
            is_defined = true;
            directive.words.get(1..).unwrap_or_default()
        } else if around.last().is_some_and(|block| block.word(0) == name) {
            &directive.words
        } else {
            continue;
        };
        let Some((kind, words)) = words.split_first() else { continue };
        let place = words.iter().take(2).position(|word| word.value.eq_ignore_ascii_case("origin"));
        match (kind.value.as_str(), place) {
            ("header", Some(0)) | ("header_regexp", Some(_)) => {
                let values = words.iter().skip(place.unwrap_or_default().saturating_add(1));
                let entries: Vec<OriginEntry> =
                    values.map(|word| of_matcher(kind.value.as_str(), word)).collect();
                if kind.value == "header" {
                    listed.extend(entries);
                } else {
                    asked = recipe::both(asked, Some(entries));
                }
            }
            // These ask for no origin.
            ("header" | "header_regexp", None) if !kind.value.contains('!') && !is_absence(words) => {}
            (
                "method" | "path" | "path_regexp" | "host" | "protocol" | "query" | "remote_ip" | "client_ip"
                | "file",
                _,
            ) => {}
            ("expression", _) => asked = recipe::both(asked, expression(words, &kind.span)),
            _ => asked = recipe::both(asked, recipe::not_understood(&kind.span)),
        }
    }
    if !is_defined {
        return recipe::not_understood(span);
    }
    if listed.is_empty() { asked } else { recipe::both(Some(listed), asked) }
}

fn is_absence(words: &[Spot<String>]) -> bool {
    words.first().is_some_and(|word| word.value.eq_ignore_ascii_case("!origin"))
}

/// Returns the origins of `{header.Origin} == "https://app.example.com"`.
fn expression(words: &[Spot<String>], span: &Range<usize>) -> Asked {
    let text = words.iter().map(|word| word.value.as_str()).collect::<Vec<_>>().join(" ");
    let lower = text.to_ascii_lowercase();
    let parts =
        lower.split_once("==").map(|(name, value)| (name.trim(), value.trim().trim_matches(['"', '\''])));
    match parts {
        Some(("{header.origin}" | "{http.request.header.origin}", value))
            if !value.contains([' ', '&', '|', '"', '\'']) =>
        {
            Some(vec![OriginEntry {
                text: value.to_owned(),
                span: span.clone(),
                matcher: Matcher::exact(value),
            }])
        }
        _ => recipe::not_understood(span),
    }
}

fn of_matcher(kind: &str, word: &Spot<String>) -> OriginEntry {
    let text = word.value.clone();
    let matcher = match (kind, text.as_str()) {
        // An argument of a snippet, or a variable.
        ("header", text) if text.contains('{') => Matcher::Unknown,
        ("header_regexp", text) if text.contains("{args") || text.contains("{$") => Matcher::Unknown,
        ("header_regexp", _) => Matcher::Expression(Expression {
            text: text.clone(),
            ignore_case: false,
            from_start: false,
            to_end: false,
            engine: Engine::Linear,
        }),
        (_, "*") => Matcher::Any,
        (_, text) if text.contains('*') => {
            let start = !text.starts_with('*');
            let end = !text.ends_with('*');
            Matcher::Expression(Expression {
                text: regex::escape(text.trim_matches('*')),
                ignore_case: false,
                from_start: start,
                to_end: end,
                engine: Engine::Linear,
            })
        }
        (_, text) => Matcher::exact(text),
    };
    OriginEntry { text, span: word.span.clone(), matcher }
}
