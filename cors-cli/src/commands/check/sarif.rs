//! Findings as a log of SARIF 2.1.0, which code scanning reads.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Value, json};

use crate::diagnostics::json::FindingObject;
use crate::json;

/// Returns the log.
pub(super) fn log(results: &[(String, Vec<FindingObject>)]) -> String {
    let kinds: BTreeSet<&str> =
        results.iter().flat_map(|(_, findings)| findings.iter().map(|finding| finding.kind)).collect();
    let rules: Vec<Value> = kinds.iter().map(|kind| json!({ "id": kind })).collect();
    let found: Vec<Value> = results
        .iter()
        .flat_map(|(file, findings)| findings.iter().map(move |finding| result(file, finding)))
        .collect();
    json::object(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "cors", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": found,
        }],
    }))
}

fn result(file: &str, finding: &FindingObject) -> Value {
    let text = match &finding.fix {
        Some(fix) => format!("{}; {fix}", finding.text),
        None => finding.text.clone(),
    };
    json!({
        "ruleId": finding.kind,
        "level": finding.severity,
        "message": { "text": text },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(file) },
                "region": {
                    "startLine": finding.line,
                    "startColumn": finding.column,
                    "endColumn": finding.column.saturating_add(finding.length),
                },
            },
        }],
    })
}

/// Returns the path as a reference of a URI.
fn uri(file: &str) -> String {
    let mut uri = String::new();
    for byte in file.trim_start_matches("./").bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
