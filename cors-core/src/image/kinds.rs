//! Which kinds of wildcard an image has: a search looks for no others.

use super::layout::flag;
use crate::pattern::{Star, Wildcard};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct WildcardKinds {
    /// [`flag::ANY_PORT`], [`flag::STAR`], [`flag::STAR_ANY_PORT`]
    pub(super) flags: u16,
    /// Bit `n`: some label has `n` bytes before its `*`.
    pub(super) lengths_before: u64,
    /// Bit `n`: some label has `n` bytes after its `*`.
    pub(super) lengths_after: u64,
    /// Bit `n`: some domain under a `*` of whole labels has `n` bytes modulo 64, its dot and its port included.
    pub(super) domain_lengths: u64,
}

impl WildcardKinds {
    /// All the flags that say of what kind the wildcards are.
    pub(super) const FLAGS: u16 = flag::ANY_PORT | flag::STAR | flag::STAR_ANY_PORT;

    pub(super) fn add(&mut self, wildcard: &Wildcard<'_>) {
        self.flags |= match (wildcard.star, wildcard.any_port) {
            (None, _) => flag::ANY_PORT,
            (Some(_), false) => flag::STAR,
            (Some(_), true) => flag::STAR_ANY_PORT,
        };
        match wildcard.star {
            None => {}
            Some(Star::Labels) => self.domain_lengths |= length_bit(wildcard.right.len()),
            // A label has at most 63 bytes, its `*` one of them.
            Some(Star::Part { before, after }) => {
                self.lengths_before |= length_bit(before);
                self.lengths_after |= length_bit(after);
            }
        }
    }
}

/// The bit of a length modulo 64.
pub(super) const fn length_bit(length: usize) -> u64 {
    1 << (length & 63)
}
