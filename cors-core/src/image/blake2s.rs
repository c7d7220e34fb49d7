//! BLAKE2s (RFC 7693) without a key, with 16 bytes of output.
//!
//! A hash that nobody can steer: it chooses the [`Seed`](super::hash::Seed) of an image from the image's texts.

#![allow(clippy::many_single_char_names, reason = "the names of the standard")]

/// Returns the hash of `message`, the words of which are little-endian.
pub(super) fn blake2s(message: &[u8]) -> [u32; 4] {
    let [first, second] = INITIAL;
    let mut state = [first, second];
    // The parameter block: fanout 1, depth 1, no key, the output's length.
    state[0][0] ^= 0x0101_0000 ^ OUTPUT_LEN;
    let mut rest = message;
    let mut length = 0_u64;
    loop {
        let (block, after) = rest.split_at_checked(BLOCK_LEN).unwrap_or((rest, &[]));
        length = length.wrapping_add(block.len() as u64);
        compress(&mut state, block, length, after.is_empty());
        if after.is_empty() {
            break;
        }
        rest = after;
    }
    state[0]
}

/// The length of the output in bytes.
const OUTPUT_LEN: u32 = 16;
const BLOCK_LEN: usize = 64;

/// Four words of the state.
type Row = [u32; 4];

/// The initialization vector, which is SHA-256's.
const INITIAL: [Row; 2] = [
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a],
    [0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19],
];

/// The order in which each round takes the words of a block.
const SIGMA: [[u8; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// Section 3.2: adds a block, filled with zeros, to the state. `length` counts the message's bytes so far.
fn compress(state: &mut [Row; 2], block: &[u8], length: u64, is_last: bool) {
    let mut bytes = [0; BLOCK_LEN];
    bytes.iter_mut().zip(block).for_each(|(to, from)| *to = *from);
    let mut words = [0; 16];
    words.iter_mut().zip(bytes.as_chunks().0).for_each(|(word, bytes)| *word = u32::from_le_bytes(*bytes));
    let word = |number: u8| words.get(usize::from(number) & 15).copied().unwrap_or_default();

    let [first, second] = *state;
    let [third, mut fourth] = INITIAL;
    fourth[0] ^= (length & 0xffff_ffff) as u32;
    fourth[1] ^= (length >> 32) as u32;
    fourth[2] ^= if is_last { u32::MAX } else { 0 };
    let [mut v0, mut v1, mut v2, mut v3] = first;
    let [mut v4, mut v5, mut v6, mut v7] = second;
    let [mut v8, mut v9, mut v10, mut v11] = third;
    let [mut v12, mut v13, mut v14, mut v15] = fourth;
    for round in &SIGMA {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = round.map(word);
        [v0, v4, v8, v12] = mix([v0, v4, v8, v12], a, b);
        [v1, v5, v9, v13] = mix([v1, v5, v9, v13], c, d);
        [v2, v6, v10, v14] = mix([v2, v6, v10, v14], e, f);
        [v3, v7, v11, v15] = mix([v3, v7, v11, v15], g, h);
        [v0, v5, v10, v15] = mix([v0, v5, v10, v15], i, j);
        [v1, v6, v11, v12] = mix([v1, v6, v11, v12], k, l);
        [v2, v7, v8, v13] = mix([v2, v7, v8, v13], m, n);
        [v3, v4, v9, v14] = mix([v3, v4, v9, v14], o, p);
    }
    state[0] = xor(first, xor([v0, v1, v2, v3], [v8, v9, v10, v11]));
    state[1] = xor(second, xor([v4, v5, v6, v7], [v12, v13, v14, v15]));
}

/// Section 3.1: mixes two words of the message into four words of the state.
#[inline]
fn mix([mut a, mut b, mut c, mut d]: Row, x: u32, y: u32) -> Row {
    a = a.wrapping_add(b).wrapping_add(x);
    d = (d ^ a).rotate_right(16);
    c = c.wrapping_add(d);
    b = (b ^ c).rotate_right(12);
    a = a.wrapping_add(b).wrapping_add(y);
    d = (d ^ a).rotate_right(8);
    c = c.wrapping_add(d);
    b = (b ^ c).rotate_right(7);
    [a, b, c, d]
}

fn xor(mut row: Row, other: Row) -> Row {
    row.iter_mut().zip(other).for_each(|(word, other)| *word ^= other);
    row
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    /// The values are those of `hashlib.blake2s(message, digest_size=16)` of Python.
    #[test]
    fn messages_hash_as_in_another_library() {
        let counted: Vec<u8> = (0..1000).map(|n: u16| (n % 251).to_le_bytes()[0]).collect();
        let cases: [(&[u8], [u32; 4]); 5] = [
            (b"", [0x6455_0d6f, 0xfe2c_0a01, 0xa14a_ba1e, 0xade0_200c]),
            (b"abc", [0xaa49_3811, 0x9b1d_c7b8, 0x7cba_d0ff, 0xd200_d0ae]),
            (&counted[..64], [0xdc66_ca8f, 0x0386_5801, 0xb0ff_e06e, 0xd8a1_a90e]),
            (&counted[..65], [0x399d_3e92, 0xccfc_edcd, 0xde9b_f4c2, 0xbe14_cf8c]),
            (&counted, [0xf308_bf57, 0x110a_2e5f, 0x3c81_a0ef, 0x2292_5035]),
        ];
        for (message, printed) in cases {
            assert_eq!(blake2s(message).map(u32::swap_bytes), printed, "{} bytes", message.len());
        }
    }
}
