//! npm `cors`, and `@fastify/cors`: options as literals in a program, or as JSON.
//!
//! An origin that is a text is sent whatever the request's is; a list is compared exactly; expressions are not anchored.

use super::{READ_ONLY, Row, found};
use crate::finding::Finding;
use crate::judge::not_judged;
use crate::matcher::{Engine, Expression, Matcher};
use crate::node::{Entry, Node, SPREAD, VARIABLE, Value};
use crate::reader::{Fields, List, NONE, Read, is_computed};
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
    ..READ_ONLY
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
                options(document, is_fastify, source, &mut read);
            }
        }
        Notation::Code => {
            let is_of_fastify = source.text.contains("@fastify/cors");
            let is_of_others = OTHERS.iter().any(|package| source.text.contains(package));
            for entry in document.entries() {
                let is_ours = if is_fastify {
                    let is_cors = |node: &Node| {
                        let text =
                            source.text.get(node.span.clone()).unwrap_or_default().to_ascii_lowercase();
                        text.contains("cors")
                            || source.names.iter().any(|name| name.eq_ignore_ascii_case(&text))
                    };
                    entry.key == "register"
                        && is_of_fastify
                        && entry.node.items().first().is_some_and(is_cors)
                        || entry.key == "fastifyCors"
                } else {
                    // A call of a function, and not of something's method.
                    let before = source.text.get(..entry.key_span.start).unwrap_or_default();
                    let is_called = entry.key == "cors" || source.names.contains(&entry.key.as_str());
                    (is_called && !before.ends_with('.') && !is_middleware(source, entry)
                        || entry.key == "enableCors")
                        && !is_of_others
                };
                // Nest takes it where an application is created.
                if entry.key == "create" && !is_fastify && before_of(source, entry).ends_with("NestFactory.")
                {
                    for cors in entry.node.items().iter().filter_map(|node| node.get("cors")) {
                        match &cors.value {
                            Value::Map(_) => options(cors, false, source, &mut read),
                            Value::Boolean(true) => everything(&cors.span, &mut read),
                            Value::Boolean(false) | Value::Null => {}
                            _ => read.findings.push(not_judged(&cors.span, "what these options say")),
                        }
                    }
                }
                // Socket.IO's servers hand their `cors` to it.
                if entry.key == "Server" && !is_fastify && source.text.contains("socket.io") {
                    for cors in entry.node.items().iter().filter_map(|node| node.get("cors")) {
                        if matches!(cors.value, Value::Map(_)) {
                            options(cors, false, source, &mut read);
                        }
                    }
                }
                if !is_ours || is_declared(before_of(source, entry)) {
                    continue;
                }
                let named = |node: &&Node| matches!(&node.value, Value::Map(entries) if !entries.is_empty());
                let arguments = entry.node.items();
                let given = arguments.iter().find(named);
                // A function, or a variable of which nothing is known.
                let skipped = usize::from(is_fastify && entry.key == "register");
                let unknown = arguments.iter().skip(skipped).find(|node| is_computed(node));
                match (given, unknown) {
                    (Some(node), _) => options(node, is_fastify, source, &mut read),
                    (_, Some(node)) => {
                        read.findings.push(not_judged(&node.span, "what these options say"));
                    }
                    // `cors()`: everything is allowed.
                    (None, None) if arguments.len() == 1 && !is_fastify => {
                        everything(&entry.key_span, &mut read);
                    }
                    _ => {}
                }
            }
        }
        _ => return None,
    }
    found(read)
}

fn before_of<'t>(source: &Source<'t>, entry: &Entry) -> &'t str {
    source.text.get(..entry.key_span.start).unwrap_or_default()
}

/// Adds the rule of npm `cors` without options.
fn everything(span: &std::ops::Range<usize>, read: &mut Read) {
    let mut rule = crate::rule::Rule::new(&STAR, span.clone());
    rule.origins.push(OriginEntry { text: "*".to_owned(), span: span.clone(), matcher: Matcher::Any });
    defaults(&mut rule.methods, span);
    read.rules.push(rule);
}

/// Returns true for a call of what `require('cors')(…)` gave, which takes a request and no options.
fn is_middleware(source: &Source<'_>, entry: &Entry) -> bool {
    ["'", "\""]
        .iter()
        .any(|quote| source.text.contains(&format!("{} = require({quote}cors{quote})(", entry.key)))
        && source.text.get(entry.key_span.clone()) == Some(entry.key.as_str())
}

/// Returns true for a function that is declared there, and not called.
fn is_declared(before: &str) -> bool {
    before.trim_end().ends_with("function") || before.trim_end().ends_with("def")
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

/// The origins that a function lets in.
pub(super) enum Origins {
    Any,
    /// These, and whether there may be more.
    Listed(Vec<OriginEntry>, bool),
}

fn options(node: &Node, is_fastify: bool, source: &Source<'_>, read: &mut Read) {
    let origin: Option<&Entry> = node.entries().iter().find(|entry| entry.key == "origin");
    let (echo, star) = if is_fastify { (&FASTIFY_ECHO, &FASTIFY_STAR) } else { (&ECHO, &STAR) };
    let function = origin.filter(|entry| matches!(entry.node.value, Value::Unknown)).and_then(|entry| {
        let text = source.text.get(entry.node.span.clone())?;
        let named = |name: &str| source.documents.first()?.get(&format!("{VARIABLE}{name}")).cloned();
        super::express_function::origins(text, &entry.node, &named)
    });
    let is_true = |node: &Node| matches!(node.value, Value::Boolean(true));
    let is_echo = origin.is_some_and(|entry| match &entry.node.value {
        Value::Or(default) => is_true(default) || default.items().iter().any(is_true),
        _ => is_true(&entry.node),
    }) || matches!(function, Some(Origins::Any));
    let fields = if is_fastify { FASTIFY_OPTIONS } else { OPTIONS };
    let fields = Fields { program: if is_echo { echo } else { star }, ..fields };
    let rule = read.rule(node, &fields, |_| Matcher::Unknown);
    defaults(&mut rule.methods, &node.span);
    let start = node.span.start..node.span.start.saturating_add(1).min(node.span.end);
    let mut findings = Vec::new();
    if let Some(delegator) = node.get("delegator").filter(|_| is_fastify) {
        findings.push(not_judged(&delegator.span, "which options this function gives to a request"));
    }
    let mut add = |node: &Node, in_list: bool| {
        rule.origins.extend(entry_of(node, in_list, is_fastify, &mut findings));
    };
    match (origin, function) {
        // What is spread may have it, and so may what a delegator gives for each request.
        (None, _) if node.has(SPREAD) || node.has("delegator") => {}
        (None, _) => add(&Node { span: start, value: Value::Text("*".to_owned()) }, false),
        (Some(entry), Some(Origins::Any)) => {
            add(&Node { span: entry.key_span.clone(), value: Value::Boolean(true) }, false);
        }
        (Some(entry), Some(Origins::Listed(entries, is_partly_known))) => {
            rule.origins.extend(entries);
            if is_partly_known {
                findings.push(not_judged(&entry.key_span, "a part of what this function lets in"));
            }
        }
        (Some(entry), None) => match &entry.node.value {
            Value::List(items) => items.iter().for_each(|item| add(item, true)),
            Value::Boolean(false) => {}
            Value::Or(default) => {
                add(&Node { span: entry.node.span.clone(), value: Value::Unknown }, false);
                match &default.value {
                    Value::List(items) => items.iter().for_each(|item| add(item, true)),
                    _ => add(default, false),
                }
            }
            _ => add(&entry.node, false),
        },
    }
    read.findings.extend(findings);
}

/// Returns the origin of a value, or none if it is `false`.
fn entry_of(
    node: &Node,
    in_list: bool,
    is_fastify: bool,
    findings: &mut Vec<Finding>,
) -> Option<OriginEntry> {
    let text = node.scalar().unwrap_or_default().to_owned();
    let matcher = match &node.value {
        Value::Boolean(false) => return None,
        Value::Boolean(true) => Matcher::Any,
        _ if is_computed(node) => Matcher::Unknown,
        Value::Text(text) if text == "*" && (!in_list || is_fastify) => Matcher::Any,
        Value::Text(text) if text == "*" => Matcher::Never {
            why: "a `*` in a list is compared as it stands".to_owned(),
            fix: "write origin: '*', or the origins".to_owned(),
        },
        Value::Text(text) => {
            if !in_list {
                let what = "this text is sent whatever the request's origin is; a list is compared";
                findings.push(Finding::note("one-origin", &node.span, what).fix(format!("write ['{text}']")));
            }
            Matcher::exact(text)
        }
        Value::Expression(text, ignore_case) => Matcher::Expression(Expression {
            text: text.clone(),
            ignore_case: *ignore_case,
            from_start: false,
            to_end: false,
            engine: Engine::JavaScript,
        }),
        _ => Matcher::Unknown,
    };
    Some(OriginEntry { text, span: node.span.clone(), matcher })
}
