//! [`DecisionVector`]: a policy, requests to it, and the answers, as in `decisions.json` and `attacks.json`.

use std::fmt;

use cors_core::{Denial, FieldOp, Kind, Verdict};
use serde::Deserialize;

use super::load::nullable;
use super::value::{Value, config};
use crate::{Answer, OwnedConfig};

/// A policy and the requests to it, at least one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionVector {
    /// The rule of DESIGN.md that decides.
    pub rule: String,
    /// What is tried.
    pub name: String,
    /// The policy's config, which compiles.
    #[serde(deserialize_with = "config")]
    pub policy: OwnedConfig,
    /// The requests.
    pub requests: Vec<RequestVector>,
}

/// A request and the answer to it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestVector {
    /// The method, which may be malformed.
    pub method: Value,
    /// The field lines.
    pub headers: Vec<(String, Value)>,
    kind: String,
    verdict: String,
    #[serde(deserialize_with = "nullable")]
    status: Option<u16>,
    fields: Vec<(String, Value, String)>,
}

impl RequestVector {
    /// Returns the answer that the rules give. Panics if the vector has a name that the engine does not know.
    pub fn expected(&self) -> Answer {
        let kinds = [Kind::NotCors, Kind::Actual, Kind::Preflight].map(|kind| (kind.name(), kind));
        let ops = [FieldOp::Replace, FieldOp::Append].map(|op| (op.name(), op));
        let denials = Denial::ALL.map(|denial| (denial.name(), Verdict::Denied(denial)));
        let verdicts = [&[("allowed", Verdict::Allowed)], &denials[..]].concat();
        let fields =
            self.fields.iter().map(|(name, value, op)| (name.clone(), value.bytes(), named("op", op, &ops)));
        Answer {
            kind: named("kind", &self.kind, &kinds),
            verdict: named("verdict", &self.verdict, &verdicts),
            status: self.status,
            fields: fields.collect(),
        }
    }
}

/// Returns the value of that name. Panics for a misspelt vector, which must not merely differ.
fn named<T: Copy>(what: &str, name: &str, values: &[(&str, T)]) -> T {
    let found = values.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("a vector's {what}: {name:?} is not a name of one")).1
}

impl fmt::Display for RequestVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.method)?;
        self.headers.iter().try_for_each(|(name, value)| write!(f, ", {name}: {value}"))
    }
}
