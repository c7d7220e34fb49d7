//! IPv4 addresses as the URL standard parses and serializes them.

/// Returns true for a label that the URL standard takes for a number, decimal or hexadecimal. A domain that ends in such a
/// label is an IPv4 address or invalid ("ends in a number checker").
pub(crate) fn is_number(label: &[u8]) -> bool {
    match label {
        [b'0', b'x' | b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        digits => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
    }
}

/// Returns true for a serialized address: four decimal numbers up to 255 without leading zeros.
pub(crate) fn is_serialized(host: &[u8]) -> bool {
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

/// Parses an address in any form that the URL standard's "IPv4 parser" takes: one to four numbers, decimal, octal or
/// hexadecimal, of which the last fills the bytes that are left.
pub(crate) fn parse(host: &str) -> Option<[u8; 4]> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let (front, last) = match host.rsplit_once('.') {
        Some((front, last)) => (Some(front), last),
        None => (None, host),
    };
    let mut bits = u32::BITS;
    let mut address = 0_u32;
    for part in front.into_iter().flat_map(|front| front.split('.')) {
        bits = bits.checked_sub(8).filter(|&bits| bits > 0)?;
        address |= u32::from(u8::try_from(parse_number(part)?).ok()?).checked_shl(bits)?;
    }
    let last = parse_number(last)?;
    let fits = last.checked_shr(bits).is_none_or(|excess| excess == 0);
    fits.then(|| (address | last).to_be_bytes())
}

fn parse_number(part: &str) -> Option<u32> {
    let (digits, radix) = match part.as_bytes() {
        [b'0', b'x' | b'X', ..] => (part.get(2..)?, 16),
        [b'0', _, ..] => (part.get(1..)?, 8),
        _ => (part, 10),
    };
    match digits {
        "" if radix == 16 => Some(0),
        digits if digits.starts_with('+') => None,
        digits => u32::from_str_radix(digits, radix).ok(),
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::ToString;

    use url::Host;

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

    /// Every text of one to five parts, with and without a dot at its end, that the crate `url` parses to an address.
    #[test]
    fn the_crate_url_parses_the_same() {
        let parts = [
            "",
            "0",
            "1",
            "255",
            "256",
            "0x",
            "0xFf",
            "0x100",
            "010",
            "08",
            "65536",
            "16777216",
            "4294967296",
            "a",
            "+1",
        ];
        let longer = |texts: &[std::string::String]| -> std::vec::Vec<_> {
            texts.iter().flat_map(|text| parts.map(|part| format!("{text}.{part}"))).collect()
        };
        let mut texts: std::vec::Vec<_> = parts.iter().map(ToString::to_string).collect();
        let mut addresses = 0;
        for _ in 0..3 {
            for text in &texts {
                for text in [text.clone(), format!("{text}."), format!("1.0.{text}")] {
                    let expected = match Host::parse(&text) {
                        Ok(Host::Ipv4(address)) => Some(address.octets()),
                        _ => None,
                    };
                    addresses += usize::from(expected.is_some());
                    assert_eq!(parse(&text), expected, "{text}");
                    let serialized =
                        expected.is_some_and(|bytes| std::net::Ipv4Addr::from(bytes).to_string() == text);
                    assert_eq!(is_serialized(text.as_bytes()), serialized, "{text}");
                }
            }
            texts = longer(&texts);
        }
        assert!(addresses > 100, "{addresses} of the texts are addresses");
    }
}
