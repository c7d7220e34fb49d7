//! The report of an audit, for a person or for a program.

use std::borrow::Cow;
use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};
use http::StatusCode;
use serde::Serialize;
use url::Url;

use super::Audit;
use super::finding::{Evidence, Finding};
use super::severity::Severity;
use crate::commands::probe::report::write_list;
use crate::diagnostics::count;
use crate::json;
use crate::layout::write_wrapped;
use crate::printable::Printable;

pub(super) struct Report<'r> {
    url: &'r Url,
    trusted: &'r str,
    requests: usize,
    complete: bool,
    findings: &'r [Finding],
    notes: &'r [String],
}

const BOLD: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();

fn style(severity: Severity) -> Style {
    match severity {
        Severity::High => AnsiColor::Red.on_default().bold(),
        Severity::Medium => AnsiColor::Yellow.on_default().bold(),
        Severity::Low | Severity::Info => BOLD,
    }
}

impl<'r> Report<'r> {
    pub(super) fn new(url: &'r Url, audit: &'r Audit<'_>) -> Self {
        Report {
            url,
            trusted: audit.trusted.origin(),
            requests: audit.client.sent(),
            complete: !audit.stopped,
            findings: &audit.findings,
            notes: &audit.notes,
        }
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> fmt::Result {
        for finding in self.findings {
            write_finding(text, finding)?;
        }
        let requests = count(self.requests, "request");
        let trusted = self.trusted;
        let found = if self.findings.is_empty() && self.complete {
            format!("{GOOD}no findings{GOOD:#}")
        } else {
            format!("{BOLD}{}{BOLD:#}", self.numbers())
        };
        write_wrapped(text, "", "  ", &format!("{found}: {requests}, with origins made up after {trusted}"))?;
        if !self.complete {
            writeln!(text, "The audit is not complete.")?;
        }
        write_list(text, "Note:", self.notes)
    }

    /// Returns the number of findings: `3 findings (1 high, 2 low)`.
    fn numbers(&self) -> String {
        let number = |severity: Severity| {
            let number = self.findings.iter().filter(|finding| finding.severity == severity).count();
            (number > 0).then(|| format!("{number} {}", severity.name()))
        };
        let numbers: Vec<String> = Severity::ALL.into_iter().filter_map(number).collect();
        let findings = count(self.findings.len(), "finding");
        if numbers.is_empty() { findings } else { format!("{findings} ({})", numbers.join(", ")) }
    }

    pub(super) fn json(&self) -> String {
        let object = Object {
            url: self.url.as_str(),
            trusted_origin: self.trusted,
            requests: self.requests,
            complete: self.complete,
            findings: self.findings.iter().map(FindingObject::from).collect(),
            notes: self.notes,
        };
        json::object(&object)
    }
}

fn write_finding(text: &mut String, finding: &Finding) -> fmt::Result {
    let Finding { class, severity, with_credentials, evidence } = finding;
    let style = style(*severity);
    let with = if *with_credentials { " (with credentials)" } else { "" };
    let (severity, name) = (severity.name(), class.name);
    let sentence = format!("{style}{severity}{style:#} {BOLD}{name}{BOLD:#}: {}{with}", class.title);
    write_wrapped(text, "", "  ", &sentence)?;
    for Evidence { method, request, status, response } in evidence {
        writeln!(text, "  {method}{}", list(request, " without an Origin"))?;
        let reason = StatusCode::from_u16(*status).ok().and_then(|status| status.canonical_reason());
        writeln!(
            text,
            "  → {status} {}{}",
            reason.unwrap_or_default(),
            list(response, ", and no field of CORS")
        )?;
    }
    write_wrapped(text, "  ", "       ", &format!("{BOLD}fix:{BOLD:#} {}", class.fix))?;
    writeln!(text)
}

/// Returns each field in a line of its own.
fn list(fields: &[(String, Vec<u8>)], none: &str) -> String {
    if fields.is_empty() {
        return none.to_owned();
    }
    let mut text = String::new();
    for (name, value) in fields {
        let _ = write!(text, "\n    {}: {}", Printable(name.as_bytes()), Printable(value));
    }
    text
}

#[derive(Serialize)]
struct Object<'r> {
    url: &'r str,
    trusted_origin: &'r str,
    requests: usize,
    complete: bool,
    findings: Vec<FindingObject<'r>>,
    notes: &'r [String],
}

#[derive(Serialize)]
struct FindingObject<'r> {
    class: &'static str,
    severity: &'static str,
    with_credentials: bool,
    title: &'static str,
    fix: &'static str,
    evidence: Vec<EvidenceObject<'r>>,
}

#[derive(Serialize)]
struct EvidenceObject<'r> {
    method: &'r str,
    request: Vec<FieldObject<'r>>,
    status: u16,
    response: Vec<FieldObject<'r>>,
}

#[derive(Serialize)]
struct FieldObject<'r> {
    name: &'r str,
    value: Cow<'r, str>,
}

impl<'r> From<&'r Finding> for FindingObject<'r> {
    fn from(finding: &'r Finding) -> Self {
        FindingObject {
            class: finding.class.name,
            severity: finding.severity.name(),
            with_credentials: finding.with_credentials,
            title: finding.class.title,
            fix: finding.class.fix,
            evidence: finding
                .evidence
                .iter()
                .map(|evidence| EvidenceObject {
                    method: &evidence.method,
                    request: objects(&evidence.request),
                    status: evidence.status,
                    response: objects(&evidence.response),
                })
                .collect(),
        }
    }
}

fn objects(fields: &[(String, Vec<u8>)]) -> Vec<FieldObject<'_>> {
    fields.iter().map(|(name, value)| FieldObject { name, value: String::from_utf8_lossy(value) }).collect()
}
