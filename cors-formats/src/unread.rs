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
    let told = Told::of(read);
    let mut findings: Vec<Finding> = Vec::new();
    for (place, _) in lower.match_indices(field) {
        let span = place..place.saturating_add(field.len());
        let near = near_line(&lower, place);
        let line = lower.get(near.clone()).unwrap_or_default();
        let is_whole = line.len() < NEAR;
        let is_comment = is_whole && line.trim_start().starts_with(['#', ';', '/']) || line.contains("<!--");
        let sets_nothing = NO_SETTING.iter().any(|sign| line.contains(sign));
        let before = lower.get(..place).unwrap_or_default();
        let after = lower.get(span.end..).unwrap_or_default().trim_start_matches(['"', '\'']);
        let is_name = source.notation != Notation::Lines && is_entry(before, after);
        // A long line has more than one setting.
        let around = if is_whole { near } else { span.clone() };
        let is_told_now = findings.last().is_some_and(|last| around.start < last.span.end);
        if !is_comment && !is_name && !sets_nothing && !is_told_now && !told.has(&around) {
            findings.push(not_judged(&span, "what sets this field"));
        }
    }
    findings
}

/// How far the line of a field is looked at, in bytes to each side.
const NEAR: usize = 300;

/// Returns the line of a place, as far as it is near.
fn near_line(text: &str, place: usize) -> Range<usize> {
    let from = (place.saturating_sub(NEAR)..=place).find(|at| text.is_char_boundary(*at)).unwrap_or(place);
    let far = place.saturating_add(NEAR).min(text.len());
    let to = (place..=far).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(place);
    let before = text.get(from..place).unwrap_or_default().rfind('\n');
    let after = text.get(place..to).unwrap_or_default().find('\n');
    let start = before.map_or(from, |end| from.saturating_add(end).saturating_add(1));
    start..after.map_or(to, |end| place.saturating_add(end))
}

/// The places of which a rule or a finding tells: where each begins, in order, with the farthest end of those up to it.
struct Told(Vec<(usize, usize)>);

impl Told {
    fn of(read: &Read) -> Self {
        let rules = read.rules.iter().flat_map(|rule| {
            rule.origins.iter().map(|origin| &origin.span).chain(std::iter::once(&rule.span))
        });
        let findings = read.findings.iter().map(|finding| &finding.span);
        let mut places: Vec<(usize, usize)> = rules
            .chain(findings)
            .chain(&read.places)
            .map(|span| (span.start, span.end.max(span.start.saturating_add(1))))
            .collect();
        places.sort_unstable();
        let mut farthest = 0_usize;
        for (_, end) in &mut places {
            farthest = farthest.max(*end);
            *end = farthest;
        }
        Told(places)
    }

    /// Returns true if a place of them is in `around`.
    fn has(&self, around: &Range<usize>) -> bool {
        let count = self.0.partition_point(|(start, _)| *start < around.end);
        let last = count.checked_sub(1).and_then(|last| self.0.get(last));
        last.is_some_and(|(_, end)| around.start < *end)
    }
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
