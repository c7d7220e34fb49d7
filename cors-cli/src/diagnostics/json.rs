//! Problems of a policy file as JSON. The fields are stable: new ones may come, none goes. `docs/json.md` describes them.

use cors_formats::Finding;
use cors_ui::place::Place;
pub(crate) use cors_ui::problem::{ProblemObject, compiled};
use serde::Serialize;

/// Returns the findings, which are in the order of the file, with their places.
pub(crate) fn findings(text: &str, findings: &[Finding]) -> Vec<FindingObject> {
    let mut place = Place::start(text);
    let object = |finding: &Finding| {
        place.advance(finding.span.start);
        FindingObject {
            line: place.line,
            column: place.column,
            length: place.excerpt(finding.span.end).underlined_text().chars().count(),
            severity: finding.severity.name(),
            kind: finding.kind,
            text: finding.text.clone(),
            fix: finding.fix.clone(),
        }
    };
    findings.iter().map(object).collect()
}

/// Something in the configuration of another program.
#[derive(Serialize)]
pub(crate) struct FindingObject {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) length: usize,
    pub(crate) severity: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) text: String,
    pub(crate) fix: Option<String>,
}

/// Returns the problem as a finding, for what knows one kind of them.
pub(crate) fn into_finding(problem: ProblemObject) -> FindingObject {
    FindingObject {
        line: problem.line.unwrap_or(1),
        column: problem.column.unwrap_or(1),
        length: problem.length.unwrap_or(1),
        severity: if problem.risk.is_some() { "warning" } else { "error" },
        kind: problem.risk.unwrap_or("policy"),
        text: problem.text,
        fix: problem.help,
    }
}
