//! The sets of an image, written a second time from the description of the format, which need not be fast: the seed, the
//! hash, the buckets, the slots.

use std::collections::HashSet;

use blake2::digest::consts::U16;
use blake2::{Blake2s, Digest};

use crate::seal::{HEADER_LEN, place};

/// The sections of exact patterns, of wildcards and of header names.
pub type Sets = [Vec<u8>; 3];

/// The two numbers that the hashes of an image depend on.
#[derive(Clone, Copy, Debug)]
pub struct Seed([u64; 2]);

impl Seed {
    /// Returns the seed of an image with these sections of origins and of header names.
    pub fn of(origins: &[u8], names: &[u8]) -> Seed {
        let mut texts = Blake2s::<U16>::new();
        for section in [origins, names] {
            texts.update(section);
            texts.update(&[0; 3][..section.len().next_multiple_of(4) - section.len()]);
        }
        Seed::from_bytes(texts.finalize().into())
    }

    /// Reads a seed.
    pub fn from_bytes(bytes: [u8; 16]) -> Seed {
        Seed([0, 8].map(|at| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))))
    }

    /// Returns the bytes of the seed.
    pub fn to_bytes(self) -> Vec<u8> {
        self.0.map(u64::to_le_bytes).concat()
    }

    /// Returns NH over blocks of eight bytes from the text's end, the last of which are the text's first eight bytes or all
    /// that it has.
    pub fn hash(self, text: &[u8]) -> u32 {
        let Seed([key, step]) = self;
        let first = if text.len() < 8 { text } else { &text[..8] };
        let mut sum = GOLDEN.wrapping_mul(text.len() as u64);
        for (block, number) in text.rchunks_exact(8).chain([first]).zip(0_u64..) {
            let mut bytes = [0; 8];
            bytes[..block.len()].copy_from_slice(block);
            let keyed = halves(u64::from_le_bytes(bytes) ^ key.wrapping_add(step.wrapping_mul(number)));
            sum = sum.wrapping_add(keyed[0] * keyed[1]);
        }
        let (sum, key) = (halves(sum), halves(key));
        let product = halves((sum[0] ^ key[1]) * (sum[1] ^ key[0]));
        u32::try_from(product[0] ^ product[1]).expect("halves")
    }

    /// Returns the hash of a pattern with a wildcard: of its text before the `*` and after it; with `:*`, with all bits inverted.
    pub fn hash_wildcard(self, pattern: &[u8]) -> u32 {
        let origin = pattern.strip_suffix(b":*");
        let any_port = origin.is_some();
        let origin = origin.unwrap_or(pattern);
        let star = origin.iter().position(|&byte| byte == b'*');
        let (left, right) = star.map_or((origin, &b""[..]), |star| (&origin[..star], &origin[star + 1..]));
        let both = self.hash(left).rotate_right(16) ^ self.hash(right);
        if any_port { u32::MAX - both } else { both }
    }
}

/// The first 64 bits of the fraction of the golden ratio, made odd.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Returns the low half and the high half.
fn halves(value: u64) -> [u64; 2] {
    [value & 0xffff_ffff, value >> 32]
}

/// Returns the bucket of a hash.
pub fn bucket(hash: u32, buckets: usize) -> usize {
    usize::try_from(u128::from(hash) * buckets as u128 / (1 << 32)).expect("below the number of buckets")
}

/// Returns the sets of an image with these sections of origins and of header names; `None` if they are no such sections.
pub fn sets(seed: Seed, origins: &[u8], names: &[u8]) -> Option<Sets> {
    let [mut exact, mut wildcards, mut headers] = [const { Listed::new() }; 3];
    let mut at = 0;
    while at < origins.len() {
        let len = usize::from(u16::from_le_bytes(origins.get(at..at + 2)?.try_into().ok()?));
        let text = origins.get(at + 2..at + 2 + len)?;
        match text {
            b"*" => {}
            _ if text.contains(&b'*') => wildcards.add(seed.hash_wildcard(text), text, at),
            _ => exact.add(seed.hash(text), text, at),
        }
        at += 2 + len;
    }
    at = 0;
    for name in String::from_utf8_lossy(names).split(", ") {
        if !matches!(name, "" | "*") {
            headers.add(seed.hash(name.to_lowercase().as_bytes()), name.as_bytes(), at);
        }
        at += name.len() + ", ".len();
    }
    Some([exact, wildcards, headers].map(Listed::section))
}

/// The texts of a set, only the first of equal ones, and the number of listed texts.
struct Listed {
    /// The hash, the text, its offset.
    texts: Vec<(u32, Vec<u8>, usize)>,
    count: usize,
}

impl Listed {
    const fn new() -> Self {
        Listed { texts: Vec::new(), count: 0 }
    }

    fn add(&mut self, hash: u32, text: &[u8], offset: usize) {
        self.count += 1;
        self.texts.push((hash, text.to_owned(), offset));
    }

    fn section(mut self) -> Vec<u8> {
        if self.count == 0 {
            return Vec::new();
        }
        self.texts.sort_unstable();
        let mut known = HashSet::new();
        self.texts.retain(|(_, text, _)| known.insert(text.clone()));
        let slots_start = (self.count + 1) * 4;
        let mut sizes = vec![0; self.count];
        self.texts.iter().for_each(|(hash, ..)| sizes[bucket(*hash, self.count)] += 1);
        let mut section = Vec::new();
        let mut before = 0;
        for size in sizes.into_iter().chain([0]) {
            section.extend(little_endian(slots_start + before * 8));
            before += size;
        }
        for (hash, _, offset) in self.texts {
            section.extend(hash.to_le_bytes());
            section.extend(little_endian(offset));
        }
        section.resize(slots_start + self.count * 8, 0);
        section
    }
}

fn little_endian(number: usize) -> [u8; 4] {
    u32::try_from(number).expect("an image is shorter").to_le_bytes()
}

/// Writes the seed and the sets that belong to the texts of an image, where there is room for just them.
pub fn refit(image: &mut [u8]) {
    if image.len() < HEADER_LEN {
        return;
    }
    let section = |number| {
        let (start, len) = place(image, number);
        image.get(start..start.checked_add(len)?)
    };
    let (Some(origins), Some(names)) = (section(4), section(5)) else { return };
    let seed = Seed::of(origins, names);
    let Some(sets) = sets(seed, origins, names) else { return };
    image[40..56].copy_from_slice(&seed.to_bytes());
    for (number, set) in sets.into_iter().enumerate() {
        let (start, len) = place(image, number);
        if len == set.len()
            && let Some(to) = image.get_mut(start..start.saturating_add(len))
        {
            to.copy_from_slice(&set);
        }
    }
}
