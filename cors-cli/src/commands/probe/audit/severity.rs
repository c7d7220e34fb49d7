//! The severities of a finding.

/// How bad a finding is. A greater severity is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    /// Worth knowing.
    Info,
    /// Wrong, and not a hole by itself.
    Low,
    /// A hole for whoever has another one already.
    Medium,
    /// Anyone's page acts as the person who uses the browser.
    High,
}

impl Severity {
    pub(super) const ALL: [Severity; 4] = [Severity::High, Severity::Medium, Severity::Low, Severity::Info];

    pub(super) fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
        }
    }
}
