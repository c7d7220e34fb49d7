//! [`Place`]: lines and columns of a text.

use std::ops::Range;

use crate::printable::printable_except;

/// A place in a text. It only moves forward, so that a file is read once however many diagnostics it has.
pub struct Place<'t> {
    text: &'t str,
    offset: usize,
    line_start: usize,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

/// The part of a line that is shown, and the part of it that is underlined.
pub struct Excerpt<'t> {
    /// The part that is shown.
    pub text: &'t str,
    underlined: Range<usize>,
    /// Whether the part begins where the line does.
    pub from_line_start: bool,
}

impl<'t> Excerpt<'t> {
    /// Returns the part that is underlined.
    pub fn underlined_text(&self) -> &'t str {
        self.text.get(self.underlined.clone()).unwrap_or_default()
    }

    /// Returns the text as it may be printed, and what of it is underlined. Tabs are printed as spaces.
    pub fn printable(&self) -> (String, Range<usize>) {
        let escaped = |text: Option<&str>| printable_except(text.unwrap_or_default(), &['\t']);
        let mut text = escaped(self.text.get(..self.underlined.start));
        let start = text.len();
        text.push_str(&escaped(Some(self.underlined_text())));
        let end = text.len();
        text.push_str(&escaped(self.text.get(self.underlined.end..)));
        (text, start..end)
    }
}

/// A line that is longer than this is shown in part.
const MAX_EXCERPT_LEN: usize = 1000;

impl<'t> Place<'t> {
    /// Returns the beginning of a text.
    pub fn start(text: &'t str) -> Self {
        Place { text, offset: 0, line_start: 0, line: 1, column: 1 }
    }

    /// Moves to this offset.
    pub fn advance(&mut self, to: usize) {
        let to = floor(self.text, to);
        for (index, character) in self.text.get(self.offset..to).unwrap_or_default().char_indices() {
            if character == '\n' {
                self.line = self.line.saturating_add(1);
                self.line_start = self.offset.saturating_add(index).saturating_add(1);
                self.column = 1;
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
        self.offset = self.offset.max(to);
    }

    /// Returns the line, underlined from here to `end` or the line's end.
    pub fn excerpt(&self, end: usize) -> Excerpt<'t> {
        let start = self.line_start.max(floor(self.text, self.offset.saturating_sub(MAX_EXCERPT_LEN)));
        let end = floor(self.text, end.min(self.offset.saturating_add(MAX_EXCERPT_LEN)));
        let limit = floor(self.text, end.saturating_add(MAX_EXCERPT_LEN));
        let rest = self.text.get(self.offset..limit).unwrap_or_default();
        let line_end = self.offset.saturating_add(rest.find(['\n', '\r']).unwrap_or(rest.len()));
        let from = self.offset.saturating_sub(start);
        Excerpt {
            text: self.text.get(start..line_end).unwrap_or_default(),
            underlined: from..end.clamp(self.offset, line_end).saturating_sub(start),
            from_line_start: start == self.line_start,
        }
    }
}

/// Returns `offset`, the start of the character around it, or the end of the text.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset = offset.saturating_sub(1);
    }
    offset
}
