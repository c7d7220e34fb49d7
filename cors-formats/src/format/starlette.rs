//! Starlette's and FastAPI's `CORSMiddleware`: arguments as literals in a program, or as JSON.

use super::{READ_ONLY, Row, found};
use crate::matcher::{Engine, Expression, Matcher};
use crate::node::{Entry, Node, SPREAD, Value};
use crate::reader::{Fields, Read, SNAKE_CASE};
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program};
use crate::source::{Notation, Source};

static PROGRAM: Program = Program {
    title: "Starlette",
    any_with_credentials: AnyWithCredentials::Echoed,
    echoes_headers: true,
    max_age_default: Some(600),
    ..PLAIN
};

const ARGUMENTS: Fields = Fields {
    program: &PROGRAM,
    others: &["allow_origin_regex", "allow_private_network", "app", "middleware_class"],
    ..SNAKE_CASE
};

pub(super) const ROW: Row =
    Row { name: "starlette", other_names: &["fastapi"], title: "Starlette and FastAPI", read, ..READ_ONLY };

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    let document = source.documents.first()?;
    match source.notation {
        // Without an expression it is a policy.
        Notation::Json if document.has("allow_origin_regex") => arguments(document, &mut read),
        Notation::Code if source.text.contains("CORSMiddleware") && !source.text.contains("cors_py") => {
            for entry in document.entries() {
                let is_ours =
                    ["add_middleware", "CORSMiddleware", "Middleware"].contains(&entry.key.as_str());
                let is_cors = source
                    .text
                    .get(entry.node.span.clone())
                    .is_some_and(|text| text.contains("CORSMiddleware"));
                let is_argument =
                    |entry: &Entry| entry.key.starts_with("allow_") || is_cors && entry.key == SPREAD;
                let named = entry.node.items().last().filter(|node| node.entries().iter().any(is_argument));
                if let (true, Some(named)) = (is_ours, named) {
                    arguments(named, &mut read);
                }
            }
        }
        _ => return None,
    }
    found(read)
}

fn arguments(node: &Node, read: &mut Read) {
    let rule = read.rule(node, &ARGUMENTS, |node| {
        let text = node.scalar().unwrap_or_default();
        if text == "*" { Matcher::Any } else { Matcher::exact(text) }
    });
    if let Some(regex) = node.get("allow_origin_regex") {
        expressions(regex, &mut rule.origins);
    }
}

fn expressions(regex: &Node, origins: &mut Vec<OriginEntry>) {
    let mut add = |text: &str, matcher| {
        origins.push(OriginEntry { text: text.to_owned(), span: regex.span.clone(), matcher });
    };
    match &regex.value {
        Value::Null => {}
        Value::Text(text) | Value::Expression(text, _) => {
            let matcher = Matcher::Expression(Expression {
                text: text.clone(),
                ignore_case: false,
                from_start: true,
                to_end: true,
                engine: Engine::Backtracking,
            });
            add(text, matcher);
        }
        Value::Or(default) => {
            add("", Matcher::Unknown);
            match &default.value {
                Value::List(items) => items.iter().for_each(|item| expressions(item, origins)),
                _ => expressions(default, origins),
            }
        }
        _ => add("", Matcher::Unknown),
    }
}
