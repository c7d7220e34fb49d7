//! What to write instead of a text that is no pattern (rule P2): its canonical form, where it has one.

use core::fmt::{self, Write};
use core::net::{Ipv4Addr, Ipv6Addr};

use heapless::{String, Vec};

use crate::host;
use crate::origin::{MAX_SCHEME_LEN, default_port};
use crate::pattern::{OriginPattern, PatternErrorKind, parse_canonical};
use crate::punycode;

/// Room for a text's canonical form while it is made.
pub(crate) type Text = String<{ OriginPattern::MAX_LEN }>;

/// What to do about a problem, in the imperative: "write `https://example.com`". Renders with [`Display`].
///
/// [`Display`]: fmt::Display
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice<'a>(Kind<'a>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind<'a> {
    Fixed(&'static str),
    Write(Text),
    WriteWord(&'a str),
    AddScheme(Text),
}

impl<'a> Advice<'a> {
    pub(crate) fn fixed(text: &'static str) -> Self {
        Advice(Kind::Fixed(text))
    }

    pub(crate) fn write_word(word: &'a str) -> Self {
        Advice(Kind::WriteWord(word))
    }

    /// The exact text to put in place of the one at fault, where there is one: what an editor would insert.
    pub fn replacement(&self) -> Option<&str> {
        match &self.0 {
            Kind::Fixed(_) => None,
            Kind::Write(text) | Kind::AddScheme(text) => Some(text),
            Kind::WriteWord(word) => Some(word),
        }
    }
}

impl fmt::Display for Advice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Fixed(text) => f.write_str(text),
            Kind::Write(text) => write!(f, "write {text}"),
            Kind::WriteWord(word) => write!(f, "write {word}"),
            Kind::AddScheme(text) => write!(f, "add the scheme: {text}"),
        }
    }
}

/// The most telling name for what is wrong with `text`, which the grammar refused with `found`.
pub(crate) fn diagnose(text: &str, found: PatternErrorKind) -> PatternErrorKind {
    let trimmed = text.trim();
    let scheme = trimmed.split_once("://").map(|(scheme, _)| scheme);
    if trimmed.is_empty() {
        PatternErrorKind::Empty
    } else if looks_like_a_regular_expression(trimmed) {
        PatternErrorKind::RegularExpression
    } else if trimmed.contains([',', ';', ' ', '\t', '\n']) {
        PatternErrorKind::List
    } else if trimmed == "*" || trimmed.eq_ignore_ascii_case("null") {
        PatternErrorKind::NotCanonical
    } else if scheme
        .is_some_and(|scheme| ["ws", "wss"].iter().any(|known| known.eq_ignore_ascii_case(scheme)))
    {
        PatternErrorKind::WebSocketScheme
    } else if scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("file")) {
        PatternErrorKind::FileScheme
    } else if scheme.is_none_or(str::is_empty) && with_scheme(trimmed).is_some() {
        PatternErrorKind::MissingScheme
    } else if found != PatternErrorKind::Wildcard && canonical(trimmed).is_some() {
        PatternErrorKind::NotCanonical
    } else {
        found
    }
}

/// The advice for `kind`, which [`diagnose`] found in `text`.
pub(crate) fn for_pattern<'a>(text: &'a str, kind: PatternErrorKind) -> Option<Advice<'a>> {
    let text = text.trim();
    let rest = || text.split_once("://").map_or(text, |(_, rest)| rest);
    Some(Advice(match kind {
        PatternErrorKind::NotCanonical => match text {
            "*" => Kind::WriteWord("*"),
            _ if text.eq_ignore_ascii_case("null") => Kind::WriteWord("null"),
            _ => Kind::Write(canonical(text)?),
        },
        PatternErrorKind::MissingScheme => Kind::AddScheme(with_scheme(text)?),
        PatternErrorKind::WebSocketScheme => {
            let secure = text.get(..3).is_some_and(|scheme| scheme.eq_ignore_ascii_case("wss"));
            Kind::Write(canonicalize(if secure { "https" } else { "http" }, rest())?)
        }
        PatternErrorKind::FileScheme => {
            Kind::Fixed("serve the page over http from localhost, or allow null and accept its risk")
        }
        PatternErrorKind::List => Kind::Fixed("write each origin as an entry of its own"),
        PatternErrorKind::RegularExpression => Kind::Fixed(
            "write the origins one by one, or with a wildcard such as https://*.example.com or https://pr-*.example.com",
        ),
        PatternErrorKind::Wildcard => Kind::Fixed(
            "write https://*.example.com for subdomains, https://pr-*.example.com within a label, https://example.com:* for ports",
        ),
        PatternErrorKind::Empty => Kind::Fixed("remove it, or write an origin such as https://example.com"),
        PatternErrorKind::Malformed(_) => return None,
    }))
}

fn looks_like_a_regular_expression(text: &str) -> bool {
    // `[` alone would be an IPv6 address.
    text.starts_with('^')
        || text.ends_with('$')
        || ["\\.", ".*", ".+", "(?", "\\d", "\\w", "[a-z", "[^", "|"].iter().any(|part| text.contains(part))
}

/// The canonical form of `text`, a host without its scheme: `http` on loopback, else `https`.
fn with_scheme(text: &str) -> Option<Text> {
    let authority = text.trim_start_matches([':', '/']);
    let host = authority.split([':', '/']).next().unwrap_or_default();
    let local = host.eq_ignore_ascii_case("localhost") || host.starts_with("127.") || host.is_empty();
    // `mailto:someone` and `data:text/html` have a scheme and are no hosts.
    let bare = host.contains('.') || host.contains('*') || local || !authority.contains(':');
    if bare || port_follows(authority) {
        canonicalize(if local { "http" } else { "https" }, authority)
    } else {
        None
    }
}

fn port_follows(authority: &str) -> bool {
    authority.split_once(':').is_some_and(|(_, port)| port.starts_with(|first: char| first.is_ascii_digit()))
}

/// The canonical form of `text`: what a browser would send for a page at this address, or the pattern meant.
fn canonical(text: &str) -> Option<Text> {
    let (scheme, rest) = text.split_once("://")?;
    canonicalize(scheme, rest)
}

fn canonicalize(scheme: &str, rest: &str) -> Option<Text> {
    if scheme.len() > MAX_SCHEME_LEN {
        return None;
    }
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let (_, host_and_port) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (host, port) = match host_and_port.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (host_and_port, ""),
    };
    let mut text = Text::new();
    push_lowercase(&mut text, scheme)?;
    text.push_str("://").ok()?;
    push_host(&mut text, host)?;
    match port {
        "" => {}
        "*" => text.push_str(":*").ok()?,
        digits => {
            let port: u16 = digits.parse().ok()?;
            if text.get(..scheme.len()).and_then(|scheme| default_port(scheme.as_bytes())) != Some(port) {
                write!(text, ":{port}").ok()?;
            }
        }
    }
    parse_canonical(&text).is_ok().then_some(text)
}

fn push_host(text: &mut Text, host: &str) -> Option<()> {
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        let address: Ipv6Addr = address.parse().ok()?;
        return write!(text, "[{}]", host::serialize_ipv6(address)).ok();
    }
    if let Some(address) = parse_short_ipv4(host) {
        return write!(text, "{address}").ok();
    }
    for (index, label) in host.split(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}']).enumerate() {
        if index > 0 {
            text.push('.').ok()?;
        }
        push_label(text, label)?;
    }
    Some(())
}

/// The URL standard's IPv4 parser: one to four numbers, decimal, octal or hexadecimal, the last filling the rest.
fn parse_short_ipv4(host: &str) -> Option<Ipv4Addr> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let count = host.split('.').count();
    let mut address: u32 = 0;
    for (index, part) in host.split('.').enumerate() {
        let number = parse_ipv4_number(part)?;
        let last = index.checked_add(1)? == count;
        let bits = u32::try_from(8_usize.checked_mul(4_usize.checked_sub(index)?)?).ok()?;
        if last {
            if bits < 32 && number >= 1 << bits {
                return None;
            }
            address |= number;
        } else {
            address |= u8::try_from(number).ok().map(u32::from)?.checked_shl(bits.checked_sub(8)?)?;
        }
    }
    Some(Ipv4Addr::from_bits(address))
}

fn parse_ipv4_number(part: &str) -> Option<u32> {
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

/// The label in lower case, and as an A-label where it is not ASCII.
fn push_label(text: &mut Text, label: &str) -> Option<()> {
    if label.is_ascii() {
        return push_lowercase(text, label);
    }
    let mut characters: Vec<char, { host::MAX_LABEL_LEN }> = Vec::new();
    for character in label.chars().flat_map(char::to_lowercase) {
        characters.push(character).ok()?;
    }
    text.push_str("xn--").ok()?;
    punycode::encode(text, &characters)
}

fn push_lowercase(text: &mut Text, word: &str) -> Option<()> {
    word.chars().try_for_each(|character| text.push(character.to_ascii_lowercase()).ok())
}
