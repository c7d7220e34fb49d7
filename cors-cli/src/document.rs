//! A policy file as fields and values with their places, whichever its format.

mod json;
mod toml;

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use crate::diagnostics::Diagnostic;

/// The fields of a policy file, in any order, some perhaps more than once.
pub(crate) type Document<'s> = Vec<Field<'s>>;

/// A field.
pub(crate) struct Field<'s> {
    pub(crate) name: Located<Cow<'s, str>>,
    pub(crate) value: Located<Value<'s>>,
}

/// Something, and the bytes of the file in which it stands.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) span: Range<usize>,
}

/// What policies are made of; all else is named only.
pub(crate) enum Value<'s> {
    String(Cow<'s, str>),
    /// A whole number, the nearest where it is out of the range.
    Integer(i64),
    Boolean(bool),
    List(Vec<Located<Value<'s>>>),
    Other(&'static str),
}

impl Value<'_> {
    /// What it is, with its article.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::String(_) => "a string",
            Value::Integer(_) => "a number",
            Value::Boolean(_) => "a boolean",
            Value::List(_) => LIST,
            Value::Other(kind) => kind,
        }
    }
}

const LIST: &str = "a list";

/// A language for policy files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Toml,
    Json,
}

impl Format {
    /// By the extension, or by the content where that says neither.
    pub(crate) fn of(path: &Path, text: &str) -> Format {
        match path.extension() {
            Some(extension) if extension.eq_ignore_ascii_case("toml") => Format::Toml,
            Some(extension) if extension.eq_ignore_ascii_case("json") => Format::Json,
            _ if text.trim_start().starts_with('{') => Format::Json,
            _ => Format::Toml,
        }
    }

    /// What can be read of `text`. Errors of syntax are added to `problems`.
    pub(crate) fn parse<'s>(self, text: &'s str, problems: &mut Vec<Diagnostic>) -> Document<'s> {
        match self {
            Format::Toml => toml::parse(text, problems),
            Format::Json => json::parse(text, problems),
        }
    }
}
