//! Azure Blob Storage, and its tables, queues and files: XML, ARM and Bicep's JSON, Terraform.
//!
//! The first rule that fits origin and method decides. Origins are compared exactly, in their case; `https://*.domain` is taken.

use super::{Row, found, walk};
use crate::export::{Feature, Plan, Saying};
use crate::finding::Finding;
use crate::matcher::{Matcher, Star};
use crate::node::{Node, Value};
use crate::reader::{Fields, List, NONE, Read};
use crate::rule::{AnyWithCredentials, Condition, Credentials, PLAIN, Program};
use crate::source::Source;
use crate::tree::{Tree, xml_text};

const METHODS: &[&str] = &["DELETE", "GET", "HEAD", "MERGE", "POST", "OPTIONS", "PUT", "PATCH"];

static PROGRAM: Program = Program {
    title: "Azure Storage",
    credentials: Credentials::OfListed,
    any_with_credentials: AnyWithCredentials::Refused,
    echoes_headers: true,
    methods: Some(METHODS),
    any_method: false,
    lists_simple_methods: true,
    notes: &[(
        Condition::Listed,
        "vary-where-matched",
        "Azure Storage sends Vary only on GET and HEAD: a cache in front of it may give a response without fields to a page",
        "put Origin into the cache's key",
    )],
    ..PLAIN
};

const ARM: Fields = Fields {
    program: &PROGRAM,
    origins: &["allowedOrigins"],
    methods: &["allowedMethods"],
    headers: &["allowedHeaders"],
    exposed: &["exposedHeaders"],
    max_age: &["maxAgeInSeconds"],
    required: &["allowedOrigins", "allowedMethods", "allowedHeaders", "exposedHeaders", "maxAgeInSeconds"],
    ..NONE
};

const TERRAFORM: Fields = Fields {
    origins: &["allowed_origins"],
    methods: &["allowed_methods"],
    headers: &["allowed_headers"],
    exposed: &["exposed_headers"],
    max_age: &["max_age_in_seconds"],
    required: &[
        "allowed_origins",
        "allowed_methods",
        "allowed_headers",
        "exposed_headers",
        "max_age_in_seconds",
    ],
    ..ARM
};

const ELEMENTS: Fields = Fields {
    origins: &["AllowedOrigins"],
    methods: &["AllowedMethods"],
    headers: &["AllowedHeaders"],
    exposed: &["ExposedHeaders"],
    max_age: &["MaxAgeInSeconds"],
    required: &["AllowedOrigins", "AllowedMethods", "AllowedHeaders", "ExposedHeaders", "MaxAgeInSeconds"],
    list: List::Commas,
    ..ARM
};

pub(super) const ROW: Row = Row {
    name: "azure-blob",
    other_names: &["azure", "azure-storage"],
    title: "Azure Blob Storage",
    read,
    is_variant: false,
    says,
    methods: Some(METHODS),
    write: Some(write),
    comment: None,
};

pub(super) const XML: Row = Row {
    name: "azure-blob-xml",
    other_names: &[],
    title: "Azure Blob Storage, XML",
    is_variant: true,
    write: Some(write_xml),
    ..ROW
};

/// Returns true for an origin with a `*` for its leftmost labels, and no other, as Azure takes it.
pub(super) fn has_leading_star(origin: &str) -> bool {
    let host = origin.split_once("://").map(|(_, host)| host);
    host.is_some_and(|host| host.starts_with("*.") && host.matches('*').count() == 1)
}

fn matcher(node: &Node) -> Matcher {
    let text = node.scalar().unwrap_or_default();
    match text {
        "*" => Matcher::Any,
        _ if has_leading_star(text) => Matcher::glob(text, Star::Characters),
        _ if text.contains('*') => Matcher::Never {
            why: "a `*` is taken for the leftmost label alone, after the scheme".to_owned(),
            fix: "write https://*.example.com, or list the origins".to_owned(),
        },
        _ => Matcher::exact(text),
    }
}

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    walk(source, |node, path| {
        let is_azure = |node: &Node| {
            node.entries().iter().any(|entry| entry.key == "maxAgeInSeconds" || entry.key == "allowedOrigins")
        };
        let mut count = 0_usize;
        let mut last = node.span.clone();
        for entry in node.entries() {
            match entry.key.as_str() {
                "corsRules" => {
                    for rule in entry.node.items().iter().filter(|rule| is_azure(rule)) {
                        rule_of(rule, &ARM, &mut read);
                        count = count.saturating_add(1);
                        last = rule.span.clone();
                    }
                }
                "CorsRule" if matches!(entry.node.value, Value::Map(_)) => {
                    rule_of(&entry.node, &ELEMENTS, &mut read);
                    count = count.saturating_add(1);
                    last = entry.node.span.clone();
                }
                "cors_rule" if path.iter().any(|key| key.starts_with("azurerm_storage")) => {
                    rule_of(&entry.node, &TERRAFORM, &mut read);
                    count = count.saturating_add(1);
                    last = entry.node.span.clone();
                }
                _ => {}
            }
        }
        if count > 5 {
            let what = format!("a service takes 5 rules, and there are {count}");
            read.findings.push(
                Finding::error("too-many-rules", &last, what)
                    .fix("fold those with the same methods and headers"),
            );
        }
        false
    });
    found(read)
}

fn rule_of(node: &Node, fields: &Fields, read: &mut Read) {
    let rule = read.rule(node, fields, matcher);
    let mut findings = Vec::new();
    for spot in rule.headers.iter().chain(&rule.exposed).chain(&rule.methods) {
        if spot.value.len() > 256 {
            findings.push(Finding::error("too-long", &spot.span, "an entry has 256 characters at most"));
        }
    }
    for list in [&rule.headers, &rule.exposed] {
        let prefixed: Vec<_> =
            list.iter().filter(|spot| spot.value.len() > 1 && spot.value.ends_with('*')).collect();
        if let Some(third) = prefixed.get(2) {
            let what = "a list takes two names with a `*` at their end";
            findings.push(Finding::error("too-many-prefixes", &third.span, what));
        }
    }
    read.findings.extend(findings);
}

fn says(feature: Feature) -> Saying {
    match feature {
        Feature::StarInName => Saying::Wider("a `*` in a name stands for any characters there"),
        Feature::InnerStar | Feature::AnyPort => Saying::Not("a `*` is taken for the leftmost label alone"),
        Feature::Null => Saying::Not("whether the service takes null is not known"),
        Feature::NoCredentials => {
            Saying::Wider("Azure Storage sends Access-Control-Allow-Credentials: true to each listed origin")
        }
        Feature::AnyOriginWithCredentials => Saying::Not("Azure Storage never sends credentials with `*`"),
        Feature::AnyMethod | Feature::AnyMethodWithCredentials => Saying::Not("there is no `*` for methods"),
        Feature::PrivateNetwork => Saying::Not("the service does not answer it"),
        Feature::Vary => {
            Saying::Told("Vary is sent on GET and HEAD alone: a cache in front needs Origin in its key")
        }
        _ => Saying::Exact,
    }
}

fn write(plan: &Plan) -> String {
    let rule = Tree::map([
        Some(("allowedOrigins", Tree::texts(&plan.origins))),
        Some(("allowedMethods", Tree::texts(&plan.methods))),
        Some(("allowedHeaders", Tree::texts(&plan.headers))),
        Some(("exposedHeaders", Tree::texts(&plan.exposed))),
        Some(("maxAgeInSeconds", Tree::Number(plan.max_age.unwrap_or(5).into()))),
    ]);
    Tree::map([Some(("cors", Tree::map([Some(("corsRules", Tree::List(vec![rule])))])))]).json()
}

fn write_xml(plan: &Plan) -> String {
    let element =
        |name: &str, values: &[String]| format!("    <{name}>{}</{name}>\n", xml_text(&values.join(",")));
    format!(
        "<Cors>\n  <CorsRule>\n{}{}{}{}    <MaxAgeInSeconds>{}</MaxAgeInSeconds>\n  </CorsRule>\n</Cors>\n",
        element("AllowedOrigins", &plan.origins),
        element("AllowedMethods", &plan.methods),
        element("AllowedHeaders", &plan.headers),
        element("ExposedHeaders", &plan.exposed),
        plan.max_age.unwrap_or(5),
    )
}
