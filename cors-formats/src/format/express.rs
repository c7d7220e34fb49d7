//! npm `cors`, and `@fastify/cors`: options as literals in a program, or as JSON.
//!
//! An origin that is a text is sent whatever the request's is; a list is compared exactly; expressions are not anchored.

use super::{Row, found};
use crate::export::Saying;
use crate::finding::Finding;
use crate::matcher::{Expression, Matcher};
use crate::node::{Entry, Node, Value};
use crate::reader::{Fields, List, NONE, Read};
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program, Spot};
use crate::source::{Notation, Source};

static ECHO: Program = Program {
    title: "cors",
    any_with_credentials: AnyWithCredentials::Echoed,
    echoes_headers: false,
    ..PLAIN
};
static STAR: Program = Program { any_with_credentials: AnyWithCredentials::SentAsStar, ..ECHO_NAMED };
const ECHO_NAMED: Program = Program { title: "cors", ..PLAIN };
static FASTIFY_ECHO: Program =
    Program { title: "@fastify/cors", any_with_credentials: AnyWithCredentials::Echoed, ..PLAIN };
static FASTIFY_STAR: Program = Program { title: "@fastify/cors", ..PLAIN };

const OPTIONS: Fields = Fields {
    program: &ECHO,
    methods: &["methods"],
    headers: &["allowedHeaders"],
    exposed: &["exposedHeaders"],
    credentials: &["credentials"],
    max_age: &["maxAge"],
    others: &["origin", "preflightContinue", "optionsSuccessStatus"],
    list: List::Either,
    ..NONE
};

const FASTIFY_OPTIONS: Fields = Fields {
    program: &FASTIFY_ECHO,
    others: &[
        "origin",
        "preflightContinue",
        "optionsSuccessStatus",
        "hook",
        "preflight",
        "strictPreflight",
        "hideOptionsRoute",
        "logLevel",
        "delegator",
        "cacheControl",
    ],
    ..OPTIONS
};

/// Packages of which a function `cors` is, too, with options of its own.
const OTHERS: [&str; 4] = ["@fastify/cors", "@koa/cors", "hono/cors", "flask_cors"];

pub(super) const ROW: Row = Row {
    name: "express",
    other_names: &["npm-cors"],
    title: "npm cors",
    read: |source| read(source, false),
    is_variant: false,
    says: |_| Saying::Not("it is only read"),
    methods: None,
    write: None,
    comment: None,
};

pub(super) const FASTIFY: Row = Row {
    name: "fastify",
    other_names: &["fastify-cors"],
    title: "@fastify/cors",
    read: |source| read(source, true),
    ..ROW
};

fn read(source: &Source<'_>, is_fastify: bool) -> Option<Read> {
    let mut read = Read::default();
    let document = source.documents.first()?;
    match source.notation {
        Notation::Json => {
            let is_options = document.has("origin")
                && document.entries().iter().all(|entry| known(&entry.key) || entry.key.len() < 40)
                && [
                    "methods",
                    "credentials",
                    "allowedHeaders",
                    "exposedHeaders",
                    "maxAge",
                    "optionsSuccessStatus",
                    "preflightContinue",
                ]
                .iter()
                .any(|key| document.has(key));
            let mentions_fastify = document.entries().iter().any(|entry| {
                !OPTIONS.others.contains(&entry.key.as_str())
                    && FASTIFY_OPTIONS.others.contains(&entry.key.as_str())
            });
            if is_options && mentions_fastify == is_fastify {
                options(document, is_fastify, &mut read);
            }
        }
        Notation::Code => {
            for entry in document.entries() {
                let is_ours = if is_fastify {
                    (entry.key == "register" && source.text.contains("@fastify/cors"))
                        || entry.key == "fastifyCors"
                } else {
                    // A call of a function, and not of something's method.
                    let before = source.text.get(..entry.key_span.start).unwrap_or_default();
                    entry.key == "cors"
                        && !before.ends_with('.')
                        && !OTHERS.iter().any(|package| source.text.contains(package))
                };
                if !is_ours {
                    continue;
                }
                let named = |node: &&Node| matches!(&node.value, Value::Map(entries) if !entries.is_empty());
                match entry.node.items().iter().find(named) {
                    Some(node) => options(node, is_fastify, &mut read),
                    // `cors()`: everything is allowed.
                    None if entry.node.items().len() == 1 && !is_fastify => {
                        let mut rule = crate::rule::Rule::new(&STAR, entry.key_span.clone());
                        rule.origins.push(OriginEntry {
                            text: "*".to_owned(),
                            span: entry.key_span.clone(),
                            matcher: Matcher::Any,
                        });
                        defaults(&mut rule.methods, &entry.key_span);
                        read.rules.push(rule);
                    }
                    None => {}
                }
            }
        }
        _ => return None,
    }
    found(read)
}

fn known(key: &str) -> bool {
    FASTIFY_OPTIONS.others.contains(&key)
        || ["methods", "allowedHeaders", "exposedHeaders", "credentials", "maxAge"].contains(&key)
}

fn defaults(methods: &mut Vec<Spot<String>>, span: &std::ops::Range<usize>) {
    if methods.is_empty() {
        let names = ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"];
        methods.extend(names.map(|name| Spot { value: name.to_owned(), span: span.clone() }));
    }
}

fn options(node: &Node, is_fastify: bool, read: &mut Read) {
    let origin: Option<&Entry> = node.entries().iter().find(|entry| entry.key == "origin");
    let (echo, star) = if is_fastify { (&FASTIFY_ECHO, &FASTIFY_STAR) } else { (&ECHO, &STAR) };
    let is_true = matches!(origin.map(|entry| &entry.node.value), Some(Value::Boolean(true)));
    let fields = if is_fastify { FASTIFY_OPTIONS } else { OPTIONS };
    let fields = Fields { program: if is_true { echo } else { star }, ..fields };
    let rule = read.rule(node, &fields, |_| Matcher::Unknown);
    defaults(&mut rule.methods, &node.span);
    let start = node.span.start..node.span.start.saturating_add(1).min(node.span.end);
    let mut findings = Vec::new();
    let mut add = |node: &Node, in_list: bool| {
        let text = node.scalar().unwrap_or_default().to_owned();
        let matcher = match &node.value {
            Value::Boolean(true) => Matcher::Any,
            Value::Text(text) if text == "*" && (!in_list || is_fastify) => Matcher::Any,
            Value::Text(text) if text == "*" => Matcher::Never {
                why: "a `*` in a list is compared as it stands".to_owned(),
                fix: "write origin: '*', or the origins".to_owned(),
            },
            Value::Text(text) => {
                if !in_list {
                    let what = "this text is sent whatever the request's origin is; a list is compared";
                    findings
                        .push(Finding::note("one-origin", &node.span, what).fix(format!("write ['{text}']")));
                }
                Matcher::exact(text)
            }
            Value::Expression(text, ignore_case) => Matcher::Expression(Expression {
                text: text.clone(),
                ignore_case: *ignore_case,
                from_start: false,
                to_end: false,
            }),
            _ => Matcher::Unknown,
        };
        rule.origins.push(OriginEntry { text, span: node.span.clone(), matcher });
    };
    match origin {
        None => add(&Node { span: start, value: Value::Text("*".to_owned()) }, false),
        Some(entry) => match &entry.node.value {
            Value::List(items) => items.iter().for_each(|item| add(item, true)),
            Value::Boolean(false) => {}
            _ => add(&entry.node, false),
        },
    }
    read.findings.extend(findings);
}
