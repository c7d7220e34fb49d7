//! [`StarPlaces`]: where in its label the `*` of P5 stands, which bounds what a search asks for (C9).

use super::grammar::{Star, Wildcard};

/// The places of the `*` in the labels of some patterns: how many bytes stand before it and after it. Patterns that end in
/// `:*` are kept apart, because a search asks for them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StarPlaces {
    /// For each number of bytes after the `*`, bit `n`: some pattern has `n` bytes before it. A label has at most 63 bytes.
    lengths_before: [u64; 64],
    lengths_before_any_port: [u64; 64],
}

impl StarPlaces {
    pub(crate) const NONE: StarPlaces =
        StarPlaces { lengths_before: [0; 64], lengths_before_any_port: [0; 64] };

    /// The most places of a config's patterns.
    pub(crate) const MAX: usize = 256;

    /// Adds the place of this pattern's `*`, if it has one inside a label, and returns true if no other had the same.
    pub(crate) fn add(&mut self, wildcard: &Wildcard<'_>) -> bool {
        let Some(Star::Part { before, after }) = wildcard.star else { return false };
        let words =
            if wildcard.any_port { &mut self.lengths_before_any_port } else { &mut self.lengths_before };
        let Some(word) = words.get_mut(after) else { return false };
        let bit = 1 << (before & 63);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    /// For each number of bytes after the `*` of patterns without `:*`, or with it, a bit for each number of bytes before it.
    pub(crate) fn lengths_before(&self, any_port: bool) -> &[u64; 64] {
        if any_port { &self.lengths_before_any_port } else { &self.lengths_before }
    }

    /// Returns how many places differ.
    pub(crate) fn count(&self) -> usize {
        let words = self.lengths_before.iter().chain(&self.lengths_before_any_port);
        words.fold(0, |sum: usize, word| sum.saturating_add(word.count_ones() as usize))
    }
}
