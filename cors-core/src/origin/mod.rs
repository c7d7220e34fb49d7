//! [`Origin`]: what a browser sends in the `Origin` field (rules O1 to O5).

pub(crate) mod host;
pub(crate) mod ipv6;

use core::error::Error;
use core::fmt;
use core::str;

use crate::field::{all, class, is};
use crate::named;
use host::{HostKind, MAX_DOMAIN_LEN};

/// A scheme's most bytes.
pub(crate) const MAX_SCHEME_LEN: usize = 64;

/// An origin in the serialized form of the HTML standard ("serialization of an origin"): a tuple of scheme, host
/// and port, or the opaque origin `null`.
///
/// Only the canonical form parses, since that is what a browser sends: two origins are the same origin exactly
/// when their bytes are equal, and the parts of an `Origin` need no further normalization.
///
/// ```
/// use cors_core::Origin;
///
/// let origin = Origin::parse(b"https://app.example.com:8443")?;
/// assert_eq!(origin.scheme(), Some("https"));
/// assert_eq!(origin.host(), Some("app.example.com"));
/// assert_eq!(origin.port(), Some(8443));
///
/// assert!(Origin::parse(b"null")?.is_opaque());
/// assert!(Origin::parse(b"https://app.example.com/").is_err());
/// # Ok::<(), cors_core::OriginError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Origin<'a> {
    text: &'a [u8],
    /// Both 0 for the opaque origin.
    scheme_len: usize,
    host_end: usize,
}

impl<'a> Origin<'a> {
    /// The most bytes of an origin: longer input is refused unread.
    pub const MAX_LEN: usize = MAX_SCHEME_LEN + "://".len() + MAX_DOMAIN_LEN + ".:65535".len();

    /// Parses the value of an `Origin` field.
    ///
    /// Takes the serialized form only: lowercase, no path, no default port, IPv4 and IPv6 addresses as the URL
    /// standard writes them, domains as A-labels of letters, digits, `-` and `_`.
    pub fn parse(text: &'a [u8]) -> Result<Self, OriginError> {
        let error = |kind, index| Err(OriginError { kind, index });
        if text == b"null" {
            return Ok(Origin { text, scheme_len: 0, host_end: 0 });
        }
        if text.len() > Self::MAX_LEN {
            return error(OriginErrorKind::TooLong, Self::MAX_LEN);
        }
        let (scheme, authority) =
            split_scheme(text).map_err(|index| OriginError { kind: OriginErrorKind::Scheme, index })?;
        let scheme_len = scheme.len();
        let host_start = text.len().saturating_sub(authority.len());
        let (_, host_len) = match host::parse(authority) {
            Ok(host) => host,
            Err((kind, index)) => return error(kind, host_start.saturating_add(index)),
        };
        let host_end = host_start.saturating_add(host_len);
        match authority.get(host_len..).unwrap_or_default() {
            [] => {}
            [b':', port @ ..] => {
                if let Err(kind) = check_port(port, scheme) {
                    return error(kind, host_end.saturating_add(1));
                }
            }
            _ => return error(OriginErrorKind::HostByte, host_end),
        }
        Ok(Origin { text, scheme_len, host_end })
    }

    /// True for `null`: a sandboxed or `data:` document, a redirect across origins, a local file.
    pub fn is_opaque(&self) -> bool {
        self.scheme_len == 0
    }

    /// The scheme without its colon; `None` for the opaque origin.
    pub fn scheme(&self) -> Option<&'a str> {
        (!self.is_opaque()).then(|| as_str(self.scheme_bytes()))
    }

    /// The host as serialized, an IPv6 address in its brackets; `None` for the opaque origin.
    pub fn host(&self) -> Option<&'a str> {
        (!self.is_opaque()).then(|| as_str(self.host_bytes()))
    }

    /// The port, where it is not the scheme's default.
    pub fn port(&self) -> Option<u16> {
        as_str(self.after_host().strip_prefix(b":")?).parse().ok()
    }

    /// The port that a client connects to: [`port`](Self::port), or else the scheme's default if it has one.
    pub fn port_or_default(&self) -> Option<u16> {
        self.port().or_else(|| default_port(self.scheme_bytes()))
    }

    /// The text that was parsed.
    pub fn as_str(&self) -> &'a str {
        as_str(self.text)
    }

    /// The bytes that were parsed.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.text
    }

    pub(crate) fn scheme_bytes(&self) -> &'a [u8] {
        self.text.get(..self.scheme_len).unwrap_or_default()
    }

    /// Everything before the port and its colon.
    pub(crate) fn without_port(&self) -> &'a [u8] {
        self.text.get(..self.host_end).unwrap_or_default()
    }

    pub(crate) fn host_bytes(&self) -> &'a [u8] {
        self.text.get(self.host_start()..self.host_end).unwrap_or_default()
    }

    /// The port and its colon, or nothing.
    pub(crate) fn after_host(&self) -> &'a [u8] {
        self.text.get(self.host_end..).unwrap_or_default()
    }

    fn host_start(&self) -> usize {
        if self.is_opaque() { 0 } else { self.scheme_len.saturating_add("://".len()) }
    }

    pub(crate) fn host_kind(&self) -> Option<HostKind> {
        host::parse(self.host_bytes()).ok().map(|(kind, _)| kind)
    }
}

impl fmt::Display for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Origin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Origin").field(&self.as_str()).finish()
    }
}

/// `bytes` passed a grammar that holds ASCII only.
fn as_str(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap_or_default()
}

/// The scheme, and what follows its `://`; or the byte at which there is none.
pub(crate) fn split_scheme(text: &[u8]) -> Result<(&[u8], &[u8]), usize> {
    // Nearly every origin, told without a look at each byte.
    for (scheme, prefix) in [(&b"https"[..], &b"https://"[..]), (b"http", b"http://")] {
        if let Some(authority) = text.strip_prefix(prefix) {
            return Ok((scheme, authority));
        }
    }
    let len = text.iter().position(|&byte| !is(byte, class::SCHEME)).unwrap_or(text.len());
    let (scheme, rest) = text.split_at_checked(len).unwrap_or_default();
    check_scheme(scheme).map_err(|_| 0_usize)?;
    rest.strip_prefix(b"://").map(|authority| (scheme, authority)).ok_or(len)
}

/// O2.
pub(crate) fn check_scheme(scheme: &[u8]) -> Result<(), OriginErrorKind> {
    let starts_well = scheme.first().is_some_and(u8::is_ascii_lowercase);
    if starts_well && scheme.len() <= MAX_SCHEME_LEN && all(scheme, class::SCHEME) {
        Ok(())
    } else {
        Err(OriginErrorKind::Scheme)
    }
}

/// O4.
pub(crate) fn check_port(digits: &[u8], scheme: &[u8]) -> Result<(), OriginErrorKind> {
    let canonical = match digits {
        [b'0'] => true,
        [b'1'..=b'9', rest @ ..] => rest.len() < 5 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    // Five digits at most. `str::parse` would take ten times the instructions, and the room.
    let port =
        digits.iter().fold(0_u32, |port, digit| port.wrapping_mul(10).wrapping_add(u32::from(digit & 0xf)));
    match u16::try_from(port) {
        Ok(port) if canonical && default_port(scheme) == Some(port) => Err(OriginErrorKind::DefaultPort),
        Ok(_) if canonical => Ok(()),
        _ => Err(OriginErrorKind::Port),
    }
}

/// The default ports of the URL standard's special schemes.
pub(crate) fn default_port(scheme: &[u8]) -> Option<u16> {
    match scheme {
        b"http" | b"ws" => Some(80),
        b"https" | b"wss" => Some(443),
        b"ftp" => Some(21),
        _ => None,
    }
}

/// Why some bytes are no serialized origin, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginError {
    kind: OriginErrorKind,
    index: usize,
}

impl OriginError {
    /// What is wrong.
    pub fn kind(&self) -> OriginErrorKind {
        self.kind
    }

    /// The offset, in bytes, of the part that is wrong.
    pub fn index(&self) -> usize {
        self.index
    }
}

impl fmt::Display for OriginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {})", self.kind, self.index)
    }
}

impl Error for OriginError {}

named! {
    /// What is wrong with a text that should be a serialized origin.
    #[non_exhaustive]
    pub enum OriginErrorKind {
        /// The text is longer than [`Origin::MAX_LEN`].
        TooLong, "longer than any origin";
        /// The scheme is missing, is not `[a-z][a-z0-9+.-]*`, has more than 64 bytes, or no `://` follows it.
        Scheme, "no valid scheme followed by `://`";
        /// The host has a byte that no honest origin has: uppercase, a path's `/`, an `@`, white space, non-ASCII …
        HostByte, "a byte that no serialized host has";
        /// The host is missing, has two dots in a row, or begins with a dot.
        EmptyLabel, "the host is empty or has an empty label";
        /// A label has more than 63 bytes.
        LabelTooLong, "a label of the host is longer than 63 bytes";
        /// The domain has more than 253 bytes.
        DomainTooLong, "the host is longer than 253 bytes";
        /// The host's last label is a number, and the host is not an IPv4 address of four decimal numbers.
        Ipv4, "the host ends in a number and is not an IPv4 address";
        /// The host stands in brackets, and is not an IPv6 address in its serialized form.
        Ipv6, "the host is not an IPv6 address in its serialized form";
        /// The port is not a number from 0 to 65535 without leading zeros.
        Port, "the port is not a number from 0 to 65535";
        /// The port is the scheme's default, which a serialized origin leaves out.
        DefaultPort, "the port is the scheme's default";
    }
    /// Returns the mistake in a few words.
    fn message, Display;
}
