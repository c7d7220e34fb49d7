//! The format of an image, version 2 (rules I1 to I5).
//!
//! All numbers are little-endian, all offsets count from the image's first byte and are multiples of 4. An image
//! holds no address and needs no alignment: it can be mapped, embedded, sent and moved. A config has exactly one image:
//! nothing in an image is chosen at random, tried or left free.
//!
//! | offset | bytes | field |
//! |---|---|---|
//! | 0 | 4 | magic: `cors` |
//! | 4 | 2 | format version: 2 |
//! | 6 | 2 | [`flag`]s |
//! | 8 | 4 | the image's length in bytes, checksum included |
//! | 12 | 2 | preflight status, 200 to 299 |
//! | 14 | 1 | accepted risks: bit `n - 1` for the [`Risk`](crate::Risk) numbered `n` |
//! | 15 | 1 | the response fields that the policy sends: bit `n` for the [`Field`](super::Field) numbered `n` |
//! | 16 | 8 | bit `n`: some P5 pattern without `:*` has `n` bytes after the `*` in its label |
//! | 24 | 8 | bit `n`: some P5 pattern with `:*` has `n` bytes after the `*` in its label |
//! | 32 | 8 | bit `n`: some P3 pattern has, modulo 64, `n` bytes after its `*`, the port's wildcard not counted |
//! | 40 | 72 | nine times offset and length, 4 bytes each: the [`Section`]s |
//! | 112 | … | the sections in order, each padded with zeros to a multiple of 4 |
//! | length − 8 | 8 | checksum of all before it: Fletcher-64 over 32-bit words |
//!
//! # Text sections
//!
//! [`Section::Origins`] holds the patterns in the operator's order, each after its length in 2 bytes. The last
//! four sections are field values as they are sent (I5), empty where the field is not.
//!
//! # Slot sections
//!
//! A set of texts is a table of [`slot_count`] slots, 8 bytes each: the text's 32-bit hash, and its offset in the text
//! section that the set belongs to. All bits of an empty slot are 1. Slots lie in the order of their hashes, and of their
//! texts where hashes are equal; a text that is listed twice has one slot, for the first.
//!
//! A slot lies at its hash's home, which is `hash × homes / 2³²`, or in the first free place after it. The last
//! [`overflow`] slots are not the home of any hash, so that no search wraps around.
//!
//! A set is *crowded* if some slot would lie [`MAX_PROBES`] places or more after its home, or after the last slot. This
//! takes more than 32 texts, which were chosen for their hashes: among a million others it happens once in 30,000 times. A crowded
//! set has a [`flag`] and no gaps: its slots are the first ones of its section, and a search halves them.
//!
//! # Star lengths
//!
//! [`Section::StarLengths`] holds 8 bytes for each bit of the field at offset 16, the lowest first, and then for each bit
//! of the field at offset 24. Bit `n`: some P5 pattern of that kind has `n` bytes before the `*` in its label, and the number
//! of the field's bit after it. At most [`Config::MAX_STAR_PLACES`](crate::Config::MAX_STAR_PLACES) bits are set (C9), which
//! bounds the texts that a search looks for.

/// `cors`.
pub(crate) const MAGIC: [u8; 4] = *b"cors";

/// The format that this crate writes and reads.
pub(crate) const VERSION: u16 = 2;

/// The header's length, the table of sections included.
pub(super) const HEADER_LEN: usize = at::SECTIONS + Section::ALL.len() * SECTION_ENTRY_LEN;

/// The length of an entry in the table of sections: an offset and a length.
pub(super) const SECTION_ENTRY_LEN: usize = 8;

/// The checksum's length.
pub(super) const CHECKSUM_LEN: usize = 8;

/// The most slots that a search looks at in a set that is not crowded.
pub(super) const MAX_PROBES: usize = 32;

/// A slot's length: a hash and an offset.
pub(super) const SLOT_LEN: usize = 8;

/// The separator of the names of a field value. RFC 9110, section 5.3: "for consistency, use comma SP".
pub(super) const SEPARATOR: &str = ", ";

/// The length of the number before each text of [`Section::Origins`].
pub(super) const TEXT_LEN_LEN: usize = 2;

/// Offsets of the header's fields.
pub(super) mod at {
    pub(crate) const VERSION: usize = 4;
    pub(crate) const FLAGS: usize = 6;
    pub(crate) const LENGTH: usize = 8;
    pub(crate) const PREFLIGHT_STATUS: usize = 12;
    pub(crate) const RISKS: usize = 14;
    pub(crate) const FIELDS: usize = 15;
    pub(crate) const LENGTHS_AFTER: usize = 16;
    pub(crate) const LENGTHS_AFTER_ANY_PORT: usize = 24;
    pub(crate) const DOMAIN_LENGTHS: usize = 32;
    pub(crate) const SECTIONS: usize = 40;
}

/// The features of a policy, a bit each.
pub(crate) mod flag {
    /// `allow_credentials`
    pub(crate) const CREDENTIALS: u16 = 1;
    /// `*` among the origins
    pub(crate) const ANY_ORIGIN: u16 = 1 << 1;
    /// `*` for the methods
    pub(crate) const ANY_METHOD: u16 = 1 << 2;
    /// `*` among the headers
    pub(crate) const ANY_HEADER: u16 = 1 << 3;
    /// `allow_private_network`
    pub(crate) const PRIVATE_NETWORK: u16 = 1 << 4;
    /// Some pattern has `:*` and no other wildcard (P4).
    pub(crate) const ANY_PORT: u16 = 1 << 5;
    /// Some pattern has a wildcard host and its own port (P3, P5).
    pub(crate) const STAR: u16 = 1 << 6;
    /// Some pattern has a wildcard host and `:*`.
    pub(crate) const STAR_ANY_PORT: u16 = 1 << 7;
    /// [`Section::ExactSlots`](super::Section::ExactSlots) is crowded.
    pub(crate) const CROWDED_EXACT: u16 = 1 << 8;
    /// [`Section::WildcardSlots`](super::Section::WildcardSlots) is crowded.
    pub(crate) const CROWDED_WILDCARDS: u16 = 1 << 9;
    /// [`Section::HeaderSlots`](super::Section::HeaderSlots) is crowded.
    pub(crate) const CROWDED_HEADERS: u16 = 1 << 10;
    /// Every bit that has a meaning.
    pub(crate) const ALL: u16 = (1 << 11) - 1;
}

/// A part of the image, in the order in which they lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// Slots of the patterns without a wildcard.
    ExactSlots = 0,
    /// Slots of the patterns with a wildcard, except `*`.
    WildcardSlots = 1,
    /// Slots of the names in `AllowHeaders`, except `*`.
    HeaderSlots = 2,
    /// The lengths before the `*` of P5 patterns, for each length after it.
    StarLengths = 3,
    /// Every pattern.
    Origins = 4,
    /// The value of `Access-Control-Allow-Methods`.
    AllowMethods = 5,
    /// The value of `Access-Control-Allow-Headers`, names in lower case.
    AllowHeaders = 6,
    /// The value of `Access-Control-Expose-Headers`, names in lower case.
    ExposeHeaders = 7,
    /// The value of `Access-Control-Max-Age`.
    MaxAge = 8,
}

impl Section {
    pub(super) const ALL: [Section; 9] = [
        Section::ExactSlots,
        Section::WildcardSlots,
        Section::HeaderSlots,
        Section::StarLengths,
        Section::Origins,
        Section::AllowMethods,
        Section::AllowHeaders,
        Section::ExposeHeaders,
        Section::MaxAge,
    ];

    /// Returns the place in the header of the section's offset; the length follows.
    pub(super) const fn entry(self) -> usize {
        at::SECTIONS + self as usize * SECTION_ENTRY_LEN
    }
}

/// Returns `len` with the padding after it.
pub(super) const fn padded(len: usize) -> usize {
    len.saturating_add(3) & !3
}

/// Returns the number of slots of a set of `texts` texts: half again as many, and enough that a set of 32 is never crowded.
pub(super) const fn slot_count(texts: usize) -> usize {
    if texts == 0 {
        return 0;
    }
    let half_again = texts.saturating_add(texts / 2).saturating_add(1);
    let uncrowded = if texts < MAX_PROBES { texts * 16 / 7 + 1 } else { 74 };
    if half_again < uncrowded { uncrowded } else { half_again }
}

/// Returns how many of `slots` slots are not the home of any hash.
pub(super) const fn overflow(slots: usize) -> usize {
    let part = slots / 2 - slots / 16;
    if part < MAX_PROBES { part } else { MAX_PROBES - 1 }
}

/// Returns how many of `slots` slots are the home of some hash.
pub(super) const fn home_count(slots: usize) -> usize {
    slots.saturating_sub(overflow(slots))
}

/// Returns the place of `hash` among `homes` homes.
pub(super) const fn home(hash: u32, homes: usize) -> usize {
    // The product's high half is below `homes`. 32 by 32 bits: one instruction on small machines, too.
    ((hash as u64 * homes as u64) >> 32) as usize
}
