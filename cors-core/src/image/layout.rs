//! The format of an image, version 1 (rules I1 to I5).
//!
//! All numbers are little-endian, all offsets count from the image's first byte and are multiples of 4. An image
//! holds no address and needs no alignment: it can be mapped, embedded, sent and moved.
//!
//! | offset | bytes | field |
//! |---|---|---|
//! | 0 | 4 | magic: `cors` |
//! | 4 | 2 | format version: 1 |
//! | 6 | 2 | [`flag`]s |
//! | 8 | 4 | the image's length in bytes, checksum included |
//! | 12 | 2 | preflight status, 200 to 299 |
//! | 14 | 1 | accepted risks: bit `n - 1` for the [`Risk`](crate::Risk) numbered `n` |
//! | 15 | 1 | the response fields that the policy sends: bit `n` for the [`Field`](super::Field) numbered `n` |
//! | 16 | 8 | seed of the hash |
//! | 24 | 8 | bit `n`: some P5 pattern has `n` bytes before the `*` in its label |
//! | 32 | 8 | bit `n`: some P5 pattern has `n` bytes after the `*` in its label |
//! | 40 | 8 | bit `n`: some P3 pattern has, modulo 64, `n` bytes after its `*`, the port's wildcard not counted |
//! | 48 | 64 | eight times offset and length, 4 bytes each: the [`Section`]s |
//! | 112 | … | the sections in order, each padded with zeros to a multiple of 4 |
//! | length − 8 | 8 | checksum of all before it: Fletcher-64 over 32-bit words |
//!
//! # Text sections
//!
//! [`Section::Origins`] holds the patterns in the operator's order, each after its length in 2 bytes. The other
//! four are field values as they are sent (I5), empty where the field is not.
//!
//! # Slot sections
//!
//! A set of texts is a table of slots, 8 bytes each: the text's 32-bit hash, and its offset in the text section
//! that the set belongs to. Slots lie in the order of their hashes, each at most [`MAX_PROBES`] − 1 places after its
//! hash's home, which is `hash × homes / 2³²`. An empty slot is all ones: its hash is no smaller than any other's, so
//! a search that stops at the first hash that is not smaller needs no case for it.
//!
//! The last `min(slots / 4, MAX_PROBES − 1)` slots are no text's home and take the overflow, so that no search
//! wraps around.

/// `cors`.
pub(crate) const MAGIC: [u8; 4] = *b"cors";

/// The format that this crate writes and reads.
pub(crate) const VERSION: u16 = 1;

/// The header's length, the table of sections included.
pub(super) const HEADER_LEN: usize = 112;

/// The checksum's length.
pub(super) const CHECKSUM_LEN: usize = 8;

/// The most slots that a search looks at.
pub(super) const MAX_PROBES: usize = 32;

/// A slot's length: a hash and an offset.
pub(super) const SLOT_LEN: usize = 8;

/// Between the names of a field value. RFC 9110, section 5.3: "for consistency, use comma SP".
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
    pub(crate) const SEED: usize = 16;
    pub(crate) const LENGTHS_BEFORE: usize = 24;
    pub(crate) const LENGTHS_AFTER: usize = 32;
    pub(crate) const DOMAIN_LENGTHS: usize = 40;
    pub(crate) const SECTIONS: usize = 48;
}

/// What a policy has or does, a bit each.
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
    /// Every bit that has a meaning.
    pub(crate) const ALL: u16 = (1 << 8) - 1;
}

/// A part of the image, in the order in which they lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// Slots of the patterns without a wildcard.
    ExactSlots = 0,
    /// Slots of the patterns with a wildcard, but for `*`.
    WildcardSlots = 1,
    /// Slots of the names in `AllowHeaders`, but for `*`.
    HeaderSlots = 2,
    /// Every pattern.
    Origins = 3,
    /// The value of `Access-Control-Allow-Methods`.
    AllowMethods = 4,
    /// The value of `Access-Control-Allow-Headers`, names in lower case.
    AllowHeaders = 5,
    /// The value of `Access-Control-Expose-Headers`, names in lower case.
    ExposeHeaders = 6,
    /// The value of `Access-Control-Max-Age`.
    MaxAge = 7,
}

impl Section {
    pub(super) const ALL: [Section; 8] = [
        Section::ExactSlots,
        Section::WildcardSlots,
        Section::HeaderSlots,
        Section::Origins,
        Section::AllowMethods,
        Section::AllowHeaders,
        Section::ExposeHeaders,
        Section::MaxAge,
    ];

    /// Where the header holds the section's offset; its length follows.
    pub(super) const fn entry(self) -> usize {
        at::SECTIONS + self as usize * 8
    }
}

/// `len`, and the zeros after it.
pub(super) const fn padded(len: usize) -> usize {
    len.saturating_add(3) & !3
}

/// The slots of a set of `texts` texts: two thirds full.
pub(super) const fn slot_count(texts: usize) -> usize {
    if texts == 0 { 0 } else { texts.saturating_add(texts / 2).saturating_add(1) }
}

/// How many of `slots` slots are some hash's home.
pub(super) const fn home_count(slots: usize) -> usize {
    let quarter = slots / 4;
    let overflow = if quarter < MAX_PROBES { quarter } else { MAX_PROBES - 1 };
    slots.saturating_sub(overflow)
}

/// The place of `hash` among `homes` homes.
pub(super) const fn home(hash: u32, homes: usize) -> usize {
    // The product's high half is below `homes`. 32 by 32 bits: one instruction on small machines, too.
    ((hash as u64 * homes as u64) >> 32) as usize
}
