//! [`DecisionVector`]: a policy, requests to it, and the answers, as in `decisions.json`; [`AttackVector`]: those of `attacks.json`.

use std::fmt;

use cors_core::{Denial, FieldOp, Kind, Verdict};
use serde::Deserialize;

use super::load::nullable;
use super::report::{Place, Report};
use super::value::{Value, config};
use crate::{Answer, OwnedConfig, OwnedConfigExt};

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

/// An entry of `attacks.json`.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum AttackVector {
    /// A policy and the requests of an attacker.
    Decided(DecisionVector),
    /// A policy that an attacker would like, and that does not compile.
    Refused(RefusedVector),
}

/// A config that is refused, with the public suffix list that compilers have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusedVector {
    /// The rule of DESIGN.md that decides.
    pub rule: String,
    /// What is tried.
    pub name: String,
    /// The config.
    #[serde(deserialize_with = "config")]
    pub policy: OwnedConfig,
    problems: Vec<RefusalVector>,
}

impl RefusedVector {
    /// Notes how the problems of the config differ from those of the vector, or that it compiles.
    pub fn check(&self, report: &mut Report, index: usize) {
        let place = Place { index, rule: &self.rule };
        assert!(!self.problems.is_empty(), "{:?} has no problem", self.name);
        let expected = self.problems.iter().map(RefusalVector::to_string).collect::<Vec<_>>();
        self.policy.with_list(|config| {
            let mut got = Vec::new();
            config.check(|error| {
                got.push(format!("{} {:?} {:?}", error.field(), error.index(), error.problem()));
            });
            report.check(place, &self.name, &expected.join("\n    "), &got.join("\n    "));
            let compiled = config.compile_into(&mut vec![0; config.image_len()]).is_ok();
            report.check(place, format_args!("{}: compiled", self.name), &false, &compiled);
        });
        report.count("refused policies", 1);
        report.count("problems", expected.len());
    }

    /// Returns true if the config is refused only where the public suffix list is known.
    pub fn needs_list(&self) -> bool {
        self.problems.iter().any(|problem| problem.problem == "Risk(PublicSuffix)")
    }
}

impl fmt::Display for RefusalVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {}", self.field, self.index, self.problem)
    }
}

/// A problem of a config, without its words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusalVector {
    field: String,
    #[serde(deserialize_with = "nullable")]
    index: Option<usize>,
    problem: String,
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
