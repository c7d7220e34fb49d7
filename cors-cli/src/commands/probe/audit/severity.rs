//! How bad a finding is.

/// The greater is the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    /// Worth knowing.
    Info,
    /// Wrong, and by itself no hole.
    Low,
    /// A hole for whoever has another one already.
    Medium,
    /// Anyone's page acts as the person before it.
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
