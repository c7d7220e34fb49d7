//! The URL of a Lambda function: CloudFormation, Terraform, and the `Cors` of the command line.

use super::{Row, found, walk};
use crate::export::{Feature, Plan, Saying};
use crate::finding::Finding;
use crate::matcher::Matcher;
use crate::node::{Node, Value};
use crate::reader::{CAMEL_CASE, Fields, NONE, Read, SNAKE_CASE};
use crate::rule::{AnyWithCredentials, Condition, OriginEntry, PLAIN, Program, Rule};
use crate::source::Source;
use crate::tree::Tree;

const METHODS: &[&str] = &["GET", "PUT", "HEAD", "POST", "PATCH", "DELETE", "*"];

static PROGRAM: Program = Program {
    title: "a Lambda function URL",
    any_with_credentials: AnyWithCredentials::Refused,
    methods: Some(METHODS),
    echoes_headers: true,
    method_star: crate::rule::MethodStar::Sent,
    max_age_default: Some(0),
    notes: &[(
        Condition::Always,
        "two-layers",
        "fields that the function sends stand next to the configured ones: two values, which no browser takes",
        "send no Access-Control fields from the function",
    )],
    ..PLAIN
};

pub(super) const CORS: Fields = Fields {
    program: &PROGRAM,
    origins: &["AllowOrigins"],
    methods: &["AllowMethods"],
    headers: &["AllowHeaders"],
    exposed: &["ExposeHeaders"],
    credentials: &["AllowCredentials"],
    max_age: &["MaxAge"],
    ..NONE
};

pub(super) const TERRAFORM: Fields = Fields { program: &PROGRAM, ..SNAKE_CASE };

/// Of the Serverless Framework.
pub(super) const SERVERLESS: Fields = Fields {
    program: &PROGRAM,
    origins: &["allowedOrigins"],
    methods: &["allowedMethods"],
    headers: &["allowedHeaders"],
    exposed: &["exposedResponseHeaders"],
    ..CAMEL_CASE
};

pub(super) const ROW: Row = Row {
    name: "lambda-url",
    other_names: &["lambda"],
    title: "Lambda function URL",
    read,
    is_variant: false,
    says,
    methods: Some(METHODS),
    write: Some(write),
    comment: None,
};

fn matcher(node: &Node) -> Matcher {
    let text = node.scalar().unwrap_or_default();
    if text == "*" { Matcher::Any } else { Matcher::exact(text) }
}

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    walk(source, |node, path| {
        let kind = node.get("Type").and_then(Node::scalar);
        let config = node.at(&["Properties", "Cors"]).filter(|_| kind == Some("AWS::Lambda::Url"));
        let serverless = node
            .at(&["Properties", "FunctionUrlConfig", "Cors"])
            .filter(|_| kind == Some("AWS::Serverless::Function"));
        if let Some(cors) = config.or(serverless) {
            rule_of(cors, &CORS, &mut read);
        }
        // The Serverless Framework's.
        if let Some(cors) = node.at(&["url", "cors"]).filter(|_| path.contains(&"functions")) {
            match cors.value {
                Value::Map(_) => rule_of(cors, &SERVERLESS, &mut read),
                Value::Boolean(true) => {
                    let mut rule = Rule::new(&PROGRAM, cors.span.clone());
                    let (text, span) = ("*".to_owned(), cors.span.clone());
                    rule.origins.push(OriginEntry { text, span, matcher: Matcher::Any });
                    read.rules.push(rule);
                }
                _ => {}
            }
        }
        // The argument of `aws lambda create-function-url-config --cli-input-json`.
        let is_argument = path.is_empty() && node.at(&["Cors", "AllowOrigins"]).is_some();
        if let Some(cors) = node.get("Cors").filter(|_| is_argument) {
            rule_of(cors, &CORS, &mut read);
        }
        if path.contains(&"aws_lambda_function_url") {
            for entry in node.entries().iter().filter(|entry| entry.key == "cors") {
                rule_of(&entry.node, &TERRAFORM, &mut read);
            }
        }
        false
    });
    found(read)
}

fn rule_of(node: &Node, fields: &Fields, read: &mut Read) {
    let rule = read.rule(node, fields, matcher);
    let mut findings = Vec::new();
    if rule.methods.len() > 6 {
        findings.push(
            Finding::error("too-many-entries", &rule.span, "AllowMethods has 6 entries at most")
                .fix("write * alone"),
        );
    }
    for (name, count) in [
        ("AllowOrigins", rule.origins.len()),
        ("AllowHeaders", rule.headers.len()),
        ("ExposeHeaders", rule.exposed.len()),
    ] {
        if count > 100 {
            findings.push(Finding::error(
                "too-many-entries",
                &rule.span,
                format!("{name} has 100 entries at most"),
            ));
        }
    }
    if let Some(origin) = rule.origins.iter().find(|origin| origin.text.len() > 253) {
        findings.push(Finding::error("too-long", &origin.span, "an origin has 253 characters at most"));
    }
    read.findings.extend(findings);
}

fn says(feature: Feature) -> Saying {
    match feature {
        Feature::StarInName => Saying::Wider("a `*` in a name stands for any characters there"),
        Feature::AnyMethodWithCredentials => {
            Saying::Not("with credentials a browser takes `*` for the name of a method")
        }
        Feature::Subdomains | Feature::InnerStar | Feature::AnyPort => {
            Saying::Not("origins are listed one by one, or `*` alone")
        }
        Feature::Null => Saying::Not("whether the service takes null is not known"),
        Feature::AnyOriginWithCredentials => Saying::Not("the service refuses `*` with credentials"),
        Feature::PrivateNetwork => Saying::Not("the service does not answer it"),
        _ => Saying::Exact,
    }
}

pub(super) fn tree(plan: &Plan, max_age: Option<u32>) -> Tree {
    let list =
        |name: &'static str, values: &[String]| (!values.is_empty()).then(|| (name, Tree::texts(values)));
    Tree::map([
        list("AllowOrigins", &plan.origins),
        list("AllowMethods", &plan.methods),
        list("AllowHeaders", &plan.headers),
        list("ExposeHeaders", &plan.exposed),
        Some(("AllowCredentials", Tree::Boolean(plan.credentials))),
        max_age.map(|seconds| ("MaxAge", Tree::Number(seconds.into()))),
    ])
}

fn write(plan: &Plan) -> String {
    // Six entries at most; `*` is more than the policy says.
    Tree::map([Some(("Cors", tree(plan, Some(plan.max_age.unwrap_or(5)))))]).json()
}
