//! What evaluation asks of an image's sets (I4).

use super::hash::hash;
use super::layout::Section;
use super::read::{Image, first_text};
use super::same::same;
use super::set::Set;
use crate::origin::Origin;

impl<'a> Image<'a> {
    /// True if some pattern without a wildcard is these bytes. Whether they are an origin does not matter then: the
    /// pattern is one.
    #[inline]
    pub(crate) fn has_exact(self, origin: &[u8]) -> bool {
        origin.len() <= Origin::MAX_LEN
            && self
                .set(Section::ExactSlots, Section::Origins)
                .find(hash(self.seed(), origin), |texts| is_pattern(texts, [origin]))
                .is_some()
    }

    /// The policy's request headers.
    #[inline]
    pub(crate) fn headers(self) -> Headers<'a> {
        Headers { set: self.set(Section::HeaderSlots, Section::AllowHeaders), seed: self.seed() }
    }

    pub(super) fn set(self, slots: Section, texts: Section) -> Set<'a> {
        Set { slots: self.section(slots), texts: self.section(texts) }
    }
}

/// The names of request headers, without `*`.
pub(crate) struct Headers<'a> {
    set: Set<'a>,
    seed: u64,
}

impl Headers<'_> {
    /// True for one of them, in any case.
    #[inline]
    pub(crate) fn contains(&self, name: &[u8]) -> bool {
        self.set.find(hash(self.seed, name), |texts| is_name(texts, name)).is_some()
    }
}

/// True if the first text of `texts` is `pieces` one after the other.
#[inline]
pub(super) fn is_pattern<const N: usize>(texts: &[u8], pieces: [&[u8]; N]) -> bool {
    let Some(mut text) = first_text(texts) else { return false };
    if text.len() != pieces.iter().fold(0_usize, |len, piece| len.saturating_add(piece.len())) {
        return false;
    }
    pieces.iter().all(|piece| {
        let (front, rest) = text.split_at_checked(piece.len()).unwrap_or_default();
        text = rest;
        same(front, piece)
    })
}

/// True if the first name of `names`, a field value, is the token `name`.
#[inline]
pub(super) fn is_name(names: &[u8], name: &[u8]) -> bool {
    let (first, rest) = names.split_at_checked(name.len()).unwrap_or_default();
    // Browsers send names in lower case, as they lie here.
    (same(first, name) || first.eq_ignore_ascii_case(name)) && matches!(rest.first(), None | Some(b','))
}
