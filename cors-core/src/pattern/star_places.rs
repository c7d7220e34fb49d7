//! [`StarPlaces`]: where in its label the `*` of P5 stands, which bounds what a search asks for (C9).

use heapless::Vec;

use super::grammar::{Star, Wildcard};

/// The places of the `*` in the labels of some patterns: how many bytes stand after it and before it. Patterns that end in
/// `:*` are kept apart, because a search asks for them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StarPlaces {
    /// In the order of [`StarPlace`].
    places: Vec<StarPlace, { StarPlaces::MAX }>,
}

/// One place. Its two bytes hold whether the pattern ends in `:*`, and in 6 bits each the bytes after and before the `*`: a label
/// has at most 63. The lists of places lie on the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StarPlace(u16);

impl StarPlace {
    fn new(any_port: bool, after: usize, before: usize) -> Self {
        #[allow(clippy::cast_possible_truncation)] // 6 bits each
        StarPlace(u16::from(any_port) << 12 | (after as u16 & 63) << 6 | before as u16 & 63)
    }

    pub(crate) fn any_port(self) -> bool {
        self.0 >> 12 != 0
    }

    pub(crate) fn after(self) -> usize {
        usize::from(self.0 >> 6 & 63)
    }

    pub(crate) fn before(self) -> usize {
        usize::from(self.0 & 63)
    }
}

/// A place is one too many.
pub(crate) struct TooManyPlaces;

impl StarPlaces {
    /// The most places of a config's patterns.
    pub(crate) const MAX: usize = 128;

    pub(crate) const fn new() -> Self {
        StarPlaces { places: Vec::new() }
    }

    /// Adds the place of this pattern's `*`, if it has one inside a label.
    pub(crate) fn add(&mut self, wildcard: &Wildcard<'_>) -> Result<(), TooManyPlaces> {
        let Some(Star::Part { before, after }) = wildcard.star else { return Ok(()) };
        let place = StarPlace::new(wildcard.any_port, after, before);
        match self.places.binary_search(&place) {
            Ok(_) => Ok(()),
            Err(index) => self.places.insert(index, place).map_err(|_| TooManyPlaces),
        }
    }

    /// Returns the places, those without `:*` first, and by the bytes after the `*`.
    pub(crate) fn iter(&self) -> impl Iterator<Item = StarPlace> {
        self.places.iter().copied()
    }
}
