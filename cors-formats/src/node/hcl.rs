//! HCL, the language of Terraform: a block is an entry whose key is its name, and the labels are keys in it.

use std::ops::Range;

use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::{Element, Template};

use super::{Entry, Node, SyntaxError, Value, check_depth};

pub(crate) fn hcl(text: &str) -> Result<Node, SyntaxError> {
    check_depth(text)?;
    // Each operator in front of an operator is a level, too.
    if let Some(place) = ["!!!!!!!!!!", "----------"].iter().find_map(|run| text.find(run)) {
        return Err(SyntaxError::new(place..place, "ten operators in a row"));
    }
    let body = hcl_edit::parser::parse_body(text).map_err(|error| {
        let place = error.location().offset();
        SyntaxError::new(place..place, error.message().to_owned())
    })?;
    Ok(node_of(&body, 0..text.len()))
}

fn node_of(body: &Body, span: Range<usize>) -> Node {
    let entries = body.iter().map(|structure| match structure {
        Structure::Attribute(attribute) => Entry {
            key: attribute.key.as_str().to_owned(),
            key_span: attribute.key.span().unwrap_or_default(),
            node: value(&attribute.value),
        },
        // `dynamic "cors_rule" { content { … } }` stands for blocks of that name.
        Structure::Block(block) if block.ident.as_str() == "dynamic" && block.labels.len() == 1 => {
            let label = block.labels.first();
            let content = block.body.iter().find_map(|structure| match structure {
                Structure::Block(content) if content.ident.as_str() == "content" => Some(content),
                _ => None,
            });
            let span = content.and_then(Span::span).or_else(|| block.span()).unwrap_or_default();
            Entry {
                key: label.map(|label| label.as_str().to_owned()).unwrap_or_default(),
                key_span: label.and_then(Span::span).unwrap_or_default(),
                node: match content {
                    Some(content) => node_of(&content.body, span),
                    None => Node { span, value: Value::Unknown },
                },
            }
        }
        Structure::Block(block) => {
            let span = block.span().unwrap_or_default();
            let mut node = node_of(&block.body, span.clone());
            for label in block.labels.iter().rev() {
                let entry = Entry {
                    key: label.as_str().to_owned(),
                    key_span: label.span().unwrap_or_default(),
                    node,
                };
                node = Node { span: span.clone(), value: Value::Map(vec![entry]) };
            }
            Entry {
                key: block.ident.as_str().to_owned(),
                key_span: block.ident.span().unwrap_or_default(),
                node,
            }
        }
    });
    Node { span, value: Value::Map(entries.collect()) }
}

fn value(expression: &Expression) -> Node {
    let value = match expression {
        Expression::Null(_) => Value::Null,
        Expression::Bool(boolean) => Value::Boolean(*boolean.value()),
        Expression::Number(number) => Value::Number(number.value().to_string()),
        Expression::String(text) => Value::Text(text.value().clone()),
        Expression::HeredocTemplate(heredoc) => Value::Text(text_of(&heredoc.template)),
        Expression::Array(array) => Value::List(array.iter().map(value).collect()),
        Expression::Object(object) => Value::Map(
            object
                .iter()
                .map(|(key, value)| Entry {
                    key: key.as_ident().map_or_else(
                        || key.as_expr().and_then(Expression::as_str).unwrap_or_default().to_owned(),
                        |ident| ident.as_str().to_owned(),
                    ),
                    key_span: key.span().unwrap_or_default(),
                    node: self::value(value.expr()),
                })
                .collect(),
        ),
        _ => Value::Unknown,
    };
    Node { span: expression.span().unwrap_or_default(), value }
}

/// Returns the text of a template, with a variable, `${}`, for what is computed in it.
fn text_of(template: &Template) -> String {
    let parts = template.iter().map(|element| match element {
        Element::Literal(text) => text.as_str(),
        Element::Interpolation(_) | Element::Directive(_) => "${}",
    });
    parts.collect()
}
