//! The values of a program's variables, as far as they are literals: what a name stands for where it is assigned once, and what
//! stands there for the case that the environment gives nothing.

use std::collections::HashMap;

use super::code::{Language, Reader, SPREAD, is_word};
use super::{Entry, Node, VARIABLE, Value};

/// How many names are followed, one after the other.
const MAX_DEPTH: usize = 8;

/// What is assigned to each name. None where a name is assigned twice, or changed.
pub(super) struct Bindings<'t> {
    text: &'t str,
    language: Language,
    values: HashMap<&'t str, Option<Node>>,
}

impl<'t> Bindings<'t> {
    pub(super) fn of(text: &'t str, language: Language) -> Self {
        let mut values: HashMap<&str, Option<Node>> = HashMap::new();
        let mut reader = Reader::new(text, language);
        // What is read a second time: each name's value, where that is no literal.
        let mut budget = text.len().saturating_mul(32).saturating_add(1 << 16);
        while !reader.rest().is_empty() {
            reader.space();
            let word = reader.word();
            if word.is_empty() {
                reader.skip();
                continue;
            }
            let after = reader.place();
            reader.annotation();
            if reader.rest().starts_with("==") || reader.rest().starts_with("=>") || !reader.take("=") {
                reader.go_to(after);
                let rest = reader.rest().trim_start();
                let changes = ["+=", ".append(", ".extend(", ".push(", ".insert(", ".concat("];
                if changes.iter().any(|change| rest.starts_with(change)) || sets_member(rest) {
                    values.insert(word, None);
                }
                continue;
            }
            let value_start = reader.place();
            let node = reader.value(0);
            let length = reader.place().saturating_sub(value_start);
            if matches!(node.value, Value::Unknown) && budget > length {
                budget = budget.saturating_sub(length);
                reader.go_to(value_start);
            }
            let is_new = !values.contains_key(word);
            values.insert(word, is_new.then_some(node));
        }
        Bindings { text, language, values }
    }

    /// Returns the variables that are lists, or regular expressions.
    pub(super) fn variables(&self) -> Vec<Entry> {
        let mut names: Vec<&&str> = self.values.keys().collect();
        names.sort_unstable();
        let entry = |name: &&str| {
            let is_told = |node: &Node| matches!(node.value, Value::List(_) | Value::Expression(..));
            let node = self.named(name, 0).filter(is_told)?;
            Some(Entry { key: format!("{VARIABLE}{name}"), key_span: node.span.clone(), node })
        };
        names.into_iter().filter_map(entry).collect()
    }

    /// Puts the values of names in their places.
    pub(super) fn resolve(&self, node: &mut Node, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match &mut node.value {
            Value::Unknown => self.resolve_unknown(node, depth),
            Value::List(items) => {
                let mut resolved = Vec::new();
                for mut item in std::mem::take(items) {
                    let spread = self.written(&item).and_then(|text| {
                        text.strip_prefix("...").or_else(|| text.strip_prefix('*')).map(str::trim)
                    });
                    if let Some(Node { value: Value::List(spread), .. }) =
                        spread.and_then(|name| self.named(name, depth))
                    {
                        resolved.extend(spread);
                    } else {
                        self.resolve(&mut item, depth.saturating_add(1));
                        resolved.push(item);
                    }
                }
                node.value = Value::List(resolved);
            }
            Value::Map(entries) => {
                // Each with whether it was spread: what comes later replaces it.
                let mut resolved: Vec<(Entry, bool)> = Vec::new();
                for mut entry in std::mem::take(entries) {
                    let name = self
                        .written(&entry.node)
                        .filter(|_| entry.key == SPREAD)
                        .and_then(|text| text.strip_prefix("...").or_else(|| text.strip_prefix("**")));
                    if let Some(Node { value: Value::Map(spread), .. }) =
                        name.and_then(|name| self.named(name.trim(), depth))
                    {
                        for entry in spread {
                            resolved.retain(|(other, _)| other.key != entry.key || entry.key == SPREAD);
                            resolved.push((entry, true));
                        }
                        continue;
                    }
                    self.resolve(&mut entry.node, depth.saturating_add(1));
                    resolved.retain(|(other, is_spread)| !is_spread || other.key != entry.key);
                    resolved.push((entry, false));
                }
                *entries = resolved.into_iter().map(|(entry, _)| entry).collect();
            }
            _ => {}
        }
    }

    fn resolve_unknown(&self, node: &mut Node, depth: usize) {
        let Some(text) = self.written(node) else { return };
        if let Some(value) = self.named(text, depth) {
            *node = value;
        } else if let Some(default) = default(self.text, text, node.span.start, self.language)
            .or_else(|| branches(self.text, text, node.span.start, self.language))
        {
            node.value = Value::Or(Box::new(default));
        }
    }

    /// Returns what stands in the program for a value.
    fn written(&self, node: &Node) -> Option<&'t str> {
        matches!(node.value, Value::Unknown)
            .then(|| self.text.get(node.span.clone()))
            .flatten()
            .map(str::trim)
    }

    fn named(&self, name: &str, depth: usize) -> Option<Node> {
        let name = name.trim_start_matches("self.").trim_start_matches("this.");
        if name.is_empty() || !name.chars().all(is_word) {
            return None;
        }
        let mut node = self.values.get(name)?.clone()?;
        self.resolve(&mut node, depth.saturating_add(1));
        (!matches!(node.value, Value::Unknown)).then_some(node)
    }
}

/// Returns the literal that stands for the case that the environment has no value: `process.env.X || 'a'`, `getenv("X", "a")`.
fn default(whole: &str, text: &str, start: usize, language: Language) -> Option<Node> {
    let start = whole.get(start..)?.find(text)?.saturating_add(start);
    if text.contains("=>") || text.starts_with("function") {
        return None;
    }
    let after_or = ["||", "??", " or "]
        .iter()
        .filter_map(|sign| text.rfind(sign).map(|place| place.saturating_add(sign.len())))
        .max();
    let after_comma = ["getenv(", "environ.get(", "env(", "env.list(", "config(", "env.str(", "env.bool("]
        .iter()
        .filter_map(|call| text.find(call).map(|place| place.saturating_add(call.len())))
        .min()
        .and_then(|place| {
            let comma = text.get(place..)?.find(',')?.saturating_add(place).saturating_add(1);
            let argument = text.get(comma..)?;
            let named = argument.trim_start();
            let lead = argument.len().saturating_sub(named.len());
            let name = if named.starts_with("default=") { "default=".len() } else { 0 };
            Some(comma.saturating_add(lead).saturating_add(name))
        });
    let place = after_or.or(after_comma)?;
    let mut reader = Reader::new(whole, language);
    reader.go_to(start.saturating_add(place));
    let mut node = reader.literal()?;
    let after = text.get(reader.place().saturating_sub(start)..).unwrap_or_default();
    if after.contains(".split(")
        && let Value::Text(list) = &node.value
    {
        node.value = Value::List(crate::reader::split(list, &node.span));
    }
    Some(node)
}

/// Returns true for what follows a name whose member is assigned: `.origin = true`, `["origin"] = true`.
fn sets_member(rest: &str) -> bool {
    let after = match rest.strip_prefix('.') {
        Some(member) => member.trim_start_matches(is_word),
        None => match rest.strip_prefix('[').and_then(|member| member.split_once(']')) {
            Some((member, after)) if !member.contains(['\n', '[']) => after,
            _ => return false,
        },
    };
    let after = after.trim_start();
    after.starts_with('=') && !after.starts_with("==") && !after.starts_with("=>")
}

/// Returns the literals of a conditional: `"a" if b else "c"`, `b ? "a" : "c"`. Of two each counts.
fn branches(whole: &str, text: &str, start: usize, language: Language) -> Option<Node> {
    let start = whole.get(start..)?.find(text)?.saturating_add(start);
    if text.contains("=>") || text.starts_with("function") {
        return None;
    }
    let read = |place: usize| {
        let mut reader = Reader::new(whole, language);
        reader.go_to(start.saturating_add(place));
        let node = reader.literal()?;
        Some((node, reader.place().saturating_sub(start)))
    };
    let (first, second) = if language == Language::Python {
        text.find(" if ")?;
        let place = text.rfind(" else ")?.saturating_add(" else ".len());
        (
            read(0).filter(|(_, end)| text.get(*end..).is_some_and(|rest| rest.starts_with(" if "))),
            read(place),
        )
    } else {
        let place = text.find("? ").or_else(|| text.find("?\n"))?.saturating_add(1);
        let colon = text.rfind(" : ").or_else(|| text.rfind(": "))?.saturating_add(2);
        (read(place), read(colon))
    };
    let nodes: Vec<Node> = [first, second].into_iter().flatten().map(|(node, _)| node).collect();
    match nodes.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        [one, other] if matches!((&one.value, &other.value), (Value::Boolean(_), Value::Boolean(_))) => {
            Some(if matches!(one.value, Value::Boolean(true)) { one.clone() } else { other.clone() })
        }
        several => {
            let items = several.iter().flat_map(|node| match &node.value {
                Value::List(items) => items.clone(),
                _ => vec![node.clone()],
            });
            Some(Node { span: start..start.saturating_add(text.len()), value: Value::List(items.collect()) })
        }
    }
}
