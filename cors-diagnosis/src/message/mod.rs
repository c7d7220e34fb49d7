//! Console messages: any text that a developer pastes, and what the messages in it are about.
//!
//! In: a text. Out: [`Message`]s. Recognisers are rows of tables, one table for each source. A row and its text's
//! letters are compared, so that quotation marks, line breaks and punctuation do not count. What stands around a cause (the
//! address, the page, a status) is found by rows of its own.

pub mod cause;
mod languages;
mod pattern;
mod read;
pub(crate) mod row;
mod rows;
mod text;
pub(crate) mod topics;

pub use cause::{Cause, Topic, TopicKind};
pub use read::read;
pub use row::Source;

use cors_core::browser::{Engine, Stage};

/// A message that was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who writes it.
    pub source: Source,
    /// The versions that write it so, or their years.
    pub versions: &'static str,
    /// Its language: `en`, or a language of Firefox.
    pub language: &'static str,
    /// What it is about.
    pub cause: Cause,
    /// Whether the preflight failed or the request itself, where the message shows it.
    pub stage: Option<Stage>,
    /// What the page used, as Chromium names it: `fetch`, `XMLHttpRequest`, `script`, `image`, `font` and others.
    pub kind: Option<String>,
    /// The address asked for; after redirects, the last.
    pub url: Option<String>,
    /// The address that the page asked for, where that redirected.
    pub redirected_from: Option<String>,
    /// The page's origin.
    pub origin: Option<String>,
    /// The value, the method, the header name or the malformed element at fault. It ends with `…` where the message is cut in it.
    pub parameter: Option<String>,
    /// The response's status.
    pub status: Option<u16>,
}

impl Message {
    /// Returns the engine whose console it is.
    pub fn engine(&self) -> Option<Engine> {
        self.source.engine()
    }

    /// Returns how the parameter begins, if the message is cut in it.
    pub(crate) fn cut_parameter(&self) -> Option<&str> {
        let start = self.parameter.as_deref()?.strip_suffix(pattern::CUT)?;
        // The same mark stands for what is withheld, behind one of these.
        (!start.ends_with(['/', '=', '?', '&', ';', '@'])).then_some(start)
    }

    /// Returns the parameter, if the whole of it is known.
    pub fn whole_parameter(&self) -> Option<&str> {
        self.parameter.as_deref().filter(|_| self.cut_parameter().is_none())
    }

    /// Returns the name of the cause.
    pub fn name(&self) -> &'static str {
        self.cause.name(self.stage)
    }
}
