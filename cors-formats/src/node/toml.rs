//! TOML.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Node, SyntaxError, Value, check_depth};

pub(crate) fn toml(text: &str) -> Result<Node, SyntaxError> {
    check_depth(text)?;
    let table = DeTable::parse(text)
        .map_err(|error| SyntaxError::new(error.span().unwrap_or_default(), error.message().to_owned()))?;
    let span = table.span();
    Ok(Node { span, value: map(table.get_ref()) })
}

fn map(table: &DeTable<'_>) -> Value {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry { key: key.get_ref().to_string(), key_span: key.span(), node: node(value) })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    Value::Map(entries)
}

fn node(spanned: &Spanned<DeValue<'_>>) -> Node {
    let value = match spanned.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Float(number) => Value::Number(number.as_str().to_owned()),
        DeValue::Boolean(boolean) => Value::Boolean(*boolean),
        DeValue::Datetime(_) => Value::Unknown,
        DeValue::Array(array) => Value::List(array.iter().map(node).collect()),
        DeValue::Table(table) => map(table),
    };
    Node { span: spanned.span(), value }
}
