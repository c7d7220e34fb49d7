//! Changes to an image.

use cors_testing::seal::{CHECKSUM_LEN, HEADER_LEN, place, word_at};
use cors_testing::sets::refit;
use proptest::prelude::*;
use proptest::sample::Index;

/// Origins, headers, methods, exposed headers and max-age.
const TEXT_SECTIONS: [usize; 5] = [4, 5, 6, 7, 8];

#[derive(Clone, Debug)]
pub(super) enum Change {
    Bit(Index, u8),
    /// Flags, status, risks or response fields.
    Setting(Index, u8),
    /// A byte of the header, a small number or any.
    HeaderByte(Index, u8),
    /// A byte of a text section, and the sets made to fit.
    Text(Index, Index, u8),
    Byte(Index, u8),
    /// A 32-bit word, by a small difference: offsets, lengths, hashes.
    Word(Index, i8),
    /// A word in place of another.
    Copy {
        from: Index,
        to: Index,
    },
    /// Two slots.
    Swap(Index, Index),
}

pub(super) fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    prop_oneof![
        2 => (index(), 0..8_u8).prop_map(|(at, bit)| Change::Bit(at, bit)),
        4 => (index(), 0..8_u8).prop_map(|(at, bit)| Change::Setting(at, bit)),
        1 => (index(), prop_oneof![0..9_u8, any::<u8>()]).prop_map(|(at, byte)| Change::HeaderByte(at, byte)),
        8 => (index(), index(), proptest::sample::select(&b"aZ019*-, \r\n\"/:.\0\xff"[..]))
            .prop_map(|(section, at, byte)| Change::Text(section, at, byte)),
        2 => (index(), prop_oneof![any::<u8>(), b' '..=b'~']).prop_map(|(at, byte)| Change::Byte(at, byte)),
        2 => (index(), any::<i8>()).prop_map(|(at, by)| Change::Word(at, by)),
        1 => (index(), index()).prop_map(|(from, to)| Change::Copy { from, to }),
        1 => (index(), index()).prop_map(|(one, other)| Change::Swap(one, other)),
    ]
}

impl Change {
    pub(super) fn apply(&self, image: &mut [u8]) {
        let len = image.len() - CHECKSUM_LEN;
        let word = |index: &Index| index.index(len / 4) * 4;
        match self {
            Change::Bit(at, bit) => image[at.index(len)] ^= 1 << bit,
            Change::Setting(at, bit) => image[*at.get(&[6, 7, 12, 13, 14, 15])] ^= 1 << bit,
            Change::HeaderByte(at, byte) => image[at.index(HEADER_LEN)] = *byte,
            Change::Text(section, at, byte) => {
                let (start, text_len) = place(image, *section.get(&TEXT_SECTIONS));
                if text_len > 0 && start + text_len <= len {
                    image[start + at.index(text_len)] = *byte;
                    refit(image);
                }
            }
            Change::Byte(at, byte) => image[at.index(len)] = *byte,
            Change::Word(at, by) => {
                let at = word(at);
                let new = word_at(image, at).wrapping_add_signed((*by).into());
                image[at..at + 4].copy_from_slice(&new.to_le_bytes());
            }
            Change::Copy { from, to } => image.copy_within(word(from)..word(from) + 4, word(to)),
            Change::Swap(one, other) => {
                for byte in 0..8 {
                    let (one, other) = (word(one) + byte, word(other) + byte);
                    image.swap(one.min(len - 1), other.min(len - 1));
                }
            }
        }
    }
}
