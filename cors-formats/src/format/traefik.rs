//! Traefik's middleware `headers`: YAML, TOML, and the resource `Middleware`.

use super::{Row, found, walk};
use crate::export::{Feature, Plan, Saying};
use crate::matcher::{Engine, Expression, Matcher, expression_of};
use crate::node::{Node, Value};
use crate::reader::{Fields, NONE, Read};
use crate::rule::{AnyWithCredentials, Condition, OriginEntry, PLAIN, Program};
use crate::source::Source;
use crate::tree::Tree;

const NOTES: &[(Condition, &str, &str, &str)] = &[];

static PROGRAM: Program = Program {
    title: "Traefik",
    any_with_credentials: AnyWithCredentials::Echoed,
    vary: Some((
        "without addVaryHeader a cache may give a response made for one origin to another",
        "add addVaryHeader: true",
    )),
    notes: NOTES,
    ..PLAIN
};
static WITH_VARY: Program =
    Program { title: "Traefik", any_with_credentials: AnyWithCredentials::Echoed, notes: NOTES, ..PLAIN };

const HEADERS: Fields = Fields {
    program: &PROGRAM,
    origins: &["accessControlAllowOriginList"],
    methods: &["accessControlAllowMethods"],
    headers: &["accessControlAllowHeaders"],
    exposed: &["accessControlExposeHeaders"],
    credentials: &["accessControlAllowCredentials"],
    max_age: &["accessControlMaxAge"],
    others: &["accessControlAllowOriginListRegex", "addVaryHeader"],
    is_closed: false,
    ..NONE
};

pub(super) const ROW: Row = Row {
    name: "traefik",
    other_names: &[],
    title: "Traefik",
    read,
    is_variant: false,
    says,
    methods: None,
    write: Some(write),
    comment: Some("#"),
};

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    walk(source, |node, _| {
        let is_ours = |entry: &crate::node::Entry| {
            entry.key.starts_with("accessControl")
                || entry.key.eq_ignore_ascii_case("addVaryHeader") && node.entries().len() > 1
        };
        if !node.entries().iter().any(|entry| entry.key.starts_with("accessControl")) {
            return false;
        }
        let mut ours = node.clone();
        if let Value::Map(entries) = &mut ours.value {
            entries.retain(is_ours);
        }
        let has_vary =
            matches!(node.get("addVaryHeader").map(|node| &node.value), Some(Value::Boolean(true)));
        let program = if has_vary { &WITH_VARY } else { &PROGRAM };
        let rule = read.rule(&ours, &Fields { program, is_closed: true, ..HEADERS }, |node| {
            let text = node.scalar().unwrap_or_default();
            if text == "*" { Matcher::Any } else { Matcher::exact(text) }
        });
        for item in node.get("accessControlAllowOriginListRegex").map(Node::items).unwrap_or_default() {
            let text = item.scalar().unwrap_or_default().to_owned();
            let expression = Expression {
                text: text.clone(),
                ignore_case: false,
                from_start: false,
                to_end: false,
                engine: Engine::Linear,
            };
            rule.origins.push(OriginEntry {
                text,
                span: item.span.clone(),
                matcher: Matcher::Expression(expression),
            });
        }
        true
    });
    found(read)
}

fn says(feature: Feature) -> Saying {
    match feature {
        Feature::AnyMethodWithCredentials => {
            Saying::Not("with credentials a browser takes `*` for the name of a method")
        }
        Feature::AnyHeaderWithCredentials => {
            Saying::Not("with credentials a browser takes `*` for the name of a header")
        }
        Feature::PrivateNetwork => Saying::Not("the middleware has no field for it"),
        Feature::Vary => Saying::Told("Traefik sends no Vary in the answers to preflights"),
        _ => Saying::Exact,
    }
}

fn write(plan: &Plan) -> String {
    let list =
        |name: &'static str, values: &[String]| (!values.is_empty()).then(|| (name, Tree::texts(values)));
    let (patterns, exact): (Vec<String>, Vec<String>) =
        plan.origins.iter().cloned().partition(|origin| origin.contains('*') && origin != "*");
    let expressions: Vec<String> =
        patterns.iter().map(|pattern| format!("^{}$", expression_of(pattern))).collect();
    let given_way =
        ["Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers"];
    let headers = Tree::map([
        list("accessControlAllowOriginList", &exact),
        list("accessControlAllowOriginListRegex", &expressions),
        list("accessControlAllowMethods", &plan.methods),
        list("accessControlAllowHeaders", &plan.headers),
        list("accessControlExposeHeaders", &plan.exposed),
        plan.credentials.then_some(("accessControlAllowCredentials", Tree::Boolean(true))),
        plan.max_age.map(|seconds| ("accessControlMaxAge", Tree::Number(seconds.into()))),
        Some(("addVaryHeader", Tree::Boolean(true))),
        Some(("customResponseHeaders", Tree::Map(given_way.map(|name| (name, Tree::text(""))).into()))),
    ]);
    let middleware = Tree::map([Some((
        "http",
        Tree::map([Some((
            "middlewares",
            Tree::map([Some(("cors", Tree::map([Some(("headers", headers))])))]),
        ))]),
    ))]);
    format!(
        "# Dynamic configuration; the router has `middlewares: [cors]`, before those that authenticate. The application's own\n\
         # fields give way.\n{}",
        middleware.yaml()
    )
}
