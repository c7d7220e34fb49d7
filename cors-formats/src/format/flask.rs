//! Flask-CORS: the arguments of `CORS(app, …)` and the settings `CORS_…`, as literals in a program.
//!
//! A text with one of `* ? [ ( ^ $ \` is a regular expression, matched from the start, in any case.

use super::{Row, found};
use crate::export::Saying;
use crate::finding::Finding;
use crate::matcher::{Engine, Expression, Matcher};
use crate::node::{Entry, Node, Value};
use crate::reader::{Fields, List, NONE, Read};
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program};
use crate::source::{Notation, Source};

static PROGRAM: Program = Program {
    title: "Flask-CORS",
    any_with_credentials: AnyWithCredentials::Echoed,
    echoes_headers: true,
    ..PLAIN
};

const ARGUMENTS: Fields = Fields {
    program: &PROGRAM,
    origins: &["origins"],
    methods: &["methods"],
    headers: &["allow_headers"],
    exposed: &["expose_headers"],
    credentials: &["supports_credentials"],
    max_age: &["max_age"],
    others: &[
        "resources",
        "send_wildcard",
        "vary_header",
        "automatic_options",
        "always_send",
        "intercept_exceptions",
        "allow_private_network",
    ],
    list: List::Either,
    ..NONE
};

pub(super) const ROW: Row = Row {
    name: "flask",
    other_names: &["flask-cors"],
    title: "Flask-CORS",
    read,
    is_variant: false,
    says: |_| Saying::Not("it is only read"),
    methods: None,
    write: None,
    comment: None,
};

fn matcher(node: &Node) -> Matcher {
    let text = node.scalar().unwrap_or_default();
    let is_expression =
        matches!(node.value, Value::Expression(..)) || text.contains(['*', '?', '[', '(', '^', '$', '\\']);
    match text {
        "*" => Matcher::Any,
        _ if is_expression => Matcher::Expression(Expression {
            text: text.to_owned(),
            ignore_case: true,
            from_start: true,
            to_end: false,
            engine: Engine::Backtracking,
        }),
        _ => Matcher::Exact { text: text.to_owned(), ignore_case: true },
    }
}

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    let document = source.documents.first()?;
    if source.notation != Notation::Code
        || !(source.text.contains("flask_cors") || source.text.contains("flask"))
    {
        return None;
    }
    for entry in document.entries() {
        if entry.key != "CORS" && entry.key != "cross_origin" {
            continue;
        }
        let Some(named) = entry.node.items().last() else { continue };
        let resources = named.get("resources");
        let maps: Vec<&Entry> = resources
            .map(|node| {
                node.entries().iter().filter(|entry| matches!(entry.node.value, Value::Map(_))).collect()
            })
            .unwrap_or_default();
        if maps.is_empty() {
            rule(named, &entry.key_span, &mut read);
        }
        for resource in maps {
            if let Some(path) = resource.key.strip_suffix("/*").filter(|path| !path.is_empty()) {
                let what =
                    format!("the path is a regular expression: it covers {path}s and {path}-other as well");
                read.findings.push(
                    Finding::warning("loose-path", &resource.key_span, what)
                        .fix(format!("write r\"{path}/.*\"")),
                );
            }
            // What stands outside applies to each.
            let mut merged = resource.node.clone();
            if let Value::Map(entries) = &mut merged.value {
                let outer = named
                    .entries()
                    .iter()
                    .filter(|entry| entry.key != "resources" && !resource.node.has(&entry.key));
                entries.extend(outer.cloned());
            }
            rule(&merged, &resource.key_span, &mut read);
        }
    }
    found(read)
}

fn rule(node: &Node, place: &std::ops::Range<usize>, read: &mut Read) {
    let rule = read.rule(node, &ARGUMENTS, matcher);
    rule.span = place.clone();
    if !node.has("origins") {
        rule.origins.push(OriginEntry { text: "*".to_owned(), span: place.clone(), matcher: Matcher::Any });
    }
    if rule.methods.is_empty() {
        let names = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
        rule.methods
            .extend(names.map(|name| crate::rule::Spot { value: name.to_owned(), span: place.clone() }));
    }
    if rule.headers.is_empty() {
        rule.headers.push(crate::rule::Spot { value: "*".to_owned(), span: place.clone() });
    }
}
