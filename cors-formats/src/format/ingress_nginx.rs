//! ingress-nginx: annotations of an `Ingress`. Read and judged; its own validator refuses too much of what a policy says.
//!
//! Origins become one expression without an anchor in front, in which case does not count; a `*` is one label. Credentials are
//! on unless they are switched off.

use super::{Row, found, walk};
use crate::export::{Feature, Saying};
use crate::finding::{Finding, UNKNOWN_FIELD};
use crate::judge::not_judged;
use crate::matcher::{Matcher, Star};
use crate::node::{Entry, Node, Value};
use crate::reader::{Fields, List, NONE, Read, is_computed};
use crate::rule::{AnyWithCredentials, Credentials, OriginEntry, PLAIN, Program, Spot};
use crate::source::Source;

const PREFIX: &str = "nginx.ingress.kubernetes.io/";

static PROGRAM: Program = Program {
    title: "ingress-nginx",
    credentials: Credentials::Field(true),
    any_with_credentials: AnyWithCredentials::SentAsStar,
    vary: Some((
        "ingress-nginx sends no Vary: a cache may give a response made for one origin to another",
        "add Vary: Origin in the application",
    )),
    max_age_default: Some(1_728_000),
    ..PLAIN
};

const ANNOTATIONS: Fields = Fields {
    program: &PROGRAM,
    origins: &["cors-allow-origin"],
    methods: &["cors-allow-methods"],
    headers: &["cors-allow-headers"],
    exposed: &["cors-expose-headers"],
    credentials: &["cors-allow-credentials"],
    max_age: &["cors-max-age"],
    others: &["enable-cors"],
    list: List::Commas,
    is_closed: false,
    ..NONE
};

pub(super) const ROW: Row = Row {
    name: "ingress-nginx",
    other_names: &["ingress"],
    title: "ingress-nginx",
    read,
    is_variant: false,
    says,
    methods: None,
    write: None,
    comment: Some("#"),
};

fn matcher(node: &Node) -> Matcher {
    let text = node.scalar().unwrap_or_default();
    match text {
        "*" => Matcher::Any,
        _ if text.contains('*') => {
            Matcher::Glob { text: text.to_owned(), star: Star::Label, ignore_case: true }
        }
        _ => Matcher::Exact { text: text.to_owned(), ignore_case: true },
    }
}

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    walk(source, |node, _| {
        let is_ours = |key: &str| key.strip_prefix(PREFIX).is_some_and(|key| key.contains("cors"));
        if !node.entries().iter().any(|entry| is_ours(&entry.key)) {
            return false;
        }
        let mut plain = node.clone();
        if let Value::Map(entries) = &mut plain.value {
            entries.retain(|entry| is_ours(&entry.key));
            for entry in entries.iter_mut() {
                entry.key = entry.key.strip_prefix(PREFIX).unwrap_or(&entry.key).to_owned();
                unquoted(entry, &mut read);
            }
        }
        annotations(&plain, &mut read);
        true
    });
    found(read)
}

/// Annotations are texts: a boolean that stands there without quotation marks is refused by Kubernetes.
fn unquoted(entry: &mut Entry, read: &mut Read) {
    match &entry.node.value {
        Value::Boolean(_) | Value::Number(_) => {
            let what = "an annotation has to be a text: Kubernetes refuses the object";
            let shown = entry.node.scalar().unwrap_or_default().to_owned();
            read.findings.push(
                Finding::error("wrong-type", &entry.node.span, what)
                    .fix(format!("write \"{shown}\", in quotation marks")),
            );
        }
        Value::Text(_) if is_computed(&entry.node) => {}
        Value::Text(text) if entry.key == "cors-allow-credentials" || entry.key == "enable-cors" => {
            let boolean = text.eq_ignore_ascii_case("true");
            if !boolean && !text.eq_ignore_ascii_case("false") {
                let what = format!("{} is neither true nor false, and so has no effect", entry.key);
                read.findings.push(
                    Finding::error("wrong-type", &entry.node.span, what).fix("write \"true\" or \"false\""),
                );
            }
            entry.node.value = Value::Boolean(boolean);
        }
        _ => {}
    }
}

fn annotations(node: &Node, read: &mut Read) {
    let known = [
        "enable-cors",
        "cors-allow-origin",
        "cors-allow-methods",
        "cors-allow-headers",
        "cors-expose-headers",
        "cors-allow-credentials",
        "cors-max-age",
    ];
    for entry in node.entries() {
        if !known.contains(&entry.key.as_str()) {
            let finding = Finding::error(
                UNKNOWN_FIELD,
                &entry.key_span,
                format!("ingress-nginx has no annotation {PREFIX}{}", entry.key),
            );
            read.findings.push(match cors_policy_file::nearest(&entry.key, known) {
                Some(meant) => finding.fix(format!("did you mean {PREFIX}{meant}?")),
                None => finding,
            });
        }
    }
    let is_enabled = matches!(node.get("enable-cors").map(|node| &node.value), Some(Value::Boolean(true)));
    if !is_enabled {
        let what = "without enable-cors: \"true\" the other annotations have no effect";
        let add = format!("add {PREFIX}enable-cors: \"true\"");
        match node.entries().iter().find(|entry| entry.key == "enable-cors") {
            Some(Entry { node, .. }) if is_computed(node) => {
                read.findings.push(not_judged(&node.span, "whether CORS is on"));
            }
            // Switched off, and so meant.
            Some(entry) => {
                read.findings.push(Finding::note("not-enabled", &entry.key_span, what).fix(add));
                return;
            }
            None => {
                read.findings.push(Finding::error("not-enabled", &node.span, what).fix(add));
                return;
            }
        }
    }
    let rule = read.rule(node, &ANNOTATIONS, matcher);
    if rule.origins.is_empty() {
        rule.origins.push(OriginEntry {
            text: "*".to_owned(),
            span: node.span.clone(),
            matcher: Matcher::Any,
        });
    }
    let defaults = |spots: &mut Vec<Spot<String>>, names: &[&str]| {
        if spots.is_empty() {
            spots
                .extend(names.iter().map(|name| Spot { value: (*name).to_owned(), span: node.span.clone() }));
        }
    };
    defaults(&mut rule.methods, &["GET", "PUT", "POST", "DELETE", "PATCH"]);
    // Among the controller's defaults are names that browsers set themselves: they do no harm, and are not repeated.
    defaults(&mut rule.headers, &["Content-Type", "Authorization", "Range", "X-CustomHeader"]);
    let mut findings = Vec::new();
    for origin in &rule.origins {
        if let Matcher::Glob { text, .. } = &origin.matcher {
            let host = text.split_once("://").map_or(text.as_str(), |(_, host)| host);
            if !host.starts_with("*.") || host.matches('*').count() > 1 {
                let what = "ingress-nginx takes a `*` for the leftmost label alone: this entry matches nothing, and with validation, on since 1.12, the whole annotation is refused and `*` is sent to everybody in its place";
                findings.push(
                    Finding::error("never-matches", &origin.span, what)
                        .fix("write https://*.example.com, or list the origins"),
                );
            }
        }
    }
    read.findings.extend(findings);
}

fn says(feature: Feature) -> Saying {
    match feature {
        Feature::Subdomains => Saying::Narrower("one label stands for the `*`"),
        Feature::InnerStar | Feature::AnyPort => Saying::Not("the validator refuses it"),
        Feature::PrivateNetwork => Saying::Not("there is no annotation for it"),
        Feature::AnyOriginWithCredentials => {
            Saying::Not("it sends `*`, which browsers refuse with credentials")
        }
        Feature::AnyHeader | Feature::AnyHeaderWithCredentials => Saying::Not("the validator refuses `*`"),
        Feature::Vary => Saying::Not("it sends no Vary"),
        _ => Saying::Exact,
    }
}
