//! npm `cors`, `@fastify/cors`, `hono/cors` and `@koa/cors`: options as literals in a program, or as JSON.
//!
//! A list is compared exactly, and expressions are not anchored. What else becomes of an origin is the package's to say.

use std::ops::Range;

use super::express_function::{Function, Origins, expression};
use super::package::{EXPRESS, FASTIFY, HONO, KOA, Package, Text};
use super::{READ_ONLY, Row, found};
use crate::finding::Finding;
use crate::judge::not_judged;
use crate::matcher::Matcher;
use crate::node::{Entry, Node, SPREAD, VARIABLE, Value};
use crate::reader::{Fields, Read, is_computed};
use crate::rule::{OriginEntry, Rule, Spot};
use crate::source::{Notation, Source};

pub(super) const ROW: Row = Row {
    name: "express",
    other_names: &["npm-cors"],
    title: "npm cors",
    read: |source| read(source, &EXPRESS),
    ..READ_ONLY
};

pub(super) const FASTIFY_ROW: Row = Row {
    name: "fastify",
    other_names: &["fastify-cors"],
    title: "@fastify/cors",
    read: |source| read(source, &FASTIFY),
    ..ROW
};

pub(super) const HONO_ROW: Row = Row {
    name: "hono",
    other_names: &["hono-cors"],
    title: "hono/cors",
    read: |source| read(source, &HONO),
    ..ROW
};

pub(super) const KOA_ROW: Row = Row {
    name: "koa",
    other_names: &["koa-cors"],
    title: "@koa/cors",
    read: |source| read(source, &KOA),
    ..ROW
};

fn read(source: &Source<'_>, package: &Package) -> Option<Read> {
    let mut read = Read::default();
    let document = source.documents.first()?;
    match source.notation {
        Notation::Json => {
            if is_options(document, package) {
                options(document, package, source, &mut read);
            }
        }
        Notation::Code => {
            for entry in document.entries() {
                if package.import.is_none() {
                    of_hosts(entry, source, &mut read);
                }
                if is_call(entry, package, source) && !is_declared(before_of(source, entry)) {
                    call(entry, package, source, &mut read);
                }
            }
        }
        _ => return None,
    }
    found(read)
}

/// Returns true for JSON that has the options of npm `cors` or `@fastify/cors`. Those of the others tell too little.
fn is_options(document: &Node, package: &Package) -> bool {
    let named = [
        "methods",
        "credentials",
        "allowedHeaders",
        "exposedHeaders",
        "maxAge",
        "optionsSuccessStatus",
        "preflightContinue",
    ];
    let is_there = document.has("origin")
        && document.entries().iter().all(|entry| entry.key.len() < 40)
        && named.iter().any(|key| document.has(key));
    let mentions_fastify = document.entries().iter().any(|entry| {
        let key = entry.key.as_str();
        !EXPRESS.options.others.contains(&key) && FASTIFY.options.others.contains(&key)
    });
    let wanted = if mentions_fastify { &FASTIFY } else { &EXPRESS };
    is_there && std::ptr::eq(wanted, package)
}

/// Adds the options that other programs hand to npm `cors`.
fn of_hosts(entry: &Entry, source: &Source<'_>, read: &mut Read) {
    let options_of = || entry.node.items().iter().filter_map(|node| node.get("cors"));
    // Nest takes them where an application is created.
    if entry.key == "create" && before_of(source, entry).ends_with("NestFactory.") {
        for cors in options_of() {
            match &cors.value {
                Value::Map(_) => options(cors, &EXPRESS, source, read),
                Value::Boolean(true) => everything(&cors.span, &EXPRESS, read),
                Value::Boolean(false) | Value::Null => {}
                _ => read.findings.push(not_judged(&cors.span, "what these options say")),
            }
        }
    }
    // Socket.IO's servers.
    if entry.key == "Server" && source.text.contains("socket.io") {
        for cors in options_of().filter(|cors| matches!(cors.value, Value::Map(_))) {
            options(cors, &EXPRESS, source, read);
        }
    }
}

/// Returns true for a call of the package's function.
fn is_call(entry: &Entry, package: &Package, source: &Source<'_>) -> bool {
    if package.is_registered {
        let is_cors = |node: &Node| {
            let text = source.text.get(node.span.clone()).unwrap_or_default().to_ascii_lowercase();
            text.contains("cors") || source.names.iter().any(|name| name.eq_ignore_ascii_case(&text))
        };
        let is_registered = entry.key == "register" && entry.node.items().first().is_some_and(is_cors);
        return is_registered && package.is_in(source.text) || entry.key == "fastifyCors";
    }
    // A call of a function, and not of something's method.
    let is_function = entry.key == "cors" || source.names.contains(&entry.key.as_str());
    let is_called = is_function && !before_of(source, entry).ends_with('.') && !is_middleware(source, entry);
    let is_of_nest = entry.key == "enableCors" && package.import.is_none();
    (is_called || is_of_nest) && package.is_in(source.text)
}

fn call(entry: &Entry, package: &Package, source: &Source<'_>, read: &mut Read) {
    let named = |node: &&Node| matches!(&node.value, Value::Map(entries) if !entries.is_empty());
    let arguments = entry.node.items();
    let given = arguments.iter().find(named);
    // A function, or a variable of which nothing is known.
    let skipped = usize::from(package.is_registered && entry.key == "register");
    let unknown = arguments.iter().skip(skipped).find(|node| is_computed(node));
    match (given, unknown) {
        (Some(node), _) => options(node, package, source, read),
        (_, Some(node)) => {
            read.findings.push(not_judged(&node.span, "what these options say"));
        }
        // `cors()`: everything is allowed.
        (None, None) if arguments.len() == 1 && !package.is_registered => {
            everything(&entry.key_span, package, read);
        }
        _ => {}
    }
}

fn before_of<'t>(source: &Source<'t>, entry: &Entry) -> &'t str {
    source.text.get(..entry.key_span.start).unwrap_or_default()
}

/// Adds the rule of a package without options.
fn everything(span: &Range<usize>, package: &Package, read: &mut Read) {
    let mut rule = Rule::new(package.star, span.clone());
    rule.origins.push(OriginEntry { text: "*".to_owned(), span: span.clone(), matcher: Matcher::Any });
    defaults(&mut rule.methods, package, span);
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

fn defaults(methods: &mut Vec<Spot<String>>, package: &Package, span: &Range<usize>) {
    if methods.is_empty() {
        let spot = |name: &&str| Spot { value: (*name).to_owned(), span: span.clone() };
        methods.extend(package.methods.iter().map(spot));
    }
}

fn options(node: &Node, package: &Package, source: &Source<'_>, read: &mut Read) {
    let origin: Option<&Entry> = node.entries().iter().find(|entry| entry.key == "origin");
    let function = origin.filter(|entry| matches!(entry.node.value, Value::Unknown)).map(|entry| {
        let text = source.text.get(entry.node.span.clone()).unwrap_or_default();
        let named = |name: &str| source.documents.first()?.get(&format!("{VARIABLE}{name}")).cloned();
        Function::of(text, &entry.node.span, &named)
    });
    let function = function.unwrap_or_default();
    let is_true = |node: &Node| matches!(node.value, Value::Boolean(true));
    let is_echo = origin.is_some_and(|entry| match &entry.node.value {
        Value::Or(default) => is_true(default) || default.items().iter().any(is_true),
        _ => is_true(&entry.node),
    }) || matches!(function.origins, Some(Origins::Any));
    let fields = Fields { program: if is_echo { package.echo } else { package.star }, ..package.options };
    let rule = read.rule(node, &fields, |_| Matcher::Unknown);
    defaults(&mut rule.methods, package, &node.span);
    let start = node.span.start..node.span.start.saturating_add(1).min(node.span.end);
    let mut findings = function.risks;
    let delegator = node.get("delegator").filter(|_| package.is_registered);
    if let Some(delegator) = delegator {
        findings.push(not_judged(&delegator.span, "which options this function gives to a request"));
    }
    let mut add = |node: &Node, in_list: bool| {
        rule.origins.extend(entry_of(node, in_list, package, &mut findings));
    };
    match (origin, function.origins) {
        // What is spread may have it, and so may what a delegator gives for each request.
        (None, _) if node.has(SPREAD) || delegator.is_some() => {}
        (None, _) => add(&Node { span: start, value: Value::Text("*".to_owned()) }, false),
        (Some(entry), Some(Origins::Any)) => {
            let (text, span) = ("*".to_owned(), entry.key_span.clone());
            rule.origins.push(OriginEntry { text, span, matcher: Matcher::Any });
        }
        (Some(entry), Some(Origins::Listed(entries, is_partly_known))) => {
            rule.origins.extend(entries);
            if is_partly_known {
                findings.push(not_judged(&entry.key_span, "a part of what this function lets in"));
            }
        }
        (Some(entry), None) => match &entry.node.value {
            Value::List(items) => items.iter().for_each(|item| add(item, true)),
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

/// Returns the origin of a value, or none if it lets nobody in.
fn entry_of(
    node: &Node,
    in_list: bool,
    package: &Package,
    findings: &mut Vec<Finding>,
) -> Option<OriginEntry> {
    let text = node.scalar().unwrap_or_default().to_owned();
    let refused = match &node.value {
        _ if in_list && package.refused_list.is_some() => package.refused_list,
        Value::Boolean(false) if package.false_is_default => None,
        Value::Boolean(_) => package.refused_boolean,
        Value::Expression(..) => package.refused_expression,
        _ => None,
    };
    let matcher = match (&node.value, refused) {
        (_, Some(why)) => Matcher::Never { why: why.to_owned(), fix: package.instead().to_owned() },
        (Value::Boolean(false), None) if !package.false_is_default => return None,
        (Value::Boolean(_), None) => Matcher::Any,
        _ if is_computed(node) => Matcher::Unknown,
        (Value::Text(text), None) if text == "*" && (!in_list || package.star_in_list) => Matcher::Any,
        (Value::Text(text), None) if text == "*" => Matcher::Never {
            why: "a `*` in a list is compared as it stands".to_owned(),
            fix: "write origin: '*', or the origins".to_owned(),
        },
        (Value::Text(text), None) => {
            if !in_list && package.text == Text::Sent {
                let what = "this text is sent whatever the request's origin is; a list is compared";
                let fix = match package.refused_list {
                    None => format!("write ['{text}']"),
                    Some(_) => package.instead().to_owned(),
                };
                findings.push(Finding::note("one-origin", &node.span, what).fix(fix));
            }
            Matcher::exact(text)
        }
        (Value::Expression(text, ignore_case), None) => expression(text, *ignore_case, false, false),
        _ => Matcher::Unknown,
    };
    Some(OriginEntry { text, span: node.span.clone(), matcher })
}
