//! The request headers that need a preflight, and why (Fetch, "CORS-safelisted request-header").

use core::fmt;

use heapless::Vec;

use crate::browser::engine::{Engine, Rule};
use crate::browser::header::Header;
use crate::browser::mime::{self, MimeType};
use crate::browser::range::SimpleRange;

/// The most bytes of a safelisted header's value.
pub const MAX_SAFE_VALUE_LEN: usize = 128;

/// The most bytes that the values of all safelisted headers of a request have together.
pub const MAX_SAFE_VALUES_LEN: usize = 1024;

/// The reason why a header needs a preflight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnsafeHeader {
    /// A header of this name is unsafe whatever its value.
    Name,
    /// The value is longer than [`MAX_SAFE_VALUE_LEN`].
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// The value has a byte that is not safe in this header.
    Byte {
        /// The byte.
        byte: u8,
        /// Its offset in the value.
        index: usize,
    },
    /// The `content-type` is not one that a form can send, or not a media type.
    MediaType,
    /// The `range` is not `bytes=`, a number, `-` and perhaps another number.
    Range,
    /// The value of a client hint does not have the hint's form.
    ClientHint,
    /// Each header is safe, and their values together are longer than [`MAX_SAFE_VALUES_LEN`].
    TooLongTogether {
        /// The length of all values in bytes.
        len: usize,
    },
}

impl fmt::Display for UnsafeHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnsafeHeader::Name => f.write_str("it is not on the browser's safelist"),
            UnsafeHeader::TooLong { len } => {
                write!(f, "its value has {len} bytes, more than {MAX_SAFE_VALUE_LEN}")
            }
            UnsafeHeader::Byte { byte, index } => {
                write!(f, "its value has the byte `{}` at {index}", byte.escape_ascii())
            }
            UnsafeHeader::MediaType => f.write_str(
                "its value is not one of application/x-www-form-urlencoded, multipart/form-data and text/plain",
            ),
            UnsafeHeader::Range => f.write_str("its value is not a single range of bytes from a given start"),
            UnsafeHeader::ClientHint => f.write_str("its value is not one that this client hint has"),
            UnsafeHeader::TooLongTogether { len } => {
                write!(f, "the safe headers have {len} bytes together, more than {MAX_SAFE_VALUES_LEN}")
            }
        }
    }
}

/// The standard's names of headers that may be safe.
const SAFE_NAMES: [&str; 5] = ["accept", "accept-language", "content-language", "content-type", "range"];

/// The reasons why headers of one name need a preflight, if their values are joined before the check.
#[derive(Clone, Copy)]
pub(crate) struct Joined {
    /// For each of the names that may be safe, and that several headers have.
    found: [Option<JoinedValue>; JOINED_NAMES],
}

#[derive(Clone, Copy)]
struct JoinedValue {
    why: Option<UnsafeHeader>,
}

const JOINED_NAMES: usize = SAFE_NAMES.len() + CLIENT_HINTS.len();

fn joined_names() -> impl Iterator<Item = &'static str> {
    SAFE_NAMES.into_iter().chain(CLIENT_HINTS.map(|(name, _)| name))
}

impl Joined {
    /// Joins the values of these headers.
    pub(crate) fn new(engine: Engine, headers: &[Header<'_>]) -> Self {
        let mut found = [None; JOINED_NAMES];
        for (found, name) in found.iter_mut().zip(joined_names()) {
            let mut namesakes = headers.iter().filter(|header| header.is(name));
            if namesakes.clone().nth(1).is_some() {
                *found = Some(JoinedValue { why: check_joined(engine, name, &mut namesakes) });
            }
        }
        Joined { found }
    }

    /// Returns why `header` needs a preflight; `None` if it is safelisted.
    pub(crate) fn check(&self, engine: Engine, header: &Header<'_>) -> Option<UnsafeHeader> {
        let alone = check(engine, header);
        if alone == Some(UnsafeHeader::Name) {
            return alone;
        }
        let joined = joined_names().zip(self.found).find(|(name, _)| header.is(name));
        joined.and_then(|(_, found)| found).map_or(alone, |joined| joined.why)
    }
}

fn check_joined<'h>(
    engine: Engine,
    name: &str,
    namesakes: &mut dyn Iterator<Item = &'h Header<'h>>,
) -> Option<UnsafeHeader> {
    let mut joined: Vec<u8, MAX_SAFE_VALUE_LEN> = Vec::new();
    let mut len = 0_usize;
    for (index, namesake) in namesakes.enumerate() {
        for piece in [if index == 0 { &b""[..] } else { b", " }, namesake.value()] {
            len = len.saturating_add(piece.len());
            // A value that does not fit is too long, whatever it has.
            let _ = joined.extend_from_slice(piece);
        }
    }
    if len > MAX_SAFE_VALUE_LEN {
        Some(UnsafeHeader::TooLong { len })
    } else {
        check(engine, &Header::new(name, &joined))
    }
}

/// Returns why `header`, by itself, needs a preflight; `None` if it is safelisted.
pub(crate) fn check(engine: Engine, header: &Header<'_>) -> Option<UnsafeHeader> {
    let value = header.value();
    let hint = ClientHint::of(header).filter(|_| engine.departs(Rule::ClientHintsAreSafelisted));
    let is_safe_name = SAFE_NAMES.iter().any(|name| header.is(name));
    if !is_safe_name && hint.is_none() {
        Some(UnsafeHeader::Name)
    } else if value.len() > MAX_SAFE_VALUE_LEN {
        Some(UnsafeHeader::TooLong { len: value.len() })
    } else if let Some(hint) = hint {
        (!hint.admits(value)).then_some(UnsafeHeader::ClientHint)
    } else if header.is("accept") {
        find_byte(value, |byte| is_unsafe(engine, byte))
    } else if header.is("content-type") {
        find_byte(value, |byte| is_unsafe(engine, byte))
            .or_else(|| (!is_safe_media_type(engine, value)).then_some(UnsafeHeader::MediaType))
    } else if header.is("range") {
        (!is_safe_range(engine, value)).then_some(UnsafeHeader::Range)
    } else {
        find_byte(value, |byte| !is_language(byte))
    }
}

fn find_byte(value: &[u8], is_unsafe: impl Fn(u8) -> bool) -> Option<UnsafeHeader> {
    let index = value.iter().position(|&byte| is_unsafe(byte))?;
    value.get(index).map(|&byte| UnsafeHeader::Byte { byte, index })
}

/// Fetch, "CORS-unsafe request-header byte".
fn is_unsafe(engine: Engine, byte: u8) -> bool {
    match byte {
        b'\t' => false,
        ..0x20
        | b'"'
        | b'('
        | b')'
        | b':'
        | b'<'
        | b'>'
        | b'?'
        | b'@'
        | b'['
        | b'\\'
        | b']'
        | b'{'
        | b'}'
        | 0x7f => true,
        0x80.. => engine.departs(Rule::NonAsciiIsUnsafe),
        _ => false,
    }
}

/// True for a byte that `accept-language` and `content-language` may have.
fn is_language(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'*' | b',' | b'-' | b'.' | b';' | b'=')
}

fn is_safe_media_type(engine: Engine, value: &[u8]) -> bool {
    if engine.departs(Rule::OwnMediaTypes) {
        mime::is_safelisted_in_firefox(value)
    } else {
        MimeType::parse(value).is_some_and(|mime_type| mime_type.is_safelisted())
    }
}

fn is_safe_range(engine: Engine, value: &[u8]) -> bool {
    SimpleRange::parse(engine, value)
        .is_some_and(|range| engine.range_limit().is_none_or(|limit| range.is_within(limit)))
}

/// The headers that Chromium safelists beyond the standard, by the form of their values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ClientHint {
    /// `1*DIGIT`
    Integer,
    /// `1*DIGIT [ "." 1*DIGIT ]`
    Decimal,
    /// One of these words.
    Word(&'static [&'static str]),
    /// `on` in any case.
    On,
    Anything,
}

const CLIENT_HINTS: [(&str, ClientHint); 9] = [
    ("device-memory", ClientHint::Decimal),
    ("downlink", ClientHint::Decimal),
    ("dpr", ClientHint::Decimal),
    ("ect", ClientHint::Word(&["slow-2g", "2g", "3g", "4g"])),
    ("intervention", ClientHint::Anything),
    ("rtt", ClientHint::Integer),
    ("save-data", ClientHint::On),
    ("viewport-width", ClientHint::Integer),
    ("width", ClientHint::Integer),
];

impl ClientHint {
    fn of(header: &Header<'_>) -> Option<Self> {
        CLIENT_HINTS.into_iter().find_map(|(name, hint)| header.is(name).then_some(hint))
    }

    fn admits(self, value: &[u8]) -> bool {
        let is_integer = |digits: &[u8]| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
        match self {
            ClientHint::Integer => is_integer(value),
            ClientHint::Decimal => {
                let mut parts = value.splitn(2, |&byte| byte == b'.');
                parts.all(is_integer)
            }
            ClientHint::Word(words) => words.iter().any(|word| word.as_bytes() == value),
            ClientHint::On => value.eq_ignore_ascii_case(b"on"),
            ClientHint::Anything => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::{String, ToString};
    use std::vec::Vec;

    use super::*;

    fn is_safe(engine: Engine, name: &str, value: &[u8]) -> bool {
        check(engine, &Header::new(name, value)).is_none()
    }

    #[test]
    fn bytes_of_each_header() {
        let unsafe_ascii = b"\"():<>?@[\\]{}\x7f";
        let language = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz *,-.;=";
        for byte in 0..=255_u8 {
            let is_unsafe = (byte < 0x20 && byte != b'\t') || unsafe_ascii.contains(&byte);
            let value = [b'a', byte, b'b'];
            assert_eq!(is_safe(Engine::Standard, "Accept", &value), !is_unsafe, "accept {byte:#x}");
            assert_eq!(is_safe(Engine::Firefox, "accept", &value), !is_unsafe && byte < 0x80, "{byte:#x}");
            for name in ["accept-language", "Content-Language"] {
                assert_eq!(
                    is_safe(Engine::Standard, name, &value),
                    language.contains(&byte),
                    "{name} {byte:#x}"
                );
            }
            let media_type: Vec<u8> = b"text/plain;a=".iter().copied().chain(value).collect();
            assert_eq!(is_safe(Engine::Standard, "content-type", &media_type), !is_unsafe, "{byte:#x}");
            assert_eq!(
                is_safe(Engine::Firefox, "content-type", &media_type),
                !is_unsafe && byte < 0x80 && byte != b',',
                "content-type {byte:#x}"
            );
        }
    }

    #[test]
    fn lengths() {
        for name in ["accept", "accept-language", "content-language", "dpr"] {
            for (len, expected) in [(0, name != "dpr"), (1, true), (127, true), (128, true), (129, false)] {
                let value = "1".repeat(len);
                assert_eq!(is_safe(Engine::Chromium, name, value.as_bytes()), expected, "{name} {len}");
            }
        }
        // Length counts before anything else, and white space around a value does not count.
        let long: String = "\"".repeat(129);
        assert_eq!(
            check(Engine::Standard, &Header::new("accept", &long)),
            Some(UnsafeHeader::TooLong { len: 129 })
        );
        let padded = std::format!(" {}\t", "a".repeat(128));
        assert!(is_safe(Engine::Standard, "accept", padded.as_bytes()));
    }

    #[test]
    fn names() {
        for name in ["x-a", "authorization", "last-event-id", "cache-control", "dpr", "user-agent", "accept_"]
        {
            assert_eq!(check(Engine::Standard, &Header::new(name, "1")), Some(UnsafeHeader::Name), "{name}");
        }
        let long = "a".repeat(200);
        assert_eq!(check(Engine::Standard, &Header::new("x-a", &long)), Some(UnsafeHeader::Name));
    }

    #[test]
    fn media_types_and_ranges_per_engine() {
        use Engine::{Chromium, Firefox, Standard, WebKit};
        let cases: [(&str, &str, &[Engine]); 12] = [
            ("content-type", "text/plain;a=,b", &[Standard, Chromium, WebKit]),
            ("content-type", "text/plain", &Engine::ALL),
            ("content-type", "text/plain,", &[]),
            ("content-type", "text/html", &[]),
            ("content-type", "", &[]),
            ("range", "bytes=0-", &Engine::ALL),
            ("range", "BYTES=0-", &[WebKit]),
            ("range", "bytes=-5", &[]),
            ("range", "bytes=0-9223372036854775806", &Engine::ALL),
            ("range", "bytes=0-9223372036854775807", &[Standard, Firefox, WebKit]),
            ("range", "bytes=0-18446744073709551615", &[Standard, Firefox, WebKit]),
            ("range", "bytes=0-18446744073709551616", &[Standard]),
        ];
        for (name, value, safe) in cases {
            for engine in Engine::ALL {
                assert_eq!(
                    is_safe(engine, name, value.as_bytes()),
                    safe.contains(&engine),
                    "{engine} {name}: {value}"
                );
            }
        }
    }

    #[test]
    fn client_hints() {
        for (name, value, expected) in [
            ("dpr", "2", true),
            ("DPR", "1.25", true),
            ("dpr", "1.", false),
            ("dpr", ".5", false),
            ("dpr", "1.2.3", false),
            ("dpr", "-1", false),
            ("device-memory", "0.5", true),
            ("downlink", "10", true),
            ("width", "1.5", false),
            ("width", "15", true),
            ("viewport-width", "", false),
            ("rtt", "100", true),
            ("ect", "4g", true),
            ("ect", "4G", false),
            ("ect", "5g", false),
            ("save-data", "On", true),
            ("save-data", "off", false),
            ("intervention", "<https://example.com>", true),
            ("viewport-height", "10", false),
        ] {
            assert_eq!(is_safe(Engine::Chromium, name, value.as_bytes()), expected, "{name}: {value}");
            for engine in [Engine::Standard, Engine::Firefox, Engine::WebKit] {
                assert!(!is_safe(engine, name, value.as_bytes()), "{engine} {name}");
            }
        }
    }

    #[test]
    fn reasons_read_well() {
        for (reason, text) in [
            (UnsafeHeader::Name, "it is not on the browser's safelist"),
            (UnsafeHeader::TooLong { len: 200 }, "its value has 200 bytes, more than 128"),
            (UnsafeHeader::Byte { byte: b'"', index: 3 }, "its value has the byte `\\\"` at 3"),
            (
                UnsafeHeader::TooLongTogether { len: 2000 },
                "the safe headers have 2000 bytes together, more than 1024",
            ),
        ] {
            assert_eq!(reason.to_string(), text);
        }
    }
}
