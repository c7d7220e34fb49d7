//! The canonical form of a text that means an origin or a pattern (rule P2): what a browser sends for a page at this
//! address.

use core::fmt::Write;

use heapless::{String, Vec};

use crate::origin::{MAX_SCHEME_LEN, default_port, host, ipv4, ipv6, is_special};
use crate::pattern::{grammar, punycode};
use crate::text::{contains, split_once};

/// A canonical form. It has room for the longest pattern.
pub(crate) type Text = String<{ grammar::MAX_LEN }>;

/// Returns the canonical form of a text with a scheme, even if its `://` is misspelled.
pub(crate) fn of(text: &str) -> Option<Text> {
    let (scheme, rest) = split_once(text, "://").or_else(|| split_misspelled(text))?;
    with(scheme, rest)
}

/// Splits a text such as `https:/example.com` or `https//example.com`.
fn split_misspelled(text: &str) -> Option<(&str, &str)> {
    let end = text.find([':', '/'])?;
    let (scheme, rest) = text.split_at_checked(end)?;
    let host = rest.trim_start_matches([':', '/']);
    let slashes = rest.strip_suffix(host)?;
    let web = ["http", "https"].iter().any(|web| web.eq_ignore_ascii_case(scheme));
    (web && slashes.contains('/')).then_some((scheme, host))
}

/// Returns the canonical form of a host without a scheme: with `http` for this machine, else with `https`.
pub(crate) fn with_scheme(authority: &str) -> Option<Text> {
    let authority =
        authority.strip_prefix("://").or_else(|| authority.strip_prefix("//")).unwrap_or(authority);
    if let Some(address) = ipv6::parse_embedded(authority.as_bytes()) {
        let mut bracketed = Text::new();
        push_ipv6(&mut bracketed, address)?;
        return with_scheme(&bracketed);
    }
    let (_, port) = host::split_port(authority.split(['/', '?', '#']).next()?);
    // `mailto:someone` and `data:text/html` have a scheme and no host.
    let is_port =
        port.is_none_or(|port| port == "*" || port.starts_with(|digit: char| digit.is_ascii_digit()));
    if !is_port || contains(authority, "//") {
        return None;
    }
    let insecure = with("http", authority)?;
    let (host, _) = host::split_port(insecure.strip_prefix("http://")?);
    if host::is_local(host) { Some(insecure) } else { with("https", authority) }
}

/// Returns the canonical form of `scheme`, `://` and `rest`, of which the host and the port count.
pub(crate) fn with(scheme: &str, rest: &str) -> Option<Text> {
    lowercased(scheme, rest).filter(|text| grammar::parse(text).is_ok())
}

/// Returns what [`with`] returns, and also where that is not a pattern.
pub(crate) fn lowercased(scheme: &str, rest: &str) -> Option<Text> {
    if scheme.len() > MAX_SCHEME_LEN {
        return None;
    }
    let (host, port) = host::split_port(authority(rest));
    let mut text = Text::new();
    push_lowercase(&mut text, scheme)?;
    let default_port = default_port(text.as_bytes());
    let is_special = is_special(text.as_bytes());
    text.push_str("://").ok()?;
    if is_special { push_host(&mut text, host) } else { push_opaque_host(&mut text, host) }?;
    match port {
        None | Some("") => {}
        Some("*") => text.push_str(":*").ok()?,
        Some(digits) => {
            let port =
                digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse::<u16>())?.ok()?;
            if default_port != Some(port) {
                write!(text, ":{port}").ok()?;
            }
        }
    }
    Some(text)
}

/// Returns the host and the port of a URL, given what follows its `://`.
fn authority(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    authority.rsplit_once('@').map_or(authority, |(_, host_and_port)| host_and_port)
}

fn push_host(text: &mut Text, host: &str) -> Option<()> {
    if let Some(address) = parse_bracketed(host) {
        return push_ipv6(text, address);
    }
    if let Some([a, b, c, d]) = ipv4::parse(host) {
        return write!(text, "{a}.{b}.{c}.{d}").ok();
    }
    if host.contains(':') {
        return None;
    }
    for (index, label) in labels(host).enumerate() {
        if index > 0 {
            text.push('.').ok()?;
        }
        push_label(text, label)?;
    }
    Some(())
}

/// Appends the host of an application's scheme, where the URL standard makes no address of a number (O3).
fn push_opaque_host(text: &mut Text, host: &str) -> Option<()> {
    match parse_bracketed(host) {
        Some(address) => push_ipv6(text, address),
        None => push_lowercase(text, host),
    }
}

/// Splits a domain. UTS 46 takes three more characters for a dot.
fn labels(host: &str) -> impl Iterator<Item = &str> {
    host.split(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}'])
}

fn parse_bracketed(host: &str) -> Option<ipv6::Pieces> {
    ipv6::parse_embedded(host.strip_prefix('[')?.strip_suffix(']')?.as_bytes())
}

fn push_ipv6(text: &mut Text, address: ipv6::Pieces) -> Option<()> {
    text.push('[').ok()?;
    text.push_str(&ipv6::serialize(address)).ok()?;
    text.push(']').ok()
}

/// Appends the label in lower case, as an A-label if it is not ASCII. `None` if that takes the tables of UTS 46, which are
/// not linked.
fn push_label(text: &mut Text, label: &str) -> Option<()> {
    let mut characters: Vec<char, { host::MAX_LABEL_LEN }> = Vec::new();
    for character in label.chars() {
        characters.push(lowercase(character)).ok()?;
    }
    if characters.iter().all(char::is_ascii) {
        return characters.iter().try_for_each(|&character| text.push(character).ok());
    }
    // An A-label encodes the whole label: there is none for the part before or after a `*`.
    if label.contains('*')
        || !characters.iter().all(|&character| character.is_ascii() || maps_to_itself(character))
    {
        return None;
    }
    text.push_str("xn--").ok()?;
    punycode::encode(text, &characters)
}

/// Returns true for the common characters of each script that UTS 46 leaves as they are wherever they stand, and that no
/// normalization changes.
fn maps_to_itself(character: char) -> bool {
    matches!(character,
        // Latin-1 and Latin Extended-A, except digraphs and the long s
        'ß'..='ö' | 'ø'..='į' | 'ı' | 'ĵ'..='ľ' | 'ł'..='ň' | 'ŋ'..='ž'
        // Greek, Cyrillic, Hebrew
        | 'ΐ' | 'ά'..='ώ' | 'а'..='џ' | 'א'..='ת'
        // kana, Han, Hangul
        | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '々' | '一'..='鿿' | '가'..='힣'
        // symbols and emoji
        | '☀'..='⛿' | '🌀'..='🙏')
}

/// Returns the character in lower case, if that maps to itself. The tables of `char::to_lowercase` would make up a tenth of
/// the C library.
fn lowercase(character: char) -> char {
    let code = u32::from(character);
    let distance = match character {
        'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'А'..='Я' => 32,
        'Ѐ'..='Џ' => 80,
        'Ά' => 38,
        'Έ'..='Ί' => 37,
        'Ό' => 64,
        'Ύ' | 'Ώ' => 63,
        'Ā'..='į' | 'Ĵ'..='Ķ' | 'Ŋ'..='Ŷ' => u32::from(code % 2 == 0),
        'Ĺ'..='Ľ' | 'Ł'..='Ň' | 'Ź'..='Ž' => code % 2,
        // Signs of measures, and letters that lie apart from the others.
        '\u{212a}' => return 'k',
        '\u{212b}' => return 'å',
        '\u{2126}' => return 'ω',
        'ẞ' => return 'ß',
        'ϴ' => return 'θ',
        'Ÿ' => return 'ÿ',
        _ => return character.to_ascii_lowercase(),
    };
    char::from_u32(code.wrapping_add(distance)).unwrap_or(character)
}

/// Returns true if all that stops a canonical form is a label whose A-label needs the UTS 46 tables, which are not linked.
pub(crate) fn is_internationalized(text: &str) -> bool {
    let Some((scheme, rest)) = split_once(text, "://") else { return false };
    let (host, port) = host::split_port(authority(rest));
    // With some A-label in place of each such label, the text has a canonical form.
    let mut stand_in = Text::new();
    let push = |stand_in: &mut Text| {
        for (index, label) in labels(host).enumerate() {
            if index > 0 {
                stand_in.push('.').ok()?;
            }
            let is_whole = !label.is_ascii() && !label.contains('*');
            // The A-label of `ü`: a short one, which decodes (P2).
            stand_in.push_str(if is_whole { "xn--tda" } else { label }).ok()?;
        }
        if let Some(port) = port {
            stand_in.push(':').ok()?;
            stand_in.push_str(port).ok()?;
        }
        Some(())
    };
    !host.is_ascii() && push(&mut stand_in).is_some() && with(scheme, &stand_in).is_some()
}

fn push_lowercase(text: &mut Text, word: &str) -> Option<()> {
    word.chars().try_for_each(|character| text.push(character.to_ascii_lowercase()).ok())
}

#[cfg(test)]
mod tests {
    use std::string::String;

    use super::*;

    #[test]
    fn lower_case_is_that_of_the_standard_library() {
        for character in '\0'..=char::MAX {
            // Compare only characters that we lowercase: ASCII, and those in `maps_to_itself`.
            let [ours, theirs] = [String::from(lowercase(character)), character.to_lowercase().collect()]
                .map(|lower| {
                    Some(lower).filter(|lower| lower.chars().all(|c| c.is_ascii() || maps_to_itself(c)))
                });
            assert_eq!(ours, theirs, "{character:?}");
        }
    }
}
