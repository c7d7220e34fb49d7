//! nginx: `add_header`, `map` and `if`.

use std::collections::{HashMap, HashSet};

use super::lines::{Directive, End, directives};
use super::recipe::{self, Programs, Sent, Set};
use super::{Row, found};
use crate::finding::Finding;
use crate::matcher::{Engine, Expression, Matcher};
use crate::reader::Read;
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program, Spot};
use crate::source::Source;

static STAR: Program =
    Program { title: "nginx", any_with_credentials: AnyWithCredentials::SentAsStar, ..PLAIN };
static ECHO: Program = Program { title: "nginx", any_with_credentials: AnyWithCredentials::Echoed, ..PLAIN };
static ECHO_WITHOUT_VARY: Program = Program {
    title: "nginx",
    any_with_credentials: AnyWithCredentials::Echoed,
    vary: Some((
        "without Vary a cache may give a response made for one origin to another",
        "write add_header Vary Origin always;",
    )),
    ..PLAIN
};
const PROGRAMS: Programs = Programs {
    star: &STAR,
    echo: &ECHO,
    echo_without_vary: &ECHO_WITHOUT_VARY,
    always: "write always at its end",
};

pub(super) const ROW: Row = Row {
    name: "nginx",
    other_names: &[],
    title: "nginx",
    read,
    is_variant: false,
    says: recipe::says,
    methods: None,
    write: Some(|plan| recipe::write("nginx", plan)),
    comment: Some("#"),
};

fn read(source: &Source<'_>) -> Option<Read> {
    let directives = directives(source, End::Semicolon)?;
    let mut all: Vec<(&Directive, Vec<&Directive>)> = Vec::new();
    for directive in &directives {
        directive.walk(&mut Vec::new(), &mut |directive, around| all.push((directive, around.to_vec())));
    }
    let is_cors = |directive: &Directive| {
        ["add_header", "more_set_headers"].contains(&directive.word(0))
            && directive.rest(1).to_ascii_lowercase().contains("access-control-")
    };
    if !all.iter().any(|(directive, _)| is_cors(directive)) {
        return None;
    }
    let mut read = Read::default();
    let hides = all.iter().any(|(directive, _)| {
        directive.word(0) == "proxy_hide_header"
            && directive.word(1).eq_ignore_ascii_case("access-control-allow-origin")
    });
    let has_vary = all.iter().any(|(directive, _)| {
        directive.word(0).starts_with("add_header") && directive.word(1).eq_ignore_ascii_case("vary")
            || directive.rest(0).contains("Vary:")
    });
    // The fields of one block are one rule.
    let mut blocks: Vec<(Option<&Directive>, Vec<&Directive>, Vec<Set>)> = Vec::new();
    let mut places: HashMap<Option<*const Directive>, usize> = HashMap::new();
    for (directive, around) in &all {
        if !is_cors(directive) {
            continue;
        }
        let set = set(directive);
        let block = around.last().copied();
        let index = *places.entry(block.map(std::ptr::from_ref)).or_insert(blocks.len());
        match blocks.get_mut(index) {
            Some((_, _, sets)) => sets.push(set),
            None => blocks.push((block, around.clone(), vec![set])),
        }
    }
    for (_, around, sets) in &blocks {
        let mut origins = sets.iter().filter(|set| set.field == "access-control-allow-origin");
        if let (Some(_), Some(second)) = (origins.next(), origins.next()) {
            let what = "a second Access-Control-Allow-Origin stands next to the first: two values, which no browser takes";
            read.findings.push(Finding::error("two-values", &second.span, what).fix("remove one of the two"));
        }
        let value = sets
            .iter()
            .find(|set| set.field == "access-control-allow-origin")
            .map(|set| set.value.value.as_str());
        let sent = sent(value.unwrap_or_default(), around, &all);
        with_credentials(sets, &sent, &all, has_vary, &mut read);
    }
    inherited(&blocks, &all, &mut read);
    options(&all, &mut read);
    // The block passes requests on, or a block in it does, or that around an `if`.
    let passes = |around: &[&Directive]| {
        let place = around.iter().rev().find(|block| !["if", "limit_except"].contains(&block.word(0)));
        let is_in = |outer: &[&Directive]| match place {
            Some(place) => outer.iter().any(|block| std::ptr::eq(*block, *place)),
            None => true,
        };
        all.iter().any(|(directive, outer)| directive.word(0).ends_with("_pass") && is_in(outer))
    };
    let passing = blocks.iter().filter(|(_, around, _)| passes(around)).find_map(|(_, _, sets)| {
        let origin = sets.iter().find(|set| set.field == "access-control-allow-origin")?;
        read.rules.iter().find(|rule| rule.span == origin.span)
    });
    if let (false, Some(rule)) = (hides, passing) {
        let what =
            "the field of the application behind stands beside this one: two values, which no browser takes";
        read.findings.push(
            Finding::warning("two-layers", &rule.span, what)
                .fix("write proxy_hide_header Access-Control-Allow-Origin;"),
        );
    }
    found(read)
}

/// Adds the rules of a block: two where a map gives credentials to some of the origins alone.
fn with_credentials(
    sets: &[Set],
    sent: &Sent,
    all: &[(&Directive, Vec<&Directive>)],
    has_vary: bool,
    read: &mut Read,
) {
    let credentials = sets.iter().position(|set| set.field == "access-control-allow-credentials");
    let mapped = credentials
        .and_then(|index| sets.get(index))
        .filter(|set| set.value.value.starts_with('$'))
        .and_then(|set| map(&set.value.value, all));
    let (Some(index), Some(mapped), Sent::Requested(Some(origins))) = (credentials, mapped, sent) else {
        let plain: Vec<Set> = sets.iter().map(|set| resolved(set.clone(), all)).collect();
        recipe::rule(&plain, sent, &PROGRAMS, has_vary, read);
        return;
    };
    let has_them = |origin: &&OriginEntry| {
        mapped.iter().any(|other| other.matcher == Matcher::Any || other.text == origin.text)
    };
    let (with, without): (Vec<_>, Vec<_>) = origins.iter().partition(has_them);
    for (origins, value) in [(with, "true"), (without, "")] {
        if origins.is_empty() {
            continue;
        }
        let mut sets: Vec<Set> = sets.iter().map(|set| resolved(set.clone(), all)).collect();
        if let Some(set) = sets.get_mut(index) {
            value.clone_into(&mut set.value.value);
        }
        let origins = origins.into_iter().cloned().collect();
        recipe::rule(&sets, &Sent::Requested(Some(origins)), &PROGRAMS, has_vary, read);
    }
}

fn set(directive: &Directive) -> Set {
    if directive.word(0) == "more_set_headers" {
        let text = directive.rest(1);
        let (field, value) = text.split_once(':').unwrap_or((text.as_str(), ""));
        return Set {
            field: field.trim().to_ascii_lowercase(),
            value: Spot { value: value.trim().to_owned(), span: directive.span() },
            span: directive.span(),
            with_errors: true,
        };
    }
    let value =
        directive.words.get(2).cloned().unwrap_or(Spot { value: String::new(), span: directive.span() });
    Set {
        field: directive.word(1).to_ascii_lowercase(),
        value,
        span: directive.span(),
        with_errors: directive.has("always"),
    }
}

/// Returns the field with the text that a map gives for its variable, where that is one text.
fn resolved(mut set: Set, all: &[(&Directive, Vec<&Directive>)]) -> Set {
    if set.field == "access-control-allow-origin" || !set.value.value.starts_with('$') {
        return set;
    }
    let variable = set.value.value.as_str();
    let map = all.iter().find(|(directive, _)| directive.word(0) == "map" && directive.word(2) == variable);
    let values: Vec<&Spot<String>> = map
        .map(|(map, _)| {
            map.block
                .iter()
                .filter_map(|line| line.words.get(1))
                .filter(|word| !word.value.is_empty())
                .collect()
        })
        .unwrap_or_default();
    if let [value] = values.as_slice() {
        set.value = (*value).clone();
    }
    set
}

/// Returns where the origin comes from that is sent as `value`, in a block of these blocks.
fn sent(value: &str, around: &[&Directive], all: &[(&Directive, Vec<&Directive>)]) -> Sent {
    if !value.contains('$') {
        return Sent::Text;
    }
    let condition = around.iter().rev().find_map(|block| condition(block));
    if let Some(variable) = value.strip_prefix('$').filter(|_| !is_request(value)) {
        match set_to_origin(variable, around, all) {
            Some(Sent::Requested(None)) => return Sent::Requested(condition.map(|origin| vec![origin])),
            Some(sent) => return sent,
            None => {}
        }
    }
    if is_request(value) {
        let asked = condition.map(|origin| vec![origin]).or_else(|| flagged(around, all));
        return Sent::Requested(asked.or_else(|| refused(around, all)));
    }
    match map(value, all) {
        Some(origins) => Sent::Requested(Some(origins)),
        None => flagged_set(value, all).map_or(Sent::Unknown, |origins| Sent::Requested(Some(origins))),
    }
}

fn is_request(value: &str) -> bool {
    ["$http_origin", "${http_origin}"].contains(&value)
}

/// Returns what is left of `set $variable $http_origin` outside of every `if`: any origin, or those that no
/// `if ($http_origin !~ …) { set $variable ""; }` takes away.
fn set_to_origin(
    variable: &str,
    around: &[&Directive],
    all: &[(&Directive, Vec<&Directive>)],
) -> Option<Sent> {
    let name = format!("${}", variable.trim_matches(['{', '}']));
    let sets = || all.iter().filter(|(directive, _)| directive.word(0) == "set" && directive.word(1) == name);
    let is_in_if = |blocks: &[&Directive]| blocks.iter().any(|block| block.word(0) == "if");
    let is_around =
        |blocks: &[&Directive]| blocks.iter().all(|block| around.iter().any(|it| std::ptr::eq(*it, *block)));
    sets().find(|(directive, blocks)| {
        is_request(directive.word(2)) && !is_in_if(blocks) && is_around(blocks)
    })?;
    let kept = sets()
        .filter(|(directive, _)| directive.word(2).is_empty())
        .find_map(|(_, blocks)| blocks.iter().rev().find_map(|block| negated_condition(block)));
    Some(Sent::Requested(kept.map(|kept| vec![kept])))
}

/// Returns the origin of `if ($http_origin !~ …)`.
fn negated_condition(block: &Directive) -> Option<OriginEntry> {
    if block.word(0) != "if" || !block.rest(1).contains("$http_origin") {
        return None;
    }
    let operator = block.words.iter().position(|word| ["!~", "!~*", "!="].contains(&word.value.as_str()))?;
    let word = block.words.get(operator.saturating_add(1))?;
    let text = without_parenthesis(&word.value);
    Some(of_operator(block.word(operator).trim_start_matches('!'), text, word))
}

/// Returns a text without the parenthesis of the condition that it ends.
fn without_parenthesis(text: &str) -> String {
    let is_one = text.matches(')').count() > text.matches('(').count();
    text.strip_suffix(')').filter(|_| is_one).unwrap_or(text).to_owned()
}

/// Returns the origin of `if ($http_origin ~ …)`.
fn condition(block: &Directive) -> Option<OriginEntry> {
    if block.word(0) != "if" {
        return None;
    }
    let text = block.rest(1);
    if !text.contains("$http_origin") {
        return None;
    }
    let operator = block.words.iter().position(|word| ["~", "~*", "="].contains(&word.value.as_str()))?;
    let word = block.words.get(operator.saturating_add(1))?;
    Some(of_operator(block.word(operator), without_parenthesis(&word.value), word))
}

fn of_operator(operator: &str, text: String, word: &Spot<String>) -> OriginEntry {
    let matcher = match operator {
        "=" => Matcher::exact(&text),
        operator => Matcher::Expression(Expression {
            text: text.clone(),
            ignore_case: operator == "~*",
            from_start: false,
            to_end: false,
            engine: Engine::Backtracking,
        }),
    };
    OriginEntry { text, span: word.span.clone(), matcher }
}

/// Returns the origins that `if ($http_origin !~ …) { return 403; }` beside or around lets pass.
fn refused(around: &[&Directive], all: &[(&Directive, Vec<&Directive>)]) -> Option<Vec<OriginEntry>> {
    let is_around =
        |blocks: &[&Directive]| blocks.iter().all(|block| around.iter().any(|it| std::ptr::eq(*it, *block)));
    let refuses = |block: &Directive| {
        block.block.iter().any(|line| line.word(0) == "return" && line.word(1).starts_with('4'))
    };
    all.iter()
        .filter(|(block, blocks)| is_around(blocks) && refuses(block))
        .find_map(|(block, _)| negated_condition(block))
        .map(|origin| vec![origin])
}

/// Returns the origins for which `map $http_origin $variable` gives a text.
fn map(variable: &str, all: &[(&Directive, Vec<&Directive>)]) -> Option<Vec<OriginEntry>> {
    let (map, _) = all.iter().find(|(directive, _)| {
        directive.word(0) == "map"
            && directive.word(1).contains("http_origin")
            && directive.word(2) == variable
    })?;
    let mut origins = Vec::new();
    for line in &map.block {
        let (key, value) = (line.word(0), line.word(1));
        let is_hostnames = line.words.len() < 2;
        // The empty key is for requests without an Origin.
        if is_hostnames || key.is_empty() || value.is_empty() || value == "0" {
            continue;
        }
        let Some(word) = line.words.first() else { continue };
        if key == "include" || !is_request(map.word(1)) {
            let text = key.to_owned();
            origins.push(OriginEntry { text, span: word.span.clone(), matcher: Matcher::Unknown });
            continue;
        }
        let origin = match key {
            "default" if value.contains("$http_origin") || value == "*" || value == "true" => {
                OriginEntry { text: key.to_owned(), span: word.span.clone(), matcher: Matcher::Any }
            }
            "default" => continue,
            key => match key.strip_prefix('~') {
                Some(expression) => {
                    let (operator, text) = match expression.strip_prefix('*') {
                        Some(text) => ("~*", text),
                        None => ("~", expression),
                    };
                    of_operator(operator, text.to_owned(), word)
                }
                None => OriginEntry {
                    text: key.to_owned(),
                    span: word.span.clone(),
                    // nginx compares the keys of a map without their case.
                    matcher: Matcher::Exact { text: key.to_owned(), ignore_case: true },
                },
            },
        };
        origins.push(origin);
    }
    Some(origins)
}

/// Returns the origins of an `if ($http_origin …) { set $flag … }`, where an `if` around asks for the flag.
fn flagged(around: &[&Directive], all: &[(&Directive, Vec<&Directive>)]) -> Option<Vec<OriginEntry>> {
    let block = around.iter().rev().find(|block| block.word(0) == "if")?;
    let variable = block.words.iter().find_map(|word| {
        let name = word.value.trim_matches(['(', ')']);
        name.starts_with('$').then(|| name.to_owned())
    })?;
    flagged_set(&variable, all).or_else(|| map(&variable, all))
}

fn flagged_set(variable: &str, all: &[(&Directive, Vec<&Directive>)]) -> Option<Vec<OriginEntry>> {
    let origins: Vec<OriginEntry> = all
        .iter()
        .filter(|(directive, _)| directive.word(0) == "set" && directive.word(1) == variable)
        .filter_map(|(_, around)| around.iter().rev().find_map(|block| condition(block)))
        .collect();
    (!origins.is_empty()).then_some(origins)
}

/// Reports blocks whose own `add_header` takes away the fields of the blocks around them.
fn inherited(
    blocks: &[(Option<&Directive>, Vec<&Directive>, Vec<Set>)],
    all: &[(&Directive, Vec<&Directive>)],
    read: &mut Read,
) {
    let with_origin: HashSet<Option<*const Directive>> = blocks
        .iter()
        .filter(|(_, _, sets)| sets.iter().any(|set| set.field == "access-control-allow-origin"))
        .map(|(block, ..)| block.map(std::ptr::from_ref))
        .collect();
    let has_origin = |block: &Directive| with_origin.contains(&Some(std::ptr::from_ref(block)));
    let mut reported: HashSet<*const Directive> = HashSet::new();
    for (directive, around) in all {
        let Some(block) = around.last().copied() else { continue };
        if directive.word(0) != "add_header"
            || has_origin(block)
            || reported.contains(&std::ptr::from_ref(block))
        {
            continue;
        }
        if around.iter().rev().skip(1).any(|outer| has_origin(outer)) {
            reported.insert(block);
            let what = "an add_header of its own takes away those of the blocks around it, Access-Control-Allow-Origin among them";
            read.findings
                .push(Finding::error("fields-lost", &directive.span(), what).fix("repeat them all here"));
        }
    }
}

/// Reports what answers every OPTIONS, and what answers them without fields.
fn options(all: &[(&Directive, Vec<&Directive>)], read: &mut Read) {
    for (directive, around) in all {
        let is_options = directive.word(0) == "if"
            && directive.rest(1).contains("$request_method")
            && directive.rest(1).to_ascii_uppercase().contains("OPTIONS");
        if !is_options || !directive.block.iter().any(|inner| inner.word(0) == "return") {
            continue;
        }
        let own = directive.block.iter().any(|inner| inner.word(0) == "add_header");
        let own_origin = directive.block.iter().any(|inner| {
            inner.word(0) == "add_header" && inner.word(1).eq_ignore_ascii_case("access-control-allow-origin")
        });
        if own && !own_origin {
            let what = "the answer to a preflight has no Access-Control-Allow-Origin: an add_header in an `if` takes away the others";
            read.findings.push(
                Finding::error("fields-lost", &directive.span(), what)
                    .fix("repeat Access-Control-Allow-Origin in it"),
            );
        }
        let sets_origin = |block: &Directive| {
            block.block.iter().any(|inner| {
                inner.word(0) == "add_header"
                    && inner.word(1).eq_ignore_ascii_case("access-control-allow-origin")
            })
        };
        // The last `if` that holds has a place of its own, which inherits nothing of another `if`.
        let beside = around.last().map_or(&[][..], |outer| outer.block.as_slice());
        let others: Vec<&Directive> =
            beside.iter().filter(|block| block.word(0) == "if" && sets_origin(block)).collect();
        let returns = |block: &&Directive| block.block.iter().any(|inner| inner.word(0) == "return");
        if !own
            && !others.is_empty()
            && !others.iter().any(returns)
            && !around.iter().any(|outer| sets_origin(outer))
        {
            let what = "preflights are answered in this `if`, which has none of the fields of the other `if`: each fails";
            read.findings.push(
                Finding::error("fields-lost", &directive.span(), what)
                    .fix("repeat the fields in it, or take the origin from a map, without `if`"),
            );
            // No preflight gives them to a page.
            for rule in &mut read.rules {
                let is_in = |inner: &Directive| inner.span().start == rule.span.start;
                if others.iter().any(|block| block.block.iter().any(is_in)) {
                    rule.methods.clear();
                    rule.headers.clear();
                    rule.max_age = None;
                }
            }
        }
        let what = "every OPTIONS is answered here, also those that are no preflights";
        read.findings.push(
            Finding::note("every-options-answered", &directive.span(), what)
                .fix("ask for $http_access_control_request_method as well"),
        );
    }
}
