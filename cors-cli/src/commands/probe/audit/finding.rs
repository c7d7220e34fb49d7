//! A misconfiguration that a server showed, with the exchanges that show it.

use super::classes::Class;
use super::severity::Severity;
use crate::commands::probe::exchange::{Answer, Exchange};

#[derive(Debug)]
pub(super) struct Finding {
    pub(super) class: Class,
    pub(super) severity: Severity,
    pub(super) with_credentials: bool,
    pub(super) evidence: Vec<Evidence>,
}

impl Finding {
    /// Returns a finding with the severity of its class.
    pub(super) fn new(class: Class, with_credentials: bool, exchange: Option<&Exchange>) -> Self {
        let evidence = exchange.and_then(Evidence::of).into_iter().collect();
        Finding { class, severity: class.severity(with_credentials), with_credentials, evidence }
    }
}

/// The part of an exchange that shows the finding.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    pub(super) method: String,
    /// Name and value.
    pub(super) request: Vec<(String, Vec<u8>)>,
    pub(super) status: u16,
    pub(super) response: Vec<(String, Vec<u8>)>,
}

impl Evidence {
    /// Returns the evidence in an exchange; `None` for an exchange without an answer.
    pub(super) fn of(exchange: &Exchange) -> Option<Self> {
        let answer = exchange.answer.as_ref().ok()?;
        let is_cors = |name: &str| name.to_ascii_lowercase().starts_with("access-control-");
        let of_request = |name: &str| name == "origin" || is_cors(name);
        let of_response = |name: &str| name.eq_ignore_ascii_case("vary") || is_cors(name);
        let pick = |fields: &[(String, Vec<u8>)], is_wanted: &dyn Fn(&str) -> bool| {
            fields.iter().filter(|(name, _)| is_wanted(name)).cloned().collect()
        };
        Some(Evidence {
            method: exchange.request.method.clone(),
            request: pick(&exchange.request.fields.0, &of_request),
            status: answer.status,
            response: pick(&answer.fields.0, &of_response),
        })
    }
}

/// Returns whether an answer trusts this `origin` with credentials; `None` if the answer does not trust it.
pub(super) fn trust(origin: &str, answer: &Answer) -> Option<bool> {
    (joined(answer, "access-control-allow-origin").as_deref() == Some(origin.as_bytes()))
        .then(|| allows_credentials(answer))
}

pub(super) fn is_public(answer: &Answer) -> bool {
    joined(answer, "access-control-allow-origin").as_deref() == Some(b"*")
}

pub(super) fn allows_credentials(answer: &Answer) -> bool {
    joined(answer, "access-control-allow-credentials").as_deref() == Some(b"true")
}

/// Joins the lines of a field as Fetch's "get" does.
pub(super) fn joined(answer: &Answer, name: &str) -> Option<Vec<u8>> {
    let lines: Vec<&[u8]> = answer.fields.lines(name).map(<[u8]>::trim_ascii).collect();
    (!lines.is_empty()).then(|| lines.join(&b", "[..]))
}
