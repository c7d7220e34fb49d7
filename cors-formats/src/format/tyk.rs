//! Tyk and `KrakenD`, whose CORS is that of Go's `rs/cors`.
//!
//! A `*` stands for any characters; without origins any is let in.

use super::{READ_ONLY, Row, found, walk};
use crate::matcher::{Matcher, Star};
use crate::node::{Node, Value};
use crate::reader::{Fields, NONE, Read, SNAKE_CASE, WrittenAge};
use crate::rule::{OriginEntry, PLAIN, Program, Spot};
use crate::source::Source;

static PROGRAM: Program = Program { title: "rs/cors", echoes_headers: true, ..PLAIN };

const TYK: Fields = Fields {
    program: &PROGRAM,
    origins: &["allowed_origins", "allowedOrigins"],
    methods: &["allowed_methods", "allowedMethods"],
    headers: &["allowed_headers", "allowedHeaders"],
    exposed: &["exposed_headers", "exposedHeaders"],
    credentials: &["allow_credentials", "allowCredentials"],
    max_age: &["max_age", "maxAge"],
    written_age: WrittenAge::Either,
    others: &["enable", "enabled", "options_passthrough", "optionsPassthrough", "debug"],
    ..NONE
};

const KRAKEND: Fields = Fields {
    program: &PROGRAM,
    others: &["options_passthrough", "options_success_status", "allow_private_network", "debug"],
    written_age: WrittenAge::Either,
    ..SNAKE_CASE
};

pub(super) const ROW: Row =
    Row { name: "tyk", other_names: &["krakend", "rs-cors"], title: "Tyk and KrakenD", read, ..READ_ONLY };

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    walk(source, |node, path| {
        for entry in node.entries() {
            let is_tyk = entry.key == "CORS" && entry.node.has("allowed_origins")
                || entry.key == "cors" && path.last() == Some(&"middleware")
                || entry.key == "cors"
                    && path.last() == Some(&"global")
                    && path.contains(&"x-tyk-api-gateway");
            let is_krakend =
                entry.key == "security/cors" || entry.key == "github_com/devopsfaith/krakend-cors";
            if !is_tyk && !is_krakend || !matches!(entry.node.value, Value::Map(_)) {
                continue;
            }
            let is_off = ["enable", "enabled"].iter().any(|key| {
                matches!(entry.node.get(key).map(|node| &node.value), Some(Value::Boolean(false)))
            });
            if is_off {
                continue;
            }
            rule_of(&entry.node, if is_tyk { &TYK } else { &KRAKEND }, &mut read);
        }
        false
    });
    found(read)
}

fn rule_of(node: &Node, fields: &Fields, read: &mut Read) {
    let rule =
        read.rule(node, fields, |node| Matcher::glob(node.scalar().unwrap_or_default(), Star::Characters));
    if rule.origins.is_empty() {
        let (text, span) = ("*".to_owned(), node.span.clone());
        rule.origins.push(OriginEntry { text, span, matcher: Matcher::Any });
    }
    if rule.methods.is_empty() {
        let span = node.span.clone();
        rule.methods
            .extend(["GET", "HEAD", "POST"].map(|name| Spot { value: name.to_owned(), span: span.clone() }));
    }
}
