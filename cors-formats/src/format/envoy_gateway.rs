//! Envoy Gateway's `SecurityPolicy`, whose `cors` becomes Envoy's filter. A `*` in an origin stands for any characters.

use super::{READ_ONLY, Row, found, walk};
use crate::matcher::{Matcher, Star};
use crate::node::Node;
use crate::reader::{CAMEL_CASE, Fields, Read, WrittenAge};
use crate::rule::{AnyWithCredentials, PLAIN, Program};
use crate::source::Source;

static PROGRAM: Program = Program {
    title: "Envoy Gateway",
    any_with_credentials: AnyWithCredentials::Echoed,
    vary: Some((
        "Envoy sends no Vary: a cache may give a response made for one origin to another",
        "add Vary: Origin by the filter ResponseHeaderModifier of the route",
    )),
    ..PLAIN
};

const POLICY: Fields = Fields { program: &PROGRAM, written_age: WrittenAge::Either, ..CAMEL_CASE };

pub(super) const ROW: Row = Row {
    name: "envoy-gateway",
    other_names: &["securitypolicy"],
    title: "Envoy Gateway",
    read,
    ..READ_ONLY
};

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    walk(source, |node, _| {
        let is_policy = node.get("kind").and_then(Node::scalar) == Some("SecurityPolicy");
        let Some(cors) = node.at(&["spec", "cors"]).filter(|_| is_policy) else { return false };
        read.rule(cors, &POLICY, |node| Matcher::glob(node.scalar().unwrap_or_default(), Star::Characters));
        true
    });
    found(read)
}
