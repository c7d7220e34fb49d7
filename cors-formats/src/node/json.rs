//! JSON, with comments as some programs take them.

use std::ops::Range;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Entry, Node, SyntaxError, Value, check_depth};

pub(crate) fn json(text: &str) -> Result<Node, SyntaxError> {
    check_depth(text)?;
    let options = ParseOptions {
        allow_comments: true,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options).map_err(|error| {
        let range = error.range();
        SyntaxError::new(range.start..range.end, error.kind().to_string())
    })?;
    match parsed.value {
        Some(value) => Ok(node(&value)),
        None => Err(SyntaxError::new(0..0, "there is no value")),
    }
}

fn node(value: &ast::Value<'_>) -> Node {
    let range = value.range();
    let value = match value {
        ast::Value::StringLit(text) => Value::Text(text.value.to_string()),
        ast::Value::NumberLit(number) => Value::Number(number.value.to_string()),
        ast::Value::BooleanLit(boolean) => Value::Boolean(boolean.value),
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::Array(array) => Value::List(array.elements.iter().map(node).collect()),
        ast::Value::Object(object) => {
            let entry = |property: &ast::ObjectProp<'_>| Entry {
                key: property.name.as_str().to_owned(),
                key_span: span(property.name.range()),
                node: node(&property.value),
            };
            Value::Map(object.properties.iter().map(entry).collect())
        }
    };
    Node { span: span(range), value }
}

fn span(range: jsonc_parser::common::Range) -> Range<usize> {
    range.start..range.end
}
