//! Hosts in the serialized form of the URL standard (rule O3).

use crate::field::{class, is};
use crate::origin::OriginErrorKind;
use crate::origin::ipv6;

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
pub(crate) fn is_ipv4(host: &[u8]) -> bool {
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
    if ipv6::is_serialized(written) { Ok((HostKind::Ipv6, end.saturating_add(1))) } else { Err(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

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
