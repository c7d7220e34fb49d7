//! What stands in a configuration that is known, and was not read: a field that a script or a snippet sets. That is never sound.

use std::ops::Range;

use crate::finding::Finding;
use crate::judge::not_judged;
use crate::reader::Read;
use crate::source::{Notation, Source};

const FIELD: &str = "access-control-allow-origin";

/// What a loop or a condition of Bicep may make of a list is not read.
const FIELD_OF_BICEP: &str = "allowedorigins";

/// What stands on a line that removes the field, asks for it, or says it to a person.
const NO_SETTING: [&str; 9] = [
    "hide_header",
    "unset",
    "del-header",
    "clear_header",
    "header_down",
    "hdr(",
    "hdr_cnt(",
    "description",
    "-access-control-",
];

/// Returns true for a text with the field.
pub(crate) fn has_field(text: &str) -> bool {
    text.as_bytes().windows(FIELD.len()).any(|part| part.eq_ignore_ascii_case(FIELD.as_bytes()))
}

/// Returns the findings of a configuration that is known.
pub(crate) fn findings(source: &Source<'_>, read: &Read) -> Vec<Finding> {
    let is_known = !read.rules.is_empty() || !read.findings.is_empty();
    // Of a program the fields with a literal are read.
    if is_known && source.notation != Notation::Code { places(source, read) } else { Vec::new() }
}

/// Returns a finding for each place of the field of which no rule and no finding tells.
pub(crate) fn places(source: &Source<'_>, read: &Read) -> Vec<Finding> {
    let field = if source.notation == Notation::Bicep { FIELD_OF_BICEP } else { FIELD };
    let lower = source.text.to_ascii_lowercase();
    let mut findings: Vec<Finding> = Vec::new();
    for (place, _) in lower.match_indices(field) {
        let span = place..place.saturating_add(field.len());
        let before = lower.get(..place).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
        let end = lower
            .get(place..)
            .and_then(|rest| rest.find('\n'))
            .map_or(lower.len(), |end| place.saturating_add(end));
        let line = lower.get(start..end).unwrap_or_default();
        let is_comment = line.trim_start().starts_with(['#', ';', '/']) || line.contains("<!--");
        let sets_nothing = NO_SETTING.iter().any(|sign| line.contains(sign));
        let after = lower.get(span.end..).unwrap_or_default().trim_start_matches(['"', '\'']);
        let is_name = source.notation != Notation::Lines && is_entry(before, after);
        // A long line has more than one setting.
        let around = if line.len() < 300 { start..end } else { span.clone() };
        let is_told = |other: &Range<usize>| {
            other.start < around.end && around.start < other.end.max(other.start.saturating_add(1))
        };
        let is_read = read
            .rules
            .iter()
            .any(|rule| is_told(&rule.span) || rule.origins.iter().any(|origin| is_told(&origin.span)))
            || read.findings.iter().chain(&findings).any(|finding| is_told(&finding.span))
            || read.places.iter().any(is_told);
        if !is_comment && !is_name && !sets_nothing && !is_read {
            findings.push(not_judged(&span, "what sets this field"));
        }
    }
    findings
}

/// Returns true for a name in a list, such as that of the fields to remove, and for one whose value is empty.
fn is_entry(before: &str, after: &str) -> bool {
    let before = before.trim_end_matches(['"', '\'']).trim_end();
    let after = after.trim_start_matches([' ', '\t']);
    let ends = after.is_empty() || after.starts_with([',', ']', '\n', '\r']);
    let value = after.strip_prefix([':', '=']).map(str::trim_start);
    before.ends_with(['-', '[', ',']) && ends
        || value.is_some_and(|value| value.starts_with("\"\"") || value.starts_with("''"))
}
