//! A set of texts in an image, as the format describes it: the hash, the homes, the slots.

/// The seeds that are tried, in order: `SplitMix64`'s numbers, made odd.
pub(crate) fn seeds() -> impl Iterator<Item = u64> {
    let mut state = 0_u64;
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) | 1
    })
    .take(64)
}

/// NH over blocks of eight bytes, the last of which are the text's last eight bytes or all that it has.
pub(crate) fn hash(seed: u64, text: &[u8]) -> u32 {
    let whole = text.chunks_exact(8);
    let last = if text.len() < 8 { text } else { &text[text.len() - 8..] };
    let mut sum = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(text.len() as u64);
    for (block, number) in whole.chain([last]).zip(1_u64..) {
        let mut bytes = [0x20; 8];
        bytes.iter_mut().zip(block).for_each(|(to, from)| *to |= from);
        let keyed = halves(u64::from_le_bytes(bytes) ^ seed.wrapping_mul(number));
        sum = sum.wrapping_add(keyed[0] * keyed[1]);
    }
    let (sum, seed) = (halves(sum), halves(seed));
    let product = halves((sum[0] ^ seed[1]) * (sum[1] ^ seed[0]));
    u32::try_from(product[0] ^ product[1]).unwrap()
}

/// The low one and the high one.
fn halves(value: u64) -> [u64; 2] {
    [value & 0xffff_ffff, value >> 32]
}

/// A pattern with a wildcard goes by what stands before its `*` and after it; the bits are turned over if it has `:*`.
pub(crate) fn wildcard_hash(seed: u64, left: &str, right: &str, any_port: bool) -> u32 {
    let (left, right) = (hash(seed, left.as_bytes()), hash(seed, right.as_bytes()));
    let both = left.rotate_right(16) ^ right;
    if any_port { u32::MAX - both } else { both }
}

/// The slots of a set of `texts` texts.
pub(crate) fn slots(texts: usize) -> usize {
    if texts == 0 { 0 } else { texts * 3 / 2 + 1 }
}

/// How many of those are a text's home.
pub(crate) fn homes(texts: usize) -> usize {
    slots(texts) - (slots(texts) / 4).min(31)
}

pub(crate) fn home(hash: u32, homes: usize) -> usize {
    (u128::from(hash) * homes as u128 / (1 << 32)).try_into().unwrap()
}

/// The section of a set of `texts` texts, of which `entries` are the hashes and offsets, each once; `None` if one would lie
/// 32 places or more after its home.
pub(crate) fn section(mut entries: Vec<(u32, u32)>, texts: usize) -> Option<Vec<u8>> {
    let mut section = vec![0xff; slots(texts) * 8];
    entries.sort_by_key(|(hash, _)| *hash);
    let mut free = 0;
    for (hash, offset) in entries {
        let home = home(hash, homes(texts));
        let index = home.max(free);
        if index >= home + 32 {
            return None;
        }
        section[index * 8..][..4].copy_from_slice(&hash.to_le_bytes());
        section[index * 8 + 4..][..4].copy_from_slice(&offset.to_le_bytes());
        free = index + 1;
    }
    Some(section)
}
