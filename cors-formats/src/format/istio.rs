//! Istio's `VirtualService`, whose `corsPolicy` becomes Envoy's filter.

use super::envoy::origins_of;
use super::{Row, found, walk};
use crate::export::{Feature, Plan, Saying};
use crate::finding::Finding;
use crate::matcher::{Matcher, expression_of};
use crate::reader::{CAMEL_CASE, Fields, Read, WrittenAge};
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program};
use crate::source::Source;
use crate::tree::Tree;

static PROGRAM: Program = Program {
    title: "Istio",
    any_with_credentials: AnyWithCredentials::Echoed,
    vary: Some((
        "Envoy sends no Vary: a cache may give a response made for one origin to another",
        "add vary: Origin under headers.response.add of the route",
    )),
    ..PLAIN
};
static WITH_VARY: Program =
    Program { title: "Istio", any_with_credentials: AnyWithCredentials::Echoed, ..PLAIN };

const POLICY: Fields = Fields {
    program: &PROGRAM,
    others: &["unmatchedPreflights", "allowOrigin"],
    written_age: WrittenAge::Duration,
    ..CAMEL_CASE
};

pub(super) const ROW: Row = Row {
    name: "istio",
    other_names: &["virtualservice"],
    title: "Istio",
    read,
    is_variant: false,
    says,
    methods: None,
    write: Some(write),
    comment: Some("#"),
};

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    let has_vary = source.text.to_ascii_lowercase().contains("vary");
    walk(source, |node, path| {
        // Contour's `HTTPProxy` has a field of this name, too.
        let is_contour = node.has("fqdn") || path.last() == Some(&"virtualhost");
        let Some(policy) = node.get("corsPolicy").filter(|_| !is_contour) else { return false };
        let program = if has_vary { &WITH_VARY } else { &PROGRAM };
        origins_of(policy, &Fields { program, ..POLICY }, "allowOrigins", &mut read);
        if let Some(old) = policy.get("allowOrigin") {
            let what = "allowOrigin is deprecated in favour of allowOrigins";
            read.findings.push(
                Finding::warning("deprecated-field", &old.span, what).fix("write allowOrigins with exact: …"),
            );
        }
        for origin in policy.get("allowOrigins").map(crate::node::Node::items).unwrap_or_default() {
            if origin.get("regex").and_then(crate::node::Node::scalar) == Some("*") {
                let what = "the expression `*` is invalid, and the whole gateway refuses its routes with it";
                read.findings
                    .push(Finding::error("invalid-expression", &origin.span, what).fix("list the origins"));
            }
        }
        if let Some(rule) = read.rules.last_mut() {
            for item in policy.get("allowOrigin").map(crate::node::Node::items).unwrap_or_default() {
                let text = item.scalar().unwrap_or_default().to_owned();
                let matcher = if text == "*" { Matcher::Any } else { Matcher::exact(&text) };
                rule.origins.push(OriginEntry { text, span: item.span.clone(), matcher });
            }
        }
        false
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
        Feature::PrivateNetwork => Saying::Not("corsPolicy has no field for it"),
        _ => Saying::Exact,
    }
}

fn write(plan: &Plan) -> String {
    let origin = |origin: &String| {
        if !origin.contains('*') || origin == "*" {
            Tree::map([Some(("exact", Tree::text(origin)))])
        } else {
            Tree::map([Some(("regex", Tree::text(expression_of(origin))))])
        }
    };
    let list =
        |name: &'static str, values: &[String]| (!values.is_empty()).then(|| (name, Tree::texts(values)));
    let route = Tree::map([
        Some((
            "corsPolicy",
            Tree::map([
                Some(("allowOrigins", Tree::List(plan.origins.iter().map(origin).collect()))),
                list("allowMethods", &plan.methods),
                list("allowHeaders", &plan.headers),
                list("exposeHeaders", &plan.exposed),
                plan.max_age.map(|seconds| ("maxAge", Tree::text(format!("{seconds}s")))),
                plan.credentials.then_some(("allowCredentials", Tree::Boolean(true))),
                Some(("unmatchedPreflights", Tree::text("IGNORE"))),
            ]),
        )),
        Some((
            "headers",
            Tree::map([Some((
                "response",
                Tree::map([Some(("add", Tree::map([Some(("vary", Tree::text("Origin")))])))]),
            ))]),
        )),
    ]);
    format!("# In each route of spec.http of the VirtualService.\n{}", route.yaml())
}
