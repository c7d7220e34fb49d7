//! [`Problems`]: the diagnostics of a policy file, of which a bounded number is kept.

use std::ops::{Deref, Range};

use crate::diagnostic::Diagnostic;

/// The problems of a policy file, in the order of their places: a slice of the first [`Problems::MOST`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems {
    first: Vec<Diagnostic>,
    total: usize,
    risks: usize,
    syntax_errors: Spans,
}

impl Problems {
    /// How many diagnostics are kept. A file may have a million, and nobody reads that many.
    pub const MOST: usize = 10_000;

    /// Begins with the errors of syntax.
    pub(crate) fn new(syntax_errors: Vec<Diagnostic>) -> Self {
        let total = syntax_errors.len();
        let spans = Spans::of(&syntax_errors);
        Problems { first: syntax_errors, total, risks: 0, syntax_errors: spans }
    }

    /// Adds a problem. A value that contains a syntax error is guesswork, so only the syntax error is reported for it.
    pub(crate) fn push(&mut self, problem: Diagnostic) {
        if self.syntax_errors.touch(&problem.span()) {
            return;
        }
        self.total = self.total.saturating_add(1);
        self.risks = self.risks.saturating_add(usize::from(problem.risk().is_some()));
        self.first.push(problem);
        if self.first.len() >= Problems::MOST.saturating_mul(2) {
            self.keep_first();
        }
    }

    /// Returns the problems in their order, if there are any.
    pub(crate) fn finish(mut self) -> Option<Self> {
        self.keep_first();
        (self.total > 0).then_some(self)
    }

    fn keep_first(&mut self) {
        self.first.sort_by_key(|problem| (problem.span().start, problem.span().end));
        self.first.truncate(Problems::MOST);
    }

    /// Returns how many problems there are, those included that are not kept.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Returns how many of [`total`](Self::total) are risks that the policy does not accept.
    pub fn risks(&self) -> usize {
        self.risks
    }
}

impl Deref for Problems {
    type Target = [Diagnostic];

    fn deref(&self) -> &[Diagnostic] {
        &self.first
    }
}

impl IntoIterator for Problems {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter()
    }
}

impl<'p> IntoIterator for &'p Problems {
    type Item = &'p Diagnostic;
    type IntoIter = std::slice::Iter<'p, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.iter()
    }
}

/// The places of syntax errors, which do not overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Spans(Vec<Range<usize>>);

impl Spans {
    fn of(errors: &[Diagnostic]) -> Self {
        let mut spans: Vec<Range<usize>> = errors.iter().map(Diagnostic::span).collect();
        spans.sort_by_key(|span| span.end);
        Spans(spans)
    }

    fn touch(&self, span: &Range<usize>) -> bool {
        let next = self.0.partition_point(|error| error.end < span.start);
        self.0.get(next).is_some_and(|error| error.start <= span.end)
    }
}
