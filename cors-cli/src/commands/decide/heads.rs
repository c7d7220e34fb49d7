//! HTTP/1.1 request heads, one after the other.

use std::fmt;

use httparse::Status;

use crate::input::line_of;

/// The heads in some bytes, until the first malformed one: the place of the next head is then unknown.
pub(super) struct Heads<'b> {
    bytes: &'b [u8],
    rest: &'b [u8],
}

/// A request head.
pub(super) struct Head<'b> {
    pub(super) method: &'b str,
    pub(super) target: &'b str,
    /// The minor version of HTTP/1.
    pub(super) minor_version: u8,
    pub(super) fields: Vec<(&'b str, &'b [u8])>,
}

/// The place at which a head is malformed, and the reason.
pub(super) struct Malformed {
    offset: usize,
    line: usize,
    error: Option<httparse::Error>,
}

impl<'b> Heads<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Heads { bytes, rest: bytes }
    }

    fn malformed(&self, error: Option<httparse::Error>) -> Malformed {
        let start = self.bytes.len().saturating_sub(self.rest.len());
        let within = match error {
            // httparse gives no offset. The fault is at the end of the shortest prefix that it rejects.
            Some(_) => shortest_refused(self.rest).saturating_sub(1),
            None => self.rest.len(),
        };
        let offset = start.saturating_add(within);
        Malformed { offset, line: line_of(self.bytes, offset), error }
    }
}

impl<'b> Iterator for Heads<'b> {
    type Item = Result<Head<'b>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        // RFC 9112, section 2.2: empty lines before a request line are passed over.
        let line_ends = self.rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.rest = self.rest.get(line_ends..)?;
        if self.rest.is_empty() {
            return None;
        }
        let parsed = parse(self.rest).map_err(Some).and_then(|parsed| parsed.ok_or(None));
        match parsed {
            Ok((head, len)) => {
                self.rest = self.rest.get(len..)?;
                Some(Ok(head))
            }
            Err(error) => {
                let malformed = self.malformed(error);
                self.rest = &[];
                Some(Err(malformed))
            }
        }
    }
}

/// Returns the head at the front of `bytes` and its length, or nothing for the beginning of a head.
fn parse(bytes: &[u8]) -> Result<Option<(Head<'_>, usize)>, httparse::Error> {
    let mut room = 64;
    loop {
        let mut fields = vec![httparse::EMPTY_HEADER; room];
        let mut request = httparse::Request::new(&mut fields);
        let len = match request.parse(bytes) {
            // This ends: a head does not have more fields than bytes.
            Err(httparse::Error::TooManyHeaders) if room < bytes.len() => {
                room = room.saturating_mul(8);
                continue;
            }
            result => match result? {
                Status::Complete(len) => len,
                Status::Partial => return Ok(None),
            },
        };
        let (Some(method), Some(target), Some(minor_version)) =
            (request.method, request.path, request.version)
        else {
            return Ok(None);
        };
        let fields = request.headers.iter().map(|field| (field.name, field.value)).collect();
        return Ok(Some((Head { method, target, minor_version, fields }, len)));
    }
}

/// Returns the length of the shortest prefix of `bytes` that is not the beginning of a head.
fn shortest_refused(bytes: &[u8]) -> usize {
    let (mut taken, mut refused) = (0, bytes.len());
    while taken < refused {
        let middle = taken.midpoint(refused);
        match bytes.get(..middle).map(parse) {
            Some(Err(_)) => refused = middle,
            _ => taken = middle.saturating_add(1),
        }
    }
    refused
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Malformed { offset, line, error } = self;
        write!(f, "line {line}, byte {offset}: ")?;
        f.write_str(match error {
            None => "the head is cut short; end it with an empty line",
            Some(httparse::Error::Token) => {
                "not a request line; write one such as `GET /path HTTP/1.1`, and leave bodies out"
            }
            Some(httparse::Error::Version) => "not an HTTP version that is read here; write HTTP/1.1",
            Some(httparse::Error::HeaderName) => "not a header name; write fields as `name: value`",
            Some(httparse::Error::HeaderValue) => "a header value may not contain this byte; remove it",
            Some(httparse::Error::NewLine) => "a line end is not CRLF or LF; write one of these",
            Some(error) => return error.fmt(f),
        })
    }
}
