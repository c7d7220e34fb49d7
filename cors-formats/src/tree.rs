//! [`Tree`]: a configuration to be written, in JSON, YAML or XML.

use std::fmt::Write;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// A value, whose maps keep their order.
pub(crate) enum Tree {
    Text(String),
    Number(i64),
    Boolean(bool),
    List(Vec<Tree>),
    Map(Vec<(&'static str, Tree)>),
}

impl Tree {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Tree::Text(text.into())
    }

    pub(crate) fn texts(texts: &[String]) -> Self {
        Tree::List(texts.iter().map(|text| Tree::Text(text.clone())).collect())
    }

    /// Returns the map without the entries that are none.
    pub(crate) fn map(entries: impl IntoIterator<Item = Option<(&'static str, Tree)>>) -> Self {
        Tree::Map(entries.into_iter().flatten().collect())
    }

    pub(crate) fn json(&self) -> String {
        // A tree has nothing that JSON lacks.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    pub(crate) fn yaml(&self) -> String {
        let mut text = String::new();
        self.write_yaml(&mut text, 0);
        text
    }

    /// Writes a map or a list whose lines are indented by `indent`.
    fn write_yaml(&self, text: &mut String, indent: usize) {
        match self {
            Tree::Map(entries) => {
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 || !text.ends_with("- ") {
                        let _ = write!(text, "{:indent$}", "");
                    }
                    let key = if key.starts_with('@') { format!("\"{key}\"") } else { (*key).to_owned() };
                    text.push_str(&key);
                    text.push(':');
                    value.write_value(text, indent);
                }
            }
            Tree::List(items) => {
                for item in items {
                    let _ = write!(text, "{:indent$}- ", "");
                    match item {
                        Tree::Map(entries) if !entries.is_empty() => {
                            item.write_yaml(text, indent.saturating_add(2));
                        }
                        item => {
                            text.push_str(&item.inline());
                            text.push('\n');
                        }
                    }
                }
            }
            scalar => {
                text.push_str(&scalar.inline());
                text.push('\n');
            }
        }
    }

    fn write_value(&self, text: &mut String, indent: usize) {
        match self {
            Tree::Map(entries) if !entries.is_empty() => {
                text.push('\n');
                self.write_yaml(text, indent.saturating_add(2));
            }
            Tree::List(items) if !items.is_empty() => {
                text.push('\n');
                self.write_yaml(text, indent);
            }
            value => {
                text.push(' ');
                text.push_str(&value.inline());
                text.push('\n');
            }
        }
    }

    /// Returns the value in one line, which JSON and YAML read alike.
    fn inline(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Tree::Text(text) => serializer.serialize_str(text),
            Tree::Number(number) => serializer.serialize_i64(*number),
            Tree::Boolean(boolean) => serializer.serialize_bool(*boolean),
            Tree::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Tree::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

/// Returns a text as the content of an element of XML.
pub(crate) fn xml_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Returns an element of XML for each text, in lines that begin with `indent`.
pub(crate) fn xml_elements(indent: &str, name: &str, texts: &[String]) -> String {
    let mut elements = String::new();
    for text in texts {
        let _ = writeln!(elements, "{indent}<{name}>{}</{name}>", xml_text(text));
    }
    elements
}

/// Returns the notes as lines of comments.
pub(crate) fn comments(notes: &[String], sign: &str) -> String {
    let mut comments = String::new();
    for note in notes {
        let _ = writeln!(comments, "{sign} {note}");
    }
    comments
}
