//! YAML, as YAML 1.2 reads it, of one document or several. An alias is the value that it names.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

use super::{Entry, MAX_DEPTH, Node, SyntaxError, Value, check_depth};

/// How many values the aliases of a text may repeat: a few lines of aliases to aliases stand for more than a memory holds.
const MAX_REPEATED: usize = 10_000;

pub(crate) fn yaml(text: &str) -> Result<Vec<Node>, SyntaxError> {
    let plain = without_templates(text);
    let text = plain.as_str();
    check_depth(text)?;
    let mut reader = Reader {
        parser: Parser::new(StrInput::new(text)),
        places: Places::of(text),
        anchors: HashMap::new(),
        repeated: 0,
    };
    let mut documents = Vec::new();
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamEnd => return Ok(documents),
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => {}
            event => documents.push(reader.node(event, span, 0)?),
        }
    }
}

/// Returns a text of the same length in which an action of a template (Helm) is a variable, `${…}`, and a line of nothing but
/// actions is a comment.
fn without_templates(text: &str) -> String {
    if !text.contains("{{") {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((action, after)) = after.split_once("}}") else { break };
        plain.push_str(before);
        let line = plain.rsplit('\n').next().unwrap_or_default();
        let ends_line = after.split('\n').next().is_some_and(|end| end.trim().is_empty());
        let is_comment = line.trim().is_empty() && ends_line;
        plain.push_str(if is_comment { "# " } else { "${" });
        for character in action.chars() {
            match character {
                // A comment of several lines.
                '\n' if is_comment => plain.push('\n'),
                _ if character.is_alphanumeric() || ".-".contains(character) => plain.push(character),
                _ => (0..character.len_utf8()).for_each(|_| plain.push('_')),
            }
        }
        plain.push_str(if is_comment { "  " } else { "}_" });
        rest = after;
    }
    plain.push_str(rest);
    plain
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    places: Places,
    anchors: HashMap<usize, Node>,
    repeated: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Range<usize>), SyntaxError> {
        match self.parser.next() {
            Some(Ok((event, span))) => Ok((event, self.places.range(span))),
            Some(Err(error)) => {
                let place = self.places.byte(error.marker().index());
                Err(SyntaxError::new(place..place, error.info().to_owned()))
            }
            None => Ok((Event::StreamEnd, 0..0)),
        }
    }

    fn node(&mut self, event: Event<'t>, span: Range<usize>, depth: usize) -> Result<Node, SyntaxError> {
        if depth > MAX_DEPTH {
            return Err(SyntaxError::new(span, "more than 100 levels"));
        }
        // What a tag such as `!Ref` makes of a value is known to the program that reads it.
        let is_computed = match &event {
            Event::Scalar(_, _, _, tag) | Event::SequenceStart(_, tag) | Event::MappingStart(_, tag) => {
                tag.as_ref().is_some_and(|tag| !tag.is_yaml_core_schema())
            }
            _ => false,
        };
        let (mut node, anchor) = match event {
            Event::Scalar(text, style, anchor, _) => {
                (Node { span, value: scalar(&text, style == ScalarStyle::Plain) }, anchor)
            }
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor) else {
                    return Err(SyntaxError::new(span, "an alias without its anchor"));
                };
                self.repeated = self.repeated.saturating_add(size(node));
                if self.repeated > MAX_REPEATED {
                    return Err(SyntaxError::new(span, "the aliases repeat more than 10,000 values"));
                }
                return Ok(Node { span, value: node.value.clone() });
            }
            Event::SequenceStart(anchor, _) => {
                let mut items = Vec::new();
                let end = loop {
                    let (event, span) = self.next()?;
                    match event {
                        Event::SequenceEnd | Event::StreamEnd => break span.end,
                        event => items.push(self.node(event, span, depth.saturating_add(1))?),
                    }
                };
                (Node { span: span.start..end.max(span.start), value: Value::List(items) }, anchor)
            }
            Event::MappingStart(anchor, _) => {
                let mut entries: Vec<Entry> = Vec::new();
                let mut merged: Vec<Entry> = Vec::new();
                let end = loop {
                    let (event, key_span) = self.next()?;
                    if matches!(event, Event::MappingEnd | Event::StreamEnd) {
                        break key_span.end;
                    }
                    let key = self.node(event, key_span.clone(), depth.saturating_add(1))?;
                    let (event, span) = self.next()?;
                    let node = self.node(event, span, depth.saturating_add(1))?;
                    match key.scalar() {
                        Some("<<") => {
                            let several = node.items().iter().flat_map(Node::entries);
                            merged.extend(node.entries().iter().chain(several).cloned());
                        }
                        key => {
                            entries.push(Entry { key: key.unwrap_or_default().to_owned(), key_span, node });
                        }
                    }
                };
                // What the map says itself counts, and of what is merged the first.
                let mut keys: HashSet<String> = entries.iter().map(|entry| entry.key.clone()).collect();
                entries.extend(merged.into_iter().filter(|entry| keys.insert(entry.key.clone())));
                (Node { span: span.start..end.max(span.start), value: Value::Map(entries) }, anchor)
            }
            _ => (Node { span, value: Value::Null }, 0),
        };
        if is_computed {
            node.value = Value::Unknown;
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }
}

fn size(node: &Node) -> usize {
    let within =
        |nodes: &mut dyn Iterator<Item = &Node>| nodes.map(size).fold(0_usize, usize::saturating_add);
    let inside = match &node.value {
        Value::List(items) => within(&mut items.iter()),
        Value::Map(entries) => within(&mut entries.iter().map(|entry| &entry.node)),
        _ => 0,
    };
    inside.saturating_add(1)
}

fn scalar(text: &str, is_plain: bool) -> Value {
    match text {
        _ if !is_plain => Value::Text(text.to_owned()),
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Boolean(true),
        "false" | "False" | "FALSE" => Value::Boolean(false),
        _ if text.parse::<f64>().is_ok() && text.bytes().any(|byte| byte.is_ascii_digit()) => {
            Value::Number(text.to_owned())
        }
        _ => Value::Text(text.to_owned()),
    }
}

/// Where each character begins, in bytes, if one takes more than a byte: the parser counts characters.
struct Places(Option<Vec<usize>>, usize);

impl Places {
    fn of(text: &str) -> Self {
        let starts = (!text.is_ascii()).then(|| text.char_indices().map(|(index, _)| index).collect());
        Places(starts, text.len())
    }

    fn byte(&self, index: usize) -> usize {
        match &self.0 {
            None => index.min(self.1),
            Some(starts) => starts.get(index).copied().unwrap_or(self.1),
        }
    }

    fn range(&self, span: Span) -> Range<usize> {
        self.byte(span.start.index())..self.byte(span.end.index())
    }
}
