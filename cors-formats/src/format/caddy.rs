//! Caddy's Caddyfile: `header`, and matchers on `Origin`.

use super::lines::{Directive, End, directives};
use super::recipe::{self, Programs, Sent, Set};
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
    // A site, or a `handle` in it, has its own fields.
    let mut groups: Vec<(String, Vec<Set>, bool)> = Vec::new();
    let mut blocks: Vec<Option<*const Directive>> = Vec::new();
    for (directive, around) in &all {
        let (line, matcher, first, defers) = if directive.word(0) == "header" && directive.block.is_empty() {
            let has_matcher = directive.word(1).starts_with(['@', '/']) || directive.word(1) == "*";
            (
                directive,
                if has_matcher { directive.word(1) } else { "" },
                if has_matcher { 2 } else { 1 },
                false,
            )
        } else if let Some(block) = around.last().filter(|block| block.word(0) == "header") {
            (directive, block.word(1), 0, block.block.iter().any(|line| line.word(0) == "defer"))
        } else {
            continue;
        };
        let name = line.word(first);
        let field = name.trim_start_matches(['+', '>', '?']).trim_end_matches(':').to_ascii_lowercase();
        if !field.starts_with("access-control-") {
            continue;
        }
        let matcher = matching(matcher, around, &all);
        let value = line
            .words
            .get(first.saturating_add(1))
            .cloned()
            .unwrap_or(Spot { value: String::new(), span: line.span() });
        let set = Set { field, value, span: line.span(), with_errors: true };
        let block =
            around.iter().rev().find(|block| block.word(0) != "header").map(|it| std::ptr::from_ref(*it));
        let place = groups
            .iter()
            .zip(&blocks)
            .position(|((other, ..), place)| *other == matcher && (*place == block || !matcher.is_empty()));
        let defers = defers || name.starts_with('>');
        if let Some((_, sets, deferred)) = place.and_then(|place| groups.get_mut(place)) {
            sets.push(set);
            *deferred |= defers;
        } else {
            groups.push((matcher, vec![set], defers));
            blocks.push(block);
        }
    }
    let removes = all.iter().any(|(directive, _)| {
        directive.word(0) == "header_down"
            && directive.word(1).to_ascii_lowercase().starts_with("-access-control-")
    });
    let proxies = all.iter().any(|(directive, _)| directive.word(0) == "reverse_proxy");
    for (matcher, sets, deferred) in &groups {
        let value = sets.iter().find(|set| set.field == "access-control-allow-origin");
        let Some(value) = value else { continue };
        let sent = sent(&value.value.value, matcher, &all);
        recipe::rule(sets, &sent, &PROGRAMS, has_vary, &mut read);
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

/// Returns the matcher of a line: its own, or that of a `handle` around it.
fn matching(own: &str, around: &[&Directive], all: &[(&Directive, Vec<&Directive>)]) -> String {
    let tests_origin = |name: &str| !origins(name, all).is_empty();
    if own.starts_with('@') && tests_origin(own) {
        return own.to_owned();
    }
    let outer = around
        .iter()
        .rev()
        .map(|block| block.word(1))
        .find(|name| name.starts_with('@') && tests_origin(name));
    outer.unwrap_or_default().to_owned()
}

fn sent(value: &str, matcher: &str, all: &[(&Directive, Vec<&Directive>)]) -> Sent {
    if !value.contains('{') {
        return Sent::Text;
    }
    if value.to_ascii_lowercase().contains("origin") {
        let origins = origins(matcher, all);
        return Sent::Requested((!origins.is_empty()).then_some(origins));
    }
    Sent::Unknown
}

/// Returns the origins of a named matcher.
fn origins(name: &str, all: &[(&Directive, Vec<&Directive>)]) -> Vec<OriginEntry> {
    let mut found = Vec::new();
    for (directive, around) in all {
        // `@name header Origin …`, or a line in the block of `@name`.
        let words: &[Spot<String>] = if directive.word(0) == name && !name.is_empty() {
            directive.words.get(1..).unwrap_or_default()
        } else if around.last().is_some_and(|block| block.word(0) == name && !name.is_empty()) {
            &directive.words
        } else {
            continue;
        };
        let kind = words.first().map_or("", |word| word.value.as_str());
        let Some(place) = words.iter().position(|word| word.value.eq_ignore_ascii_case("origin")) else {
            continue;
        };
        for word in words.iter().skip(place.saturating_add(1)) {
            let text = word.value.clone();
            let matcher = match (kind, text.as_str()) {
                ("header_regexp", _) => Matcher::Expression(Expression {
                    text: text.clone(),
                    ignore_case: false,
                    from_start: false,
                    to_end: false,
                    engine: Engine::Linear,
                }),
                ("header", "*") => Matcher::Any,
                ("header", text) if text.contains('*') => {
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
                ("header", text) => Matcher::exact(text),
                _ => continue,
            };
            found.push(OriginEntry { text, span: word.span.clone(), matcher });
        }
    }
    found
}
