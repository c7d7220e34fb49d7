//! Kong's plugin `cors`: declarative YAML and JSON, and the resource `KongPlugin`.
//!
//! A text with a sign that no origin has is an expression for the whole origin; without a colon the host alone is compared.

use super::{READ_ONLY, Row, found, walk};
use crate::matcher::{Engine, Expression, Matcher};
use crate::node::Node;
use crate::reader::{Fields, NONE, Read};
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program, Spot};
use crate::source::Source;

const METHODS: &[&str] = &["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

static PROGRAM: Program = Program {
    title: "Kong",
    any_with_credentials: AnyWithCredentials::Echoed,
    methods: Some(METHODS),
    any_method: false,
    ..PLAIN
};

const CONFIG: Fields = Fields {
    program: &PROGRAM,
    origins: &["origins"],
    methods: &["methods"],
    headers: &["headers"],
    exposed: &["exposed_headers"],
    credentials: &["credentials"],
    max_age: &["max_age"],
    others: &["preflight_continue", "private_network", "allow_origin_absent", "skip_cors_when_unmatched"],
    ..NONE
};

pub(super) const ROW: Row = Row { name: "kong", other_names: &[], title: "Kong", read, ..READ_ONLY };

fn matcher(node: &Node) -> Matcher {
    let text = node.scalar().unwrap_or_default();
    let is_plain = text.chars().all(|sign| sign.is_ascii_alphanumeric() || ".:/-".contains(sign));
    let expression = |text: String| {
        Matcher::Expression(Expression {
            text,
            ignore_case: false,
            from_start: true,
            to_end: true,
            engine: Engine::Backtracking,
        })
    };
    match text {
        "*" => Matcher::Any,
        _ if is_plain && text.contains(':') => Matcher::exact(text),
        _ if is_plain => expression(format!("https?://{}(?::[0-9]+)?", regex::escape(text))),
        _ if text.contains(':') => expression(text.to_owned()),
        _ => expression(format!("https?://(?:{text})(?::[0-9]+)?")),
    }
}

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    walk(source, |node, _| {
        let is_plugin =
            ["name", "plugin"].iter().any(|key| node.get(key).and_then(Node::scalar) == Some("cors"));
        let Some(config) = node.get("config").filter(|_| is_plugin) else { return false };
        let rule = read.rule(config, &CONFIG, matcher);
        if rule.origins.is_empty() {
            let (text, span) = ("*".to_owned(), config.span.clone());
            rule.origins.push(OriginEntry { text, span, matcher: Matcher::Any });
        }
        if rule.methods.is_empty() {
            let names = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"];
            let span = config.span.clone();
            rule.methods.extend(names.map(|name| Spot { value: name.to_owned(), span: span.clone() }));
        }
        false
    });
    found(read)
}
