//! Amazon S3, and Cloudflare R2, which takes the same: JSON, XML, CloudFormation, Terraform.
//!
//! The first rule decides whose origin, method and requested headers all match. Listed origins get credentials, `*` does not.

use super::{Row, found, walk};
use crate::export::{Feature, Plan, Saying};
use crate::finding::Finding;
use crate::matcher::{Matcher, Star};
use crate::node::{Node, Value};
use crate::reader::{Fields, List, NONE, Read};
use crate::rule::{AnyWithCredentials, Condition, Credentials, PLAIN, Program};
use crate::source::Source;
use crate::tree::{Tree, comments, xml_elements};

const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "DELETE"];

static PROGRAM: Program = Program {
    title: "S3",
    credentials: Credentials::OfListed,
    any_with_credentials: AnyWithCredentials::Refused,
    echoes_headers: true,
    methods: Some(METHODS),
    any_method: false,
    lists_simple_methods: true,
    notes: &[(
        Condition::Listed,
        "vary-where-matched",
        "S3 sends Vary only where a rule matches: a cache in front of it may give a response without fields to a page",
        "put Origin, Access-Control-Request-Method and Access-Control-Request-Headers into the cache's key",
    )],
    ..PLAIN
};

const JSON: Fields = Fields {
    program: &PROGRAM,
    origins: &["AllowedOrigins"],
    methods: &["AllowedMethods"],
    headers: &["AllowedHeaders"],
    exposed: &["ExposeHeaders"],
    max_age: &["MaxAgeSeconds"],
    others: &["ID", "Id"],
    required: &["AllowedOrigins", "AllowedMethods"],
    ..NONE
};

/// `ExposedHeaders` and `MaxAge` are CloudFormation's.
const CLOUDFORMATION: Fields = Fields { exposed: &["ExposedHeaders"], max_age: &["MaxAge"], ..JSON };

const TERRAFORM: Fields = Fields {
    origins: &["allowed_origins"],
    methods: &["allowed_methods"],
    headers: &["allowed_headers"],
    exposed: &["expose_headers"],
    max_age: &["max_age_seconds"],
    others: &["id"],
    required: &["allowed_origins", "allowed_methods"],
    ..JSON
};

const ELEMENTS: Fields = Fields {
    origins: &["AllowedOrigin"],
    methods: &["AllowedMethod"],
    headers: &["AllowedHeader"],
    exposed: &["ExposeHeader"],
    max_age: &["MaxAgeSeconds"],
    required: &["AllowedOrigin", "AllowedMethod"],
    list: List::Repeated,
    ..JSON
};

pub(super) const ROW: Row = Row {
    name: "s3",
    other_names: &["aws-s3", "s3-json"],
    title: "Amazon S3",
    read,
    is_variant: false,
    says,
    methods: Some(METHODS),
    write: Some(write),
    comment: None,
};

pub(super) const XML: Row = Row {
    name: "s3-xml",
    other_names: &[],
    title: "Amazon S3, XML",
    is_variant: true,
    write: Some(write_xml),
    ..ROW
};

pub(super) const R2: Row = Row {
    name: "r2",
    other_names: &["cloudflare-r2"],
    title: "Cloudflare R2",
    is_variant: true,
    says: |feature| match feature {
        Feature::AnyPort => Saying::Not("R2 refuses a `*` for a port"),
        feature => says(feature),
    },
    write: Some(|plan| Tree::List(vec![rule(plan)]).json()),
    ..ROW
};

fn matcher(node: &Node) -> Matcher {
    Matcher::glob(node.scalar().unwrap_or_default(), Star::Characters)
}

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    for document in &source.documents {
        // What the console takes.
        if document
            .items()
            .iter()
            .any(|rule| rule.entries().iter().any(|entry| entry.key.starts_with("Allowed")))
        {
            rules(document.items(), &JSON, &mut read, document);
        }
    }
    walk(source, |node, path| {
        for entry in node.entries() {
            match entry.key.as_str() {
                "CORSRules" => rules(entry.node.items(), &JSON, &mut read, &entry.node),
                "CorsRules" => rules(entry.node.items(), &CLOUDFORMATION, &mut read, &entry.node),
                "CORSRule" => rule_of(&entry.node, &ELEMENTS, &mut read),
                "cors_rule" if path.iter().any(|key| key.starts_with("aws_s3")) || path.is_empty() => {
                    rule_of(&entry.node, &TERRAFORM, &mut read);
                }
                "cors_rule" if path.contains(&"module") => {
                    let is_ours = |node: &&Node| node.has("allowed_origins") || node.has("allowed_methods");
                    for rule in entry.node.items().iter().filter(is_ours) {
                        rule_of(rule, &TERRAFORM, &mut read);
                    }
                }
                _ => {}
            }
        }
        false
    });
    if read.rules.len() > 100 {
        let span = read.rules.last().map(|rule| rule.span.clone()).unwrap_or_default();
        let what = format!("S3 takes 100 rules, and there are {}", read.rules.len());
        read.findings.push(
            Finding::error("too-many-rules", &span, what).fix("fold those with the same methods and headers"),
        );
    }
    found(read)
}

fn rules(items: &[Node], fields: &Fields, read: &mut Read, list: &Node) {
    if items.is_empty() && matches!(list.value, Value::List(_)) {
        let what = "S3 refuses an empty list of rules";
        read.findings.push(
            Finding::error("no-rule", &list.span, what)
                .fix("delete the bucket's configuration, or add a rule"),
        );
    }
    for item in items {
        rule_of(item, fields, read);
    }
}

fn rule_of(node: &Node, fields: &Fields, read: &mut Read) {
    let rule = read.rule(node, fields, matcher);
    let mut findings = Vec::new();
    for origin in &rule.origins {
        if origin.text.matches('*').count() > 1 {
            let what = "S3 refuses more than one `*` in an origin";
            findings.push(
                Finding::error("several-stars", &origin.span, what).fix("write one, or a rule for each"),
            );
        }
    }
    for header in &rule.headers {
        if header.value.matches('*').count() > 1 {
            let what = "S3 refuses more than one `*` in a header";
            findings.push(Finding::error("several-stars", &header.span, what).fix("write one"));
        }
    }
    let writes = rule.methods.iter().any(|method| ["PUT", "POST", "DELETE"].contains(&method.value.as_str()));
    if rule.headers.is_empty() && writes {
        let what =
            "without AllowedHeaders a preflight that asks for a header, Content-Type among them, gets 403";
        findings.push(Finding::warning("no-headers", &rule.span, what).fix("add AllowedHeaders"));
    }
    let reads = rule.methods.iter().any(|method| method.value.eq_ignore_ascii_case("GET"));
    if !reads && !rule.methods.is_empty() && !writes {
        let what = "a GET gets no fields by this rule: S3 compares the method of each request, too";
        findings.push(Finding::note("no-get", &rule.span, what).fix("add GET"));
    }
    read.findings.extend(findings);
}

fn says(feature: Feature) -> Saying {
    match feature {
        Feature::StarInName => Saying::Wider("a `*` in a name stands for any characters there"),
        Feature::InnerStar => Saying::Wider("a dot fits the `*`, too"),
        Feature::AnyPort => Saying::Narrower("the default port is not among the ports"),
        Feature::Null => Saying::Not("whether S3 takes null is not known"),
        Feature::NoCredentials => {
            Saying::Wider("S3 sends Access-Control-Allow-Credentials: true to each listed origin")
        }
        Feature::AnyOriginWithCredentials => Saying::Not("S3 never sends credentials with `*`"),
        Feature::AnyMethod | Feature::AnyMethodWithCredentials => Saying::Not("S3 has no `*` for methods"),
        Feature::PrivateNetwork => Saying::Not("S3 does not answer it"),
        Feature::Vary => Saying::Told(
            "S3 sends Vary only where a rule matches: a cache in front of it needs Origin in its key",
        ),
        _ => Saying::Exact,
    }
}

fn rule(plan: &Plan) -> Tree {
    Tree::map([
        Some(("AllowedOrigins", Tree::texts(&plan.origins))),
        Some(("AllowedMethods", Tree::texts(&plan.methods))),
        (!plan.headers.is_empty()).then(|| ("AllowedHeaders", Tree::texts(&plan.headers))),
        (!plan.exposed.is_empty()).then(|| ("ExposeHeaders", Tree::texts(&plan.exposed))),
        plan.max_age.map(|seconds| ("MaxAgeSeconds", Tree::Number(seconds.into()))),
    ])
}

fn write(plan: &Plan) -> String {
    Tree::map([Some(("CORSRules", Tree::List(vec![rule(plan)])))]).json()
}

fn write_xml(plan: &Plan) -> String {
    // Two hyphens would end the comment.
    let notes: Vec<String> = plan.notes.iter().map(|note| note.replace("--", "\u{2010}\u{2010}")).collect();
    let comment =
        if notes.is_empty() { String::new() } else { format!("<!--\n{}-->\n", comments(&notes, " ")) };
    let elements = |name: &str, values: &[String]| xml_elements("    ", name, values);
    let age: Vec<String> = plan.max_age.iter().map(u32::to_string).collect();
    format!(
        "{comment}<CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\n  <CORSRule>\n{}{}{}{}{}  \
         </CORSRule>\n</CORSConfiguration>\n",
        elements("AllowedOrigin", &plan.origins),
        elements("AllowedMethod", &plan.methods),
        elements("AllowedHeader", &plan.headers),
        elements("ExposeHeader", &plan.exposed),
        elements("MaxAgeSeconds", &age),
    )
}
