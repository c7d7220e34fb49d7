//! [`Report`]: what came of a run.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use crate::check::{Check, Class, Outcome};
use crate::exchange::Exchange;
use crate::junit;

/// What came of one check.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The check.
    pub check: &'static Check,
    /// How it ended.
    pub outcome: Outcome,
    /// Why, unless it passed.
    pub sentence: String,
    /// What was sent and answered for it.
    pub exchanges: Vec<Exchange>,
}

/// What came of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The address.
    pub url: String,
    /// What came of each check, in the order of the tables.
    pub findings: Vec<Finding>,
    /// The classes that decide whether the server fails.
    pub scored: Vec<Class>,
    /// What the address answers to a GET without `Origin`.
    pub status: u16,
    /// Why the report says nothing of the server, in a sentence; `None` where it does.
    pub doubt: Option<String>,
    /// How many requests were sent.
    pub requests: usize,
    /// How long it took.
    pub seconds: f64,
}

impl Report {
    /// Returns how many checks of this class ended so.
    pub fn count(&self, class: Class, outcome: Outcome) -> usize {
        let is_counted = |finding: &&Finding| finding.check.class == class && finding.outcome == outcome;
        self.findings.iter().filter(is_counted).count()
    }

    /// Returns how many checks of this class did not pass though they should: those without an answer count as failed.
    pub fn failed(&self, class: Class) -> usize {
        self.count(class, Outcome::Failed).saturating_add(self.count(class, Outcome::Unanswered))
    }

    /// Returns true for a finding that makes the server fail.
    pub fn is_against(&self, finding: &Finding) -> bool {
        matches!(finding.outcome, Outcome::Failed | Outcome::Unanswered)
            && self.scored.contains(&finding.check.class)
    }

    /// Returns true if the server fails: if a check of a class that decides did not pass though it should.
    pub fn is_failed(&self) -> bool {
        self.findings.iter().any(|finding| self.is_against(finding))
    }

    /// Returns the report in the XML of `JUnit`.
    pub fn junit(&self) -> String {
        junit::write(self)
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Finding", 8)?;
        object.serialize_field("check", self.check.name)?;
        object.serialize_field("class", self.check.class.name())?;
        object.serialize_field("outcome", self.outcome.name())?;
        object.serialize_field("sentence", &self.sentence)?;
        object.serialize_field("what", self.check.what)?;
        object.serialize_field("reason", self.check.reason)?;
        object.serialize_field("source", self.check.source)?;
        object.serialize_field("exchanges", &self.exchanges)?;
        object.end()
    }
}
