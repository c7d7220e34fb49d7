//! TOML: the parser goes on after an error, so that all of them are reported at once.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue, Error};

use super::{Document, Field, Located, Value};
use crate::diagnostic::{Cause, Diagnostic};

pub(super) fn parse<'s>(text: &'s str, problems: &mut Vec<Diagnostic>) -> Document<'s> {
    let (table, mut errors) = DeTable::parse_recoverable(text);
    let mut document = Document::new();
    for (name, value) in table.into_inner() {
        let span = value.span();
        if matches!(value.get_ref(), DeValue::Array(_)) && !is_closed(text, &span) {
            // Everything that follows was taken for entries, so neither it nor its errors mean anything.
            errors.retain(|error| {
                error.span().is_none_or(|error| error.end < span.start || span.end < error.start)
            });
            problems.push(unclosed_list(span.start));
            continue;
        }
        document.push(Field {
            name: Located { span: name.span(), value: name.into_inner() },
            value: located(value),
        });
    }
    problems.extend(errors.iter().map(|error| syntax_error(text, error)));
    document
}

fn is_closed(text: &str, list: &Range<usize>) -> bool {
    text.get(list.clone()).is_some_and(|list| list.ends_with(']'))
}

fn unclosed_list(start: usize) -> Diagnostic {
    Diagnostic::new(Cause::Syntax, start..start.saturating_add(1), "this list is never closed")
        .with_help("write `]` after its last entry, and a `\"` at both ends of each string")
}

fn syntax_error(text: &str, error: &Error) -> Diagnostic {
    let span = error.span().unwrap_or(text.len()..text.len());
    match error.message() {
        "duplicate key" => Diagnostic::duplicate(text.get(span.clone()).unwrap_or_default(), span),
        message => Diagnostic::new(Cause::Syntax, span, format!("not TOML: {message}")),
    }
}

fn located<'s>(value: Spanned<DeValue<'s>>) -> Located<Value<'s>> {
    let span = value.span();
    let value = match value.into_inner() {
        DeValue::String(text) => Value::String(text),
        DeValue::Integer(number) => Value::Integer(nearest(&number)),
        DeValue::Boolean(boolean) => Value::Boolean(boolean),
        DeValue::Array(list) => Value::List(list.into_iter().map(located).collect()),
        DeValue::Float(number) => {
            number.as_str().parse().map_or_else(|_| Value::other("a fraction"), Value::Fraction)
        }
        DeValue::Datetime(_) => Value::other("a date"),
        DeValue::Table(_) => Value::other("a table"),
    };
    Located { value, span }
}

fn nearest(number: &DeInteger<'_>) -> i64 {
    let digits = number.as_str();
    let out_of_range = if digits.starts_with('-') { i64::MIN } else { i64::MAX };
    i64::from_str_radix(digits, number.radix()).unwrap_or(out_of_range)
}
