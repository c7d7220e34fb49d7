//! IPv6 addresses as the URL standard parses and serializes them.
//!
//! `core::net` has both, but the compiler cannot see that its parser never panics, and its texts write a mapped address
//! with an embedded IPv4 address, as no browser does.

use core::ops::Range;

use heapless::String;

use crate::origin::host;

/// The address's eight pieces, from the left.
pub(crate) type Pieces = [u16; 8];

pub(crate) const LOOPBACK: Pieces = [0, 0, 0, 0, 0, 0, 0, 1];

/// True if `text`, which stands between brackets in a host, is an address as the URL standard serializes it.
pub(crate) fn is_serialized(text: &[u8]) -> bool {
    let is_short = |digits: &[u8]| !matches!(digits, [b'0', _, ..]);
    parse_zeros(text).is_some_and(|(pieces, zeros)| zeros == longest_zero_run(&pieces))
        && text.split(|&byte| byte == b':').all(is_short)
        && !text.iter().any(u8::is_ascii_uppercase)
}

/// The address in `text`. An IPv4 address at its end is [`parse_embedded`]'s to read.
fn parse(text: &[u8]) -> Option<Pieces> {
    parse_zeros(text).map(|(pieces, _)| pieces)
}

/// The address, and the pieces for which a `::` stands.
fn parse_zeros(text: &[u8]) -> Option<(Pieces, Range<usize>)> {
    let mut pieces = [0; 8];
    let Some(colons) = text.windows(2).position(|pair| pair == b"::") else {
        return (read(&mut pieces, text)? == pieces.len()).then_some((pieces, 0..0));
    };
    let (front, back) = (text.get(..colons)?, text.get(colons.saturating_add(2)..)?);
    let start = read(&mut pieces, front)?;
    let after = if back.is_empty() { 0 } else { back.split(|&byte| byte == b':').count() };
    // It stands for one piece at least.
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

/// The same where the last two pieces may be written as an IPv4 address.
pub(crate) fn parse_embedded(text: &[u8]) -> Option<Pieces> {
    let start = text.iter().rposition(|&byte| byte == b':')?.saturating_add(1);
    let (front, address) = text.split_at_checked(start)?;
    if !host::is_ipv4(address) {
        return parse(text);
    }
    let mut numbers = address.split(|&byte| byte == b'.').map(|digits| {
        digits.iter().fold(0_u16, |number, digit| {
            number.wrapping_mul(10).wrapping_add(u16::from(digit.wrapping_sub(b'0')))
        })
    });
    let mut plain: String<64> = String::new();
    plain.push_str(str::from_utf8(front).ok()?).ok()?;
    push_hex(&mut plain, numbers.next()? << 8 | numbers.next()?);
    push(&mut plain, ":");
    push_hex(&mut plain, numbers.next()? << 8 | numbers.next()?);
    parse(plain.as_bytes())
}

/// URL, "IPv6 serializer".
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

/// The first of the longest runs of two zero pieces or more.
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

/// Eight pieces of four digits and seven colons fill the smallest text and never overflow it.
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

    /// Texts of up to nine pieces: what the standard library takes, and nothing else.
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
