//! Which kinds of wildcard an image has: a search looks for no others.

use super::layout::flag;
use crate::pattern::{Star, StarPlaces, Wildcard};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WildcardKinds {
    /// [`flag::ANY_PORT`], [`flag::STAR`], [`flag::STAR_ANY_PORT`]
    pub(super) flags: u16,
    /// Bit `n`: some domain under a `*` of whole labels has `n` bytes modulo 64, its dot and its port included.
    pub(super) domain_lengths: u64,
    star_places: StarPlaces,
}

impl WildcardKinds {
    /// No wildcard.
    pub(super) const NONE: WildcardKinds =
        WildcardKinds { flags: 0, domain_lengths: 0, star_places: StarPlaces::NONE };

    /// All the flags that say of what kind the wildcards are.
    pub(super) const FLAGS: u16 = flag::ANY_PORT | flag::STAR | flag::STAR_ANY_PORT;

    pub(super) fn add(&mut self, wildcard: &Wildcard<'_>) {
        self.flags |= match (wildcard.star, wildcard.any_port) {
            (None, _) => flag::ANY_PORT,
            (Some(_), false) => flag::STAR,
            (Some(_), true) => flag::STAR_ANY_PORT,
        };
        if wildcard.star == Some(Star::Labels) {
            self.domain_lengths |= length_bit(wildcard.right.len());
        }
        self.star_places.add(wildcard);
    }

    /// True if the config that has these wildcards keeps C9.
    pub(super) fn is_bounded(&self) -> bool {
        self.star_places.count() <= StarPlaces::MAX
    }

    /// Bit `n`: some label of a pattern without `:*`, or with it, has `n` bytes after its `*`.
    pub(super) fn lengths_after(&self, any_port: bool) -> u64 {
        let words = self.star_places.lengths_before(any_port).iter().enumerate();
        words.filter(|(_, before)| **before != 0).fold(0, |lengths, (after, _)| lengths | length_bit(after))
    }

    /// The words of [`Section::StarLengths`](super::layout::Section::StarLengths).
    pub(super) fn star_lengths(&self) -> impl Iterator<Item = u64> {
        let words = [false, true].map(|any_port| self.star_places.lengths_before(any_port).iter().copied());
        words.into_iter().flatten().filter(|&before| before != 0)
    }
}

/// The bit of a length modulo 64.
pub(super) const fn length_bit(length: usize) -> u64 {
    1 << (length & 63)
}

/// The numbers of the bits that are set, lowest first.
pub(super) fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let lowest = (set != 0).then_some(set.trailing_zeros() as usize);
        set &= set.wrapping_sub(1);
        lowest
    })
}
