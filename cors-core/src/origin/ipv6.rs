//! IPv6 addresses as the URL standard parses and serializes them.
//!
//! `core::net` has both, but the compiler cannot see that its parser never panics, and its texts write a mapped address
//! with an embedded IPv4 address, as no browser does.

use core::ops::Range;

use heapless::String;

use crate::origin::ipv4;

/// The address's eight pieces, from the left.
pub(crate) type Pieces = [u16; 8];

/// Returns true if `text`, without the brackets that a host has around it, is an address as [`serialize`] writes it.
pub(crate) fn is_serialized(text: &[u8]) -> bool {
    let is_short = |digits: &[u8]| !matches!(digits, [b'0', _, ..]);
    parse_zeros(text).is_some_and(|(pieces, zeros)| zeros == longest_zero_run(&pieces))
        && text.split(|&byte| byte == b':').all(is_short)
        && !text.iter().any(u8::is_ascii_uppercase)
}

/// Parses an address that is written without an IPv4 address at its end.
fn parse(text: &[u8]) -> Option<Pieces> {
    parse_zeros(text).map(|(pieces, _)| pieces)
}

/// Parses an address; returns its pieces, and which of them a `::` stands for.
fn parse_zeros(text: &[u8]) -> Option<(Pieces, Range<usize>)> {
    let mut pieces = [0; 8];
    let Some(colons) = text.windows(2).position(|pair| pair == b"::") else {
        return (read(&mut pieces, text)? == pieces.len()).then_some((pieces, 0..0));
    };
    let (front, back) = (text.get(..colons)?, text.get(colons.saturating_add(2)..)?);
    let start = read(&mut pieces, front)?;
    let after = if back.is_empty() { 0 } else { back.split(|&byte| byte == b':').count() };
    // A `::` stands for one piece at least.
    let end = pieces.len().checked_sub(after).filter(|&end| end > start)?;
    read(pieces.get_mut(end..)?, back)?;
    Some((pieces, start..end))
}

/// Reads the pieces in `text` into the front of `pieces`, and counts them.
fn read(pieces: &mut [u16], text: &[u8]) -> Option<usize> {
    let mut count = 0_usize;
    for digits in text.split(|&byte| byte == b':').filter(|_| !text.is_empty()) {
        if !matches!(digits.len(), 1..=4) {
            return None;
        }
        let piece = pieces.get_mut(count)?;
        for &digit in digits {
            let value = char::from(digit).to_digit(16).and_then(|value| u16::try_from(value).ok())?;
            *piece = piece.checked_mul(16)? | value;
        }
        count = count.saturating_add(1);
    }
    Some(count)
}

/// Parses an address whose last two pieces may be written as an IPv4 address.
pub(crate) fn parse_embedded(text: &[u8]) -> Option<Pieces> {
    let start = text.iter().rposition(|&byte| byte == b':')?.saturating_add(1);
    let (front, address) = text.split_at_checked(start)?;
    if !ipv4::is_serialized(address) {
        return parse(text);
    }
    // Six pieces of four digits, and their colons.
    if front.len() > 30 {
        return None;
    }
    let [a, b, c, d] = ipv4::parse(str::from_utf8(address).ok()?)?;
    let mut plain: String<39> = String::new();
    plain.push_str(str::from_utf8(front).ok()?).ok()?;
    push_hex(&mut plain, u16::from_be_bytes([a, b]));
    push(&mut plain, ":");
    push_hex(&mut plain, u16::from_be_bytes([c, d]));
    parse(plain.as_bytes())
}

/// Writes an address in its one serialized form (URL, "IPv6 serializer").
pub(crate) fn serialize(pieces: Pieces) -> String<39> {
    let zeros = longest_zero_run(&pieces);
    let mut text = String::new();
    for (index, piece) in pieces.into_iter().enumerate() {
        if zeros.contains(&index) {
            if index == zeros.start {
                push(&mut text, if index == 0 { "::" } else { ":" });
            }
            continue;
        }
        push_hex(&mut text, piece);
        if index < 7 {
            push(&mut text, ":");
        }
    }
    text
}

/// Returns the first of the longest runs of two zero pieces or more: those that `::` stands for.
fn longest_zero_run(pieces: &Pieces) -> Range<usize> {
    let mut longest = 0..0;
    let mut run = 0..0;
    for (index, &piece) in pieces.iter().enumerate() {
        if piece != 0 {
            continue;
        }
        run = if run.end == index {
            run.start..index.saturating_add(1)
        } else {
            index..index.saturating_add(1)
        };
        if run.len() > longest.len() && run.len() > 1 {
            longest = run.clone();
        }
    }
    longest
}

fn push_hex<const N: usize>(text: &mut String<N>, piece: u16) {
    let digits = (u16::BITS - piece.leading_zeros()).div_ceil(4).max(1);
    for digit in (0..digits).rev() {
        let value = u32::from(piece >> (digit * 4)) & 0xf;
        push(text, char::from_digit(value, 16).unwrap_or_default().encode_utf8(&mut [0; 4]));
    }
}

/// Appends `piece`. The smallest text has room for the longest address: eight pieces of four digits and seven colons.
fn push<const N: usize>(text: &mut String<N>, piece: &str) {
    let fits = text.push_str(piece);
    debug_assert!(fits.is_ok());
}

#[cfg(test)]
mod tests {
    use core::net::Ipv6Addr;
    use std::string::String;
    use std::vec::Vec;

    use super::*;

    #[test]
    fn addresses_are_serialized_as_the_url_standard_says() {
        for (written, serialized) in [
            ("::", "::"),
            ("::1", "::1"),
            ("1::", "1::"),
            ("0:0:0:1:0:0:0:0", "0:0:0:1::"),
            ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
            ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"),
            ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
            ("2001:DB8::00A0", "2001:db8::a0"),
            ("::ffff:1.2.3.4", "::ffff:102:304"),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ] {
            assert_eq!(
                serialize(parse_embedded(written.as_bytes()).unwrap()).as_str(),
                serialized,
                "{written}"
            );
        }
    }

    #[test]
    fn an_ipv4_address_behind_more_than_an_address_has_room_for() {
        assert!(parse_embedded(b"0000:1111:2222:3333:4444:5555:6.7.8.9").is_some());
        for len in 30..70 {
            let text = ["1".repeat(len).as_str(), ":8.0.0.0"].concat();
            assert_eq!(parse_embedded(text.as_bytes()), None, "{text}");
        }
    }

    /// The standard library parses the same of random texts of up to nine pieces.
    #[test]
    fn the_standard_library_parses_the_same() {
        let words = ["", "0", "1", "00a0", "FFFF", "12345", "g", "1.2.3.4", "1.2.3", "256.0.0.1", "01.2.3.4"];
        let mut state = 1_u32;
        let mut addresses = 0;
        for _ in 0..200_000 {
            let mut next = |below: usize| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 16) as usize % below
            };
            // Mostly pieces that can stand anywhere, or few texts would be addresses.
            let pieces: Vec<&str> = (0..=next(9))
                .map(|_| words[if next(4) == 0 { next(words.len()) } else { next(5) }])
                .collect();
            let text: String = pieces.join(":");
            let expected = text.parse::<Ipv6Addr>().ok().map(|address| address.segments());
            addresses += usize::from(expected.is_some());
            assert_eq!(parse_embedded(text.as_bytes()), expected, "{text}");
            let expected = expected.filter(|_| !text.contains('.'));
            assert_eq!(parse(text.as_bytes()), expected, "{text}");
            let serialized = expected.is_some_and(|pieces| serialize(pieces) == text.as_str());
            assert_eq!(is_serialized(text.as_bytes()), serialized, "{text}");
        }
        assert!(addresses > 10_000, "{addresses} of the texts are addresses");
    }
}
