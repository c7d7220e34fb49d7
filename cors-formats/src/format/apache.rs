//! Apache: `Header` and `SetEnvIf`.

use std::ops::Range;

use super::lines::{Directive, End, directives};
use super::recipe::{self, Asked, Programs, Sent, Set};
use super::{Row, found};
use crate::finding::Finding;
use crate::matcher::{Engine, Expression, Matcher};
use crate::reader::Read;
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program, Spot};
use crate::source::Source;

static STAR: Program = Program { title: "Apache", ..PLAIN };
static ECHO: Program = Program { title: "Apache", any_with_credentials: AnyWithCredentials::Echoed, ..PLAIN };
static ECHO_WITHOUT_VARY: Program = Program {
    title: "Apache",
    any_with_credentials: AnyWithCredentials::Echoed,
    vary: Some((
        "without Vary a cache may give a response made for one origin to another",
        "write Header always merge Vary \"Origin\"",
    )),
    ..PLAIN
};
const PROGRAMS: Programs = Programs {
    star: &STAR,
    echo: &ECHO,
    echo_without_vary: &ECHO_WITHOUT_VARY,
    always: "write Header always set",
};

pub(super) const ROW: Row = Row {
    name: "apache",
    other_names: &["httpd", "htaccess"],
    title: "Apache",
    read,
    is_variant: false,
    says: recipe::says,
    methods: None,
    write: Some(|plan| recipe::write("apache", plan)),
    comment: Some("#"),
};

fn read(source: &Source<'_>) -> Option<Read> {
    let directives = directives(source, End::Line)?;
    let is = |directive: &Directive, name: &str| directive.word(0).eq_ignore_ascii_case(name);
    let sets: Vec<(Set, String)> =
        directives.iter().filter(|directive| is(directive, "Header")).filter_map(set).collect();
    if !sets.iter().any(|(set, _)| set.field.starts_with("access-control-")) {
        return None;
    }
    let mut read = Read::default();
    let has_vary = sets.iter().any(|(set, _)| set.field == "vary");
    let unsets = directives.iter().any(|directive| {
        is(directive, "Header")
            && directive.words.iter().any(|word| word.value.eq_ignore_ascii_case("unset"))
            && directive.rest(1).to_ascii_lowercase().contains("access-control-allow-origin")
    });
    let proxies =
        directives.iter().any(|directive| is(directive, "ProxyPass") || is(directive, "ProxyPassMatch"));
    let containers = containers(&directives);
    let container = |set: &Set| -> &[usize] {
        let place = containers.iter().find(|(start, _)| *start == set.span.start);
        place.map_or(&[], |(_, container)| container.as_slice())
    };
    for (index, (origin, action)) in sets.iter().enumerate() {
        if origin.field != "access-control-allow-origin" {
            continue;
        }
        let own: Vec<Set> = sets
            .iter()
            .enumerate()
            .filter(|(place, (set, _))| {
                let is_origin = set.field == "access-control-allow-origin";
                if is_origin { *place == index } else { container(origin).starts_with(container(set)) }
            })
            .map(|(_, (set, _))| set.clone())
            .collect();
        let asked = container(origin)
            .iter()
            .filter_map(|index| directives.get(*index))
            .map(|block| of_container(block, &directives))
            .chain([condition(origin, &directives)])
            .fold(None, recipe::both);
        let sent = sent(&origin.value, asked, &directives);
        recipe::rule(&own, &sent, &PROGRAMS, has_vary, &mut read);
        let span = &origin.span;
        if action == "add" || action == "append" || action == "merge" {
            let what = format!(
                "Header {action} puts a second value next to one that is there, if there is one: no browser takes two"
            );
            read.findings.push(
                Finding::warning("two-values", span, what).fix("write Header always set, after Header unset"),
            );
        } else if proxies && !unsets {
            let what = "the field of the application behind stands beside this one: two values, which no browser takes";
            read.findings.push(
                Finding::warning("two-layers", span, what)
                    .fix("write Header unset Access-Control-Allow-Origin before it"),
            );
        }
    }
    found(read)
}

/// Returns the containers that are open at each `Header`: a number for each.
fn containers(directives: &[Directive]) -> Vec<(usize, Vec<usize>)> {
    let mut open: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for (index, directive) in directives.iter().enumerate() {
        let word = directive.word(0);
        // These say whether, and not where.
        let is_condition = word.trim_start_matches(['<', '/']).to_ascii_lowercase().starts_with("ifmodule");
        if word.starts_with("</") && !is_condition {
            open.pop();
        } else if word.starts_with('<') && !is_condition {
            open.push(index);
        } else if word.eq_ignore_ascii_case("header") {
            found.push((directive.span().start, open.clone()));
        }
    }
    found
}

fn set(directive: &Directive) -> Option<(Set, String)> {
    let mut index = 1_usize;
    let always = directive.word(index).eq_ignore_ascii_case("always");
    if always || directive.word(index).eq_ignore_ascii_case("onsuccess") {
        index = 2;
    }
    let action = directive.word(index).to_ascii_lowercase();
    if !["set", "add", "append", "merge", "setifempty"].contains(&action.as_str()) {
        return None;
    }
    let field = directive.word(index.saturating_add(1)).trim_end_matches(':').to_ascii_lowercase();
    let value = directive.words.get(index.saturating_add(2)).cloned()?;
    Some((Set { field, value, span: directive.span(), with_errors: always }, action))
}

/// Returns the origins for which a container's fields are sent: `<If>` alone asks.
fn of_container(block: &Directive, directives: &[Directive]) -> Asked {
    let name = block.word(0).to_ascii_lowercase();
    match name.as_str() {
        "<if" => expression(block.rest(1).trim_end_matches('>'), &block.span(), directives),
        "<elseif" | "<else" | "<else>" => recipe::not_understood(&block.span()),
        _ => None,
    }
}

/// Returns the origins for which a line is: by its `env=` or `expr=`.
fn condition(set: &Set, directives: &[Directive]) -> Asked {
    let line = directives.iter().find(|line| line.span() == set.span)?;
    let place = line.words.iter().position(|word| word.span == set.value.span)?;
    let words = line.words.get(place.saturating_add(1)..).unwrap_or_default();
    let text = words.iter().map(|word| word.value.as_str()).collect::<Vec<_>>().join(" ");
    if text.is_empty() || text.eq_ignore_ascii_case("early") {
        return None;
    }
    if let Some(name) = text.strip_prefix("env=") {
        return variable(name, &set.span, directives);
    }
    match text.strip_prefix("expr=") {
        Some(text) => expression(text, &set.span, directives),
        None => recipe::not_understood(&set.span),
    }
}

/// Returns where the origin comes from that is sent.
fn sent(value: &Spot<String>, asked: Asked, directives: &[Directive]) -> Sent {
    let text = value.value.as_str();
    if !text.contains('%') {
        return Sent::Text;
    }
    let is_request = text.strip_prefix("expr=").is_some_and(is_origin);
    let name = text.strip_prefix("%{").and_then(|rest| rest.strip_suffix("}e"));
    let from = match name {
        _ if is_request => None,
        Some(name) if name.eq_ignore_ascii_case("HTTP_ORIGIN") => None,
        Some(name) => variable(name, &value.span, directives),
        None => recipe::not_understood(&value.span),
    };
    Sent::Requested(recipe::both(from, asked))
}

/// Returns the origins for which a variable is set.
fn variable(name: &str, span: &Range<usize>, directives: &[Directive]) -> Asked {
    let mut found: Option<Asked> = None;
    for (index, directive) in directives.iter().enumerate() {
        let action = directive.word(0).to_ascii_lowercase();
        let from = match action.as_str() {
            "setenvif" | "setenvifnocase" => 3,
            "setenvifexpr" => 2,
            "setenv" | "rewriterule" => 1,
            _ => continue,
        };
        let is_set = |word: &Spot<String>| {
            if action == "rewriterule" {
                let flags = word.value.trim_matches(['[', ']']).split(',');
                return flags
                    .filter_map(|flag| flag.strip_prefix("E=").or_else(|| flag.strip_prefix("env=")))
                    .any(|flag| flag.split(':').next() == Some(name));
            }
            word.value.split('=').next() == Some(name)
        };
        if !directive.words.iter().skip(from).any(is_set) {
            continue;
        }
        let asked = match (action.as_str(), directive.words.get(2)) {
            ("setenvif" | "setenvifnocase", Some(word))
                if directive.word(1).eq_ignore_ascii_case("origin") =>
            {
                Some(vec![matched(word.value.clone(), &word.span, action == "setenvifnocase")])
            }
            ("setenvifexpr", _) => {
                let place = directive.words.get(1).map_or(directive.span(), |word| word.span.clone());
                // Variables are not followed further.
                expression(directive.word(1), &place, &[])
            }
            ("rewriterule", _) => rewritten(directives.get(..index).unwrap_or_default()),
            _ => recipe::not_understood(&directive.span()),
        };
        found = Some(match found {
            Some(found) => recipe::either(found, asked),
            None => asked,
        });
    }
    found.unwrap_or_else(|| recipe::not_understood(span))
}

fn matched(text: String, span: &Range<usize>, ignore_case: bool) -> OriginEntry {
    let matcher = Matcher::Expression(Expression {
        text: text.clone(),
        ignore_case,
        from_start: false,
        to_end: false,
        engine: Engine::Backtracking,
    });
    OriginEntry { text, span: span.clone(), matcher }
}

/// Returns the origins of the `RewriteCond` lines at the end of these, which belong to the `RewriteRule` after them.
fn rewritten(before: &[Directive]) -> Asked {
    let conditions = before.iter().rev().take_while(|line| line.word(0).eq_ignore_ascii_case("RewriteCond"));
    conditions
        .map(|line| {
            let Some(word) = line.words.get(2) else { return recipe::not_understood(&line.span()) };
            let flags = line.word(3).trim_matches(['[', ']']).to_ascii_uppercase();
            let has = |flag: &str| flags.split(',').any(|other| other == flag);
            if line.word(1).contains("ENV:") || has("OR") || has("ORNEXT") {
                return recipe::not_understood(&line.span());
            }
            if !line.word(1).to_ascii_lowercase().contains("origin") {
                return None;
            }
            if !is_origin(line.word(1)) || word.value.starts_with(['!', '=', '-', '<', '>']) {
                return recipe::not_understood(&word.span);
            }
            Some(vec![matched(word.value.clone(), &word.span, has("NC"))])
        })
        .fold(None, recipe::both)
}

/// Returns true for what stands for the request's origin in an expression.
fn is_origin(text: &str) -> bool {
    let text: String = text.to_ascii_lowercase().chars().filter(|sign| !"'\"".contains(*sign)).collect();
    ["%{req:origin}", "%{http:origin}", "%{http_origin}", "req(origin)", "http(origin)", "req_novary(origin)"]
        .contains(&text.trim())
}

/// Returns the origins for which an expression of Apache holds, as far as it is one comparison of the origin.
fn expression(text: &str, span: &Range<usize>, directives: &[Directive]) -> Asked {
    let text = text.trim().trim_matches('"').trim();
    let lower = text.to_ascii_lowercase();
    if !lower.contains("origin") {
        let asks_variable = ["env", "%{env:", "note", "lua"].iter().any(|sign| lower.contains(sign));
        let name = text
            .strip_prefix("reqenv(")
            .and_then(|rest| rest.split_once(')'))
            .filter(|(_, rest)| ["", "== '1'", "-eq 1"].contains(&rest.trim()))
            .map(|(name, _)| name.trim_matches(['\'', '"']));
        return match name {
            Some(name) if !directives.is_empty() => variable(name, span, directives),
            _ if asks_variable => recipe::not_understood(span),
            _ => None,
        };
    }
    if text.contains("&&") || text.contains("||") {
        return recipe::not_understood(span);
    }
    if text.strip_prefix("-n ").is_some_and(is_origin) {
        return None;
    }
    let comparison = [" =~ ", " == ", " = ", " -strmatch "]
        .iter()
        .find_map(|sign| text.split_once(sign).map(|(name, value)| (name, sign.trim(), value.trim())));
    let Some((name, operator, value)) = comparison.filter(|(name, ..)| is_origin(name)) else {
        return recipe::not_understood(span);
    };
    if operator == "=~" {
        let inner = value.strip_prefix('m').unwrap_or(value);
        let Some(mark) = inner.chars().next().filter(char::is_ascii_punctuation) else {
            return recipe::not_understood(span);
        };
        let parts: Option<(&str, &str)> = inner.strip_prefix(mark).and_then(|rest| rest.rsplit_once(mark));
        return match (name, parts) {
            (_, Some((text, flags @ ("" | "i")))) => Some(vec![matched(text.to_owned(), span, flags == "i")]),
            _ => recipe::not_understood(span),
        };
    }
    let literal = value.trim_matches(['\'', '"']);
    if operator == "-strmatch" || literal.len().saturating_add(2) != value.len() || literal.contains("%{") {
        return recipe::not_understood(span);
    }
    Some(vec![OriginEntry { text: literal.to_owned(), span: span.clone(), matcher: Matcher::exact(literal) }])
}
