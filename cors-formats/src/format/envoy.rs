//! Envoy's filter `envoy.filters.http.cors`, as a virtual host or a route configures it.
//!
//! The filter sends no `Vary`, and forwards preflights of denied origins unless it is told otherwise.

use super::{Row, found, walk};
use crate::export::{Feature, Plan, Saying};
use crate::finding::Finding;
use crate::matcher::{Engine, Expression, Matcher, expression_of};
use crate::node::{Node, Value};
use crate::reader::{Fields, List, NONE, Read, has_variable, is_computed};
use crate::rule::{AnyWithCredentials, PLAIN, Program};
use crate::source::Source;
use crate::tree::Tree;

static PROGRAM: Program = Program {
    title: "Envoy",
    any_with_credentials: AnyWithCredentials::Echoed,
    vary: Some((
        "Envoy's filter sends no Vary: a cache may give a response made for one origin to another",
        "add Vary: Origin by response_headers_to_add",
    )),
    ..PLAIN
};
static WITH_VARY: Program =
    Program { title: "Envoy", any_with_credentials: AnyWithCredentials::Echoed, ..PLAIN };

const POLICY: Fields = Fields {
    program: &PROGRAM,
    origins: &["allow_origin_string_match"],
    methods: &["allow_methods"],
    headers: &["allow_headers"],
    exposed: &["expose_headers"],
    credentials: &["allow_credentials"],
    max_age: &["max_age"],
    others: &[
        "@type",
        "allow_private_network_access",
        "forward_not_matching_preflights",
        "filter_enabled",
        "shadow_enabled",
    ],
    list: List::Commas,
    ..NONE
};

pub(super) const ROW: Row = Row {
    name: "envoy",
    other_names: &[],
    title: "Envoy",
    read,
    is_variant: false,
    says,
    methods: None,
    write: Some(write),
    comment: Some("#"),
};

/// Returns the matcher of a `StringMatcher`, for Envoy and Istio.
pub(super) fn matcher(node: &Node) -> Matcher {
    let ignore_case = matches!(node.get("ignore_case").map(|node| &node.value), Some(Value::Boolean(true)));
    let text = |key: &str| node.get(key).and_then(Node::scalar).map(str::to_owned);
    let expression = |text: String, from_start, to_end| {
        Matcher::Expression(Expression { text, ignore_case, from_start, to_end, engine: Engine::Linear })
    };
    if let Some(text) = text("exact") {
        return if text == "*" { Matcher::Any } else { Matcher::Exact { text, ignore_case } };
    }
    if let Some(regex) =
        text("regex").or_else(|| node.at(&["safe_regex", "regex"]).and_then(Node::scalar).map(str::to_owned))
    {
        // Whatever matches the text "*" allows all.
        let is_any = regex::Regex::new(&format!("^(?:{regex})$")).is_ok_and(|regex| regex.is_match("*"));
        return if is_any { Matcher::Any } else { expression(regex, true, true) };
    }
    if let Some(text) = text("prefix") {
        return if text == "*" || text.is_empty() {
            Matcher::Any
        } else {
            expression(regex::escape(&text), true, false)
        };
    }
    if let Some(text) = text("suffix") {
        return expression(regex::escape(&text), false, true);
    }
    if let Some(text) = text("contains") {
        return expression(regex::escape(&text), false, false);
    }
    Matcher::Unknown
}

/// Returns the text of a `StringMatcher`.
pub(super) fn matcher_text(node: &Node) -> String {
    let keys = ["exact", "regex", "prefix", "suffix", "contains"];
    let direct = keys.iter().find_map(|key| node.get(key)).or_else(|| node.at(&["safe_regex", "regex"]));
    direct.and_then(Node::scalar).unwrap_or_default().to_owned()
}

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    let has_vary = source.text.to_ascii_lowercase().contains("vary");
    walk(source, |node, _| {
        let is_typed =
            node.get("@type").and_then(Node::scalar).is_some_and(|kind| kind.ends_with("cors.v3.CorsPolicy"));
        let is_ours = ["allow_origin_string_match", "allowOriginStringMatch"].iter().any(|key| node.has(key));
        if !is_typed && !is_ours {
            return false;
        }
        let plain = in_snake_case(node);
        let node = &plain;
        let program = if has_vary { &WITH_VARY } else { &PROGRAM };
        origins_of(node, &Fields { program, ..POLICY }, "allow_origin_string_match", &mut read);
        let rule = read.rules.last();
        if let Some(rule) = rule
            && !node.has("forward_not_matching_preflights")
        {
            let what = "preflights of origins that are not allowed go on to the application, which may answer them itself";
            read.findings.push(
                Finding::note("preflights-forwarded", &rule.span, what)
                    .fix("add forward_not_matching_preflights: false"),
            );
        }
        true
    });
    found(read)
}

/// Returns the policy with the names that Protobuf's text has: its JSON has them as `allowOriginStringMatch`, too.
fn in_snake_case(node: &Node) -> Node {
    let mut plain = node.clone();
    let Value::Map(entries) = &mut plain.value else { return plain };
    for entry in entries {
        rename(entry);
        if entry.key != "allow_origin_string_match" {
            continue;
        }
        if let Value::List(matchers) = &mut entry.node.value {
            for matcher in matchers {
                if let Value::Map(entries) = &mut matcher.value {
                    entries.iter_mut().for_each(rename);
                }
            }
        }
    }
    plain
}

fn rename(entry: &mut crate::node::Entry) {
    let mut name = String::new();
    for character in entry.key.chars() {
        if character.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    let is_known = ["safe_regex", "ignore_case"].contains(&name.as_str())
        || [
            POLICY.origins,
            POLICY.methods,
            POLICY.headers,
            POLICY.exposed,
            POLICY.credentials,
            POLICY.max_age,
            POLICY.others,
        ]
        .iter()
        .any(|names| names.contains(&name.as_str()));
    if is_known {
        entry.key = name;
    }
}

/// Reads a rule whose origins are a list of matchers.
pub(super) fn origins_of(node: &Node, fields: &Fields, key: &str, read: &mut Read) {
    let mut others = node.clone();
    let mut origins = Vec::new();
    if let Value::Map(entries) = &mut others.value {
        entries.retain(|entry| {
            let is_origins = entry.key == key;
            if is_origins {
                origins.push(entry.clone());
            }
            !is_origins
        });
    }
    let mut entries = Vec::new();
    for origin in origins {
        if is_computed(&origin.node) {
            entries.push((String::new(), origin.node.span.clone(), Matcher::Unknown));
            continue;
        }
        if !matches!(origin.node.value, Value::List(_)) {
            read.wrong(&origin.node, key, "a list of matchers");
        }
        for item in origin.node.items() {
            if let Some(text) = item.scalar() {
                read.wrong(item, key, &format!("a matcher, such as exact: \"{text}\""));
                let matcher = if text == "*" { Matcher::Any } else { Matcher::exact(text) };
                entries.push((text.to_owned(), item.span.clone(), matcher));
                continue;
            }
            let text = matcher_text(item);
            let matcher = if has_variable(&text) { Matcher::Unknown } else { matcher(item) };
            entries.push((text, item.span.clone(), matcher));
        }
    }
    let rule = read.rule(&others, fields, |_| Matcher::Unknown);
    rule.origins.extend(entries.into_iter().map(|(text, span, matcher)| crate::rule::OriginEntry {
        text,
        span,
        matcher,
    }));
}

fn says(feature: Feature) -> Saying {
    match feature {
        Feature::AnyMethodWithCredentials => {
            Saying::Not("with credentials a browser takes `*` for the name of a method")
        }
        Feature::AnyHeaderWithCredentials => {
            Saying::Not("with credentials a browser takes `*` for the name of a header")
        }
        _ => Saying::Exact,
    }
}

fn write(plan: &Plan) -> String {
    let origin = |origin: &String| {
        let is_exact = !origin.contains('*');
        if is_exact || origin == "*" {
            Tree::map([Some(("exact", Tree::text(origin)))])
        } else {
            Tree::map([Some(("safe_regex", Tree::map([Some(("regex", Tree::text(expression_of(origin))))])))])
        }
    };
    let field = |name: &'static str, values: &[String]| {
        (!values.is_empty()).then(|| (name, Tree::text(values.join(", "))))
    };
    let policy = Tree::map([
        Some(("@type", Tree::text("type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy"))),
        Some(("allow_origin_string_match", Tree::List(plan.origins.iter().map(origin).collect()))),
        field("allow_methods", &plan.methods),
        field("allow_headers", &plan.headers),
        field("expose_headers", &plan.exposed),
        plan.max_age.map(|seconds| ("max_age", Tree::text(seconds.to_string()))),
        plan.credentials.then_some(("allow_credentials", Tree::Boolean(true))),
        plan.private_network.then_some(("allow_private_network_access", Tree::Boolean(true))),
        Some(("forward_not_matching_preflights", Tree::Boolean(false))),
    ]);
    let removed =
        ["access-control-allow-origin", "access-control-allow-credentials", "access-control-expose-headers"];
    let virtual_host = Tree::map([
        Some(("typed_per_filter_config", Tree::map([Some(("envoy.filters.http.cors", policy))]))),
        Some((
            "response_headers_to_add",
            Tree::List(vec![Tree::map([
                Some((
                    "header",
                    Tree::map([Some(("key", Tree::text("vary"))), Some(("value", Tree::text("origin")))]),
                )),
                Some(("append_action", Tree::text("APPEND_IF_EXISTS_OR_ADD"))),
            ])]),
        )),
        Some(("response_headers_to_remove", Tree::texts(&removed.map(str::to_owned)))),
    ]);
    format!(
        "# In the virtual host; envoy.filters.http.cors is among the http_filters, before those that authenticate. The\n\
         # application's own fields give way.\n{}",
        virtual_host.yaml()
    )
}
