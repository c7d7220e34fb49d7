//! django-cors-headers: the settings `CORS_…`, as literals in a program.

use cors_policy_file::nearest;

use super::{READ_ONLY, Row, found};
use crate::finding::Finding;
use crate::matcher::{Engine, Expression, Matcher};
use crate::node::{Entry, Node, Value};
use crate::reader::{Fields, NONE, Read};
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program, Spot};
use crate::source::{Notation, Source};

static PROGRAM: Program = Program {
    title: "django-cors-headers",
    any_with_credentials: AnyWithCredentials::Echoed,
    max_age_default: Some(86_400),
    ..PLAIN
};

const SETTINGS: Fields = Fields {
    program: &PROGRAM,
    origins: &["CORS_ALLOWED_ORIGINS", "CORS_ORIGIN_WHITELIST"],
    methods: &["CORS_ALLOW_METHODS"],
    headers: &["CORS_ALLOW_HEADERS"],
    exposed: &["CORS_EXPOSE_HEADERS"],
    credentials: &["CORS_ALLOW_CREDENTIALS"],
    max_age: &["CORS_PREFLIGHT_MAX_AGE"],
    others: &[
        "CORS_ALLOWED_ORIGIN_REGEXES",
        "CORS_ORIGIN_REGEX_WHITELIST",
        "CORS_ALLOW_ALL_ORIGINS",
        "CORS_ORIGIN_ALLOW_ALL",
        "CORS_URLS_REGEX",
        "CORS_REPLACE_HTTPS_REFERER",
        "CORS_MODEL",
        "CORS_ALLOW_PRIVATE_NETWORK",
    ],
    ..NONE
};

pub(super) const ROW: Row = Row {
    name: "django",
    other_names: &["django-cors-headers"],
    title: "django-cors-headers",
    read,
    ..READ_ONLY
};

fn read(source: &Source<'_>) -> Option<Read> {
    let document = source.documents.first()?;
    let all = match source.notation {
        Notation::Code | Notation::Json | Notation::Toml => document,
        _ => return None,
    };
    let mut ours = all.clone();
    if let Value::Map(entries) = &mut ours.value {
        // What is named like none of the settings is a variable of the program's own.
        entries.retain(|entry| {
            entry.key.starts_with("CORS_")
                && (entry.key.starts_with("CORS_ALLOW")
                    || SETTINGS.others.contains(&entry.key.as_str())
                    || nearest(&entry.key, known()).is_some())
        });
    }
    let is_django = |key: &str| key.starts_with("CORS_ALLOW") || key.starts_with("CORS_ORIGIN");
    // Flask's settings begin with CORS_, too, and name other things.
    if !ours.entries().iter().any(|entry| is_django(&entry.key))
        || source.text.contains("flask")
        || ours.has("CORS_ORIGINS")
    {
        return None;
    }
    let mut read = Read::default();
    let middleware = all.get("MIDDLEWARE").map(Node::items).unwrap_or_default();
    let place =
        |name: &str| middleware.iter().position(|item| item.text().is_some_and(|text| text.ends_with(name)));
    if let (Some(ours), Some(other)) = (place(".CorsMiddleware"), place(".CommonMiddleware"))
        && ours > other
        && let Some(node) = middleware.get(ours)
    {
        let what = "a response that CommonMiddleware makes, such as a redirect, gets no fields";
        read.findings.push(
            Finding::warning("middleware-order", &node.span, what).fix("put it in front of CommonMiddleware"),
        );
    }
    if let (Some(first), Some(last)) = (ours.entries().first(), ours.entries().last()) {
        ours.span = first.key_span.start..last.node.span.end.max(first.key_span.end);
    }
    for entry in ours.entries() {
        let new = match entry.key.as_str() {
            "CORS_ORIGIN_WHITELIST" => "CORS_ALLOWED_ORIGINS",
            "CORS_ORIGIN_REGEX_WHITELIST" => "CORS_ALLOWED_ORIGIN_REGEXES",
            "CORS_ORIGIN_ALLOW_ALL" => "CORS_ALLOW_ALL_ORIGINS",
            _ => continue,
        };
        let what = format!("{} is an old name", entry.key);
        read.findings
            .push(Finding::note("deprecated-field", &entry.key_span, what).fix(format!("write {new}")));
    }
    // What stands in a branch replaces what stands outside of it, or does not: a rule for each.
    let branch = |entry: &Entry| match source.notation {
        Notation::Code => branch_of(source.text, entry.key_span.start),
        _ => None,
    };
    let always: Vec<Entry> = ours.entries().iter().filter(|entry| branch(entry).is_none()).cloned().collect();
    let mut branches: Vec<usize> = ours.entries().iter().filter_map(branch).collect();
    branches.dedup();
    if !always.is_empty() || branches.is_empty() {
        settings(&Node { value: Value::Map(always.clone()), span: ours.span.clone() }, &mut read);
    }
    for place in branches {
        let own: Vec<Entry> =
            ours.entries().iter().filter(|entry| branch(entry) == Some(place)).cloned().collect();
        let mut entries = always.clone();
        entries.retain(|entry| !own.iter().any(|other| other.key == entry.key));
        entries.extend(own);
        settings(&Node { value: Value::Map(entries), span: ours.span.clone() }, &mut read);
        if let Some(rule) = read.rules.last_mut() {
            rule.branch = Some(place);
        }
    }
    found(read)
}

/// Returns where the branch begins in which a line stands that is indented: the last line above that is less so.
fn branch_of(text: &str, place: usize) -> Option<usize> {
    let before = text.get(..place)?;
    let start = before.rfind('\n').map_or(0, |line| line.saturating_add(1));
    let indent = |line: &str| line.len().saturating_sub(line.trim_start().len());
    let own = indent(text.get(start..)?.lines().next()?);
    if own == 0 {
        return None;
    }
    let mut end = start;
    for line in text.get(..start)?.lines().rev() {
        end = end.saturating_sub(line.len().saturating_add(1));
        if !line.trim().is_empty() && indent(line) < own {
            return Some(end);
        }
    }
    Some(0)
}

fn known() -> impl Iterator<Item = &'static str> {
    let fields = [
        SETTINGS.origins,
        SETTINGS.methods,
        SETTINGS.headers,
        SETTINGS.exposed,
        SETTINGS.credentials,
        SETTINGS.max_age,
        SETTINGS.others,
    ];
    fields.into_iter().flat_map(|names| names.iter().copied())
}

fn settings(ours: &Node, read: &mut Read) {
    let rule = read.rule(ours, &SETTINGS, |node| {
        let text = node.scalar().unwrap_or_default();
        if text == "*" {
            Matcher::Never {
                why: "`*` is refused in this list".to_owned(),
                fix: "write CORS_ALLOW_ALL_ORIGINS = True, or the origins".to_owned(),
            }
        } else {
            Matcher::exact(text)
        }
    });
    let items = |key: &str| ours.get(key).map(Node::items).unwrap_or_default();
    for item in items("CORS_ALLOWED_ORIGIN_REGEXES").iter().chain(items("CORS_ORIGIN_REGEX_WHITELIST")) {
        let text = item.scalar().unwrap_or_default().to_owned();
        let matcher = match &item.value {
            _ if crate::reader::is_computed(item) => Matcher::Unknown,
            // `re.match`: from the start, and not to the end.
            _ => Matcher::Expression(Expression {
                text: text.clone(),
                ignore_case: false,
                from_start: true,
                to_end: false,
                engine: Engine::Backtracking,
            }),
        };
        rule.origins.push(OriginEntry { text, span: item.span.clone(), matcher });
    }
    for key in ["CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"] {
        let Some(node) = ours.get(key) else { continue };
        let default = if let Value::Or(default) = &node.value { &default.value } else { &node.value };
        if crate::reader::is_computed(node) {
            rule.origins.push(OriginEntry {
                text: String::new(),
                span: node.span.clone(),
                matcher: Matcher::Unknown,
            });
        }
        if matches!(default, Value::Boolean(true)) {
            rule.origins.push(OriginEntry {
                text: "*".to_owned(),
                span: node.span.clone(),
                matcher: Matcher::Any,
            });
        }
    }
    if rule.methods.is_empty() {
        let names = ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"];
        let spots = names.iter().filter(|name| **name != "OPTIONS");
        rule.methods.extend(spots.map(|name| Spot { value: (*name).to_owned(), span: ours.span.clone() }));
    }
}
