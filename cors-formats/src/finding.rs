//! [`Finding`]: something in a configuration that does not do what was meant, with its place and the fix.

use std::ops::Range;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// An attacker gets in, the configuration is refused, or no page does.
    Error,
    /// Some requests fail, or more is allowed than is needed.
    Warning,
    /// Nothing is wrong, and it is good to know.
    Note,
}

impl Severity {
    /// Returns the name, as SARIF has it.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// The kind of a finding about a field that the format does not have, whose value is not read.
pub const UNKNOWN_FIELD: &str = "unknown-field";

/// The kind of a finding about a field that stands there twice, of which the last counts.
pub const DUPLICATE_FIELD: &str = "duplicate-field";

/// The kind of a finding about a value that is computed: a configuration with one is never called sound.
pub const NOT_JUDGED: &str = "not-judged";

/// What is found in a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The place, in bytes of the text.
    pub span: Range<usize>,
    /// How bad it is.
    pub severity: Severity,
    /// What kind of thing it is, by a name that does not change: `any-origin-with-credentials`.
    pub kind: &'static str,
    /// What a browser, an attacker or the program makes of it. In one sentence.
    pub text: String,
    /// What to write, in that format.
    pub fix: Option<String>,
}

impl Finding {
    pub(crate) fn new(
        severity: Severity,
        kind: &'static str,
        span: &Range<usize>,
        text: impl Into<String>,
    ) -> Self {
        Finding { span: span.clone(), severity, kind, text: text.into(), fix: None }
    }

    pub(crate) fn error(kind: &'static str, span: &Range<usize>, text: impl Into<String>) -> Self {
        Finding::new(Severity::Error, kind, span, text)
    }

    pub(crate) fn warning(kind: &'static str, span: &Range<usize>, text: impl Into<String>) -> Self {
        Finding::new(Severity::Warning, kind, span, text)
    }

    pub(crate) fn note(kind: &'static str, span: &Range<usize>, text: impl Into<String>) -> Self {
        Finding::new(Severity::Note, kind, span, text)
    }

    pub(crate) fn fix(self, fix: impl Into<String>) -> Self {
        Finding { fix: Some(fix.into()), ..self }
    }
}
