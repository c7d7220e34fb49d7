//! Apache: `Header` and `SetEnvIf`.

use super::lines::{Directive, End, directives};
use super::recipe::{self, Programs, Sent, Set};
use super::{Row, found};
use crate::finding::Finding;
use crate::matcher::{Engine, Expression, Matcher};
use crate::reader::Read;
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program};
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
        let sent = sent(&origin.value.value, &directives);
        recipe::rule(&own, &sent, &PROGRAMS, has_vary, &mut read);
        let span = &origin.span;
        if action == "add" || action == "append" || action == "merge" {
            let what = format!(
                "Header {action} puts a second value next to one that is there, which no browser takes"
            );
            read.findings.push(
                Finding::error("two-values", span, what).fix("write Header always set, after Header unset"),
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

fn sent(value: &str, directives: &[Directive]) -> Sent {
    if !value.contains('%') {
        return Sent::Text;
    }
    let variable = value.trim_start_matches("%{").split('}').next().unwrap_or_default();
    let mut origins = Vec::new();
    for directive in directives {
        let name = directive.word(0).to_ascii_lowercase();
        if !name.starts_with("setenvif") || !directive.word(1).eq_ignore_ascii_case("origin") {
            continue;
        }
        let sets = directive.words.iter().skip(3).any(|word| word.value.split('=').next() == Some(variable));
        if let (true, Some(word)) = (sets, directive.words.get(2)) {
            let matcher = Matcher::Expression(Expression {
                text: word.value.clone(),
                ignore_case: name == "setenvifnocase",
                from_start: false,
                to_end: false,
                engine: Engine::Backtracking,
            });
            origins.push(OriginEntry { text: word.value.clone(), span: word.span.clone(), matcher });
        }
    }
    if !origins.is_empty() {
        Sent::Requested(Some(origins))
    } else if variable.eq_ignore_ascii_case("HTTP_ORIGIN") || value.to_ascii_lowercase().contains("origin") {
        Sent::Requested(None)
    } else {
        Sent::Unknown
    }
}
