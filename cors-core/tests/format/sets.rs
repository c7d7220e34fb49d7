//! A set of texts in an image, as the format describes it: the hash, the homes, the slots.

/// Returns NH over blocks of eight bytes from the text's end, the last of which are the text's first eight bytes or all that
/// it has. `fold` is applied to each byte.
fn hash_folded(text: &[u8], fold: impl Fn(&u8) -> u8) -> u32 {
    let text: Vec<u8> = text.iter().map(fold).collect();
    let first = if text.len() < 8 { &text[..] } else { &text[..8] };
    let mut sum = GOLDEN.wrapping_mul(text.len() as u64);
    for (block, number) in text.rchunks_exact(8).chain([first]).zip(0_u64..) {
        let mut bytes = [0; 8];
        bytes[..block.len()].copy_from_slice(block);
        let keyed = halves(u64::from_le_bytes(bytes) ^ PI.wrapping_add(GOLDEN.wrapping_mul(number)));
        sum = sum.wrapping_add(keyed[0] * keyed[1]);
    }
    let (sum, key) = (halves(sum), halves(PI));
    let product = halves((sum[0] ^ key[1]) * (sum[1] ^ key[0]));
    u32::try_from(product[0] ^ product[1]).unwrap()
}

/// The first 64 bits of the fractions of π and of the golden ratio, the latter made odd.
const PI: u64 = 0x243f_6a88_85a3_08d3;
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

pub(crate) fn hash(text: &str) -> u32 {
    hash_folded(text.as_bytes(), |byte| *byte)
}

/// Returns the hash of a header name, which has no case.
pub(crate) fn hash_name(name: &str) -> u32 {
    hash_folded(name.as_bytes(), u8::to_ascii_lowercase)
}

/// Returns the low half and the high half.
fn halves(value: u64) -> [u64; 2] {
    [value & 0xffff_ffff, value >> 32]
}

/// Returns the hash of a pattern's text before its `*` and after it; with `:*`, all bits of the hash are inverted.
pub(crate) fn wildcard_hash(left: &str, right: &str, any_port: bool) -> u32 {
    let both = hash(left).rotate_right(16) ^ hash(right);
    if any_port { u32::MAX - both } else { both }
}

/// Returns the number of slots of a set: 16 for each 7 texts and one up to 31, then 74, then half again as many and one.
pub(crate) fn slots(texts: usize) -> usize {
    match texts {
        0 => 0,
        1..=31 => texts * 16 / 7 + 1,
        32..=48 => 74,
        _ => texts + texts / 2 + 1,
    }
}

/// Returns how many of these slots are a text's home.
pub(crate) fn homes(texts: usize) -> usize {
    // Seven in sixteen, rounded as a half less a sixteenth is.
    slots(texts) - (slots(texts) / 2 - slots(texts) / 16).min(31)
}

pub(crate) fn home(hash: u32, homes: usize) -> usize {
    (u128::from(hash) * homes as u128 / (1 << 32)).try_into().unwrap()
}

/// A text of a set: its hash, the text, and its offset.
pub(crate) type Entry<'t> = (u32, &'t str, u32);

/// Returns the section of a set of `texts` texts, each of which `entries` holds once, and whether the set is crowded: then a
/// slot would lie 32 places or more after its home, or after the last slot.
pub(crate) fn section(mut entries: Vec<Entry<'_>>, texts: usize) -> (Vec<u8>, bool) {
    entries.sort_unstable();
    let mut free = 0;
    let places: Vec<_> = entries
        .iter()
        .map(|(hash, ..)| {
            let home = home(*hash, homes(texts));
            let place = home.max(free);
            free = place + 1;
            (home, place)
        })
        .collect();
    let is_crowded = places.iter().any(|(home, place)| *place >= home + 32 || *place >= slots(texts));
    let mut section = vec![0xff; slots(texts) * 8];
    for (number, ((hash, _, offset), (_, place))) in entries.into_iter().zip(places).enumerate() {
        let slot = if is_crowded { number } else { place } * 8;
        section[slot..][..4].copy_from_slice(&hash.to_le_bytes());
        section[slot + 4..][..4].copy_from_slice(&offset.to_le_bytes());
    }
    (section, is_crowded)
}
