//! Traefik's middleware `headers`: YAML, TOML, and the resource `Middleware`.

use std::ops::Range;

use super::{Row, found, walk};
use crate::export::{Feature, Plan, Saying};
use crate::matcher::{Engine, Expression, Matcher, expression_of};
use crate::node::{Entry, Node, Value};
use crate::reader::{Fields, NONE, Read, is_computed, split};
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
        for labels in node.entries().iter().filter(|entry| entry.key == "labels") {
            for middleware in middlewares(&labels.node) {
                headers(&middleware, &mut read);
            }
        }
        if !node.entries().iter().any(|entry| entry.key.starts_with("accessControl")) {
            return false;
        }
        headers(node, &mut read);
        true
    });
    found(read)
}

fn headers(node: &Node, read: &mut Read) {
    let is_ours = |entry: &Entry| {
        entry.key.starts_with("accessControl")
            || entry.key.eq_ignore_ascii_case("addVaryHeader") && node.entries().len() > 1
    };
    let mut ours = node.clone();
    if let Value::Map(entries) = &mut ours.value {
        entries.retain(is_ours);
    }
    let has_vary = matches!(node.get("addVaryHeader").map(|node| &node.value), Some(Value::Boolean(true)));
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
        let matcher = if is_computed(item) { Matcher::Unknown } else { Matcher::Expression(expression) };
        rule.origins.push(OriginEntry { text, span: item.span.clone(), matcher });
    }
}

/// Returns the middlewares that labels of containers define: `traefik.http.middlewares.NAME.headers.FIELD=VALUE`.
fn middlewares(labels: &Node) -> Vec<Node> {
    let lines = labels.items().iter().filter_map(|item| {
        let (name, value) = item.text()?.split_once('=')?;
        Some((name.to_owned(), value.to_owned(), item.span.clone()))
    });
    let pairs = labels.entries().iter().filter_map(|entry| {
        Some((entry.key.clone(), entry.node.scalar()?.to_owned(), entry.node.span.clone()))
    });
    let mut middlewares: Vec<(String, Vec<Entry>, Range<usize>)> = Vec::new();
    for (name, value, span) in lines.chain(pairs) {
        let lower = name.to_ascii_lowercase();
        let Some((middleware, field)) =
            lower.strip_prefix("traefik.http.middlewares.").and_then(|rest| rest.split_once(".headers."))
        else {
            continue;
        };
        let fields = [
            HEADERS.origins,
            HEADERS.methods,
            HEADERS.headers,
            HEADERS.exposed,
            HEADERS.credentials,
            HEADERS.max_age,
            HEADERS.others,
        ];
        let known =
            fields.iter().flat_map(|names| names.iter()).find(|known| known.eq_ignore_ascii_case(field));
        let is_ours = known.is_some() || field.starts_with("accesscontrol");
        if !is_ours {
            continue;
        }
        let key = known
            .map_or_else(|| field.replacen("accesscontrol", "accessControl", 1), |known| (*known).to_owned());
        let value = match key.as_str() {
            "accessControlAllowCredentials" | "addVaryHeader" => {
                Value::Boolean(value.eq_ignore_ascii_case("true"))
            }
            "accessControlMaxAge" => Value::Number(value),
            _ => Value::List(split(&value, &span)),
        };
        let entry = Entry { key, key_span: span.clone(), node: Node { span: span.clone(), value } };
        match middlewares.iter_mut().find(|(other, ..)| other == middleware) {
            Some((_, entries, _)) => entries.push(entry),
            None => middlewares.push((middleware.to_owned(), vec![entry], span)),
        }
    }
    middlewares
        .into_iter()
        .filter(|(_, entries, _)| entries.iter().any(|entry| entry.key.starts_with("accessControl")))
        .map(|(_, entries, span)| Node { span, value: Value::Map(entries) })
        .collect()
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
