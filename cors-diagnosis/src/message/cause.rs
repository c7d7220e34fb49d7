//! [`Cause`] and [`Topic`]: what a message is about.

use cors_core::browser::{ErrorKind, Stage};

use serde::Serialize;

use super::topics::TOPICS;

/// What a message is about.
#[derive(Clone, Copy, Debug)]
pub enum Cause {
    /// A failure of the CORS protocol, or what stops a request before it.
    Error(ErrorKind),
    /// Anything else: a failure that the message does not name, or a neighbour of CORS.
    Topic(&'static Topic),
}

/// Something that consoles write about and that no [`CorsError`](cors_core::browser::CorsError) stands for.
#[derive(Debug)]
pub struct Topic {
    /// A short name, which is stable: `content-security-policy`.
    pub name: &'static str,
    /// The name for a person.
    pub title: &'static str,
    /// How it has to do with CORS.
    pub kind: TopicKind,
    /// The sentence to act on. Parts of the message may stand in it: `{url}`.
    pub act: &'static str,
    /// What it means, in plain words.
    pub meaning: &'static str,
}

/// How a topic has to do with CORS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TopicKind {
    /// CORS stopped the fetch; the message does not say all of why.
    Cors,
    /// A warning or a hint: nothing was stopped.
    Warning,
    /// It is not CORS, and the message says what it is.
    NotCors,
    /// The message would be the same for CORS and for other failures.
    Unknown,
}

impl TopicKind {
    /// Returns the name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            TopicKind::Cors => "cors",
            TopicKind::Warning => "warning",
            TopicKind::NotCors => "not-cors",
            TopicKind::Unknown => "unknown",
        }
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Cause::Error(kind), Cause::Error(other)) => kind == other,
            (Cause::Topic(topic), Cause::Topic(other)) => topic.name == other.name,
            _ => false,
        }
    }
}

impl Eq for Cause {}

impl Cause {
    /// Returns the name: that of Chromium's developer tools for an error, at this stage or else that of the request itself.
    pub fn name(self, stage: Option<Stage>) -> &'static str {
        match self {
            Cause::Error(kind) => kind.name(stage.unwrap_or(Stage::Actual)),
            Cause::Topic(topic) => topic.name,
        }
    }

    /// Returns the topic of that name.
    pub fn topic(name: &str) -> Option<Cause> {
        TOPICS.iter().find(|topic| topic.name == name).map(|topic| Cause::Topic(topic))
    }

    /// Returns how it has to do with CORS.
    pub fn kind(self) -> TopicKind {
        match self {
            // What the page itself asks for is of CORS.
            Cause::Error(ErrorKind::DisallowedByMode) => TopicKind::Cors,
            Cause::Error(kind) if kind.is_before_request() => TopicKind::NotCors,
            Cause::Error(_) => TopicKind::Cors,
            Cause::Topic(topic) => topic.kind,
        }
    }

    /// Returns true if CORS stopped the fetch, and the message says so.
    pub fn is_cors(self) -> bool {
        self.kind() == TopicKind::Cors
    }

    /// Returns 0 for a message that names a cause, and more for vaguer ones.
    pub(crate) fn vagueness(self) -> u8 {
        match self {
            Cause::Error(_) => 0,
            Cause::Topic(topic) => match (topic.kind, topic.name) {
                (_, "access-control-checks" | "preflight-failed" | "preflight-status") => 2,
                // What stands beside many requests, and is seldom why one fails.
                (
                    _,
                    "did-not-succeed"
                    | "http-status"
                    | "referrer-policy"
                    | "html-in-place-of-json"
                    | "empty-body"
                    | "method-not-allowed"
                    | "script-error"
                    | "blocked-without-reason",
                ) => 3,
                (_, "blocked") => 4,
                (TopicKind::Cors | TopicKind::NotCors, _) => 0,
                (TopicKind::Unknown, _) => 5,
                (TopicKind::Warning, _) => 6,
            },
        }
    }
}
