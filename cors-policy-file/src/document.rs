//! A policy file as fields and values with their places, whichever its format.

mod json;
mod toml;

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use crate::diagnostic::Diagnostic;

/// The fields of a policy, in any order, some perhaps more than once.
pub type Document<'s> = Vec<Field<'s>>;

/// A field.
#[derive(Clone, Debug)]
pub struct Field<'s> {
    /// Its name, which may be none that a policy has.
    pub name: Located<Cow<'s, str>>,
    /// Its value, which may be of the wrong type.
    pub value: Located<Value<'s>>,
}

/// Something, and where it stands: the bytes of a file, or any numbers that grow from one place to the next.
#[derive(Clone, Debug)]
pub struct Located<T> {
    /// The thing.
    pub value: T,
    /// Its place.
    pub span: Range<usize>,
}

/// What policies are made of; all else is named only.
#[derive(Clone, Debug)]
pub enum Value<'s> {
    /// A string, what it escapes resolved.
    String(Cow<'s, str>),
    /// A whole number, the nearest where it is out of the range.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// A list, whatever its entries.
    List(Vec<Located<Value<'s>>>),
    /// What no policy has, by its name with an article: `a date`.
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
pub enum Format {
    /// [TOML](https://toml.io).
    Toml,
    /// JSON, an object.
    Json,
}

impl Format {
    /// By the extension, or by the content where that says neither.
    pub fn of(path: &Path, text: &str) -> Format {
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
