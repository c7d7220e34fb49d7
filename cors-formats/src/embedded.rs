//! Configurations that are a text within another file: a file of a `ConfigMap`, a snippet in an annotation of an `Ingress`.
//!
//! Takes a file that is read. Gives the texts, each with its name and the places that its bytes have in the file.

use std::ops::Range;

use crate::node::{Node, Value};
use crate::source::{Notation, Source, has_known_extension};
use crate::unread;

/// What people write about a configuration, which is none.
const PROSE: [&str; 5] = ["description", "summary", "documentation", "comment", "message"];

/// What ends the names of other texts that programs read.
const READ_BY_PROGRAMS: [&str; 3] = [".lua", "-snippet", "-snippets"];

/// A text within a file.
pub(crate) struct Embedded<'s> {
    /// The key of the text: the name of a file, of an annotation, or any other.
    pub(crate) name: &'s str,
    pub(crate) text: &'s str,
    /// Where the whole text stands in the file.
    span: Range<usize>,
    /// Where the text begins, unless escapes or folds make its places others than those of the file.
    start: Option<usize>,
}

impl Embedded<'_> {
    /// Returns the place in the file of a place in the text.
    pub(crate) fn place(&self, span: &Range<usize>) -> Range<usize> {
        match self.start {
            Some(start) => span.start.saturating_add(start)..span.end.saturating_add(start),
            None => self.span.clone(),
        }
    }

    pub(crate) fn span(&self) -> &Range<usize> {
        &self.span
    }

    /// Returns true for a text whose name says that a program reads it.
    pub(crate) fn is_for_a_program(&self) -> bool {
        has_known_extension(self.name) || READ_BY_PROGRAMS.iter().any(|end| self.name.ends_with(end))
    }
}

/// Returns the texts of a file that may be configurations.
pub(crate) fn texts<'s>(source: &'s Source<'_>) -> Vec<Embedded<'s>> {
    let mut texts = Vec::new();
    if matches!(source.notation, Notation::Code | Notation::Lines | Notation::Bicep) {
        return texts;
    }
    for document in &source.documents {
        document.walk(&mut Vec::new(), &mut |node, _| {
            for entry in node.entries() {
                let Value::Text(text) = &entry.node.value else { continue };
                let is_prose = PROSE.iter().any(|prose| entry.key.eq_ignore_ascii_case(prose));
                let is_file = has_known_extension(&entry.key) && text.contains(['\n', '{']);
                if !is_prose && (is_file || unread::has_field(text)) {
                    texts.push(embedded(source.text, &entry.key, text, &entry.node));
                }
            }
            false
        });
    }
    texts
}

fn embedded<'s>(file: &'s str, name: &'s str, text: &'s str, node: &Node) -> Embedded<'s> {
    let span = node.span.clone();
    let start = start_of_line(file, span.start);
    let header = file.get(start..span.end).and_then(|written| written.find('\n')).unwrap_or_default();
    // As it stands; under the line of its key; in quotation marks.
    let places = [
        start..span.end,
        start.saturating_add(header)..span.end,
        span.start.saturating_add(1)..span.end.saturating_sub(1),
    ];
    let found = places.into_iter().find_map(|place| {
        let written = file.get(place.clone())?;
        has_same_lines(written, text).then_some((place.start, written))
    });
    match found {
        Some((start, text)) => Embedded { name, text, span, start: Some(start) },
        None => Embedded { name, text, span, start: None },
    }
}

/// Returns where the line begins, if nothing but spaces stands before `place` in it.
fn start_of_line(file: &str, place: usize) -> usize {
    let before = file.get(..place).unwrap_or_default();
    let line = before.trim_end_matches(' ');
    if line.is_empty() || line.ends_with('\n') { line.len() } else { place }
}

/// Returns true for texts that differ in their indentation alone.
fn has_same_lines(written: &str, text: &str) -> bool {
    let lines = |text: &'_ str| -> Vec<String> {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    lines(written) == lines(text)
}
