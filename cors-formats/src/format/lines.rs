//! Configurations in lines of words: nginx, Apache, HAProxy, Caddy.

use std::ops::Range;

use crate::rule::Spot;
use crate::source::{Notation, Source};

/// A directive: words, and the directives in its braces.
#[derive(Clone, Debug)]
pub(super) struct Directive {
    pub(super) words: Vec<Spot<String>>,
    pub(super) block: Vec<Directive>,
}

impl Directive {
    /// Returns a word, or an empty text.
    pub(super) fn word(&self, index: usize) -> &str {
        self.words.get(index).map_or("", |word| word.value.as_str())
    }

    /// Returns the words from `index` on, with spaces.
    pub(super) fn rest(&self, index: usize) -> String {
        let words: Vec<&str> = self.words.iter().skip(index).map(|word| word.value.as_str()).collect();
        words.join(" ")
    }

    pub(super) fn span(&self) -> Range<usize> {
        match (self.words.first(), self.words.last()) {
            (Some(first), Some(last)) => first.span.start..last.span.end,
            _ => 0..0,
        }
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.words.iter().any(|other| other.value == word)
    }

    /// Calls `visit` with this directive and those in it, and the blocks around each, outer ones first.
    pub(super) fn walk<'d>(
        &'d self,
        around: &mut Vec<&'d Directive>,
        visit: &mut impl FnMut(&'d Directive, &[&'d Directive]),
    ) {
        visit(self, around);
        around.push(self);
        for directive in &self.block {
            directive.walk(around, visit);
        }
        around.pop();
    }
}

/// What ends a directive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Semicolon,
    Line,
}

/// Returns the directives of a text of lines, or none if it is of another notation.
pub(super) fn directives(source: &Source<'_>, end: End) -> Option<Vec<Directive>> {
    (source.notation == Notation::Lines)
        .then(|| Reader { text: source.text, place: 0, end, depth: 0 }.block())
}

struct Reader<'t> {
    text: &'t str,
    place: usize,
    end: End,
    depth: usize,
}

impl Reader<'_> {
    fn next(&self) -> Option<char> {
        self.text.get(self.place..).and_then(|rest| rest.chars().next())
    }

    fn pass(&mut self) {
        self.place = self.place.saturating_add(self.next().map_or(0, char::len_utf8));
    }

    fn block(&mut self) -> Vec<Directive> {
        let mut directives = Vec::new();
        let mut words: Vec<Spot<String>> = Vec::new();
        while let Some(next) = self.next() {
            match next {
                '\n' if self.end == End::Line => {
                    self.pass();
                    finish(&mut words, &mut directives);
                }
                ';' if self.end == End::Semicolon => {
                    self.pass();
                    finish(&mut words, &mut directives);
                }
                '\\' if self.text.get(self.place..).is_some_and(|rest| rest.starts_with("\\\n")) => {
                    self.place = self.place.saturating_add(2);
                }
                next if next.is_whitespace() => self.pass(),
                '#' => {
                    while self.next().is_some_and(|next| next != '\n') {
                        self.pass();
                    }
                }
                '{' if self.opens() && self.depth < 50 => {
                    self.pass();
                    self.depth = self.depth.saturating_add(1);
                    let block = self.block();
                    self.depth = self.depth.saturating_sub(1);
                    directives.push(Directive { words: std::mem::take(&mut words), block });
                }
                '}' if self.closes() && self.depth > 0 => {
                    self.pass();
                    break;
                }
                _ => words.push(self.word()),
            }
        }
        finish(&mut words, &mut directives);
        directives
    }

    /// Returns whether a brace opens a block: at the end of a line, or anywhere in nginx.
    fn opens(&self) -> bool {
        let rest = self.text.get(self.place.saturating_add(1)..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        self.end == End::Semicolon || line.trim().is_empty()
    }

    fn closes(&self) -> bool {
        let rest = self.text.get(self.place.saturating_add(1)..).unwrap_or_default();
        let before = self.text.get(..self.place).unwrap_or_default();
        let is_first = before.rsplit('\n').next().unwrap_or_default().trim().is_empty();
        self.end == End::Semicolon
            || is_first && rest.split('\n').next().unwrap_or_default().trim().is_empty()
    }

    fn word(&mut self) -> Spot<String> {
        let start = self.place;
        let mut value = String::new();
        let mut quote = None;
        while let Some(next) = self.next() {
            match (quote, next) {
                (None, '"' | '\'' | '`') if value.is_empty() || self.end == End::Line => {
                    quote = Some(next);
                    self.pass();
                }
                (Some(mark), next) if mark == next => {
                    quote = None;
                    self.pass();
                    if self.end == End::Semicolon {
                        break;
                    }
                }
                (None, next) if next.is_whitespace() => break,
                (None, ';') if self.end == End::Semicolon => break,
                (None, '{') if self.end == End::Semicolon && !value.ends_with('$') => break,
                (None, '}') if self.end == End::Semicolon && !value.contains("${") => break,
                (Some(_), '\\') => {
                    self.pass();
                    let escaped = self.next().unwrap_or('\\');
                    if !matches!(escaped, '"' | '\'') {
                        value.push('\\');
                    }
                    value.push(escaped);
                    self.pass();
                }
                (_, next) => {
                    value.push(next);
                    self.pass();
                }
            }
        }
        if self.place == start {
            self.pass();
        }
        Spot { value, span: start..self.place }
    }
}

fn finish(words: &mut Vec<Spot<String>>, directives: &mut Vec<Directive>) {
    if !words.is_empty() {
        directives.push(Directive { words: std::mem::take(words), block: Vec::new() });
    }
}
