//! CloudFront's response headers policy.
//!
//! `*` stands alone, or for the leftmost labels. With `OriginOverride` false the origin's own fields win.

use super::{Row, found, walk};
use crate::export::{Feature, Plan, Saying};
use crate::finding::Finding;
use crate::matcher::{Engine, Expression, Matcher, Star};
use crate::node::{Node, Value};
use crate::reader::{Fields, NONE, Read};
use crate::rule::{AnyWithCredentials, Condition, PLAIN, Program};
use crate::source::Source;
use crate::tree::Tree;

const METHODS: &[&str] = &["GET", "DELETE", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "ALL"];

static PROGRAM: Program = Program {
    title: "CloudFront",
    any_with_credentials: AnyWithCredentials::SentAsStar,
    methods: Some(METHODS),
    any_method: false,
    notes: &[(
        Condition::Always,
        "preflights-at-origin",
        "preflights still go to the origin, unless a function answers them",
        "let OPTIONS through to an origin that answers it",
    )],
    ..PLAIN
};

const CONFIG: Fields = Fields {
    program: &PROGRAM,
    origins: &["AccessControlAllowOrigins"],
    methods: &["AccessControlAllowMethods"],
    headers: &["AccessControlAllowHeaders"],
    exposed: &["AccessControlExposeHeaders"],
    credentials: &["AccessControlAllowCredentials"],
    max_age: &["AccessControlMaxAgeSec"],
    others: &["OriginOverride"],
    required: &[
        "AccessControlAllowOrigins",
        "AccessControlAllowHeaders",
        "AccessControlAllowMethods",
        "AccessControlAllowCredentials",
        "OriginOverride",
    ],
    ..NONE
};

const TERRAFORM: Fields = Fields {
    origins: &["access_control_allow_origins"],
    methods: &["access_control_allow_methods"],
    headers: &["access_control_allow_headers"],
    exposed: &["access_control_expose_headers"],
    credentials: &["access_control_allow_credentials"],
    max_age: &["access_control_max_age_sec"],
    others: &["origin_override"],
    required: &[
        "access_control_allow_origins",
        "access_control_allow_headers",
        "access_control_allow_methods",
        "access_control_allow_credentials",
        "origin_override",
    ],
    ..CONFIG
};

pub(super) const ROW: Row = Row {
    name: "cloudfront",
    other_names: &[],
    title: "CloudFront",
    read,
    is_variant: false,
    says,
    methods: Some(METHODS),
    write: Some(write),
    comment: None,
};

fn matcher(node: &Node) -> Matcher {
    let text = node.scalar().unwrap_or_default();
    let host = text.split_once("://").map_or(text, |(_, host)| host);
    match text {
        "*" => Matcher::Any,
        _ if host.starts_with("*.") && host.matches('*').count() == 1 => {
            if text.contains("://") {
                Matcher::Glob { text: text.to_owned(), star: Star::Characters, ignore_case: false }
            } else {
                Matcher::Expression(Expression {
                    text: format!("https?://{}", regex::escape(host).replace(r"\*", ".+")),
                    ignore_case: false,
                    from_start: true,
                    to_end: true,
                    engine: Engine::Linear,
                })
            }
        }
        _ if text.contains('*') => Matcher::Never {
            why: "a `*` stands alone, or for the leftmost labels".to_owned(),
            fix: "write https://*.example.com, or list the origins".to_owned(),
        },
        _ => Matcher::exact(text),
    }
}

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    walk(source, |node, path| {
        let is_config = ["AccessControlAllowOrigins", "access_control_allow_origins"]
            .iter()
            .any(|key| node.has(key))
            || path.last().is_some_and(|key| *key == "CorsConfig" || *key == "cors_config")
                && node.entries().iter().any(|entry| entry.key.to_ascii_lowercase().starts_with("access"));
        if !is_config {
            return false;
        }
        let mut plain = node.clone();
        if let Value::Map(entries) = &mut plain.value {
            for entry in entries {
                // A list is {Items, Quantity} in the API, and `items` in Terraform.
                let items = entry.node.get("Items").or_else(|| entry.node.get("items")).cloned();
                if let (Some(items), Some(quantity)) = (&items, entry.node.get("Quantity"))
                    && quantity.scalar() != Some(items.items().len().to_string().as_str())
                {
                    let what = format!("Quantity is not the number of the items, {}", items.items().len());
                    let fix = format!("write {}", items.items().len());
                    read.findings.push(Finding::error("wrong-quantity", &quantity.span, what).fix(fix));
                }
                if let Some(items) = items {
                    entry.node = items;
                }
            }
        }
        let is_terraform = node.has("access_control_allow_origins") || path.last() == Some(&"cors_config");
        let rule = read.rule(&plain, if is_terraform { &TERRAFORM } else { &CONFIG }, matcher);
        let mut findings = Vec::new();
        if rule.has_credentials()
            && let Some(star) = rule.headers.iter().find(|header| header.value == "*")
        {
            let what = "CloudFront refuses `*` among the headers with credentials";
            findings.push(Finding::error("refused-star", &star.span, what).fix("list the headers"));
        }
        let overridden = ["OriginOverride", "origin_override"].iter().find_map(|key| node.get(key));
        if let Some(node) = overridden
            && matches!(node.value, Value::Boolean(false))
        {
            let what = "the origin's own fields win over these where it sends some";
            findings.push(Finding::note("two-layers", &node.span, what).fix("write true"));
        }
        read.findings.extend(findings);
        true
    });
    found(read)
}

fn says(feature: Feature) -> Saying {
    match feature {
        Feature::StarInName => Saying::Wider("a `*` in a name stands for any characters there"),
        Feature::InnerStar | Feature::AnyPort => Saying::Not("a `*` stands for the leftmost labels alone"),
        Feature::Null | Feature::ApplicationScheme => Saying::Not("whether CloudFront takes it is not known"),
        Feature::AnyOriginWithCredentials => {
            Saying::Not("CloudFront sends `*`, which browsers refuse with credentials")
        }
        Feature::AnyMethod | Feature::AnyMethodWithCredentials => {
            Saying::Not("`ALL` is a list of seven methods")
        }
        Feature::AnyHeaderWithCredentials => Saying::Not("CloudFront refuses it"),
        Feature::PrivateNetwork => Saying::Not("CloudFront does not answer it"),
        Feature::Vary => Saying::Told("preflights go to the origin, unless a function answers them"),
        _ => Saying::Exact,
    }
}

fn write(plan: &Plan) -> String {
    let items = |name: &'static str, values: &[String]| {
        Some((name, Tree::map([Some(("Items", Tree::texts(values)))])))
    };
    Tree::map([Some((
        "CorsConfig",
        Tree::map([
            items("AccessControlAllowOrigins", &plan.origins),
            items("AccessControlAllowMethods", &plan.methods),
            items("AccessControlAllowHeaders", &plan.headers),
            (!plan.exposed.is_empty()).then(|| items("AccessControlExposeHeaders", &plan.exposed)).flatten(),
            Some(("AccessControlAllowCredentials", Tree::Boolean(plan.credentials))),
            plan.max_age.map(|seconds| ("AccessControlMaxAgeSec", Tree::Number(seconds.into()))),
            Some(("OriginOverride", Tree::Boolean(true))),
        ]),
    ))])
    .json()
}
