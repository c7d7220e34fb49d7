//! [`Row`]: a recogniser. A new one is a row in one of the tables, and a line in the table of `tests/texts.json`.

use cors_core::browser::{Engine, Stage};

use super::cause::Cause;

/// Who writes a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Chrome, Edge since version 79, Opera and others.
    Chromium,
    /// Firefox.
    Firefox,
    /// Safari, and every browser on iOS.
    WebKit,
    /// Internet Explorer 10 and 11, and Edge up to version 18.
    InternetExplorer,
    /// A test tool: jsdom (Jest, Vitest), Cypress.
    TestTool,
    /// A script's own words, such as those of `fetch` or axios, or several browsers alike.
    Script,
}

impl Source {
    /// Returns the name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Source::Chromium => "chromium",
            Source::Firefox => "firefox",
            Source::WebKit => "webkit",
            Source::InternetExplorer => "internet-explorer",
            Source::TestTool => "test-tool",
            Source::Script => "script",
        }
    }

    /// Returns the name for a person.
    pub fn title(self) -> &'static str {
        match self {
            Source::Chromium => "Chromium",
            Source::Firefox => "Firefox",
            Source::WebKit => "WebKit",
            Source::InternetExplorer => "Internet Explorer",
            Source::TestTool => "a test tool",
            Source::Script => "a script",
        }
    }

    /// Returns the engine whose console it is.
    pub fn engine(self) -> Option<Engine> {
        match self {
            Source::Chromium => Some(Engine::Chromium),
            Source::Firefox => Some(Engine::Firefox),
            Source::WebKit => Some(Engine::WebKit),
            _ => None,
        }
    }
}

/// A recogniser.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) source: Source,
    /// The versions that write it, or their years.
    pub(crate) versions: &'static str,
    pub(crate) language: &'static str,
    /// The text, with a [`Hole`](super::pattern::Hole) for each part that differs from message to message.
    pub(crate) pattern: &'static str,
    pub(crate) cause: Cause,
    /// The stage, where the text shows it and the cause does not.
    pub(crate) stage: Option<Stage>,
}

/// A text around a cause that gives some of its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surroundings {
    pub(crate) pattern: &'static str,
    pub(crate) place: Place,
}

/// Where a text stands that gives parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Before the cause; a message begins there.
    Head,
    /// Before the cause: it says that the preflight failed.
    Preflight,
    /// After the cause.
    Tail,
    /// A sentence that goes with many messages, and has no cause in it.
    Hint,
}

/// Declares rows of one source.
macro_rules! rows {
    ($source:ident: $( $versions:literal $pattern:literal => $cause:expr $(, $stage:ident)?; )+) => {
        &[$( $crate::message::row::Row {
            source: $crate::message::row::Source::$source,
            versions: $versions,
            language: "en",
            pattern: $pattern,
            cause: $cause,
            stage: rows!(@stage $($stage)?),
        } ),+]
    };
    (@stage) => { None };
    (@stage $stage:ident) => { Some(cors_core::browser::Stage::$stage) };
}
pub(crate) use rows;
