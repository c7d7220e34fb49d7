//! Flask-CORS: the arguments of `CORS(app, …)` and the settings `CORS_…`, as literals in a program.
//!
//! A text with one of `* ? [ ( ^ $ \` is a regular expression, matched from the start, in any case.

use super::{READ_ONLY, Row, found};
use crate::finding::Finding;
use crate::judge::not_judged;
use crate::matcher::{Engine, Expression, Matcher};
use crate::node::{Entry, Node, SPREAD, Value};
use crate::reader::{Fields, List, NONE, Read};
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program};
use crate::source::{Notation, Source};

static PROGRAM: Program = Program {
    title: "Flask-CORS",
    any_with_credentials: AnyWithCredentials::Echoed,
    echoes_headers: true,
    method_star: crate::rule::MethodStar::Sent,
    ..PLAIN
};

const ARGUMENTS: Fields = Fields {
    program: &PROGRAM,
    origins: &["origins"],
    methods: &["methods"],
    headers: &["allow_headers"],
    exposed: &["expose_headers"],
    credentials: &["supports_credentials"],
    max_age: &["max_age"],
    others: &[
        "resources",
        "send_wildcard",
        "vary_header",
        "automatic_options",
        "always_send",
        "intercept_exceptions",
        "allow_private_network",
    ],
    list: List::Either,
    ..NONE
};

pub(super) const ROW: Row =
    Row { name: "flask", other_names: &["flask-cors"], title: "Flask-CORS", read, ..READ_ONLY };

fn matcher(node: &Node) -> Matcher {
    let text = node.scalar().unwrap_or_default();
    let is_expression =
        matches!(node.value, Value::Expression(..)) || text.contains(['*', '?', '[', '(', '^', '$', '\\']);
    match text {
        "*" => Matcher::Any,
        _ if is_expression => Matcher::Expression(Expression {
            text: text.to_owned(),
            ignore_case: true,
            from_start: true,
            to_end: false,
            engine: Engine::Backtracking,
        }),
        _ => Matcher::Exact { text: text.to_owned(), ignore_case: true },
    }
}

fn read(source: &Source<'_>) -> Option<Read> {
    let mut read = Read::default();
    let document = source.documents.first()?;
    if source.notation != Notation::Code
        || !(source.text.contains("flask_cors") || source.text.contains("flask"))
    {
        return None;
    }
    for entry in document.entries() {
        let constructed = match entry.key.as_str() {
            "CORS" if is_initialized_later(source, entry) => continue,
            "CORS" | "cross_origin" => None,
            "init_app" => match constructor(source, document, entry) {
                Some(constructor) => Some(constructor),
                None => continue,
            },
            _ => continue,
        };
        let Some(own) = entry.node.items().last() else { continue };
        // The call's own arguments, then those of the constructor, then the settings of the application.
        let mut named = own.clone();
        let mut inherited: Vec<Entry> = constructed
            .and_then(|node| node.items().last())
            .map(|node| node.entries().to_vec())
            .unwrap_or_default();
        inherited.extend(document.entries().iter().rev().filter_map(setting));
        if let Value::Map(entries) = &mut named.value {
            for entry in inherited {
                if !entries.iter().any(|other| other.key == entry.key) {
                    entries.push(entry);
                }
            }
        }
        let named = &named;
        let resources = named.get("resources");
        if let Some(node) = resources.filter(|node| crate::reader::is_computed(node)) {
            read.findings.push(not_judged(&node.span, "which resources have which origins"));
            continue;
        }
        for entry in resources.map(Node::entries).unwrap_or_default() {
            if crate::reader::is_computed(&entry.node) && entry.key != SPREAD {
                read.findings.push(not_judged(&entry.node.span, "what holds for this resource"));
            }
        }
        let has_unknown = resources
            .is_some_and(|node| node.entries().iter().any(|entry| crate::reader::is_computed(&entry.node)));
        let maps: Vec<&Entry> = resources
            .map(|node| {
                node.entries().iter().filter(|entry| matches!(entry.node.value, Value::Map(_))).collect()
            })
            .unwrap_or_default();
        if maps.is_empty() && !has_unknown {
            rule(named, &entry.key_span, &mut read);
        }
        for resource in maps {
            if let Some(path) = resource.key.strip_suffix("/*").filter(|path| !path.is_empty()) {
                let what =
                    format!("the path is a regular expression: it covers {path}s and {path}-other as well");
                read.findings.push(
                    Finding::warning("loose-path", &resource.key_span, what)
                        .fix(format!("write r\"{path}/.*\"")),
                );
            }
            // What stands outside applies to each.
            let mut merged = resource.node.clone();
            if let Value::Map(entries) = &mut merged.value {
                let outer = named
                    .entries()
                    .iter()
                    .filter(|entry| entry.key != "resources" && !resource.node.has(&entry.key));
                entries.extend(outer.cloned());
            }
            rule(&merged, &resource.key_span, &mut read);
        }
    }
    found(read)
}

/// Returns a setting of the application as the argument that it stands for: `CORS_ORIGINS`.
fn setting(entry: &Entry) -> Option<Entry> {
    let key = match entry.key.as_str() {
        "CORS_ORIGINS" => "origins",
        "CORS_METHODS" => "methods",
        "CORS_ALLOW_HEADERS" => "allow_headers",
        "CORS_EXPOSE_HEADERS" => "expose_headers",
        "CORS_SUPPORTS_CREDENTIALS" => "supports_credentials",
        "CORS_MAX_AGE" => "max_age",
        "CORS_RESOURCES" => "resources",
        _ => return None,
    };
    Some(Entry { key: key.to_owned(), ..entry.clone() })
}

/// Returns the name to which the value of a call is assigned: `cors = CORS()`.
fn assigned<'t>(source: &Source<'t>, call: &Entry) -> Option<&'t str> {
    let before = source.text.get(..call.key_span.start)?.trim_end().strip_suffix('=')?.trim_end();
    let start = before.rfind(|character: char| !(character.is_alphanumeric() || character == '_'));
    before.get(start.map_or(0, |place| place.saturating_add(1))..)
}

/// Returns the call that made the object whose `init_app` is called.
fn constructor<'n>(source: &Source<'_>, document: &'n Node, call: &Entry) -> Option<&'n Node> {
    let before = source.text.get(..call.key_span.start)?.strip_suffix('.')?;
    let is_its_own = |entry: &&Entry| {
        entry.key == "CORS" && assigned(source, entry).is_some_and(|name| before.ends_with(name))
    };
    let made = document.entries().iter().find(is_its_own);
    // Where it is made in another file its arguments are not known, and it is named as people name it.
    let is_named = before.to_ascii_lowercase().ends_with("cors");
    made.map(|entry| &entry.node).or_else(|| is_named.then_some(document))
}

/// Returns true for an object that is made without an application, and is given one in the file.
fn is_initialized_later(source: &Source<'_>, call: &Entry) -> bool {
    call.node.items().len() == 1
        && assigned(source, call).is_some_and(|name| source.text.contains(&format!("{name}.init_app(")))
}

fn rule(node: &Node, place: &std::ops::Range<usize>, read: &mut Read) {
    let rule = read.rule(node, &ARGUMENTS, matcher);
    rule.span = place.clone();
    // What is spread may have them.
    if node.has(SPREAD) {
        return;
    }
    if !node.has("origins") {
        rule.origins.push(OriginEntry { text: "*".to_owned(), span: place.clone(), matcher: Matcher::Any });
    }
    if rule.methods.is_empty() {
        let names = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
        rule.methods
            .extend(names.map(|name| crate::rule::Spot { value: name.to_owned(), span: place.clone() }));
    }
    if rule.headers.is_empty() {
        rule.headers.push(crate::rule::Spot { value: "*".to_owned(), span: place.clone() });
    }
}
