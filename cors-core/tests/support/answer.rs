//! [`Answer`]: everything that a decision says, to compare and to print.

use std::fmt;

use cors_core::{Decision, Denial, FieldOp, Kind};
use serde::Deserialize;

use super::load::nullable;
use super::value::Value;

#[derive(PartialEq)]
pub(crate) struct Answer {
    pub(crate) kind: &'static str,
    pub(crate) verdict: &'static str,
    pub(crate) status: Option<u16>,
    /// In order: the order is part of the answer.
    pub(crate) fields: Vec<(String, Vec<u8>, &'static str)>,
}

/// A request and the answer to it, as in `decisions.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestVector {
    pub(crate) method: Value,
    pub(crate) headers: Vec<(String, Value)>,
    kind: String,
    verdict: String,
    #[serde(deserialize_with = "nullable")]
    status: Option<u16>,
    fields: Vec<(String, Value, Op)>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Op {
    Replace,
    Append,
}

impl RequestVector {
    pub(crate) fn expected(&self) -> Answer {
        let kinds = [Kind::NotCors, Kind::Actual, Kind::Preflight].map(Kind::name);
        let verdicts = [ALLOWED].into_iter().chain(Denial::ALL.into_iter().map(Denial::name));
        let fields = self.fields.iter().map(|(name, value, op)| {
            let op = match op {
                Op::Replace => "replace",
                Op::Append => "append",
            };
            (name.clone(), value.bytes(), op)
        });
        Answer {
            kind: known("kind", &self.kind, kinds.into_iter()),
            verdict: known("verdict", &self.verdict, verdicts),
            status: self.status,
            fields: fields.collect(),
        }
    }
}

impl Answer {
    pub(crate) fn of(decision: &Decision<'_>) -> Self {
        let fields = decision.fields().map(|field| {
            let op = match field.op {
                FieldOp::Replace => "replace",
                FieldOp::Append => "append",
            };
            (field.name.to_owned(), field.value.to_vec(), op)
        });
        Answer {
            kind: decision.kind().name(),
            verdict: decision.denial().map_or(ALLOWED, Denial::name),
            status: decision.status(),
            fields: fields.collect(),
        }
    }
}

const ALLOWED: &str = "allowed";

/// The one of `names` that is `name`: a misspelt vector must not merely fail, but say why.
fn known(what: &str, name: &str, mut names: impl Iterator<Item = &'static str>) -> &'static str {
    names.find(|known| *known == name).unwrap_or_else(|| panic!("a vector's {what} {name:?} is none"))
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}, {:?}", self.kind, self.verdict, self.status)?;
        for (name, value, op) in &self.fields {
            write!(f, "\n    {name}: {} ({op})", shortened(value))?;
        }
        Ok(())
    }
}

fn shortened(value: &[u8]) -> String {
    match value.get(..160) {
        Some(front) => format!("{}… ({} bytes)", front.escape_ascii(), value.len()),
        None => value.escape_ascii().to_string(),
    }
}

impl fmt::Display for RequestVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.method)?;
        self.headers.iter().try_for_each(|(name, value)| write!(f, ", {name}: {value}"))
    }
}
