//! How responses tell a stack.

/// A sign in a response, and how sure it is.
pub(super) struct Sign {
    /// The name of a field, in lower case; or its beginning, before a `*`.
    pub(super) field: &'static str,
    /// What its value contains, in lower case; empty for any value.
    pub(super) contains: &'static str,
    pub(super) confidence: Confidence,
}

/// How sure it is that a response comes from a stack. The surest is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// The software names itself.
    Sure,
    /// The sign is of this software and of few others.
    Likely,
    /// One of several that leave this sign.
    Possible,
}

impl Confidence {
    /// Returns the name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Sure => "sure",
            Confidence::Likely => "likely",
            Confidence::Possible => "possible",
        }
    }
}

pub(super) const fn sure(field: &'static str, contains: &'static str) -> Sign {
    Sign { field, contains, confidence: Confidence::Sure }
}

pub(super) const fn likely(field: &'static str, contains: &'static str) -> Sign {
    Sign { field, contains, confidence: Confidence::Likely }
}

pub(super) const fn possible(field: &'static str, contains: &'static str) -> Sign {
    Sign { field, contains, confidence: Confidence::Possible }
}

/// Returns the confidence of the surest sign that the response has.
pub(super) fn confidence(signs: &[Sign], fields: &[(&str, &[u8])]) -> Option<Confidence> {
    let is_there = |sign: &&Sign| {
        fields.iter().any(|(name, value)| is_named(name, sign.field) && has(value, sign.contains))
    };
    signs.iter().filter(is_there).map(|sign| sign.confidence).min()
}

fn is_named(name: &str, wanted: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(beginning) => {
            name.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
        }
        None => name.eq_ignore_ascii_case(wanted),
    }
}

fn has(value: &[u8], wanted: &str) -> bool {
    let wanted = wanted.as_bytes();
    wanted.is_empty() || value.windows(wanted.len()).any(|window| window.eq_ignore_ascii_case(wanted))
}
