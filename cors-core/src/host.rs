//! Hosts in the serialized form of the URL standard (rule O3).

use core::net::Ipv6Addr;

use heapless::String;

use crate::field::{class, is};
use crate::origin::OriginErrorKind;

/// A label's most bytes (RFC 1035).
pub(crate) const MAX_LABEL_LEN: usize = 63;
/// A domain's most bytes, a trailing dot not counted (UTS 46, `VerifyDnsLength`).
pub(crate) const MAX_DOMAIN_LEN: usize = 253;
/// The most bytes of an IPv6 address in brackets.
const MAX_IPV6_LEN: usize = 41;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostKind {
    Domain,
    Ipv4,
    Ipv6,
}

/// What is wrong, and at which byte.
type HostError = (OriginErrorKind, usize);

/// Reads the host at the front of `text`, which ends there or at a `:`: its kind, and how many bytes it takes.
pub(crate) fn parse(text: &[u8]) -> Result<(HostKind, usize), HostError> {
    if text.first() == Some(&b'[') { parse_ipv6(text) } else { parse_domain(text) }
}

fn parse_domain(text: &[u8]) -> Result<(HostKind, usize), HostError> {
    let mut label_start = 0_usize;
    let mut last_label = 0;
    let end = loop {
        let rest = text.get(label_start..).unwrap_or_default();
        let label_len = rest.iter().position(|&byte| !is(byte, class::LABEL)).unwrap_or(rest.len());
        let label_end = label_start.saturating_add(label_len);
        match text.get(label_end) {
            Some(b'.') => check_label(label_start, label_end)?,
            Some(b':') | None => break label_end,
            Some(_) => return Err((OriginErrorKind::HostByte, label_end)),
        }
        last_label = label_start;
        label_start = label_end.saturating_add(1);
    };
    let trailing_dot = label_start == end && end != 0;
    if !trailing_dot {
        check_label(label_start, end)?;
        last_label = label_start;
    }
    if end.saturating_sub(usize::from(trailing_dot)) > MAX_DOMAIN_LEN {
        return Err((OriginErrorKind::DomainTooLong, MAX_DOMAIN_LEN));
    }
    let last_label = text.get(last_label..end).unwrap_or_default();
    if !is_number(last_label.strip_suffix(b".").unwrap_or(last_label)) {
        return Ok((HostKind::Domain, end));
    }
    if is_ipv4(text.get(..end).unwrap_or_default()) {
        Ok((HostKind::Ipv4, end))
    } else {
        Err((OriginErrorKind::Ipv4, 0))
    }
}

fn check_label(start: usize, end: usize) -> Result<(), HostError> {
    match end.saturating_sub(start) {
        0 => Err((OriginErrorKind::EmptyLabel, start)),
        1..=MAX_LABEL_LEN => Ok(()),
        _ => Err((OriginErrorKind::LabelTooLong, start)),
    }
}

/// The URL standard's "ends in a number" of a domain's last label: such a host is an IPv4 address or nothing.
pub(crate) fn is_number(label: &[u8]) -> bool {
    match label {
        [b'0', b'x' | b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        digits => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
    }
}

/// Four decimal numbers up to 255 without leading zeros.
fn is_ipv4(host: &[u8]) -> bool {
    let is_number = |digits: &[u8]| {
        matches!(
            digits,
            [b'0'..=b'9']
                | [b'1'..=b'9', b'0'..=b'9']
                | [b'1', b'0'..=b'9', b'0'..=b'9']
                | [b'2', b'0'..=b'4', b'0'..=b'9']
                | [b'2', b'5', b'0'..=b'5']
        )
    };
    let mut numbers = host.split(|&byte| byte == b'.');
    numbers.by_ref().take(4).filter(|digits| is_number(digits)).count() == 4 && numbers.next().is_none()
}

fn parse_ipv6(text: &[u8]) -> Result<(HostKind, usize), HostError> {
    let error = (OriginErrorKind::Ipv6, 0);
    let end = text.iter().take(MAX_IPV6_LEN).position(|&byte| byte == b']').ok_or(error)?;
    let written = text.get(1..end).unwrap_or_default();
    let address = ipv6_pieces(written).ok_or(error)?;
    if serialize_ipv6(address.into()).as_bytes() == written {
        Ok((HostKind::Ipv6, end.saturating_add(1)))
    } else {
        Err(error)
    }
}

/// The address, of which the serializer then says whether it is written as it should be.
///
/// `Ipv6Addr` parses as well, but the compiler cannot see that its parser never panics.
fn ipv6_pieces(text: &[u8]) -> Option<[u16; 8]> {
    let mut pieces = [0; 8];
    let (front, back) = match text.windows(2).position(|pair| pair == b"::") {
        Some(zeros) => (text.get(..zeros)?, text.get(zeros.saturating_add(2)..)?),
        None => (text, &[][..]),
    };
    read_pieces(&mut pieces, front)?;
    let count = if back.is_empty() { 0 } else { back.split(|&byte| byte == b':').count() };
    read_pieces(pieces.get_mut(8_usize.checked_sub(count)?..)?, back)?;
    Some(pieces)
}

fn read_pieces(pieces: &mut [u16], text: &[u8]) -> Option<()> {
    if text.is_empty() {
        return Some(());
    }
    let mut pieces = pieces.iter_mut();
    for digits in text.split(|&byte| byte == b':') {
        let piece = pieces.next()?;
        for &digit in digits {
            let value = char::from(digit).to_digit(16).and_then(|value| u16::try_from(value).ok())?;
            *piece = piece.checked_mul(16)? | value;
        }
    }
    Some(())
}

/// The URL standard's IPv6 serializer. `Ipv6Addr`'s own writes mapped addresses with an embedded IPv4 address.
pub(crate) fn serialize_ipv6(address: Ipv6Addr) -> String<39> {
    let pieces = address.segments();
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
fn longest_zero_run(pieces: &[u16; 8]) -> core::ops::Range<usize> {
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

fn push_hex(text: &mut String<39>, piece: u16) {
    let digits = (u16::BITS - piece.leading_zeros()).div_ceil(4).max(1);
    for digit in (0..digits).rev() {
        let value = u32::from(piece >> (digit * 4)) & 0xf;
        push(text, char::from_digit(value, 16).unwrap_or_default().encode_utf8(&mut [0; 4]));
    }
}

/// Eight pieces of four digits and seven colons fill `text` and never overflow it.
fn push(text: &mut String<39>, piece: &str) {
    let fits = text.push_str(piece);
    debug_assert!(fits.is_ok());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv6_is_serialized_as_the_url_standard_says() {
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
            assert_eq!(serialize_ipv6(written.parse().unwrap()).as_str(), serialized, "{written}");
        }
    }

    #[test]
    fn numeric_labels() {
        for (label, expected) in [
            ("0", true),
            ("09", true),
            ("0x", true),
            ("0xAf", true),
            ("0xg", false),
            ("1a", false),
            ("", false),
        ] {
            assert_eq!(is_number(label.as_bytes()), expected, "{label:?}");
        }
    }
}
