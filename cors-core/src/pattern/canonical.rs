//! The canonical form of a text that means an origin or a pattern (rule P2): what a browser sends for a page at this
//! address.

use core::fmt::Write;

use heapless::{String, Vec};

use crate::origin::{MAX_SCHEME_LEN, default_port, host, ipv4, ipv6, is_special};
use crate::pattern::{grammar, punycode};
use crate::text::{contains, split_once};

/// The address that servers listen at to be reached at every one.
pub(crate) const UNSPECIFIED: &str = "0.0.0.0";

/// A canonical form. It has room for the longest pattern.
pub(crate) type Text = String<{ grammar::MAX_LEN }>;

/// Returns the canonical form of a text with a scheme, even if its `://` is misspelled.
pub(crate) fn of(text: &str) -> Option<Text> {
    let (scheme, rest) = split_web(text).or_else(|| split_once(text, "://"))?;
    with(scheme, rest)
}

/// Splits a text of http or https at its `://`, or at what stands for it: `https:/example.com`, `https//example.com`,
/// `https:example.com`.
fn split_web(text: &str) -> Option<(&str, &str)> {
    let end = text.find([':', '/', '\\'])?;
    let (scheme, rest) = text.split_at_checked(end)?;
    let after_colons = rest.trim_start_matches(':');
    let host = after_colons.trim_start_matches(['/', '\\']);
    // `http:8080` is a host and its port.
    let is_split = host.len() < after_colons.len() || contains(host, ".") || host.starts_with("localhost");
    (is_web(scheme) && is_split && !host.starts_with(':')).then_some((scheme, host))
}

pub(crate) fn is_web(scheme: &str) -> bool {
    ["http", "https"].iter().any(|web| web.eq_ignore_ascii_case(scheme))
}

/// Returns the canonical form of a text such as `capacitor:localhost`, of a scheme that applications are known to have.
pub(crate) fn of_an_application(text: &str) -> Option<Text> {
    let (scheme, rest) = split_once(text, ":")?;
    let is_known =
        ["app", "capacitor", "ionic", "tauri"].iter().any(|known| known.eq_ignore_ascii_case(scheme));
    let host = rest.trim_start_matches('/');
    (is_known && !host.is_empty()).then(|| with(scheme, host)).flatten()
}

/// Returns the canonical form with the scheme of the web that the text misspells; `None` if it may be either.
pub(crate) fn with_misspelled_scheme(text: &str) -> Option<Text> {
    let (scheme, rest) = split_once(text, "://")?;
    let mut plain = Text::new();
    for character in scheme.chars().filter(|character| !character.is_whitespace()) {
        plain.push(character.to_ascii_lowercase()).ok()?;
    }
    // What is to be left out.
    if scheme.starts_with(['!', '-']) {
        return None;
    }
    match grammar::misspelled(plain.as_bytes()) {
        _ if is_web(&plain) => with(&plain, rest),
        [true, false] => with("http", rest),
        [false, true] => with("https", rest),
        _ => None,
    }
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
    if host::is_local(host) {
        return Some(insecure);
    }
    // A word alone may mean something else than a host. An address has a dot or stands in brackets.
    let is_host = port.is_some() || contains(host, ".") || host.starts_with('[');
    if is_host && host != UNSPECIFIED { with("https", authority) } else { None }
}

/// Returns the canonical form of `scheme`, `://` and `rest`, of which the host and the port count.
pub(crate) fn with(scheme: &str, rest: &str) -> Option<Text> {
    lowercased(scheme, rest).filter(|text| grammar::parse(text).is_ok())
}

/// Returns a word that is a pattern, in lower case.
pub(crate) fn lowercased_word(word: &str) -> Option<Text> {
    let mut text = Text::new();
    push_lowercase(&mut text, word)?;
    Some(text)
}

/// Returns what [`with`] returns, and also where that is not a pattern.
pub(crate) fn lowercased(scheme: &str, rest: &str) -> Option<Text> {
    if scheme.len() > MAX_SCHEME_LEN {
        return None;
    }
    let (host, port) = host::split_port(authority(rest)?);
    let mut text = Text::new();
    push_lowercase(&mut text, scheme)?;
    let default_port = default_port(text.as_bytes());
    let is_special = is_special(text.as_bytes());
    text.push_str("://").ok()?;
    // As in cookies: a dot for the names under a domain.
    let is_under = |domain: &str| contains(domain, ".") && !contains(domain, "*");
    if is_special && host.strip_prefix('.').is_some_and(is_under) {
        text.push('*').ok()?;
    }
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

/// Returns the host and the port of a URL, given what follows its `://`. `None` if what follows them is a part of a host, too:
/// `a-?.example.com`, `pr-#.example.com`, `https://example.com`, or says that the host is one of many: `10.0.0.0/8`.
fn authority(rest: &str) -> Option<&str> {
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, behind) = rest.split_at_checked(end)?;
    let is_cut = is_in_a_host(behind)
        || (authority.ends_with(':') && behind.starts_with("//"))
        || (authority.ends_with('-') && behind.starts_with('#'))
        || is_network(authority, behind);
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host_and_port)| host_and_port);
    (!is_cut).then_some(host_and_port)
}

fn is_network(host: &str, behind: &str) -> bool {
    let is_len =
        |digits: &str| (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    ipv4::is_serialized(host.as_bytes()) && behind.strip_prefix('/').is_some_and(is_len)
}

/// Returns true for `http://10.0.0.0/8`.
pub(crate) fn has_network(text: &str) -> bool {
    let (_, rest) = split_once(text, "://").unwrap_or(("", text));
    split_once(rest, "/")
        .is_some_and(|(host, _)| is_network(host, rest.get(host.len()..).unwrap_or_default()))
}

/// Returns true for `?.example.com`: the sign stands for a character, and begins no query.
fn is_in_a_host(behind: &str) -> bool {
    let Some(behind) = behind.strip_prefix('?') else { return false };
    let name = behind.split(['/', '?', '#']).next().unwrap_or_default();
    contains(name, ".") && !contains(name, "=") && !contains(name, "@")
}

/// Returns true for a text with a `?` in its host.
pub(crate) fn has_question_mark(text: &str) -> bool {
    let (_, rest) = split_once(text, "://").unwrap_or(("", text));
    rest.find(['/', '?', '#']).and_then(|at| rest.get(at..)).is_some_and(is_in_a_host)
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
        || is_encoded(label)
        || !characters.iter().all(|&character| character.is_ascii() || maps_to_itself(character))
    {
        return None;
    }
    text.push_str("xn--").ok()?;
    punycode::encode(text, &characters)
}

/// Returns true for a label that begins with `xn--`: encoded once, it is not encoded again.
fn is_encoded(label: &str) -> bool {
    label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--"))
}

/// Returns true for a text whose host has a label that is not ASCII and of which `is_wrong` holds.
fn has_label(text: &str, is_wrong: fn(&str) -> bool) -> bool {
    let (_, rest) = split_once(text, "://").unwrap_or(("", text));
    authority(rest).is_some_and(|authority| {
        labels(host::split_port(authority).0).any(|label| !label.is_ascii() && is_wrong(label))
    })
}

/// Returns true for `xn--münchen.example`.
pub(crate) fn is_half_encoded(text: &str) -> bool {
    has_label(text, is_encoded)
}

/// Returns true for `bücher-*.example`: an A-label encodes a whole label.
pub(crate) fn has_star_beside_others(text: &str) -> bool {
    has_label(text, |label| label.contains('*'))
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
    let Some(authority) = authority(rest) else { return false };
    let (host, port) = host::split_port(authority);
    // With some A-label in place of each such label, the text has a canonical form.
    let mut stand_in = Text::new();
    let push = |stand_in: &mut Text| {
        for (index, label) in labels(host).enumerate() {
            if index > 0 {
                stand_in.push('.').ok()?;
            }
            let is_whole = !label.is_ascii() && !label.contains('*') && !is_encoded(label);
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
