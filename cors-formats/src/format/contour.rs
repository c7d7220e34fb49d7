//! Contour's `HTTPProxy`, whose `corsPolicy` becomes Envoy's filter.
//!
//! An origin is a text that is compared, or else an expression for the whole origin.

use super::{READ_ONLY, Row, found, walk};
use crate::matcher::{Engine, Expression, Matcher};
use crate::node::Node;
use crate::reader::{CAMEL_CASE, Fields, Read, WrittenAge};
use crate::rule::{AnyWithCredentials, PLAIN, Program};
use crate::source::Source;

static PROGRAM: Program = Program {
    title: "Contour",
    any_with_credentials: AnyWithCredentials::Echoed,
    vary: Some((
        "Envoy sends no Vary: a cache may give a response made for one origin to another",
        "add Vary: Origin under responseHeadersPolicy",
    )),
    ..PLAIN
};
static WITH_VARY: Program =
    Program { title: "Contour", any_with_credentials: AnyWithCredentials::Echoed, ..PLAIN };

const POLICY: Fields = Fields {
    program: &PROGRAM,
    origins: &["allowOrigin"],
    others: &["allowPrivateNetwork"],
    required: &["allowOrigin", "allowMethods"],
    // `0` and what is below zero switch the field off.
    written_age: WrittenAge::Either,
    ..CAMEL_CASE
};

pub(super) const ROW: Row =
    Row { name: "contour", other_names: &["httpproxy"], title: "Contour", read, ..READ_ONLY };

fn matcher(node: &Node) -> Matcher {
    let text = node.scalar().unwrap_or_default();
    match text {
        "*" => Matcher::Any,
        _ if text.contains(['*', '(', '[', '^', '$', '\\', '+', '?', '|']) => {
            Matcher::Expression(Expression {
                text: text.to_owned(),
                ignore_case: false,
                from_start: true,
                to_end: true,
                engine: Engine::Linear,
            })
        }
        _ => Matcher::exact(text),
    }
}

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    let has_vary = source.text.to_ascii_lowercase().contains("vary");
    walk(source, |node, path| {
        let is_contour = node.has("fqdn") || path.last() == Some(&"virtualhost");
        let Some(policy) = node.get("corsPolicy").filter(|_| is_contour) else { return false };
        let program = if has_vary { &WITH_VARY } else { &PROGRAM };
        read.rule(policy, &Fields { program, ..POLICY }, matcher);
        false
    });
    found(read)
}
