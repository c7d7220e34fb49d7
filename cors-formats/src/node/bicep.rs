//! Bicep: what each resource, module and variable is assigned, a map under its name. Its literals are read as those of JavaScript,
//! in which commas may be left out at the ends of lines.

use super::binding::Bindings;
use super::code::{Language, Reader};
use super::{Entry, Node, Value};

/// What declares a value that is deployed.
const DECLARATIONS: [&str; 2] = ["resource", "module"];

pub(crate) fn bicep(text: &str) -> Node {
    let bindings = Bindings::of(text, Language::JavaScript);
    let mut reader = Reader::new(text, Language::JavaScript);
    let mut entries = Vec::new();
    // What is read again: the resources within a resource.
    let mut budget = text.len().saturating_mul(32);
    while !reader.rest().is_empty() {
        reader.space();
        let start = reader.place();
        let word = reader.word();
        if !DECLARATIONS.contains(&word) {
            if word.is_empty() {
                reader.skip();
            }
            continue;
        }
        // Behind the equals sign a condition may stand, or the head of a loop.
        let line = reader.rest().split('\n').next().unwrap_or_default();
        let body = line
            .find('=')
            .and_then(|equals| line.get(equals..)?.find('{').map(|brace| equals.saturating_add(brace)));
        let Some(body) = body else { continue };
        let key_span = start..reader.place();
        let start = reader.place().saturating_add(body);
        reader.go_to(start);
        let mut node = reader.value(0);
        let length = reader.place().saturating_sub(start);
        if budget > length {
            budget = budget.saturating_sub(length);
            reader.go_to(start.saturating_add(1));
        }
        bindings.resolve(&mut node, 0);
        entries.push(Entry { key: word.to_owned(), key_span, node });
    }
    Node { span: 0..text.len(), value: Value::Map(entries) }
}
