//! [`Lines`]: the lines that make a fetch work, in the software that is named or that a response tells.

use serde::Serialize;

use super::{Confidence, Part, Refused, Snippet, Stack};
use crate::Wanted;

/// The origin of a page that is not known.
const PLACEHOLDER: &str = "https://app.example.com";

/// Whose lines, and for what.
#[derive(Clone, Debug)]
pub struct Lines {
    /// The software.
    pub stack: Stack,
    /// How sure it is, where a response told the software, and not the person who asks.
    pub confidence: Option<Confidence>,
    /// The origin that stands for the page's, where that is not known.
    pub placeholder: Option<&'static str>,
    /// The lines, or why there are none: they would not work, or would not be safe.
    pub snippet: Result<Snippet, Refused>,
}

impl Lines {
    /// Returns the lines for this stack, or else for the one that the response tells, if it tells one.
    pub fn of<'f>(
        asked_for: Option<Stack>,
        fields: impl IntoIterator<Item = (&'f str, &'f [u8])>,
        wanted: &Wanted,
    ) -> Option<Self> {
        let told = || {
            let stacks = Stack::of_response(fields);
            stacks.into_iter().find(|(_, confidence)| *confidence != Confidence::Possible)
        };
        let (stack, confidence) = match asked_for {
            Some(stack) => (stack, None),
            None => told().map(|(stack, confidence)| (stack, Some(confidence)))?,
        };
        if wanted.origins.is_empty() {
            let filled = Wanted { origins: vec![PLACEHOLDER.to_owned()], ..wanted.clone() };
            let snippet = stack.snippet(&filled);
            return Some(Lines { stack, confidence, placeholder: Some(PLACEHOLDER), snippet });
        }
        Some(Lines { stack, confidence, placeholder: None, snippet: stack.snippet(wanted) })
    }

    /// Returns true if there are no lines.
    pub fn is_refused(&self) -> bool {
        self.snippet.is_err()
    }
}

impl Serialize for Lines {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let snippet = self.snippet.as_ref();
        LinesObject {
            stack: self.stack.name(),
            title: self.stack.title(),
            confidence: self.confidence.map(Confidence::name),
            placeholder: self.placeholder,
            command: snippet.ok().and_then(|snippet| snippet.command),
            parts: snippet.map_or(&[], |snippet| snippet.parts.as_slice()),
            notes: snippet.map_or(&[], |snippet| snippet.notes),
            refused: self.snippet.as_ref().err().map(ToString::to_string),
            is_run: self.stack.is_run(),
        }
        .serialize(serializer)
    }
}

#[derive(Serialize)]
struct LinesObject<'l> {
    stack: &'static str,
    title: &'static str,
    /// Absent where the software was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<&'static str>,
    /// The origin to be replaced by the page's.
    #[serde(skip_serializing_if = "Option::is_none")]
    placeholder: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<&'static str>,
    parts: &'l [Part],
    notes: &'static [&'static str],
    /// Why there are no lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
    /// Whether the tests of this project run them.
    is_run: bool,
}
