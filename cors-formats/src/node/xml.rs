//! XML: an element with elements in it is a map, one with text is that text, and one with attributes alone a map of them.

use super::{Entry, MAX_DEPTH, Node, SyntaxError, Value};

pub(crate) fn xml(text: &str) -> Result<Node, SyntaxError> {
    let document = roxmltree::Document::parse(text).map_err(|error| {
        let place = offset(text, error.pos());
        SyntaxError::new(place..place, error.to_string())
    })?;
    let root = document.root_element();
    let entry = entry(&root, 0)?;
    Ok(Node { span: entry.node.span.clone(), value: Value::Map(vec![entry]) })
}

fn entry(element: &roxmltree::Node<'_, '_>, depth: usize) -> Result<Entry, SyntaxError> {
    let range = element.range();
    let name = element.tag_name().name();
    if depth > MAX_DEPTH {
        return Err(SyntaxError::new(range, "more than 100 levels"));
    }
    let children = element.children().filter(roxmltree::Node::is_element);
    let elements: Vec<Entry> =
        children.map(|child| entry(&child, depth.saturating_add(1))).collect::<Result<_, _>>()?;
    let text = element.children().find(roxmltree::Node::is_text);
    let (span, value) = match (elements.is_empty(), text) {
        (true, Some(text)) => (text.range(), Value::Text(text.text().unwrap_or_default().trim().to_owned())),
        (true, None) if element.attributes().len() > 0 => {
            let attribute = |attribute: roxmltree::Attribute<'_, '_>| Entry {
                key: attribute.name().to_owned(),
                key_span: attribute.range_qname(),
                node: Node {
                    span: attribute.range_value(),
                    value: Value::Text(attribute.value().to_owned()),
                },
            };
            (range.clone(), Value::Map(element.attributes().map(attribute).collect()))
        }
        (true, None) => (range.clone(), Value::Text(String::new())),
        (false, _) => (range.clone(), Value::Map(elements)),
    };
    let key_span = range.start.saturating_add(1)..range.start.saturating_add(1).saturating_add(name.len());
    Ok(Entry { key: name.to_owned(), key_span, node: Node { span, value } })
}

fn offset(text: &str, place: roxmltree::TextPos) -> usize {
    let line = usize::try_from(place.row).unwrap_or(1).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let column = usize::try_from(place.col).unwrap_or(1).saturating_sub(1);
    let rest = text.get(start..).unwrap_or_default();
    start.saturating_add(rest.chars().take(column).map(char::len_utf8).sum())
}
