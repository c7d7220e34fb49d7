//! Problems of a policy file as JSON. The fields are stable: new ones may come, none goes. `docs/json.md` describes them.

use std::path::Path;

use cors_core::Risk;
use cors_formats::Finding;
use cors_policy_file::{Compiled, Diagnostic, Error, Format, compile};
use serde::Serialize;

use super::Place;

#[derive(Serialize)]
pub(crate) struct ProblemObject {
    /// From 1; none where the whole file is wrong.
    line: Option<usize>,
    /// In characters, from 1.
    column: Option<usize>,
    /// In characters of that line.
    length: Option<usize>,
    risk: Option<&'static str>,
    text: String,
    help: Option<String>,
}

/// Returns the compiled policy file, or its problems.
pub(crate) fn compiled(path: &Path, text: &str) -> Result<Compiled, Vec<ProblemObject>> {
    compile(Format::of(path, text), text).map_err(|error| match error {
        Error::Problems(diagnostics) => problems(text, &diagnostics),
        other => vec![ProblemObject::of_the_whole(other.to_string())],
    })
}

/// Returns the diagnostics, which are in the order of the file, with their places.
fn problems(text: &str, diagnostics: &[Diagnostic]) -> Vec<ProblemObject> {
    let mut place = Place::start(text);
    let problem = |diagnostic: &Diagnostic| {
        place.advance(diagnostic.span().start);
        ProblemObject {
            line: Some(place.line),
            column: Some(place.column),
            length: Some(place.excerpt(diagnostic.span().end).underlined_text().chars().count()),
            risk: diagnostic.risk().map(Risk::name),
            text: diagnostic.title().to_owned(),
            help: diagnostic.help().map(str::to_owned),
        }
    };
    diagnostics.iter().map(problem).collect()
}

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

impl ProblemObject {
    /// Returns the problem as a finding, for what knows one kind of them.
    pub(crate) fn into_finding(self) -> FindingObject {
        FindingObject {
            line: self.line.unwrap_or(1),
            column: self.column.unwrap_or(1),
            length: self.length.unwrap_or(1),
            severity: if self.risk.is_some() { "warning" } else { "error" },
            kind: self.risk.unwrap_or("policy"),
            text: self.text,
            fix: self.help,
        }
    }

    /// Returns a problem that has no place in the file.
    pub(crate) fn of_the_whole(text: String) -> Self {
        ProblemObject { line: None, column: None, length: None, risk: None, text, help: None }
    }

    /// Returns a warning, which is about the policy and has no place.
    pub(crate) fn warning(warning: &Diagnostic) -> Self {
        let help = warning.help().map(str::to_owned);
        ProblemObject { help, ..ProblemObject::of_the_whole(warning.title().to_owned()) }
    }
}
