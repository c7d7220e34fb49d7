//! Which kinds of wildcard an image has: a search looks for no others.

use super::layout::flag;
use crate::pattern::{Star, StarPlace, StarPlaces, TooManyPlaces, Wildcard};

#[derive(Debug)]
pub(super) struct WildcardKinds {
    /// [`flag::ANY_PORT`], [`flag::STAR`], [`flag::STAR_ANY_PORT`]
    pub(super) flags: u16,
    /// Bit `n`: some domain under a `*` of whole labels has `n` bytes modulo 64, its dot and its port included.
    pub(super) domain_lengths: u64,
    star_places: StarPlaces,
}

impl WildcardKinds {
    /// All flags for kinds of wildcards.
    pub(super) const FLAGS: u16 = flag::ANY_PORT | flag::STAR | flag::STAR_ANY_PORT;

    /// Returns the kinds of an image without wildcards.
    pub(super) const fn new() -> Self {
        WildcardKinds { flags: 0, domain_lengths: 0, star_places: StarPlaces::new() }
    }

    /// Adds a wildcard. Fails if the patterns break C9.
    pub(super) fn add(&mut self, wildcard: &Wildcard<'_>) -> Result<(), TooManyPlaces> {
        self.flags |= match (wildcard.star, wildcard.any_port) {
            (None, _) => flag::ANY_PORT,
            (Some(_), false) => flag::STAR,
            (Some(_), true) => flag::STAR_ANY_PORT,
        };
        if wildcard.star == Some(Star::Labels) {
            self.domain_lengths |= length_bit(wildcard.right.len());
        }
        self.star_places.add(wildcard)
    }

    /// Returns a set of lengths. Bit `n`: some label of a pattern without `:*`, or with it, has `n` bytes after its `*`.
    pub(super) fn lengths_after(&self, any_port: bool) -> u64 {
        let places = self.star_places.iter().filter(|place| place.any_port() == any_port);
        places.fold(0, |lengths, place| lengths | length_bit(place.after()))
    }

    /// Returns the words of [`Section::StarLengths`](super::layout::Section::StarLengths).
    pub(super) fn star_lengths(&self) -> impl Iterator<Item = u64> {
        let mut places = self.star_places.iter().peekable();
        core::iter::from_fn(move || {
            let first = places.next()?;
            let mut word = length_bit(first.before());
            let kind = |place: StarPlace| (place.any_port(), place.after());
            while let Some(place) = places.next_if(|place| kind(*place) == kind(first)) {
                word |= length_bit(place.before());
            }
            Some(word)
        })
    }
}

/// Returns the bit of a length modulo 64.
pub(super) const fn length_bit(length: usize) -> u64 {
    1 << (length & 63)
}

/// Returns the numbers of the bits that are set, lowest first.
pub(super) fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let lowest = (set != 0).then_some(set.trailing_zeros() as usize);
        set &= set.wrapping_sub(1);
        lowest
    })
}
