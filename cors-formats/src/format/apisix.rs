//! Apache APISIX's plugin `cors`: texts with commas, `*` and `**`.

use super::{READ_ONLY, Row, found, walk};
use crate::matcher::{Engine, Expression, Matcher};
use crate::node::Node;
use crate::reader::{Fields, List, Read, SNAKE_CASE, is_computed};
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program};
use crate::source::Source;

static ECHO: Program = Program {
    title: "APISIX",
    any_with_credentials: AnyWithCredentials::Echoed,
    max_age_default: Some(5),
    ..PLAIN
};
/// With `**`, which stands for any name, also with credentials.
static ECHO_ALL: Program = Program {
    title: "APISIX",
    any_with_credentials: AnyWithCredentials::Echoed,
    max_age_default: Some(5),
    echoes_headers: true,
    ..PLAIN
};
static STAR: Program = Program {
    title: "APISIX",
    any_with_credentials: AnyWithCredentials::Refused,
    max_age_default: Some(5),
    ..PLAIN
};
static BY_EXPRESSION: Program = Program {
    title: "APISIX",
    any_with_credentials: AnyWithCredentials::Echoed,
    max_age_default: Some(5),
    vary: Some((
        "with expressions alone APISIX sends no Vary: a cache may give a response made for one origin to another",
        "add allow_origins with an origin, or Vary: Origin by response-rewrite",
    )),
    ..PLAIN
};

const PLUGIN: Fields = Fields {
    program: &ECHO,
    credentials: &["allow_credential"],
    others: &[
        "allow_origins_by_regex",
        "allow_origins_by_metadata",
        "timing_allow_origins",
        "timing_allow_origins_by_regex",
        "_meta",
        "disable",
    ],
    list: List::Commas,
    ..SNAKE_CASE
};

pub(super) const ROW: Row =
    Row { name: "apisix", other_names: &[], title: "Apache APISIX", read, ..READ_ONLY };

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    walk(source, |node, path| {
        let is_ours = ["allow_origins", "allow_credential", "allow_origins_by_regex"];
        if path.last() != Some(&"cors") && path.last() != Some(&"config")
            || !is_ours.iter().any(|key| node.has(key))
            || node.has("allow_credentials")
        {
            return false;
        }
        let expressions = node.get("allow_origins_by_regex").map(Node::items).unwrap_or_default();
        let origins = node.get("allow_origins").and_then(Node::scalar);
        let is_double = |key: &str| node.get(key).and_then(Node::scalar) == Some("**");
        let program = match origins {
            None if !expressions.is_empty() => &BY_EXPRESSION,
            None | Some("*") => &STAR,
            Some(_) if ["allow_methods", "allow_headers"].iter().any(|key| is_double(key)) => &ECHO_ALL,
            Some(_) => &ECHO,
        };
        let rule =
            read.rule(node, &Fields { program, ..PLUGIN }, |node| match node.scalar().unwrap_or_default() {
                "*" | "**" => Matcher::Any,
                text => Matcher::exact(text),
            });
        for item in expressions {
            let text = item.scalar().unwrap_or_default().to_owned();
            let matcher = if is_computed(item) {
                Matcher::Unknown
            } else {
                Matcher::Expression(Expression {
                    text: text.clone(),
                    ignore_case: false,
                    from_start: false,
                    to_end: false,
                    engine: Engine::Backtracking,
                })
            };
            rule.origins.push(OriginEntry { text, span: item.span.clone(), matcher });
        }
        if rule.origins.is_empty() {
            let (text, span) = ("*".to_owned(), node.span.clone());
            rule.origins.push(OriginEntry { text, span, matcher: Matcher::Any });
        }
        // `**` stands for any name, also with credentials.
        let any = |names: &mut Vec<crate::rule::Spot<String>>| {
            names.iter_mut().filter(|name| name.value == "**").for_each(|name| name.value.truncate(1));
        };
        any(&mut rule.methods);
        any(&mut rule.headers);
        any(&mut rule.exposed);
        true
    });
    found(read)
}
