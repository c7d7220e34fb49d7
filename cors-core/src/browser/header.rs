//! [`Header`]s, as pages set and servers send them, and what Fetch does with a list of them.

use core::ascii;
use core::cmp::Ordering;
use core::fmt::{self, Write};

use crate::field;

/// A header of a request or a response: a name, in any case, and a value.
///
/// ```
/// use cors_core::browser::Header;
///
/// let headers = [Header::new("Content-Type", "application/json"), Header::new("x-bytes", b"\xe9")];
/// assert_eq!(headers[0].value(), b"application/json");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Header<'a> {
    name: &'a str,
    value: &'a [u8],
}

impl<'a> Header<'a> {
    /// Makes a header. White space around the value is taken off, as Fetch's "normalize" and HTTP do.
    pub fn new(name: &'a str, value: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        Header { name, value: trim(value.as_ref(), is_http_white_space) }
    }

    /// A value that has no white space around it.
    pub(crate) const fn from_parts(name: &'a str, value: &'a [u8]) -> Self {
        Header { name, value }
    }

    /// Returns the name, as written.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// Returns the value, without white space around it.
    pub fn value(&self) -> &'a [u8] {
        self.value
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

impl<'a> From<(&'a str, &'a str)> for Header<'a> {
    fn from((name, value): (&'a str, &'a str)) -> Self {
        Header::new(name, value)
    }
}

impl<'a> From<(&'a str, &'a [u8])> for Header<'a> {
    fn from((name, value): (&'a str, &'a [u8])) -> Self {
        Header::new(name, value)
    }
}

/// Converts a field of a [`Decision`](crate::Decision) to what a browser receives.
impl<'a> From<crate::HeaderField<'a>> for Header<'a> {
    fn from(field: crate::HeaderField<'a>) -> Self {
        Header::new(field.name, field.value)
    }
}

impl fmt::Debug for Header<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.value.escape_ascii())
    }
}

/// The values of all headers of one name, joined with `, ` (Fetch, "get").
///
/// [`Display`](fmt::Display) writes it, with U+FFFD for bytes that are not UTF-8.
#[derive(Clone, Copy)]
pub struct CombinedValue<'a> {
    headers: &'a [Header<'a>],
    name: &'static str,
    drops_empty_lines: bool,
}

impl<'a> CombinedValue<'a> {
    /// Returns the value of the headers of this name, `None` if there is no such header.
    pub(crate) fn get(headers: &'a [Header<'a>], name: &'static str) -> Option<Self> {
        let value = CombinedValue { headers, name, drops_empty_lines: false };
        value.lines().next().is_some().then_some(value)
    }

    /// Returns the same value without the headers that are empty.
    pub(crate) fn without_empty_lines(self) -> Self {
        CombinedValue { drops_empty_lines: true, ..self }
    }

    /// Returns the value of each header of that name.
    pub fn lines(&self) -> impl Iterator<Item = &'a [u8]> + Clone + use<'a> {
        let CombinedValue { name, drops_empty_lines, .. } = *self;
        let lines = self.headers.iter().filter(move |header| header.is(name)).map(Header::value);
        lines.filter(move |line| !(drops_empty_lines && line.is_empty()))
    }

    /// Returns the bytes of the joined value.
    pub fn bytes(&self) -> impl Iterator<Item = u8> + Clone + use<'a> {
        self.lines().enumerate().flat_map(|(index, line)| {
            let separator: &[u8] = if index == 0 { b"" } else { b", " };
            separator.iter().chain(line).copied()
        })
    }

    /// Returns how many headers have a name spelled exactly so.
    pub(crate) fn count_spelled(&self, name: &str) -> usize {
        self.headers.iter().filter(|header| header.name == name).count()
    }
}

impl PartialEq<[u8]> for CombinedValue<'_> {
    fn eq(&self, other: &[u8]) -> bool {
        self.bytes().eq(other.iter().copied())
    }
}

impl PartialEq<str> for CombinedValue<'_> {
    fn eq(&self, other: &str) -> bool {
        *self == *other.as_bytes()
    }
}

impl PartialEq for CombinedValue<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl Eq for CombinedValue<'_> {}

impl fmt::Display for CombinedValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, line) in self.lines().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            write_lossy(f, line)?;
        }
        Ok(())
    }
}

impl fmt::Debug for CombinedValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        self.bytes().try_for_each(|byte| write!(f, "{}", ascii::escape_default(byte)))?;
        f.write_str("\"")
    }
}

/// Writes `bytes` as UTF-8, with U+FFFD for bytes that are not.
pub(crate) fn write_lossy(w: &mut (impl Write + ?Sized), bytes: &[u8]) -> fmt::Result {
    for chunk in bytes.utf8_chunks() {
        w.write_str(chunk.valid())?;
        if !chunk.invalid().is_empty() {
            w.write_char(char::REPLACEMENT_CHARACTER)?;
        }
    }
    Ok(())
}

/// Returns the elements of a `#token` list over all headers of one name, tokens or not, without the empty ones.
pub(crate) fn elements<'a>(value: Option<CombinedValue<'a>>) -> impl Iterator<Item = &'a [u8]> + Clone {
    value
        .into_iter()
        .flat_map(|value| value.lines())
        .flat_map(|line| line.split(|&byte| byte == b','))
        .map(field::trimmed)
        .filter(|element| !element.is_empty())
}

/// Fetch, "get, decode, and split": the parts of a value between the commas outside of quoted strings.
pub(crate) fn split_value(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut quoted = false;
    let mut escaped = false;
    value
        .split(move |&byte| {
            let separates = byte == b',' && !quoted;
            match byte {
                b'"' if !escaped => quoted = !quoted,
                _ => {}
            }
            escaped = quoted && byte == b'\\' && !escaped;
            separates
        })
        .map(field::trimmed)
}

pub(crate) fn trim(bytes: &[u8], is_white_space: fn(u8) -> bool) -> &[u8] {
    let start = bytes.iter().position(|&byte| !is_white_space(byte)).unwrap_or(bytes.len());
    let end =
        bytes.iter().rposition(|&byte| !is_white_space(byte)).map_or(start, |last| last.saturating_add(1));
    bytes.get(start..end).unwrap_or_default()
}

/// Fetch, "HTTP whitespace".
pub(crate) fn is_http_white_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | b' ')
}

/// A header name in lower case, as Fetch puts it on the wire and before the page.
///
/// Compares with a `str` as if that were in lower case; [`Display`](fmt::Display) writes it.
#[derive(Clone, Copy)]
pub struct HeaderName<'a>(&'a str);

impl<'a> HeaderName<'a> {
    pub(crate) fn new(name: &'a str) -> Self {
        HeaderName(name)
    }

    /// Returns the name as it was written, in whatever case.
    pub fn as_written(&self) -> &'a str {
        self.0
    }

    /// Compares the name with another one in any case.
    pub(crate) fn compare(&self, other: &[u8]) -> Ordering {
        let (mut own, mut other) = (self.0.as_bytes(), other);
        while let (Some((block, rest)), Some((other_block, other_rest))) =
            (own.split_first_chunk(), other.split_first_chunk())
        {
            let order = lowercase(*block).cmp(&lowercase(*other_block));
            if order.is_ne() {
                return order;
            }
            (own, other) = (rest, other_rest);
        }
        own.iter().map(u8::to_ascii_lowercase).cmp(other.iter().map(u8::to_ascii_lowercase))
    }

    fn bytes(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.0.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

/// Returns eight bytes in lower case, as a number that compares as they do.
fn lowercase(block: [u8; 8]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    // Sets the high bit of each ASCII byte that is at least `letter`.
    let from =
        |block: u64, letter: u8| (block & !HIGH).wrapping_add(ONES.wrapping_mul(0x80 - u64::from(letter)));
    let block = u64::from_be_bytes(block);
    let letters = from(block, b'A') & !from(block, b'Z' + 1) & !block & HIGH;
    block | letters >> 2
}

impl PartialEq for HeaderName<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for HeaderName<'_> {}

impl PartialEq<str> for HeaderName<'_> {
    fn eq(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl PartialEq<&str> for HeaderName<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl Ord for HeaderName<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.compare(other.0.as_bytes())
    }
}

impl PartialOrd for HeaderName<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for HeaderName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().try_for_each(|byte| f.write_char(char::from(byte)))
    }
}

impl fmt::Debug for HeaderName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use super::*;

    #[test]
    fn values_are_trimmed_and_combined() {
        let headers = [
            Header::new("A", " 1\t"),
            Header::new("b", "2"),
            Header::new("a", ""),
            Header::new("a", "\r\n3 4 "),
        ];
        let combined = CombinedValue::get(&headers, "a").unwrap();
        assert_eq!(combined.to_string(), "1, , 3 4");
        assert!(combined == *"1, , 3 4" && combined != *"1, , 3 4 ");
        assert_eq!(CombinedValue::get(&headers, "c"), None);
        let invalid = [Header::new("a", b"x\xff\xfe")];
        assert_eq!(CombinedValue::get(&invalid, "a").unwrap().to_string(), "x\u{fffd}\u{fffd}");
    }

    #[test]
    fn elements_of_a_list_over_several_headers() {
        let headers = [Header::new("a", "x, ,\ty z,,"), Header::new("A", "\"q,r\"")];
        let found: Vec<&[u8]> = elements(CombinedValue::get(&headers, "a")).collect();
        assert_eq!(found, [&b"x"[..], b"y z", b"\"q", b"r\""]);
        assert_eq!(elements(None).count(), 0);
    }

    #[test]
    fn get_decode_and_split() {
        // The examples of the Fetch standard.
        let cases: [(&str, &[&str]); 8] = [
            ("nosniff,", &["nosniff", ""]),
            ("", &[""]),
            ("text/html;\", x/x", &["text/html;\", x/x"]),
            ("x/x;test=\"hi\",y/y", &["x/x;test=\"hi\"", "y/y"]),
            ("x / x,,,1", &["x / x", "", "", "1"]),
            ("\"1,2\", 3", &["\"1,2\"", "3"]),
            ("\"1\\\",2\", 3", &["\"1\\\",2\"", "3"]),
            ("\\\"1,2\\\",3", &["\\\"1,2\\\",3"]),
        ];
        for (value, expected) in cases {
            let parts: Vec<_> = split_value(value.as_bytes()).collect();
            let expected: Vec<_> = expected.iter().map(|part| part.as_bytes()).collect();
            assert_eq!(parts, expected, "{value:?}");
        }
    }

    #[test]
    fn names_compare_in_lower_case() {
        let texts = [
            "",
            "a",
            "B",
            "x-a",
            "X-B",
            "x_a",
            "[",
            "@",
            "`",
            "{",
            "x-header-1",
            "X-Header-2",
            "X-HEADER-10",
        ];
        for one in texts {
            for other in texts {
                let expected = one.to_lowercase().cmp(&other.to_lowercase());
                assert_eq!(HeaderName::new(one).cmp(&HeaderName::new(other)), expected, "{one} {other}");
            }
        }
        for byte in 0..=u8::MAX {
            let block = [byte, 0xff, b'A', 0, b'Z', byte, 0x80, b'['];
            assert_eq!(lowercase(block), u64::from_be_bytes(block.map(|byte| byte.to_ascii_lowercase())));
        }
    }
}
