//! Punycode (RFC 3492): does an A-label decode (P2), and what is the A-label of an internationalized name, for the advice about it.

use heapless::String;

/// Appends the encoding of one label's characters (section 6.3); `None` if it does not fit.
pub(super) fn encode<const N: usize>(text: &mut String<N>, characters: &[char]) -> Option<()> {
    let ascii = || characters.iter().filter(|character| character.is_ascii());
    for &character in ascii() {
        text.push(character).ok()?;
    }
    let basic = u32::try_from(ascii().count()).ok()?;
    if basic > 0 {
        text.push('-').ok()?;
    }
    let (mut next, mut delta, mut bias, mut handled) = (128_u32, 0_u32, 72_u32, basic);
    while usize::try_from(handled).ok()? < characters.len() {
        let smallest = characters.iter().map(|&c| u32::from(c)).filter(|&code| code >= next).min()?;
        delta = delta.checked_add(smallest.checked_sub(next)?.checked_mul(handled.checked_add(1)?)?)?;
        next = smallest;
        for code in characters.iter().map(|&character| u32::from(character)) {
            if code < next {
                delta = delta.checked_add(1)?;
            } else if code == next {
                push_variable_length(text, delta, bias)?;
                bias = adapt(delta, handled.checked_add(1)?, handled == basic);
                delta = 0;
                handled = handled.checked_add(1)?;
            }
        }
        delta = delta.checked_add(1)?;
        next = next.checked_add(1)?;
    }
    Some(())
}

/// Returns true if `encoded`, in lower case, decodes (section 6.2), and not to ASCII alone. Each text has one encoding, so it is that
/// of what it decodes to.
pub(super) fn is_encoding(encoded: &[u8]) -> bool {
    // The last hyphen stands between the ASCII characters and the digits, where there are such characters.
    let (basic, digits) = match encoded.iter().rposition(|&byte| byte == b'-') {
        Some(delimiter @ 1..) => (delimiter, encoded.get(delimiter.saturating_add(1)..).unwrap_or_default()),
        Some(_) | None => (0, encoded),
    };
    !digits.is_empty() && u32::try_from(basic).ok().and_then(|basic| decode(basic, digits)).is_some()
}

/// Decodes `digits`, and follows the characters' codes and number alone; `None` if some are not an encoding. `len`: how many
/// characters are ASCII.
fn decode(mut len: u32, digits: &[u8]) -> Option<()> {
    let mut digits = digits.iter();
    let (mut code, mut index, mut bias) = (128_u32, 0_u32, 72_u32);
    while !digits.as_slice().is_empty() {
        let delta = take_variable_length(&mut digits, bias)?;
        let is_first = index == 0;
        len = len.checked_add(1)?;
        bias = adapt(delta, len, is_first);
        index = index.checked_add(delta)?;
        code = code.checked_add(index.checked_div(len)?)?;
        char::from_u32(code)?;
        index = index.checked_rem(len)?.checked_add(1)?;
    }
    Some(())
}

fn take_variable_length<'d>(digits: &mut impl Iterator<Item = &'d u8>, bias: u32) -> Option<u32> {
    let mut delta = 0_u32;
    let mut weight = 1_u32;
    let mut k = BASE;
    loop {
        let digit = match *digits.next()? {
            byte @ b'a'..=b'z' => byte.checked_sub(b'a')?,
            byte @ b'0'..=b'9' => byte.checked_sub(b'0')?.checked_add(26)?,
            _ => return None,
        };
        let digit = u32::from(digit);
        delta = delta.checked_add(digit.checked_mul(weight)?)?;
        let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if digit < threshold {
            return Some(delta);
        }
        weight = weight.checked_mul(BASE.checked_sub(threshold)?)?;
        k = k.checked_add(BASE)?;
    }
}

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;

fn push_variable_length<const N: usize>(text: &mut String<N>, delta: u32, bias: u32) -> Option<()> {
    let mut quotient = delta;
    let mut k = BASE;
    loop {
        let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if quotient < threshold {
            return push_digit(text, quotient);
        }
        let excess = quotient.checked_sub(threshold)?;
        let range = BASE.checked_sub(threshold)?;
        push_digit(text, threshold.checked_add(excess.checked_rem(range)?)?)?;
        quotient = excess.checked_div(range)?;
        k = k.checked_add(BASE)?;
    }
}

/// Appends `a` to `z` for 0 to 25, `0` to `9` for 26 to 35.
fn push_digit<const N: usize>(text: &mut String<N>, digit: u32) -> Option<()> {
    let code = if digit < 26 { u32::from(b'a').checked_add(digit)? } else { digit.checked_add(22)? };
    text.push(char::from_u32(code)?).ok()
}

fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    const SKEW: u32 = 38;
    const DAMP: u32 = 700;
    const RANGE: u32 = BASE - T_MIN;
    let mut delta = delta / if first { DAMP } else { 2 };
    delta = delta.saturating_add(delta.checked_div(points).unwrap_or_default());
    let mut k = 0_u32;
    while delta > RANGE * T_MAX / 2 {
        delta /= RANGE;
        k = k.saturating_add(BASE);
    }
    k.saturating_add((RANGE + 1).saturating_mul(delta) / delta.saturating_add(SKEW))
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What is encoded decodes, unless all of it is ASCII.
        #[test]
        fn round_trips(characters in proptest::collection::vec(
            prop_oneof![
                4 => "[a-z0-9-]".prop_map(|text| text.chars().next()),
                2 => any::<char>().prop_map(Some),
                1 => prop_oneof![Just('\u{80}'), Just('\u{d7ff}'), Just('\u{e000}'), Just(char::MAX)].prop_map(Some),
            ],
            0..12,
        )) {
            let characters: Vec<char> = characters.into_iter().flatten().filter(|c| !c.is_ascii_uppercase()).collect();
            let mut text: String<200> = String::new();
            encode(&mut text, &characters).unwrap();
            let has_others = !characters.iter().all(char::is_ascii);
            prop_assert_eq!(is_encoding(text.as_bytes()), has_others, "{} of {:?}", text, characters);
        }
    }

    #[test]
    fn labels() {
        // RFC 3492, section 7.1 (B, C, L), and names in daily use.
        for (label, expected) in [
            ("bücher", "bcher-kva"),
            ("münchen", "mnchen-3ya"),
            ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
            ("他們爲什麽不說中文", "ihqwctvzc91f659drss3x8bo0yb"),
            ("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"),
            ("пример", "e1afmkfd"),
            // A digit that is the threshold itself, and a delta at the edge of the adaptation (Python's codec).
            ("бо", "90a0a"),
            ("abūűђσх", "ab-huay480akwaxc"),
        ] {
            let mut text: String<63> = String::new();
            encode(&mut text, &label.chars().collect::<Vec<_>>()).unwrap();
            assert_eq!(text, expected, "{label}");
            assert!(is_encoding(expected.as_bytes()), "{label}");
        }
    }

    #[test]
    fn not_encodings() {
        for text in [
            // Nothing, and ASCII alone.
            "",
            "-",
            "a-",
            "abc-",
            "a-b-",
            // The digits end within a number.
            "f",
            "0",
            "bcher-kv",
            // A delimiter with nothing before it, and bytes that are not digits.
            "-tda",
            "tda_",
            "tda.",
            "bcher-k_va",
            "TDA",
            "bücher",
            // U+D800, a surrogate, and what lies past the last character and past 32 bits.
            "ib9b",
            "en32g",
            "99999999",
        ] {
            assert!(!is_encoding(text.as_bytes()), "{text}");
        }
    }
}
