//! Amazon API Gateway: HTTP APIs, whose `CorsConfiguration` answers preflights itself; and REST APIs of SAM, whose values are
//! copied into a mock response.

use super::lambda_url::{self, CORS, TERRAFORM, tree};
use super::{Row, found, walk};
use crate::export::{Feature, Plan, Saying};
use crate::finding::Finding;
use crate::matcher::Matcher;
use crate::node::{Node, Value};
use crate::reader::{CAMEL_CASE, Fields, List, Read};
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program, Rule};
use crate::source::Source;

static PROGRAM: Program = Program {
    title: "an HTTP API",
    any_with_credentials: AnyWithCredentials::Refused,
    echoes_headers: true,
    method_star: crate::rule::MethodStar::Sent,
    ..PLAIN
};
static REST: Program = Program { title: "a REST API", ..PLAIN };

const CLOUDFORMATION: Fields = Fields { program: &PROGRAM, ..CORS };
const OPENAPI: Fields = Fields { program: &PROGRAM, ..CAMEL_CASE };

const SERVERLESS: Fields = Fields { program: &PROGRAM, ..lambda_url::SERVERLESS };
const SERVERLESS_REST: Fields = Fields {
    program: &REST,
    origins: &["origin", "origins"],
    methods: &["methods"],
    headers: &["headers"],
    exposed: &["exposedResponseHeaders"],
    others: &["cacheControl"],
    list: List::Either,
    ..SERVERLESS
};

pub(super) const ROW: Row = Row {
    name: "api-gateway",
    other_names: &["apigateway", "http-api"],
    title: "Amazon API Gateway, HTTP API",
    read,
    is_variant: false,
    says,
    methods: None,
    write: Some(write),
    comment: None,
};

pub(super) const SAM: Row = Row {
    name: "sam-api",
    other_names: &["rest-api"],
    title: "Amazon API Gateway, REST API of SAM",
    read: read_sam,
    is_variant: false,
    says: |feature| match feature {
        Feature::Exact => Saying::Narrower("one origin alone"),
        feature => says(feature),
    },
    methods: None,
    write: None,
    comment: None,
};

fn matcher(node: &Node) -> Matcher {
    match node.scalar().unwrap_or_default() {
        "*" => Matcher::Any,
        scheme @ ("https://*" | "http://*") => Matcher::glob(scheme, crate::matcher::Star::Characters),
        text if text.contains('*') => Matcher::Never {
            why: "no document promises that a `*` inside an origin stands for something".to_owned(),
            fix: "list the origins one by one".to_owned(),
        },
        text => Matcher::exact(text),
    }
}

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    walk(source, |node, path| {
        for entry in node.entries() {
            let cors = &entry.node;
            match entry.key.as_str() {
                "CorsConfiguration" if cors.entries().iter().any(|entry| entry.key.starts_with("Allow")) => {
                    read.rule(cors, &CLOUDFORMATION, matcher);
                }
                "CorsConfiguration" if matches!(cors.value, Value::Boolean(true)) => {
                    let what = "`true` is `*`: pages of every origin";
                    read.findings.push(
                        Finding::warning("any-origin", &cors.span, what)
                            .fix("write AllowOrigins with the origins"),
                    );
                    any_origin(cors, &PROGRAM, &mut read);
                }
                "x-amazon-apigateway-cors" => {
                    read.rule(cors, &OPENAPI, matcher);
                }
                // The Serverless Framework's.
                "cors" if path.last() == Some(&"httpApi") && matches!(cors.value, Value::Map(_)) => {
                    read.rule(cors, &SERVERLESS, matcher);
                }
                "cors" if path.last() == Some(&"httpApi") && matches!(cors.value, Value::Boolean(true)) => {
                    any_origin(cors, &PROGRAM, &mut read);
                }
                "cors_configuration" if path.contains(&"aws_apigatewayv2_api") => {
                    read.rule(cors, &Fields { program: &PROGRAM, ..TERRAFORM }, matcher);
                }
                _ => {}
            }
        }
        // What `aws apigatewayv2 update-api --cors-configuration` takes.
        if path.is_empty() && node.has("AllowOrigins") {
            read.rule(node, &CLOUDFORMATION, matcher);
        }
        false
    });
    let mut findings = Vec::new();
    for rule in &read.rules {
        if let Some(age) = rule.max_age.as_ref().filter(|age| !(-1..=86_400).contains(&age.value)) {
            let what = "an HTTP API takes a MaxAge from -1 to 86400";
            findings.push(Finding::error("refused-max-age", &age.span, what).fix("write 86400 or less"));
        }
    }
    read.findings.extend(findings);
    found(read)
}

fn any_origin(cors: &Node, program: &'static Program, read: &mut Read) {
    let mut rule = Rule::new(program, cors.span.clone());
    let (text, span) = ("*".to_owned(), cors.span.clone());
    rule.origins.push(OriginEntry { text, span, matcher: Matcher::Any });
    read.rules.push(rule);
}

fn read_sam(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    walk(source, |node, path| {
        let is_api = node.get("Type").and_then(Node::scalar) == Some("AWS::Serverless::Api");
        let cors = node.at(&["Properties", "Cors"]).filter(|_| is_api);
        // The Serverless Framework's.
        if let Some(cors) =
            node.get("cors").filter(|_| path.contains(&"events") && path.last() == Some(&"http"))
        {
            match &cors.value {
                Value::Boolean(true) => any_origin(cors, &REST, &mut read),
                Value::Map(_) => {
                    let rule = read.rule(cors, &SERVERLESS_REST, matcher);
                    if rule.origins.is_empty() {
                        let (text, span) = ("*".to_owned(), cors.span.clone());
                        rule.origins.push(OriginEntry { text, span, matcher: Matcher::Any });
                    }
                }
                _ => {}
            }
        }
        let global = node.get("Cors").filter(|_| path == ["Globals", "Api"]);
        if let Some(cors) = cors.or(global) {
            sam(cors, &mut read);
        }
        false
    });
    found(read)
}

const SAM_FIELDS: Fields = Fields {
    program: &REST,
    origins: &["AllowOrigin"],
    methods: &["AllowMethods"],
    headers: &["AllowHeaders"],
    exposed: &["ExposeHeaders"],
    credentials: &["AllowCredentials"],
    list: List::Commas,
    ..CORS
};

/// A value is copied into the response of a mock, where a text stands in quotation marks of its own.
fn sam(cors: &Node, read: &mut Read) {
    let mut plain = cors.clone();
    match &mut plain.value {
        Value::Map(entries) => {
            for entry in
                entries.iter_mut().filter(|entry| entry.key != "AllowCredentials" && entry.key != "MaxAge")
            {
                unquote(&mut entry.node, read);
            }
        }
        Value::Text(_) => {
            unquote(&mut plain, read);
            plain.value = Value::Map(vec![crate::node::Entry {
                key: "AllowOrigin".to_owned(),
                key_span: plain.span.clone(),
                node: plain.clone(),
            }]);
        }
        _ => {}
    }
    if let Some(age) = plain.get("MaxAge").cloned() {
        let inner = age.scalar().unwrap_or_default().trim_matches('\'').to_owned();
        if let Value::Map(entries) = &mut plain.value {
            for entry in entries.iter_mut().filter(|entry| entry.key == "MaxAge") {
                entry.node.value = Value::Number(inner.clone());
            }
        }
    }
    read.rule(&plain, &SAM_FIELDS, matcher);
}

fn unquote(node: &mut Node, read: &mut Read) {
    let Some(text) = node.text() else { return };
    let inner = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    if let Some(inner) = inner {
        node.value = Value::Text(inner.to_owned());
    } else {
        let what = "the text needs single quotation marks of its own: it is copied into a mapping, and the deployment fails";
        read.findings.push(Finding::error("unquoted", &node.span, what).fix(format!("write \"'{text}'\"")));
    }
}

fn says(feature: Feature) -> Saying {
    match feature {
        Feature::StarInName => Saying::Wider("a `*` in a name stands for any characters there"),
        Feature::AnyMethodWithCredentials => {
            Saying::Not("with credentials a browser takes `*` for the name of a method")
        }
        Feature::Subdomains | Feature::InnerStar | Feature::AnyPort => {
            Saying::Not("no document promises that a `*` inside an origin stands for something")
        }
        Feature::Null => Saying::Not("whether the service takes null is not known"),
        Feature::AnyOriginWithCredentials => Saying::Not("the service refuses `*` with credentials"),
        Feature::PrivateNetwork => Saying::Not("the service does not answer it"),
        _ => Saying::Exact,
    }
}

fn write(plan: &Plan) -> String {
    tree(plan, plan.max_age).json()
}
