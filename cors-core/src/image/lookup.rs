//! The look-ups of evaluation in an image's sets (I4).

use super::hash::Seed;
use super::layout::Section;
use super::read::{Image, first_text};
use super::same::same;
use super::set::{Key, Set};
use crate::origin::Origin;

impl<'a> Image<'a> {
    /// Returns true if some pattern without a wildcard equals these bytes. They need not be parsed: a pattern without a
    /// wildcard is an origin.
    #[inline]
    pub(crate) fn has_exact(self, origin: &[u8]) -> bool {
        origin.len() <= Origin::MAX_LEN
            && self.exact_patterns().find(self.seed().hash(origin), &PatternText([origin])).is_some()
    }

    /// Returns the policy's request headers.
    #[inline]
    pub(crate) fn headers(self) -> Headers<'a> {
        Headers { set: self.header_names(), seed: self.seed() }
    }

    #[inline]
    pub(super) fn exact_patterns(self) -> Set<'a> {
        self.set(Section::ExactSlots, Section::Origins)
    }

    pub(super) fn wildcard_patterns(self) -> Set<'a> {
        self.set(Section::WildcardSlots, Section::Origins)
    }

    #[inline]
    pub(super) fn header_names(self) -> Set<'a> {
        self.set(Section::HeaderSlots, Section::AllowHeaders)
    }

    #[inline]
    fn set(self, slots: Section, texts: Section) -> Set<'a> {
        Set { section: self.section(slots), texts: self.section(texts) }
    }
}

/// The names of request headers, without `*`.
pub(crate) struct Headers<'a> {
    set: Set<'a>,
    seed: Seed,
}

impl Headers<'_> {
    /// Returns true for one of the names, in any case.
    #[inline]
    pub(crate) fn contains(&self, name: &[u8]) -> bool {
        // Browsers send names in lower case, which saves folding them.
        self.set.find(self.seed.hash(name), &HeaderName(name)).is_some()
            || self.contains_in_another_case(name)
    }

    #[cold]
    #[inline(never)]
    fn contains_in_another_case(&self, name: &[u8]) -> bool {
        name.iter().any(u8::is_ascii_uppercase)
            && self.set.find_by_call(self.seed.hash_name(name), &HeaderName(name)).is_some()
    }
}

/// A pattern among [`Section::Origins`], in pieces that lie one after the other.
pub(super) struct PatternText<'a, const N: usize>(pub(super) [&'a [u8]; N]);

impl<const N: usize> Key for PatternText<'_, N> {
    #[inline]
    fn is_first_of(&self, texts: &[u8]) -> bool {
        let Some(mut text) = first_text(texts) else { return false };
        if text.len() != self.0.iter().fold(0_usize, |len, piece| len.saturating_add(piece.len())) {
            return false;
        }
        self.0.iter().all(|piece| {
            let (front, rest) = text.split_at_checked(piece.len()).unwrap_or_default();
            text = rest;
            same(front, piece)
        })
    }
}

/// A token among the names in a field value.
pub(super) struct HeaderName<'a>(pub(super) &'a [u8]);

impl Key for HeaderName<'_> {
    #[inline]
    fn is_first_of(&self, names: &[u8]) -> bool {
        let (first, rest) = names.split_at_checked(self.0.len()).unwrap_or_default();
        // Browsers send names in lower case, as the image has them.
        (same(first, self.0) || first.eq_ignore_ascii_case(self.0))
            && matches!(rest.first(), None | Some(b','))
    }
}

/// Returns the first name of `names`, a field value.
pub(super) fn first_name(names: &[u8]) -> &[u8] {
    names.split(|&byte| byte == b',').next().unwrap_or_default()
}
