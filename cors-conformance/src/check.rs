//! [`Check`]: what is looked at, why, and how.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use crate::run::{Run, Stop};

/// A check of the suite. Checks are rows of the tables in `checks/`.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// The name, which stays the same from version to version.
    pub name: &'static str,
    /// How much it counts.
    pub class: Class,
    /// What the server does that passes, in a sentence.
    pub what: &'static str,
    /// What goes wrong otherwise, in a sentence.
    pub reason: &'static str,
    /// The text of a standard that it follows from.
    pub source: &'static str,
    /// Asks the server and judges the responses.
    pub(crate) judge: fn(&mut Run<'_>) -> Result<(), Stop>,
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Check", 5)?;
        object.serialize_field("check", self.name)?;
        object.serialize_field("class", self.class.name())?;
        object.serialize_field("what", self.what)?;
        object.serialize_field("reason", self.reason)?;
        object.serialize_field("source", self.source)?;
        object.end()
    }
}

/// How much a check counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Otherwise a browser or a cache does the wrong thing.
    Must,
    /// Otherwise a page reads what the policy keeps from it.
    Security,
    /// Otherwise something that is rare, or not of browsers, goes wrong.
    Should,
    /// Otherwise a response is longer, or less is cached, than could be.
    Nice,
}

impl Class {
    /// Every class, from the most important.
    pub const ALL: [Class; 4] = [Class::Must, Class::Security, Class::Should, Class::Nice];

    /// Returns the name: `must`, `security`, `should` or `nice`.
    pub fn name(self) -> &'static str {
        match self {
            Class::Must => "must",
            Class::Security => "security",
            Class::Should => "should",
            Class::Nice => "nice",
        }
    }
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The server does what the check asks for.
    Passed,
    /// It does not.
    Failed,
    /// Both ways are right: it is said which way the server goes, and not scored.
    Info,
    /// The application has no such route, or the policy nothing to try it with.
    NotOffered,
    /// There was no response to judge.
    Unanswered,
}

impl Outcome {
    /// Returns the name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::Info => "info",
            Outcome::NotOffered => "not-offered",
            Outcome::Unanswered => "unanswered",
        }
    }
}
