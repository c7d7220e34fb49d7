//! [`Answer`]: everything that a decision says.

use cors_core::{Decision, FieldOp, Kind, Verdict};

/// What a policy says of a request.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) kind: Kind,
    pub(crate) verdict: Verdict,
    pub(crate) status: Option<u16>,
    pub(crate) fields: Vec<(&'static str, Vec<u8>, FieldOp)>,
}

impl From<&Decision<'_>> for Answer {
    fn from(decision: &Decision<'_>) -> Self {
        Answer {
            kind: decision.kind(),
            verdict: decision.verdict(),
            status: decision.status(),
            fields: decision.fields().map(|field| (field.name, field.value.to_vec(), field.op)).collect(),
        }
    }
}
