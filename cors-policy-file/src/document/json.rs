//! JSON. A raw value borrows from the text, and so shows where in it the value stands.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Document, Field, LIST, Located, Value};
use crate::diagnostic::{Cause, Diagnostic};

pub(super) fn parse<'s>(text: &'s str, problems: &mut Vec<Diagnostic>) -> Document<'s> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let fields = deserializer.deserialize_map(Fields).and_then(|fields| deserializer.end().map(|()| fields));
    let mut reader = Reader { text, problems };
    match fields {
        Ok(fields) => fields.into_iter().filter_map(|field| reader.field(field)).collect(),
        Err(error) => {
            let offset = offset_of(&error, text);
            let end = text.get(offset..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            reader.report(&error, offset..offset.saturating_add(end));
            Document::new()
        }
    }
}

/// Reads raw values one by one, so that a mistake in one does not hide another.
struct Reader<'s, 'p> {
    text: &'s str,
    problems: &'p mut Vec<Diagnostic>,
}

impl<'s> Reader<'s, '_> {
    fn field(&mut self, (name, value): (&'s RawValue, &'s RawValue)) -> Option<Field<'s>> {
        let name = match self.read(name)? {
            Json::String(text) => Located { value: text, span: self.span(name) },
            _ => return None,
        };
        Some(Field { name, value: self.value(value)? })
    }

    fn value(&mut self, raw: &'s RawValue) -> Option<Located<Value<'s>>> {
        let value = match self.read(raw)? {
            Json::List(entries) => {
                Value::List(entries.into_iter().filter_map(|raw| self.entry(raw)).collect())
            }
            other => other.into(),
        };
        Some(Located { value, span: self.span(raw) })
    }

    /// Reads an entry of a list. Policies have no lists in lists: those are not looked into, however deep they are.
    fn entry(&mut self, raw: &'s RawValue) -> Option<Located<Value<'s>>> {
        Some(Located { value: self.read(raw)?.into(), span: self.span(raw) })
    }

    fn read(&mut self, raw: &'s RawValue) -> Option<Json<'s>> {
        match serde_json::from_str(raw.get()) {
            Ok(value) => Some(value),
            Err(error) => {
                self.report(&error, self.span(raw));
                None
            }
        }
    }

    fn span(&self, raw: &RawValue) -> Range<usize> {
        let start = raw.get().as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        start..start.saturating_add(raw.get().len())
    }

    fn report(&mut self, error: &serde_json::Error, span: Range<usize>) {
        let message = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let message = message.strip_suffix(&place).unwrap_or(&message);
        self.problems.push(Diagnostic::new(Cause::Syntax, span, format!("not JSON: {message}")));
    }
}

/// Returns where in `text` the error is. Its columns count bytes.
fn offset_of(error: &serde_json::Error, text: &str) -> usize {
    let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let line_start = lines.map(str::len).fold(0_usize, usize::saturating_add);
    let mut offset = line_start.saturating_add(error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(offset) {
        offset = offset.saturating_sub(1);
    }
    offset
}

/// The fields of an object in their order, repeated ones too.
struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Vec<(&'de RawValue, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the fields of a policy")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(fields)
    }
}

/// A value; the entries of a list are still raw.
enum Json<'s> {
    String(Cow<'s, str>),
    Integer(i64),
    Boolean(bool),
    List(Vec<&'s RawValue>),
    Fraction(f64),
    Null,
    Object,
}

impl<'s> From<Json<'s>> for Value<'s> {
    fn from(json: Json<'s>) -> Self {
        match json {
            Json::String(text) => Value::String(text),
            Json::Integer(number) => Value::Integer(number),
            Json::Boolean(boolean) => Value::Boolean(boolean),
            Json::Fraction(number) => Value::Fraction(number),
            Json::Null => Value::Null,
            Json::List(_) => Value::other(LIST),
            Json::Object => Value::other("an object"),
        }
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::String(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::String(text.to_owned().into()))
    }

    fn visit_bool<E>(self, boolean: bool) -> Result<Json<'de>, E> {
        Ok(Json::Boolean(boolean))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Integer(i64::try_from(number).unwrap_or(i64::MAX)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json<'de>, E> {
        // A whole number that does not fit in an integer comes as one of these, too.
        const OUT_OF_RANGE: f64 = 9e18;
        Ok(match number {
            OUT_OF_RANGE.. => Json::Integer(i64::MAX),
            ..=-9e18 => Json::Integer(i64::MIN),
            _ => Json::Fraction(number),
        })
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element()? {
            entries.push(entry);
        }
        Ok(Json::List(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Json::Object)
    }
}
