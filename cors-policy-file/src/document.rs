//! A policy file as fields and values with their places, whichever its format.

mod json;
mod toml;

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::words::Words;

/// The fields of a policy, in any order, some perhaps more than once.
pub type Document<'s> = Vec<Field<'s>>;

/// A field.
#[derive(Clone, Debug)]
pub struct Field<'s> {
    /// Its name, which may be one that policies do not have.
    pub name: Located<Cow<'s, str>>,
    /// Its value, which may be of the wrong type.
    pub value: Located<Value<'s>>,
}

/// A thing and its place: bytes of a file, or any numbers that grow from one place to the next.
#[derive(Clone, Debug)]
pub struct Located<T> {
    /// The thing.
    pub value: T,
    /// Its place.
    pub span: Range<usize>,
}

/// Places of what stands in no file, such as a function's arguments: each has the next number.
#[derive(Debug, Default)]
pub struct Places(usize);

impl Places {
    /// Returns a thing with the next place.
    pub fn next<T>(&mut self, value: T) -> Located<T> {
        let start = self.0;
        self.0 = start.saturating_add(1);
        Located { value, span: start..self.0 }
    }
}

/// What policies are made of; every other value is only named.
#[derive(Clone, Debug)]
pub enum Value<'s> {
    /// A string, its escapes resolved.
    String(Cow<'s, str>),
    /// A whole number, the nearest where it is out of the range.
    Integer(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// A list, whatever its entries.
    List(Vec<Located<Value<'s>>>),
    /// A number that is not written as a whole one.
    Fraction(f64),
    /// `null`, or whatever stands for it.
    Null,
    /// A value that policies do not have.
    Other {
        /// Its kind, with an article: `a date`.
        kind: Cow<'s, str>,
        /// The text that it stands for, as a byte string does.
        text: Option<Cow<'s, str>>,
    },
}

impl<'s> Value<'s> {
    /// A value that policies do not have, and that stands for no text.
    pub fn other(kind: impl Into<Cow<'s, str>>) -> Self {
        Value::Other { kind: kind.into(), text: None }
    }

    /// Returns the kind, with its article.
    pub fn kind(&self, words: &Words) -> String {
        match self {
            Value::String(_) => words.string,
            Value::Integer(_) => words.integer,
            Value::Boolean(_) => words.boolean,
            Value::List(_) => LIST,
            Value::Fraction(_) => words.fraction,
            Value::Null => words.null,
            Value::Other { kind, .. } => kind,
        }
        .to_owned()
    }

    /// Returns the text that it is or stands for.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Value::String(text) | Value::Other { text: Some(text), .. } => Some(text),
            _ => None,
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
    /// Returns the format that the extension names, or else the one that the content looks like.
    pub fn of(path: &Path, text: &str) -> Format {
        match path.extension() {
            Some(extension) if extension.eq_ignore_ascii_case("toml") => Format::Toml,
            Some(extension) if extension.eq_ignore_ascii_case("json") => Format::Json,
            _ if text.trim_start().starts_with('{') => Format::Json,
            _ => Format::Toml,
        }
    }

    /// Reads as much of `text` as can be read. Errors of syntax are added to `problems`.
    pub(crate) fn parse<'s>(self, text: &'s str, problems: &mut Vec<Diagnostic>) -> Document<'s> {
        match self {
            Format::Toml => toml::parse(text, problems),
            Format::Json => json::parse(text, problems),
        }
    }
}
