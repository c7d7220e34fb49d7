//! A decision, for a person or for a program.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use cors_core::{Decision, FieldOp, HeaderField, Kind, Verdict};
use http::StatusCode;
use serde::Serialize;

use super::heads::Head;
use crate::printable::Printable;
use crate::{input, json};

/// A request, and the policy's decision.
pub(super) struct Report<'r> {
    pub(super) file: &'r Path,
    /// The number of the head in the file, from 0.
    pub(super) index: usize,
    pub(super) head: &'r Head<'r>,
    pub(super) decision: &'r Decision<'r>,
}

const PLACE: Style = AnsiColor::BrightBlack.on_default();
const REQUEST: Style = Style::new().bold();
const ALLOWED: Style = AnsiColor::Green.on_default().bold();
const DENIED: Style = AnsiColor::Red.on_default().bold();

impl Report<'_> {
    /// Returns several lines and an empty one.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        let Head { method, target, minor_version, .. } = self.head;
        let number = self.index.saturating_add(1);
        writeln!(text, "{PLACE}{}, request {number}{PLACE:#}", input::name(self.file))?;
        let target = Printable(target.as_bytes());
        writeln!(
            text,
            "{REQUEST}{} {target} HTTP/1.{minor_version}{REQUEST:#}",
            Printable(method.as_bytes())
        )?;
        self.write_asked(text)?;
        let (style, verdict) = match self.decision.verdict() {
            Verdict::Allowed => (ALLOWED, "allowed".to_owned()),
            Verdict::Denied(denial) => (DENIED, format!("denied: {}: {denial}", denial.name())),
        };
        writeln!(text, "{}: {style}{verdict}{style:#}", self.kind())?;
        self.write_response(text)?;
        writeln!(text)
    }

    /// Writes the fields that the decision depends on.
    fn write_asked(&self, text: &mut String) -> std::fmt::Result {
        let asked = [
            "origin",
            "access-control-request-method",
            "access-control-request-headers",
            "access-control-request-private-network",
        ];
        for (name, value) in &self.head.fields {
            if asked.iter().any(|asked| name.eq_ignore_ascii_case(asked)) {
                writeln!(text, "{}: {}", Printable(name.as_bytes()), Printable(value))?;
            }
        }
        Ok(())
    }

    fn kind(&self) -> &'static str {
        match self.decision.kind() {
            Kind::NotCors => "not CORS",
            Kind::Actual => "actual request",
            Kind::Preflight => "preflight",
        }
    }

    fn write_response(&self, text: &mut String) -> std::fmt::Result {
        let decision = self.decision;
        if let Some(status) = decision.status() {
            let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
            writeln!(text, "  HTTP/1.1 {status} {}", reason.unwrap_or_default())?;
        } else if decision.fields().next().is_none() {
            writeln!(text, "  nothing to add to the response")?;
        }
        for HeaderField { name, value, op } in decision.fields() {
            let value = Printable(value);
            match (decision.status(), op) {
                (Some(_), _) => writeln!(text, "  {name}: {value}")?,
                (None, FieldOp::Replace) => writeln!(text, "  replace {name}: {value}")?,
                (None, FieldOp::Append) => writeln!(text, "  append  {name}: {value}")?,
            }
        }
        Ok(())
    }

    /// Returns one line.
    pub(super) fn json(&self) -> String {
        let decision = self.decision;
        let object = Object {
            file: self.file.to_string_lossy(),
            index: self.index,
            method: self.head.method,
            target: self.head.target,
            kind: decision.kind().name(),
            verdict: if decision.is_allowed() { "allowed" } else { "denied" },
            denial: decision
                .denial()
                .map(|denial| Reason { name: denial.name(), message: denial.to_string() }),
            status: decision.status(),
            fields: decision.fields().map(Field::from).collect(),
        };
        json::line(&object)
    }
}

#[derive(Serialize)]
struct Object<'r> {
    file: Cow<'r, str>,
    index: usize,
    method: &'r str,
    target: &'r str,
    kind: &'static str,
    verdict: &'static str,
    denial: Option<Reason>,
    status: Option<u16>,
    fields: Vec<Field<'r>>,
}

#[derive(Serialize)]
struct Reason {
    name: &'static str,
    message: String,
}

#[derive(Serialize)]
struct Field<'r> {
    name: &'static str,
    value: Cow<'r, str>,
    op: &'static str,
}

impl<'r> From<HeaderField<'r>> for Field<'r> {
    fn from(field: HeaderField<'r>) -> Self {
        let op = match field.op {
            FieldOp::Replace => "replace",
            FieldOp::Append => "append",
        };
        Field { name: field.name, value: String::from_utf8_lossy(field.value), op }
    }
}
