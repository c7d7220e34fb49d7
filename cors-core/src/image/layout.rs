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
//! | 40 | 16 | the seed of the hashes: BLAKE2s (RFC 7693), 16 bytes of output, of the origins and the header names |
//! | 56 | 72 | nine times offset and length, 4 bytes each: the [`Section`]s |
//! | 128 | … | the sections in order, each padded with zeros to a multiple of 4 |
//! | length − 8 | 8 | checksum of all before it: Fletcher-64 over 32-bit words |
//!
//! # Text sections
//!
//! [`Section::Origins`] holds the patterns in the operator's order, each after its length in 2 bytes. The last
//! four sections are field values as they are sent (I5), empty where the field is not.
//!
//! # Slot sections
//!
//! A set of texts is a table: as many buckets as listed texts, and behind them a slot for each different text. A bucket is 4
//! bytes: where in the section its first slot lies. Behind the last bucket lies one number more, where the slots end.
//!
//! A slot is 8 bytes: the text's 32-bit hash, and its offset in the text section that the set belongs to. A slot belongs to the
//! bucket `hash × buckets / 2³²`. Slots lie in the order of their hashes, and of their texts where hashes are equal; a text that
//! is listed twice has one slot, for the first, and leaves 8 zeros at the section's end.
//!
//! The seed is the hash of [`Section::Origins`] and [`Section::AllowHeaders`], which lie side by side, with their padding. It is the
//! two numbers of a hash, 8 bytes each: the key of a text's last block, and the step from one key to the next.
//!
//! A search looks at the slots of one bucket. Among a million texts the longest bucket has about nine, and nobody can choose
//! texts for it: the seed, and with it each text's bucket, depends on all texts.
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

/// A bucket's length: the place of its first slot.
pub(super) const BUCKET_LEN: usize = 4;

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
    pub(crate) const SEED: usize = 40;
    pub(crate) const SECTIONS: usize = 56;
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
    /// Every bit that has a meaning.
    pub(crate) const ALL: u16 = (1 << 8) - 1;
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
    /// The value of `Access-Control-Allow-Headers`, names in lower case.
    AllowHeaders = 5,
    /// The value of `Access-Control-Allow-Methods`.
    AllowMethods = 6,
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
        Section::AllowHeaders,
        Section::AllowMethods,
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

/// Returns the length of the section of a set for which `texts` texts are listed.
pub(super) const fn set_len(texts: usize) -> usize {
    buckets_len(texts).saturating_add(texts.saturating_mul(SLOT_LEN))
}

/// Returns the length of so many buckets, and of the number behind them.
pub(super) const fn buckets_len(buckets: usize) -> usize {
    if buckets == 0 { 0 } else { buckets.saturating_add(1).saturating_mul(BUCKET_LEN) }
}

/// Returns the number of buckets in a section of that length.
#[inline]
pub(super) const fn bucket_count(len: usize) -> usize {
    len / (BUCKET_LEN + SLOT_LEN)
}

/// Returns the bucket of `hash` among that many.
#[inline]
pub(super) const fn bucket(hash: u32, buckets: usize) -> usize {
    // The product's high half is below `buckets`. 32 by 32 bits: one instruction on small machines, too.
    ((hash as u64 * buckets as u64) >> 32) as usize
}
