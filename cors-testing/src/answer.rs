//! [`Answer`]: all parts of a decision, to compare and to print.

use std::fmt;

use cors_core::{Decision, FieldOp, Kind, Verdict};

/// The answer to a request: what a policy decides, what the naive interpreter does, or what a vector expects.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The request's kind (E1).
    pub kind: Kind,
    /// Allowed, or the reason why not.
    pub verdict: Verdict,
    /// The status of the response to a preflight.
    pub status: Option<u16>,
    /// The response fields, in their order, which is part of the answer.
    pub fields: Vec<(String, Vec<u8>, FieldOp)>,
}

impl From<&Decision<'_>> for Answer {
    fn from(decision: &Decision<'_>) -> Self {
        let fields = decision.fields().map(|field| (field.name.to_owned(), field.value.to_vec(), field.op));
        Answer {
            kind: decision.kind(),
            verdict: decision.verdict(),
            status: decision.status(),
            fields: fields.collect(),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {:?}, {:?}", self.kind, self.verdict, self.status)?;
        for (name, value, op) in &self.fields {
            write!(f, "\n    {name}: {} ({})", shortened(value), op.name())?;
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
