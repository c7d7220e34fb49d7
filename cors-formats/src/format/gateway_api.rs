//! Kubernetes Gateway API: the filter `CORS` of an `HTTPRoute`.
//!
//! A `*` stands for one label or several. The schema refuses every other place of one; implementations differ.

use super::{Row, found, walk};
use crate::export::{Feature, Plan, Saying};
use crate::finding::Finding;
use crate::matcher::{Matcher, Star};
use crate::node::Node;
use crate::reader::{CAMEL_CASE, Fields, Read};
use crate::rule::{AnyWithCredentials, Condition, PLAIN, Program};
use crate::source::Source;
use crate::tree::Tree;

const METHODS: &[&str] =
    &["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "*"];

static PROGRAM: Program = Program {
    title: "the Gateway API",
    any_with_credentials: AnyWithCredentials::Echoed,
    echoes_headers: true,
    methods: Some(METHODS),
    notes: &[(
        Condition::Listed,
        "implementations-differ",
        "implementations differ in what they take: Istio before 1.29 ignored https://*.example.com, kgateway once had exact origins alone",
        "try an origin of each entry on your gateway: cors probe URL --origin ORIGIN",
    )],
    ..PLAIN
};

const FILTER: Fields = Fields { program: &PROGRAM, ..CAMEL_CASE };

pub(super) const ROW: Row = Row {
    name: "gateway-api",
    other_names: &["httproute"],
    title: "Kubernetes Gateway API",
    read,
    is_variant: false,
    says,
    methods: Some(METHODS),
    write: Some(write),
    comment: Some("#"),
};

fn matcher(node: &Node) -> Matcher {
    let text = node.scalar().unwrap_or_default();
    Matcher::glob(text, Star::Labels)
}

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    walk(source, |node, path| {
        let is_filter = node.get("type").and_then(Node::scalar) == Some("CORS");
        let Some(cors) = node.get("cors").filter(|_| is_filter || path.last() == Some(&"filters")) else {
            return false;
        };
        let rule = read.rule(cors, &FILTER, matcher);
        let mut findings = Vec::new();
        for origin in &rule.origins {
            let text = origin.text.as_str();
            if text != "*" && !is_taken(text) {
                let what = "the schema refuses this origin: it takes *, https://host and https://*.domain, with a port or without";
                findings.push(Finding::error("refused-origin", &origin.span, what));
            }
        }
        for (name, count) in [
            ("allowOrigins", rule.origins.len()),
            ("allowHeaders", rule.headers.len()),
            ("exposeHeaders", rule.exposed.len()),
        ] {
            if count > 64 {
                let what = format!("{name} has {count} entries, and the schema takes 64");
                findings.push(Finding::error("too-many-entries", &rule.span, what));
            }
        }
        if let Some(age) = rule.max_age.as_ref().filter(|age| age.value < 1) {
            findings.push(
                Finding::error("refused-max-age", &age.span, "the schema takes a maxAge of 1 or more")
                    .fix("leave it out: 5 seconds"),
            );
        }
        if !is_filter {
            let what = "a filter with `cors` needs `type: CORS`";
            findings.push(Finding::error("missing-field", &node.span, what).fix("add type: CORS"));
        }
        read.findings.extend(findings);
        true
    });
    found(read)
}

fn is_taken(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let host = rest
        .split_once(':')
        .map_or(rest, |(host, port)| if port.bytes().all(|byte| byte.is_ascii_digit()) { host } else { "" });
    let labels = host.strip_prefix("*.").unwrap_or(host);
    (scheme == "http" || scheme == "https")
        && (host == "*"
            || labels.split('.').all(|label| {
                !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            }))
}

fn says(feature: Feature) -> Saying {
    match feature {
        Feature::Subdomains => {
            Saying::Told("implementations of the Gateway API differ: try https://*.… on yours")
        }
        Feature::InnerStar
        | Feature::AnyPort
        | Feature::Null
        | Feature::ApplicationScheme
        | Feature::Ipv6 => Saying::Not("the schema refuses it"),
        Feature::PrivateNetwork => Saying::Not("the filter has no field for it"),
        Feature::Vary => Saying::Told("whether Vary is sent depends on the implementation"),
        _ => Saying::Exact,
    }
}

fn write(plan: &Plan) -> String {
    let list =
        |name: &'static str, values: &[String]| (!values.is_empty()).then(|| (name, Tree::texts(values)));
    let filter = Tree::List(vec![Tree::map([
        Some(("type", Tree::text("CORS"))),
        Some((
            "cors",
            Tree::map([
                list("allowOrigins", &plan.origins),
                list("allowMethods", &plan.methods),
                list("allowHeaders", &plan.headers),
                list("exposeHeaders", &plan.exposed),
                plan.credentials.then_some(("allowCredentials", Tree::Boolean(true))),
                // Five seconds are the default, and zero is refused.
                plan.max_age.map(|seconds| ("maxAge", Tree::Number(seconds.max(1).into()))),
            ]),
        )),
    ])]);
    format!("# Among the filters of a rule of the HTTPRoute.\nfilters:\n{}", filter.yaml())
}
