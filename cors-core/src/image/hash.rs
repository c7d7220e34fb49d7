//! The hash of the tables: NH of UMAC (RFC 4418, section 5.2.2) over 8-byte blocks counted from the text's end, joined to
//! its keys as XXH3 does it, by an exclusive or.
//!
//! Each block is one multiplication of 32 by 32 bits, and no multiplication waits for another.

use super::blake2s::blake2s;

/// What the hashes of one image depend on, beside the text that is hashed.
///
/// Whoever knows the seed can make the hashes of texts equal. But the seed is a hash of all texts of the image's sets, which
/// nobody can steer (C8): texts that collide under one seed get another one when they are added.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Seed {
    /// The key of a text's last block.
    key: u64,
    /// From one block's key to the next.
    step: u64,
}

impl Seed {
    pub(super) const LEN: usize = 16;

    /// Returns the seed of an image with these texts in its sets.
    pub(super) fn of(texts: &[u8]) -> Seed {
        let [a, b, c, d] = blake2s(texts).map(u64::from);
        Seed { key: b << 32 | a, step: d << 32 | c }
    }

    #[inline]
    pub(super) fn from_bytes(bytes: [u8; Seed::LEN]) -> Seed {
        let both = u128::from_le_bytes(bytes);
        #[allow(clippy::cast_possible_truncation)] // its two halves
        let (key, step) = (both as u64, (both >> 64) as u64);
        Seed { key, step }
    }

    pub(super) fn to_bytes(self) -> [u8; Seed::LEN] {
        (u128::from(self.step) << 64 | u128::from(self.key)).to_le_bytes()
    }

    /// Returns the hash of `bytes`.
    #[inline]
    pub(super) fn hash(self, bytes: &[u8]) -> u32 {
        Suffixes::new(self, bytes).hash_from(0)
    }

    /// Returns the hash of a header name, which is the same in any case.
    pub(super) fn hash_name(self, name: &[u8]) -> u32 {
        Suffixes::new(self, name).hash_folded_from(0, to_lowercase)
    }
}

/// Returns the hash of a text in two pieces, from those of the pieces.
#[inline]
pub(super) fn join(first: u32, second: u32) -> u32 {
    first.rotate_left(16) ^ second
}

/// The hashes of the suffixes of one text, from short to long: the blocks that suffixes share are hashed once.
pub(super) struct Suffixes<'a> {
    text: &'a [u8],
    /// The front of the text whose blocks are not yet in `sum`.
    rest: &'a [u8],
    sum: u64,
    /// The key of the next block.
    key: u64,
    seed: Seed,
}

impl<'a> Suffixes<'a> {
    #[inline]
    pub(super) fn new(seed: Seed, text: &'a [u8]) -> Self {
        Suffixes { text, rest: text, sum: 0, key: seed.key, seed }
    }

    /// Returns the hash of the suffix that begins at `start`. No call has a later start than the one before.
    #[inline]
    pub(super) fn hash_from(&mut self, start: usize) -> u32 {
        self.hash_folded_from(start, |block| block)
    }

    /// The same, with each block folded.
    #[inline]
    fn hash_folded_from(&mut self, start: usize, fold: impl Fn(u64) -> u64) -> u32 {
        while self.rest.len().saturating_sub(start) >= BLOCK_LEN
            && let Some((front, block)) = self.rest.split_last_chunk()
        {
            self.sum = self.sum.wrapping_add(product(self.key, fold(u64::from_le_bytes(*block))));
            self.key = self.key.wrapping_add(self.seed.step);
            self.rest = front;
        }
        self.finish(self.text.get(start..).unwrap_or_default(), fold)
    }

    /// Adds the first block of `text`, which overlaps the one after it, and the length, which keeps such texts apart. Spreads
    /// the sum over 32 bits, the high ones of which pick a text's bucket.
    #[inline]
    fn finish(&self, text: &[u8], fold: impl Fn(u64) -> u64) -> u32 {
        let first = text.first_chunk().map_or_else(|| read_short(text), |block| u64::from_le_bytes(*block));
        let length = (text.len() as u64).wrapping_mul(LENGTH_FACTOR);
        let sum = self.sum.wrapping_add(length).wrapping_add(product(self.key, fold(first)));
        let (low, high) = halves(sum);
        let (key_low, key_high) = halves(self.seed.key);
        let (low, high) = halves(u64::from(low ^ key_high).wrapping_mul((high ^ key_low).into()));
        low ^ high
    }
}

const BLOCK_LEN: usize = 8;
/// 2⁶⁴ divided by the golden ratio, as an odd number.
const LENGTH_FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

#[inline]
fn product(key: u64, block: u64) -> u64 {
    let (low, high) = halves(block ^ key);
    u64::from(low).wrapping_mul(high.into())
}

#[inline]
#[allow(clippy::cast_possible_truncation)] // the caller needs the halves
fn halves(value: u64) -> (u32, u32) {
    (value as u32, (value >> 32) as u32)
}

/// Reads fewer than 8 bytes, with zeros after them.
#[inline]
fn read_short(bytes: &[u8]) -> u64 {
    let mut block = [0; 8];
    block.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    u64::from_le_bytes(block)
}

/// Makes the ASCII capital letters among 8 bytes lower case, and leaves every other byte as it is.
#[inline]
fn to_lowercase(block: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let ascii = block & (0x7f * ONES);
    // The top bit of each byte: set in the first from `A` on, in the second from behind `Z` on.
    let from_a = ascii.wrapping_add(0x3f * ONES);
    let after_z = ascii.wrapping_add(0x25 * ONES);
    let capitals = (from_a ^ after_z) & !block & (0x80 * ONES);
    block | capitals >> 2
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::format;

    use super::*;

    const SEED: Seed = Seed { key: 0x243f_6a88_85a3_08d3, step: 0x1319_8a2e_0370_7344 };

    #[test]
    fn texts_that_differ_little_hash_apart() {
        let hashes: BTreeSet<_> =
            (0..100_000).map(|n| SEED.hash(format!("https://host{n}.example.com").as_bytes())).collect();
        // Of 100,000 random 32-bit numbers about one pair is equal.
        assert!(hashes.len() > 99_990, "{}", hashes.len());
        let prefixes: BTreeSet<_> = (0..64).map(|len| SEED.hash(&[b'a'; 64][..len])).collect();
        assert_eq!(prefixes.len(), 64);
    }

    #[test]
    fn letters_alone_hash_alike_in_both_cases() {
        for one in 0..=u8::MAX {
            for other in 0..=u8::MAX {
                let alike = one.eq_ignore_ascii_case(&other);
                // In a short text, and in the first and the last block of a longer one.
                for [one, other] in [
                    [[one; 3], [other; 3]].map(|text| text.to_vec()),
                    [one, other].map(|byte| [&[byte], &b"-api-key"[..]].concat()),
                    [one, other].map(|byte| [&b"x-api-ke"[..], &[byte]].concat()),
                ] {
                    assert_eq!(SEED.hash_name(&one) == SEED.hash_name(&other), alike, "{one:x?} {other:x?}");
                }
            }
        }
    }

    #[test]
    fn suffixes_hash_as_they_do_alone() {
        let text = b"https://pr-1234-some-team.preview.shop.example.com:8443";
        for step in 1..9 {
            let mut suffixes = Suffixes::new(SEED, text);
            for start in (0..=text.len()).rev().step_by(step) {
                assert_eq!(suffixes.hash_from(start), SEED.hash(&text[start..]), "from {start}");
            }
        }
    }
}
