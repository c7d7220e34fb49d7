//! Google Cloud Storage: JSON, XML, Terraform.
//!
//! `responseHeader` is one list for the headers that pages set and those that they read. Credentials are never sent.

use cors_core::Config;

use super::{Row, found, walk};
use crate::export::{Feature, Plan, Saying};
use crate::matcher::{Matcher, Star};
use crate::node::{Node, Value};
use crate::reader::{Fields, List, NONE, Read};
use crate::rule::{Credentials, PLAIN, Program};
use crate::source::Source;
use crate::tree::{Tree, xml_elements};

static PROGRAM: Program = Program {
    title: "Google Cloud Storage",
    credentials: Credentials::Never,
    echoes_headers: true,
    lists_simple_methods: true,
    ..PLAIN
};

const JSON: Fields = Fields {
    program: &PROGRAM,
    origins: &["origin"],
    methods: &["method"],
    headers: &["responseHeader"],
    max_age: &["maxAgeSeconds"],
    required: &["origin", "method"],
    ..NONE
};

const TERRAFORM: Fields = Fields { headers: &["response_header"], max_age: &["max_age_seconds"], ..JSON };

pub(super) const ROW: Row = Row {
    name: "gcs",
    other_names: &["google-cloud-storage"],
    title: "Google Cloud Storage",
    read,
    is_variant: false,
    says,
    methods: None,
    write: Some(write),
    comment: None,
};

pub(super) const XML: Row = Row {
    name: "gcs-xml",
    other_names: &[],
    title: "Google Cloud Storage, XML",
    is_variant: true,
    write: Some(write_xml),
    ..ROW
};

fn matcher(node: &Node) -> Matcher {
    let text = node.scalar().unwrap_or_default();
    match Matcher::glob(text, Star::Characters) {
        Matcher::Glob { .. } => Matcher::Never {
            why: "nothing in the documents promises that a `*` inside an origin stands for something"
                .to_owned(),
            fix: "list the origins one by one".to_owned(),
        },
        matcher => matcher,
    }
}

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    for document in &source.documents {
        for rule in document.items().iter().chain(document.get("cors").map(Node::items).unwrap_or_default()) {
            // Other lists have an `origin` and a `method`, too: that of a flight, or of a request.
            let is_list = |name| rule.get(name).is_some_and(|node| matches!(node.value, Value::List(_)));
            if is_list("origin") && (rule.has("method") || rule.has("responseHeader"))
                || rule.has("origin") && (is_list("method") || rule.has("responseHeader"))
            {
                rule_of(rule, &JSON, &mut read);
            }
        }
    }
    walk(source, |node, path| {
        for entry in node.entries() {
            if entry.key == "cors" && path.contains(&"google_storage_bucket") {
                rule_of(&entry.node, &TERRAFORM, &mut read);
            } else if entry.key == "CorsConfig" {
                for cors in entry.node.entries().iter().filter(|entry| entry.key == "Cors") {
                    elements(&cors.node, &mut read);
                }
            }
        }
        false
    });
    found(read)
}

fn rule_of(node: &Node, fields: &Fields, read: &mut Read) {
    let rule = read.rule(node, fields, matcher);
    // One list for both directions.
    rule.exposed = rule.headers.clone();
    rule.exposed.retain(|header| header.value != "*");
    let may_be_request = |name: &str| {
        let mut is_fine = true;
        Config { allow_headers: &[name], ..Config::NEW }.check(|_| is_fine = false);
        is_fine
    };
    rule.headers.retain(|header| may_be_request(&header.value));
}

const ELEMENTS: Fields = Fields {
    origins: &["Origin"],
    methods: &["Method"],
    headers: &["ResponseHeader"],
    max_age: &["MaxAgeSec"],
    required: &["Origin", "Method"],
    list: List::Repeated,
    ..JSON
};

fn elements(node: &Node, read: &mut Read) {
    let mut flat = node.clone();
    let mut entries = Vec::new();
    for entry in node.entries() {
        match entry.key.as_str() {
            "Origins" | "Methods" | "ResponseHeaders" => entries.extend(entry.node.entries().iter().cloned()),
            _ => entries.push(entry.clone()),
        }
    }
    flat.value = Value::Map(entries);
    rule_of(&flat, &ELEMENTS, read);
}

fn says(feature: Feature) -> Saying {
    match feature {
        Feature::StarInName => Saying::Wider("a `*` in a name stands for any characters there"),
        Feature::Headers | Feature::AnyHeader | Feature::AnyHeaderWithCredentials => {
            Saying::Wider("the names are in one list with the exposed headers, which pages may read then")
        }
        Feature::Subdomains | Feature::InnerStar | Feature::AnyPort => {
            Saying::Not("no document promises that a `*` inside an origin stands for something")
        }
        Feature::Null => Saying::Not("whether the service takes null is not known"),
        Feature::Credentials | Feature::AnyOriginWithCredentials => {
            Saying::Not("the service never sends Access-Control-Allow-Credentials")
        }
        Feature::Exposed => {
            Saying::Wider("the names are in one list with the request headers, which pages may set then")
        }
        Feature::PrivateNetwork => Saying::Not("the service does not answer it"),
        _ => Saying::Exact,
    }
}

fn headers(plan: &Plan) -> Vec<String> {
    plan.headers.iter().chain(&plan.exposed).cloned().collect()
}

fn write(plan: &Plan) -> String {
    let headers = headers(plan);
    Tree::List(vec![Tree::map([
        Some(("origin", Tree::texts(&plan.origins))),
        Some(("method", Tree::texts(&plan.methods))),
        (!headers.is_empty()).then(|| ("responseHeader", Tree::texts(&headers))),
        plan.max_age.map(|seconds| ("maxAgeSeconds", Tree::Number(seconds.into()))),
    ])])
    .json()
}

fn write_xml(plan: &Plan) -> String {
    let elements = |list: &str, name: &str, values: &[String]| -> String {
        let values: String = xml_elements("      ", name, values);
        if values.is_empty() { values } else { format!("    <{list}>\n{values}    </{list}>\n") }
    };
    let seconds =
        plan.max_age.map(|seconds| format!("    <MaxAgeSec>{seconds}</MaxAgeSec>\n")).unwrap_or_default();
    format!(
        "<CorsConfig>\n  <Cors>\n{}{}{}{seconds}  </Cors>\n</CorsConfig>\n",
        elements("Origins", "Origin", &plan.origins),
        elements("Methods", "Method", &plan.methods),
        elements("ResponseHeaders", "ResponseHeader", &headers(plan)),
    )
}
