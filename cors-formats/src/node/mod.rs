//! [`Node`]: a text of any notation as one kind of tree, each value with its place.
//!
//! Takes a text. Gives a tree, or the place where the text cannot be read. Elements of XML, blocks of HCL and calls in code
//! are maps like those of JSON; a map keeps its keys in order, also those that stand there twice.

mod bicep;
mod binding;
mod code;
mod hcl;
mod json;
mod toml;
mod xml;
mod yaml;

use std::ops::Range;

pub(crate) use bicep::bicep;
pub(crate) use code::{Language, SPREAD, VARIABLE, code};
pub(crate) use hcl::hcl;
pub(crate) use json::json;
pub(crate) use toml::toml;
pub(crate) use xml::xml;
pub(crate) use yaml::yaml;

/// A value and its place in the text, in bytes.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) value: Value,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    Number(String),
    Text(String),
    /// A regular expression of JavaScript or Python, and whether case does not count.
    Expression(String, bool),
    /// What only a program knows: a variable, a call.
    Unknown,
    /// What only a program knows, and this value where its environment gives none.
    Or(Box<Node>),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Range<usize>,
    pub(crate) node: Node,
}

/// Why a text cannot be read, and where.
#[derive(Clone, Debug)]
pub(crate) struct SyntaxError {
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
}

/// The depth at which a text is refused: no configuration is as deep, and a reader that recurses could end there.
const MAX_DEPTH: usize = 100;

impl SyntaxError {
    fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        SyntaxError { span, message: message.into() }
    }
}

impl Node {
    /// Returns the value of the first such key of a map.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Returns the value that lies under these keys, one after the other.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns what stands there as a text, for a value that is neither a list nor a map.
    pub(crate) fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Number(text) | Value::Expression(text, _) => Some(text),
            Value::Boolean(true) => Some("true"),
            Value::Boolean(false) => Some("false"),
            _ => None,
        }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Calls `visit` with each map of the tree and the keys that lead to it, outer ones first. It returns true if what is in
    /// the map is of no more interest.
    pub(crate) fn walk<'n>(
        &'n self,
        path: &mut Vec<&'n str>,
        visit: &mut impl FnMut(&'n Node, &[&str]) -> bool,
    ) {
        match &self.value {
            Value::Map(entries) => {
                if visit(self, path) {
                    return;
                }
                for entry in entries {
                    path.push(&entry.key);
                    entry.node.walk(path, visit);
                    path.pop();
                }
            }
            Value::List(items) => {
                for item in items {
                    item.walk(path, visit);
                }
            }
            _ => {}
        }
    }

    /// Returns what the value is, with its article.
    pub(crate) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Boolean(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "a string",
            Value::Expression(..) => "a regular expression",
            Value::Unknown | Value::Or(_) => "an expression",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

/// Refuses a text whose brackets nest deeper than a reader may recurse.
fn check_depth(text: &str) -> Result<(), SyntaxError> {
    let mut depth = 0_usize;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'{' | b'[' | b'(' => depth = depth.saturating_add(1),
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(SyntaxError::new(index..index, "more than 100 brackets are open"));
        }
    }
    Ok(())
}
