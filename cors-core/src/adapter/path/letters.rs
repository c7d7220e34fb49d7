//! Letters of any alphabet, compared in any case: Express finds `/É` where `/é` is served, IIS and file systems find `/Kelvin` with
//! the sign for kelvin, U+212A.

/// Returns true if a segment is a name, both the last byte first, in any case: in small letters of their capitals, without the dot that
/// is above a small letter of `İ`. What is not UTF-8 is compared byte by byte. A line feed at the segment's end counts for nothing: the
/// `$` of Python's expressions, by which Starlette and Pyramid route, matches before it.
pub(super) fn are_same(segment: impl Iterator<Item = u8>, name: impl Iterator<Item = u8>) -> bool {
    let mut segment = segment.peekable();
    segment.next_if_eq(&b'\n');
    Letters::of(segment).flat_map(folded).eq(Letters::of(name).flat_map(folded))
}

/// Returns the parts of a letter in small letters, the last one first.
fn folded(letter: Letter) -> impl Iterator<Item = Letter> {
    const DOT_ABOVE: char = '\u{307}';
    let (character, byte) = match letter {
        Letter::Character(character) => (Some(character), None),
        Letter::Byte(_) => (None, Some(letter)),
    };
    let small = |character: char| character.to_lowercase().rev();
    let capital = |character: char| character.to_uppercase().rev();
    let characters = character.into_iter().flat_map(small).flat_map(capital).flat_map(small);
    characters.filter(|&character| character != DOT_ABOVE).map(Letter::Character).chain(byte)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Letter {
    Character(char),
    /// A byte that is not UTF-8.
    Byte(u8),
}

/// The letters of a text, the last one first, of which the bytes come so, too.
struct Letters<I> {
    bytes: I,
    waiting: Waiting,
}

/// The bytes that were read and not yet given, in the text's order, at the end of the array.
#[derive(Default)]
struct Waiting {
    bytes: [u8; 4],
    count: usize,
}

impl Waiting {
    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(4_usize.saturating_sub(self.count)..).unwrap_or_default()
    }

    /// Puts a byte before the others.
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(3_usize.saturating_sub(self.count)) {
            *place = byte;
            self.count = self.count.saturating_add(1);
        }
    }

    /// Takes the last byte away.
    fn pop(&mut self) -> Option<u8> {
        let &[first, second, third, last] = &self.bytes;
        self.count = self.count.checked_sub(1)?;
        self.bytes = [0, first, second, third];
        Some(last)
    }
}

impl<I> Letters<I> {
    fn of(bytes: I) -> Self {
        Letters { bytes, waiting: Waiting::default() }
    }
}

impl<I: Iterator<Item = u8>> Iterator for Letters<I> {
    type Item = Letter;

    fn next(&mut self) -> Option<Letter> {
        const CONTINUATION: core::ops::RangeInclusive<u8> = 0x80..=0xbf;
        // A letter ends where the bytes that continue it have the one that begins it before them.
        while self.waiting.count < 4
            && self.waiting.as_bytes().first().is_none_or(|byte| CONTINUATION.contains(byte))
        {
            let Some(byte) = self.bytes.next() else { break };
            self.waiting.push(byte);
        }
        let text = core::str::from_utf8(self.waiting.as_bytes()).ok();
        if let Some(letter) = text.and_then(|text| text.chars().next()) {
            self.waiting.count = 0;
            return Some(Letter::Character(letter));
        }
        self.waiting.pop().map(Letter::Byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_any_case() {
        let same =
            |left: &[u8], right: &[u8]| are_same(left.iter().rev().copied(), right.iter().rev().copied());
        for (left, right) in [
            ("keys", "\u{212a}ey\u{17f}"),
            ("admin", "ADM\u{130}N"),
            ("admin", "adm\u{131}n"),
            ("é/ä", "É/Ä"),
            ("straße", "STRASSE"),
            ("strasse", "STRAẞE"),
            ("ΟΔΟΣ", "οδος"),
            ("новости", "НОВОСТИ"),
            ("ﬁle", "FILE"),
            ("admin\n", "Admin"),
            ("", ""),
        ] {
            assert!(same(left.as_bytes(), right.as_bytes()), "{left} {right}");
        }
        for (left, right) in [
            ("é", "e"),
            ("é", "ü"),
            ("新", "博"),
            ("é", ""),
            ("k", "kk"),
            ("ns", "n"),
            ("n\n\n", "n"),
            ("n", "n\n"),
        ] {
            assert!(!same(left.as_bytes(), right.as_bytes()), "{left} {right}");
        }
        assert!(same(b"\xc3A\xa9\x80\x80\x80\x80\x80", b"\xc3a\xa9\x80\x80\x80\x80\x80"));
        assert!(!same(b"\xc3A", b"A"));
        assert!(!same(b"\x80\x80\x80\x80\x80", b"\x80\x80\x80\x80"));
        assert!(!same(b"\xa9", "é".as_bytes()));
    }
}
