//! The syntax of header fields (RFC 9110: tokens, lists), and the Fetch standard's tables of methods and header names.

/// The classes of bytes, a bit each.
pub(crate) mod class {
    /// A byte of a token (RFC 9110, section 5.6.2: `tchar`).
    pub(crate) const TOKEN: u8 = 1;
    /// A byte of a label of a serialized domain: `[a-z0-9_-]` (O3).
    pub(crate) const LABEL: u8 = 1 << 1;
    /// A byte that the `*` of a P5 pattern stands for: `[a-z0-9-]`.
    pub(crate) const STAR: u8 = 1 << 2;
    /// A byte of a scheme after its first letter: `[a-z0-9+.-]` (O2).
    pub(crate) const SCHEME: u8 = 1 << 3;
}

/// Returns true if `byte` belongs to one of `classes`.
#[inline]
pub(crate) const fn is(byte: u8, classes: u8) -> bool {
    // A `u8` cannot index past 255, so the compiler drops the bounds check.
    #[allow(clippy::indexing_slicing)]
    let class = CLASSES[byte as usize];
    class & classes != 0
}

/// Returns true if every byte of `bytes` belongs to one of `classes`.
#[inline]
pub(crate) fn all(bytes: &[u8], classes: u8) -> bool {
    bytes.iter().all(|&byte| is(byte, classes))
}

static CLASSES: [u8; 256] = class_table();

#[allow(clippy::indexing_slicing, clippy::cast_possible_truncation)] // evaluated while the crate compiles
const fn class_table() -> [u8; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < table.len() {
        let byte = index as u8;
        let lower_or_digit = byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let mut classes = 0;
        if byte.is_ascii_alphanumeric() || in_set(byte, b"!#$%&'*+-.^_`|~") {
            classes |= class::TOKEN;
        }
        if lower_or_digit || in_set(byte, b"_-") {
            classes |= class::LABEL;
        }
        if lower_or_digit || byte == b'-' {
            classes |= class::STAR;
        }
        if lower_or_digit || in_set(byte, b"+.-") {
            classes |= class::SCHEME;
        }
        table[index] = classes;
        index += 1;
    }
    table
}

#[allow(clippy::indexing_slicing)] // evaluated while the crate compiles
const fn in_set(byte: u8, set: &[u8]) -> bool {
    let mut index = 0;
    while index < set.len() {
        if set[index] == byte {
            return true;
        }
        index += 1;
    }
    false
}

/// Returns true for a `token` of RFC 9110: a method or a header name.
pub(crate) fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && all(bytes, class::TOKEN)
}

/// Returns a field's value without the spaces and tabs around it, which do not belong to it (RFC 9110, section 5.5). A value of
/// more than 9 KiB stays as it is: a request is denied for one of more than 8 KiB, and work for it is bounded.
#[inline]
pub(crate) fn without_white_space(value: &[u8]) -> &[u8] {
    const MAX_LEN: usize = 9 << 10;
    match value {
        // Nearly every value: two comparisons.
        [b'!'..=u8::MAX, .., b'!'..=u8::MAX] => value,
        _ if value.len() > MAX_LEN => value,
        _ => trimmed(value),
    }
}

/// Returns a value of any length without the spaces and tabs around it.
#[cold]
pub(crate) fn trimmed(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// The elements of a list in one field line (RFC 9110, section 5.6.1), without the white space around them. Empty
/// elements are skipped. An element may be something other than a token.
#[derive(Clone, Debug)]
pub(crate) struct Elements<'a> {
    rest: &'a [u8],
}

impl<'a> Elements<'a> {
    pub(crate) fn new(line: &'a [u8]) -> Self {
        Elements { rest: line }
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        while let [b',' | b' ' | b'\t', rest @ ..] = self.rest {
            self.rest = rest;
        }
        let (mut element, rest) = self.rest.split_at_checked(position_of_comma(self.rest))?;
        self.rest = rest;
        while let [front @ .., b' ' | b'\t'] = element {
            element = front;
        }
        (!element.is_empty()).then_some(element)
    }
}

/// Returns the place of the first comma, or the length. It looks at eight bytes at a time: most names are longer.
#[inline]
fn position_of_comma(line: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const COMMAS: u64 = 0x2c2c_2c2c_2c2c_2c2c;
    let mut at = 0_usize;
    let mut rest = line;
    while let Some((block, after)) = rest.split_first_chunk() {
        // The lowest zero byte gets its high bit; bytes above it may get theirs, too.
        let block = u64::from_le_bytes(*block) ^ COMMAS;
        let commas = block.wrapping_sub(ONES) & !block & (ONES << 7);
        if commas != 0 {
            return at.saturating_add((commas.trailing_zeros() / 8) as usize);
        }
        at = at.saturating_add(8);
        rest = after;
    }
    at.saturating_add(rest.iter().position(|&byte| byte == b',').unwrap_or(rest.len()))
}

/// The methods that Fetch uppercases ("normalize a method").
pub(crate) const NORMALIZED_METHODS: [&str; 6] = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];

/// Returns the method as Fetch normalizes it.
pub(crate) fn normalize_method(method: &str) -> &str {
    NORMALIZED_METHODS.into_iter().find(|known| known.eq_ignore_ascii_case(method)).unwrap_or(method)
}

/// Returns true for a method that every policy allows (Fetch, "CORS-safelisted method").
pub(crate) fn is_safelisted_method(method: &[u8]) -> bool {
    matches!(method, b"GET" | b"HEAD" | b"POST")
}

/// Returns true for a method that no page can send (Fetch, "forbidden method").
pub(crate) fn is_forbidden_method(method: &[u8]) -> bool {
    [&b"CONNECT"[..], b"TRACE", b"TRACK"].iter().any(|forbidden| forbidden.eq_ignore_ascii_case(method))
}

/// Returns true for the name of a header that the browser sets and a page cannot (Fetch, "forbidden request-header", as far
/// as it depends on the name alone).
pub(crate) fn is_forbidden_request_header(name: &str) -> bool {
    const NAMES: [&str; 21] = [
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    ];
    is_one_of(name, &NAMES) || ["proxy-", "sec-"].iter().any(|prefix| has_prefix(name, prefix))
}

/// Returns true for a header that a page may read although it is not exposed (Fetch, "CORS-safelisted response-header
/// name").
pub(crate) fn is_safelisted_response_header(name: &str) -> bool {
    is_one_of(
        name,
        &[
            "cache-control",
            "content-language",
            "content-length",
            "content-type",
            "expires",
            "last-modified",
            "pragma",
        ],
    )
}

/// Returns true for a header that no page may read, exposed or not (Fetch, "forbidden response-header name").
pub(crate) fn is_forbidden_response_header(name: &str) -> bool {
    is_one_of(name, &["set-cookie", "set-cookie2"])
}

/// Returns true for the CORS protocol's response headers.
pub(crate) fn is_cors_response_header(name: &str) -> bool {
    is_one_of(
        name,
        &[
            "access-control-allow-credentials",
            "access-control-allow-headers",
            "access-control-allow-methods",
            "access-control-allow-origin",
            "access-control-allow-private-network",
            "access-control-expose-headers",
            "access-control-max-age",
        ],
    )
}

/// Returns true for the CORS protocol's request headers.
pub(crate) fn is_cors_request_header(name: &str) -> bool {
    is_one_of(
        name,
        &[
            "access-control-request-headers",
            "access-control-request-method",
            "access-control-request-private-network",
            "origin",
        ],
    )
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn has_prefix(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec::Vec;

    use super::*;

    #[test]
    fn white_space_is_taken_off_values_that_may_be_allowed() {
        for (value, expected) in
            [("a", "a"), ("", ""), (" \t", ""), ("\ta b ", "a b"), ("\na", "\na"), (" é\t", "é")]
        {
            assert_eq!(without_white_space(value.as_bytes()), expected.as_bytes(), "{value:?}");
        }
        // The longest list of names, with white space around it; and work that nobody may ask for.
        for (spaces, expected) in [(512, 8192), (513, 8192 + 1026), (1 << 20, 8192 + (2 << 20))] {
            let around = " ".repeat(spaces);
            let value = [&around, &"a".repeat(8192), &around].map(String::as_str).concat();
            assert_eq!(without_white_space(value.as_bytes()).len(), expected, "{spaces}");
            assert_eq!(trimmed(value.as_bytes()).len(), 8192);
        }
    }

    #[test]
    fn elements_of_a_line() {
        let cases: [(&str, &[&str]); 9] = [
            ("", &[]),
            (" ,\t, ", &[]),
            ("a", &["a"]),
            ("a,b", &["a", "b"]),
            (" a\t, ,b ,", &["a", "b"]),
            ("X-A,x-b", &["X-A", "x-b"]),
            ("content-type,x-request-id,a,,b", &["content-type", "x-request-id", "a", "b"]),
            ("a b, c;d", &["a b", "c;d"]),
            ("!#$%&'*+-.^_`|~09azAZ", &["!#$%&'*+-.^_`|~09azAZ"]),
        ];
        for (line, expected) in cases {
            let elements: Vec<_> = Elements::new(line.as_bytes()).collect();
            let expected: Vec<_> = expected.iter().map(|element| element.as_bytes()).collect();
            assert_eq!(elements, expected, "{line:?}");
        }
    }

    #[test]
    fn the_first_comma_wherever_it_stands() {
        for len in 0..40 {
            for at in 0..len {
                // A byte that differs from a comma in one bit is not a comma.
                let mut line = std::vec![b','.wrapping_add(1); len];
                line[at..].fill(b',');
                assert_eq!(position_of_comma(&line), at);
                line[at..].fill(b',' | 0x80);
                assert_eq!(position_of_comma(&line), len);
            }
        }
    }

    #[test]
    fn elements_that_are_not_tokens() {
        for line in ["a b", "a;b", "a,b c", "a:", "\"a\"", "é", "a\r\nb", "a\0", "(", "a,/"] {
            assert!(!Elements::new(line.as_bytes()).all(is_token), "{line:?}");
        }
    }

    #[test]
    fn methods() {
        for (written, normalized) in
            [("put", "PUT"), ("pUt", "PUT"), ("Options", "OPTIONS"), ("patch", "patch"), ("PATCH", "PATCH")]
        {
            assert_eq!(normalize_method(written), normalized);
        }
        assert!(is_forbidden_method(b"Trace") && !is_forbidden_method(b"TRACER"));
    }
}
