//! The hash of the tables: NH of UMAC (RFC 4418, section 5.2.2) over 8-byte blocks, its keys drawn from the image's
//! seed and joined to the blocks as XXH3 does it, by an exclusive or.
//!
//! Each block is one multiplication of 32 by 32 bits, and no multiplication waits for another. Letters hash alike in
//! both cases, since header names are compared so.

/// The hash of `bytes`.
#[inline]
pub(super) fn hash(seed: u64, bytes: &[u8]) -> u32 {
    let mut sum = (bytes.len() as u64).wrapping_mul(LENGTH_FACTOR);
    let mut key = seed;
    let mut rest = bytes;
    while let Some((block, after)) = rest.split_first_chunk() {
        sum = sum.wrapping_add(product(key, u64::from_le_bytes(*block)));
        key = key.wrapping_add(seed);
        rest = after;
    }
    // The last block overlaps the one before it: the length keeps texts apart.
    let last = bytes.last_chunk().map_or_else(|| read_short(bytes), |block| u64::from_le_bytes(*block));
    finish(seed, sum.wrapping_add(product(key, last)))
}

/// The hash of a text in two pieces, from those of the pieces.
#[inline]
pub(super) fn join(first: u32, second: u32) -> u32 {
    first.rotate_left(16) ^ second
}

/// 2⁶⁴ divided by the golden ratio, as an odd number.
const LENGTH_FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
/// Makes ASCII letters lower case. What else it makes alike, the comparison tells apart.
const FOLD: u64 = 0x2020_2020_2020_2020;

#[inline]
fn product(key: u64, block: u64) -> u64 {
    let (low, high) = halves((block | FOLD) ^ key);
    u64::from(low).wrapping_mul(high.into())
}

/// Spreads the sum over 32 bits, the high ones of which pick a text's home.
#[inline]
fn finish(seed: u64, sum: u64) -> u32 {
    let (low, high) = halves(sum);
    let (seed_low, seed_high) = halves(seed);
    let (low, high) = halves(u64::from(low ^ seed_high).wrapping_mul((high ^ seed_low).into()));
    low ^ high
}

#[inline]
#[allow(clippy::cast_possible_truncation)] // the low half is what is asked for
fn halves(value: u64) -> (u32, u32) {
    (value as u32, (value >> 32) as u32)
}

/// Fewer than 8 bytes, the others zero.
#[inline]
fn read_short(bytes: &[u8]) -> u64 {
    let mut block = [0; 8];
    block.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    u64::from_le_bytes(block)
}

/// So many seeds are tried. For a million origins about one in 30,000 fails.
const MAX_SEEDS: u64 = 64;

/// The seeds that a writer tries, in order.
pub(super) fn seeds() -> impl Iterator<Item = u64> {
    (0..MAX_SEEDS).map(nth_seed)
}

/// Odd, and with no pattern between one and the next (`SplitMix64`).
fn nth_seed(n: u64) -> u64 {
    let mut seed = n.wrapping_add(1).wrapping_mul(LENGTH_FACTOR);
    seed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    seed = (seed ^ (seed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (seed ^ (seed >> 31)) | 1
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::format;

    use super::*;

    #[test]
    fn texts_that_differ_little_hash_apart() {
        let seed = nth_seed(0);
        let hashes: BTreeSet<_> =
            (0..100_000).map(|n| hash(seed, format!("https://host{n}.example.com").as_bytes())).collect();
        // Of 100,000 random 32-bit numbers about one pair is equal.
        assert!(hashes.len() > 99_990, "{}", hashes.len());
        let prefixes: BTreeSet<_> = (0..64).map(|len| hash(seed, &[b'a'; 64][..len])).collect();
        assert_eq!(prefixes.len(), 64);
    }

    #[test]
    fn case_does_not_count() {
        let seed = nth_seed(1);
        for (lower, upper) in [
            ("a", "A"),
            ("x-api-key", "X-API-Key"),
            ("access-control-allow-origin", "Access-Control-Allow-Origin"),
        ] {
            assert_eq!(hash(seed, lower.as_bytes()), hash(seed, upper.as_bytes()));
        }
    }
}
