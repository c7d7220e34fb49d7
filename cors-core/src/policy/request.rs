//! [`Request`]: the parts of a request that CORS looks at.

use core::{fmt, slice};

use heapless::Vec;

use crate::field::without_white_space;
use crate::policy::decision::Kind;

/// The parts of an HTTP request that the CORS protocol looks at: the method and a few header fields, borrowed from wherever
/// the server holds them.
///
/// Give field values as they were received: spaces and tabs around a value do not belong to it (RFC 9110, section 5.5), and
/// are taken off here. Give a field that occurs several times as often as it occurs: a second `Origin` is an attack, not a
/// duplicate.
///
/// ```
/// use cors_core::Request;
///
/// // Any iterator over names and values will do: http's `&HeaderMap`, httparse's headers, a slice of pairs.
/// let request = Request::from_headers("OPTIONS", [
///     ("Host", "api.example.com"),
///     ("Origin", "https://app.example.com"),
///     ("Access-Control-Request-Method", "PUT"),
///     ("Access-Control-Request-Headers", "content-type"),
/// ]);
/// assert!(request.is_preflight());
/// ```
#[derive(Clone)]
pub struct Request<'a> {
    method: &'a [u8],
    pub(crate) origin: SingleValue<'a>,
    pub(crate) access_control_request_method: SingleValue<'a>,
    access_control_request_headers: Lines<'a>,
    /// True if there were more lines than `access_control_request_headers` has room for.
    pub(crate) too_many_lines: bool,
    pub(crate) access_control_request_private_network: bool,
}

/// A field that may occur once.
#[derive(Clone, Copy)]
pub(crate) enum SingleValue<'a> {
    Absent,
    One(&'a [u8]),
    Several,
}

/// The lines of a field that may occur several times. Nearly every request has one line or none; only one with more pays for
/// the list.
#[derive(Clone)]
#[allow(clippy::large_enum_variant, reason = "there is no heap to put it on")]
enum Lines<'a> {
    None,
    One(&'a [u8]),
    Several(Vec<&'a [u8], { Request::MAX_HEADER_LINES }>),
}

impl Request<'_> {
    /// The most `Access-Control-Request-Headers` field lines, empty ones not counted. A request with more is denied with
    /// [`Denial::HeadersTooLong`](crate::Denial::HeadersTooLong); a browser sends one.
    pub const MAX_HEADER_LINES: usize = 32;
}

impl<'a> Request<'a> {
    /// Creates a request with this method and no header fields yet.
    #[inline]
    pub fn new<M: AsRef<[u8]> + ?Sized>(method: &'a M) -> Self {
        Request {
            method: method.as_ref(),
            origin: SingleValue::Absent,
            access_control_request_method: SingleValue::Absent,
            access_control_request_headers: Lines::None,
            too_many_lines: false,
            access_control_request_private_network: false,
        }
    }

    /// Creates a request with this method and these header fields, whose names may be in any case.
    #[inline]
    pub fn from_headers<M, I, N, V>(method: &'a M, headers: I) -> Self
    where
        M: AsRef<[u8]> + ?Sized,
        I: IntoIterator<Item = (N, &'a V)>,
        N: AsRef<[u8]>,
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        let mut request = Request::new(method);
        for (name, value) in headers {
            request.add_header(name.as_ref(), value.as_ref());
        }
        request
    }

    /// Adds one header field line. Fields that the CORS protocol does not look at are ignored.
    #[inline]
    pub fn add_header(&mut self, name: &[u8], value: &'a [u8]) {
        // The length alone rules out nearly every field.
        match name.len() {
            6 if is_name(name, b"origin") => self.origin.add(without_white_space(value)),
            29 if is_name(name, b"access-control-request-method") => {
                self.access_control_request_method.add(without_white_space(value));
            }
            30 if is_name(name, b"access-control-request-headers") => {
                let line = without_white_space(value);
                self.too_many_lines |=
                    !line.is_empty() && self.access_control_request_headers.push(line).is_err();
            }
            38 if is_name(name, b"access-control-request-private-network") => {
                self.access_control_request_private_network |= without_white_space(value) == b"true";
            }
            _ => {}
        }
    }

    /// Returns the method, as sent: methods are case-sensitive.
    pub fn method(&self) -> &'a [u8] {
        self.method
    }

    /// Returns the value of `Origin`, if there is exactly one. Like the other values it has no white space around it (E7).
    pub fn origin(&self) -> Option<&'a [u8]> {
        self.origin.one()
    }

    /// Returns the value of `Access-Control-Request-Method`, if there is exactly one.
    pub fn access_control_request_method(&self) -> Option<&'a [u8]> {
        self.access_control_request_method.one()
    }

    /// Returns the values of `Access-Control-Request-Headers`, one for each field line that is not empty.
    pub fn access_control_request_headers(&self) -> &[&'a [u8]] {
        self.access_control_request_headers.as_slice()
    }

    /// Returns true for a preflight request: the method `OPTIONS`, with `Origin` and `Access-Control-Request-Method` (E1).
    pub fn is_preflight(&self) -> bool {
        // The rarest first.
        !self.access_control_request_method.is_absent()
            && !self.origin.is_absent()
            && self.method == b"OPTIONS"
    }

    /// Returns what the request is to the CORS protocol (E1).
    #[inline]
    pub(crate) fn kind(&self) -> Kind {
        match self.origin {
            SingleValue::Absent => Kind::NotCors,
            _ if self.is_preflight() => Kind::Preflight,
            _ => Kind::Actual,
        }
    }
}

/// Returns true if `name` is, in any case, `expected`, which has lowercase letters and hyphens. There is no branch for each
/// byte, so that the compiler compares many at once.
#[inline]
fn is_name<const N: usize>(name: &[u8], expected: &[u8; N]) -> bool {
    let Some((name, [])) = name.split_first_chunk::<N>() else { return false };
    // Letters have the bit 0x40, and the hyphen does not; the bit below it is the letter's case.
    let differences =
        name.iter().zip(expected).map(|(byte, expected)| (byte | (expected & 0x40) >> 1) ^ expected);
    differences.fold(0, |all, difference| all | difference) == 0
}

impl<'a> SingleValue<'a> {
    fn add(&mut self, value: &'a [u8]) {
        *self = match self {
            SingleValue::Absent => SingleValue::One(value),
            SingleValue::One(_) | SingleValue::Several => SingleValue::Several,
        };
    }

    pub(crate) fn is_absent(self) -> bool {
        matches!(self, SingleValue::Absent)
    }

    fn one(self) -> Option<&'a [u8]> {
        match self {
            SingleValue::One(value) => Some(value),
            SingleValue::Absent | SingleValue::Several => None,
        }
    }
}

impl<'a> Lines<'a> {
    /// Adds a line; returns it if there is no room for it.
    fn push(&mut self, line: &'a [u8]) -> Result<(), &'a [u8]> {
        match self {
            Lines::None => *self = Lines::One(line),
            Lines::One(first) => {
                let first = *first;
                *self = Lines::Several(Vec::new());
                self.push(first)?;
                self.push(line)?;
            }
            Lines::Several(lines) => lines.push(line)?,
        }
        Ok(())
    }

    fn as_slice(&self) -> &[&'a [u8]] {
        match self {
            Lines::None => &[],
            Lines::One(line) => slice::from_ref(line),
            Lines::Several(lines) => lines,
        }
    }
}

impl fmt::Debug for SingleValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SingleValue::Absent => f.write_str("absent"),
            SingleValue::One(value) => write!(f, "\"{}\"", value.escape_ascii()),
            SingleValue::Several => f.write_str("several"),
        }
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &SingleValue::One(self.method))
            .field("origin", &self.origin)
            .field("access_control_request_method", &self.access_control_request_method)
            .field("access_control_request_headers", &DebugLines(self))
            .field("access_control_request_private_network", &self.access_control_request_private_network)
            .finish()
    }
}

struct DebugLines<'a>(&'a Request<'a>);

impl fmt::Debug for DebugLines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.0.access_control_request_headers().iter().map(|line| SingleValue::One(line));
        f.debug_list().entries(lines).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_case() {
        const NAME: &[u8; 30] = b"access-control-request-headers";
        assert!(is_name(NAME, NAME) && is_name(b"Access-Control-Request-HEADERS", NAME));
        assert!(!is_name(&NAME[..29], NAME) && !is_name(b"access-control-request-headers:", NAME));
        for at in 0..NAME.len() {
            for byte in 0..=u8::MAX {
                let mut name = *NAME;
                name[at] = byte;
                assert_eq!(is_name(&name, NAME), name.eq_ignore_ascii_case(NAME), "{byte} at {at}");
            }
        }
    }
}
