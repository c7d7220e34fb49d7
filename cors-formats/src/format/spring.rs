//! Spring's `CorsConfiguration` in settings: Spring Cloud Gateway's `globalcors`, and `cors` of its endpoints.
//!
//! `allowedOrigins` is compared; in `allowedOriginPatterns` a `*` stands for any characters.

use super::{READ_ONLY, Row, found, walk};
use crate::matcher::{Matcher, Star};
use crate::node::{Node, Value};
use crate::reader::{Fields, NONE, Read, is_computed, split};
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program};
use crate::source::{Notation, Source};

static PROGRAM: Program = Program {
    title: "Spring",
    any_with_credentials: AnyWithCredentials::Refused,
    echoes_headers: true,
    max_age_default: Some(1800),
    ..PLAIN
};
static ECHO: Program = Program {
    title: "Spring",
    any_with_credentials: AnyWithCredentials::Echoed,
    echoes_headers: true,
    max_age_default: Some(1800),
    ..PLAIN
};

const CONFIGURATION: Fields = Fields {
    program: &PROGRAM,
    origins: &["allowedOrigins"],
    methods: &["allowedMethods"],
    headers: &["allowedHeaders"],
    exposed: &["exposedHeaders"],
    credentials: &["allowCredentials"],
    max_age: &["maxAge"],
    others: &["allowedOriginPatterns", "allowedOriginPattern", "allowPrivateNetwork"],
    ..NONE
};

pub(super) const ROW: Row =
    Row { name: "spring", other_names: &["spring-cloud-gateway"], title: "Spring", read, ..READ_ONLY };

fn read(source: &Source<'_>) -> Option<Read> {
    if source.notation != Notation::Yaml {
        return None;
    }
    let mut read = Read::default();
    walk(source, |node, path| {
        let is_cors = path.iter().any(|key| key.eq_ignore_ascii_case("globalcors"))
            || path.last() == Some(&"cors") && (path.contains(&"spring") || path.contains(&"management"))
            || path.last() == Some(&"cors") && path.contains(&"metadata");
        let plain = in_camel_case(node);
        let is_ours = ["allowedOrigins", "allowedOriginPatterns"].iter().any(|key| plain.has(key));
        if !is_cors || !is_ours {
            return false;
        }
        let patterns: Vec<Node> = plain
            .get("allowedOriginPatterns")
            .map(|node| if node.items().is_empty() { vec![node.clone()] } else { node.items().to_vec() })
            .unwrap_or_default();
        let program = if patterns.iter().any(|node| node.scalar() == Some("*")) { &ECHO } else { &PROGRAM };
        let rule = read.rule(&plain, &Fields { program, ..CONFIGURATION }, |node| {
            match node.scalar().unwrap_or_default() {
                "*" => Matcher::Any,
                text => Matcher::exact(text),
            }
        });
        for node in patterns {
            let text = node.scalar().unwrap_or_default().to_owned();
            let matcher = if is_computed(&node) {
                Matcher::Unknown
            } else {
                Matcher::glob(&text.replace("[*]", "*"), Star::Characters)
            };
            rule.origins.push(OriginEntry { text, span: node.span.clone(), matcher });
        }
        true
    });
    found(read)
}

/// Returns the map with `allowed-origins` as `allowedOrigins`, and texts with commas as lists.
fn in_camel_case(node: &Node) -> Node {
    let mut plain = node.clone();
    let Value::Map(entries) = &mut plain.value else { return plain };
    for entry in entries {
        let mut name = String::new();
        let mut is_upper = false;
        for character in entry.key.chars() {
            if character == '-' {
                is_upper = true;
            } else if std::mem::take(&mut is_upper) {
                name.push(character.to_ascii_uppercase());
            } else {
                name.push(character);
            }
        }
        entry.key = name;
        let is_list = entry.key.starts_with("allowed") || entry.key == "exposedHeaders";
        let text = entry.node.text().filter(|_| is_list && !is_computed(&entry.node)).map(str::to_owned);
        if let Some(text) = text {
            entry.node.value = Value::List(split(&text, &entry.node.span));
        }
    }
    plain
}
