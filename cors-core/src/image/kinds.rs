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
        if let Some(Star::Part { before, after }) = wildcard.star {
            // A label has at most 63 bytes, its `*` one of them.
            self.lengths_before |= 1 << (before & 63);
            self.lengths_after |= 1 << (after & 63);
        }
    }
}
