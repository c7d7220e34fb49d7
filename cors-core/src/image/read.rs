//! Reading: the header and the sections of an image.

use core::str;

use super::fields::FieldSet;
use super::hash::Seed;
use super::layout::{HEADER_LEN, SEPARATOR, Section, TEXT_LEN_LEN, at, flag, padded};
use crate::text;

/// A view over the bytes of an image.
///
/// The bytes are an image that this crate wrote or checked. Reads of any other bytes return wrong results and do nothing
/// worse: every access allows for a missing slice.
#[derive(Clone, Copy)]
pub(crate) struct Image<'a> {
    bytes: &'a [u8],
    /// The first bytes of `bytes`, so that reading a field needs no check.
    header: &'a [u8; HEADER_LEN],
}

impl<'a> Image<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        let header = match bytes.first_chunk() {
            Some(header) => header,
            None => &[0; HEADER_LEN],
        };
        Image { bytes, header }
    }

    pub(crate) fn as_bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// Returns true if any of `flags` is set.
    #[inline]
    pub(crate) fn has(self, flags: u16) -> bool {
        self.flags() & flags != 0
    }

    /// Returns true for the image of a policy that answers every origin with `*` (E3).
    pub(crate) fn is_public(self) -> bool {
        self.has(flag::ANY_ORIGIN) && !self.has(flag::CREDENTIALS)
    }

    /// Returns true if the policy echoes the method or the headers of a preflight in place of `any`, the wildcard for them:
    /// with credentials, a browser takes `*` for a name (E6).
    pub(crate) fn echoes(self, any: u16) -> bool {
        self.has(any) && self.has(flag::CREDENTIALS)
    }

    #[inline]
    pub(super) fn flags(self) -> u16 {
        u16::from_le_bytes(self.field(at::FLAGS))
    }

    pub(super) fn version(self) -> u16 {
        u16::from_le_bytes(self.field(at::VERSION))
    }

    pub(super) fn length(self) -> u32 {
        u32::from_le_bytes(self.field(at::LENGTH))
    }

    #[inline]
    pub(crate) fn preflight_status(self) -> u16 {
        u16::from_le_bytes(self.field(at::PREFLIGHT_STATUS))
    }

    /// Returns a bit for each accepted risk.
    pub(crate) fn risks(self) -> u8 {
        u8::from_le_bytes(self.field(at::RISKS))
    }

    #[inline]
    pub(crate) fn fields(self) -> FieldSet {
        FieldSet::from_bits(u8::from_le_bytes(self.field(at::FIELDS)))
    }

    pub(super) fn lengths_after(self, any_port: bool) -> u64 {
        u64::from_le_bytes(self.field(if any_port { at::LENGTHS_AFTER_ANY_PORT } else { at::LENGTHS_AFTER }))
    }

    pub(super) fn domain_lengths(self) -> u64 {
        u64::from_le_bytes(self.field(at::DOMAIN_LENGTHS))
    }

    #[inline]
    pub(super) fn seed(self) -> Seed {
        Seed::from_bytes(self.field(at::SEED))
    }

    /// Returns the seed that belongs to the texts of the image's sets.
    pub(super) fn expected_seed(self) -> Seed {
        let (start, _) = self.section_place(Section::Origins);
        let (end, len) = self.section_place(Section::AllowHeaders);
        Seed::of(self.bytes.get(start..end.saturating_add(padded(len))).unwrap_or_default())
    }

    /// Returns the last bytes of the image.
    pub(crate) fn checksum(self) -> u64 {
        self.bytes.last_chunk().map_or(0, |checksum| u64::from_le_bytes(*checksum))
    }

    /// Returns the section's bytes, without the padding.
    #[inline]
    pub(crate) fn section(self, section: Section) -> &'a [u8] {
        let (offset, len) = self.section_place(section);
        self.bytes.get(offset..offset.wrapping_add(len)).unwrap_or_default()
    }

    #[inline]
    pub(super) fn section_place(self, section: Section) -> (usize, usize) {
        let both = u64::from_le_bytes(self.field(section.entry()));
        ((both & 0xffff_ffff) as usize, (both >> 32) as usize)
    }

    #[inline]
    pub(super) fn field<const N: usize>(self, offset: usize) -> [u8; N] {
        self.header.get(offset..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; N])
    }

    /// Returns the patterns, as the operator wrote them.
    pub(crate) fn origins(self) -> impl Iterator<Item = &'a str> + Clone {
        Texts { rest: self.section(Section::Origins) }.map(|text| str::from_utf8(text).unwrap_or_default())
    }

    /// Returns the names in a section that holds a field value.
    pub(crate) fn names(self, section: Section) -> impl Iterator<Item = &'a str> + Clone {
        let value = str::from_utf8(self.section(section)).unwrap_or_default();
        text::split(value, SEPARATOR).filter(|name| !name.is_empty())
    }
}

/// The texts of [`Section::Origins`].
#[derive(Clone)]
pub(super) struct Texts<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Iterator for Texts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let text = first_text(self.rest)?;
        self.rest = self.rest.get(TEXT_LEN_LEN..)?.get(text.len()..)?;
        Some(text)
    }
}

/// Returns the text whose length `texts` begins with.
#[inline]
pub(super) fn first_text(texts: &[u8]) -> Option<&[u8]> {
    let (len, rest) = texts.split_first_chunk()?;
    rest.get(..u16::from_le_bytes(*len).into())
}
