//! Origins, as a browser sends them in the field `Origin` (rules O1 to O5).
//!
//! Takes bytes. Returns an [`Origin`], or an [`OriginError`] with the byte at fault; also its parts: hosts and addresses.
//! Called by every room: it imports nothing but `field`.

mod error;
pub(crate) mod host;
pub(crate) mod ipv4;
pub(crate) mod ipv6;

pub use error::{OriginError, OriginErrorKind};

use core::fmt;
use core::str;

use crate::field::{all, class, is};
use host::MAX_DOMAIN_LEN;

/// The most bytes of a scheme.
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
    /// standard writes them, domains as A-labels of letters, digits, `-` and `_`. The host of an application's own scheme
    /// may also be empty, and have dots anywhere: `app://.`, `capacitor://`, `file://`.
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
        let host = host::parse(authority).map(|(_, len)| len);
        // Whatever is a host of http is one of an application's scheme, too: http and https pay nothing for the others.
        let host =
            host.or_else(|fault| if is_special(scheme) { Err(fault) } else { host::parse_opaque(authority) });
        let host_len = match host {
            Ok(len) => len,
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

    /// Returns true for `null`: a sandboxed or `data:` document, a redirect across origins, a local file.
    pub fn is_opaque(&self) -> bool {
        self.scheme_len == 0
    }

    /// Returns the scheme without its colon; `None` for the opaque origin.
    pub fn scheme(&self) -> Option<&'a str> {
        (!self.is_opaque()).then(|| as_str(self.scheme_bytes()))
    }

    /// Returns the host as serialized, an IPv6 address in its brackets; empty for an origin such as `capacitor://`, and `None`
    /// for the opaque origin.
    pub fn host(&self) -> Option<&'a str> {
        (!self.is_opaque()).then(|| as_str(self.host_bytes()))
    }

    /// Returns the port; `None` for the scheme's default, which a serialized origin leaves out.
    pub fn port(&self) -> Option<u16> {
        as_str(self.after_host().strip_prefix(b":")?).parse().ok()
    }

    /// Returns the port that a client connects to: [`port`](Self::port), or else the scheme's default if it has one.
    pub fn port_or_default(&self) -> Option<u16> {
        self.port().or_else(|| default_port(self.scheme_bytes()))
    }

    /// Returns true if the host is this machine: a loopback address (127.0.0.0/8, `[::1]`), `localhost` or a name under it.
    pub fn is_local(&self) -> bool {
        self.host().is_some_and(host::is_local)
    }

    /// Returns the text that was parsed.
    pub fn as_str(&self) -> &'a str {
        as_str(self.text)
    }

    /// Returns the bytes that were parsed.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.text
    }

    pub(crate) fn scheme_bytes(&self) -> &'a [u8] {
        self.text.get(..self.scheme_len).unwrap_or_default()
    }

    /// Returns everything before the port and its colon.
    pub(crate) fn without_port(&self) -> &'a [u8] {
        self.text.get(..self.host_end).unwrap_or_default()
    }

    pub(crate) fn host_bytes(&self) -> &'a [u8] {
        self.text.get(self.host_start()..self.host_end).unwrap_or_default()
    }

    /// Returns the port and its colon, or nothing.
    pub(crate) fn after_host(&self) -> &'a [u8] {
        self.text.get(self.host_end..).unwrap_or_default()
    }

    fn host_start(&self) -> usize {
        if self.is_opaque() { 0 } else { self.scheme_len.saturating_add("://".len()) }
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

/// Splits an origin at its `://`: the scheme, and what follows. The error is the byte at which the scheme ends wrongly.
pub(crate) fn split_scheme(text: &[u8]) -> Result<(&[u8], &[u8]), usize> {
    // Nearly every origin has one of these, found without a look at each byte.
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

/// Checks a scheme (O2).
pub(crate) fn check_scheme(scheme: &[u8]) -> Result<(), OriginErrorKind> {
    let starts_well = scheme.first().is_some_and(u8::is_ascii_lowercase);
    if starts_well && scheme.len() <= MAX_SCHEME_LEN && all(scheme, class::SCHEME) {
        Ok(())
    } else {
        Err(OriginErrorKind::Scheme)
    }
}

/// Checks the digits of a port (O4).
pub(crate) fn check_port(digits: &[u8], scheme: &[u8]) -> Result<(), OriginErrorKind> {
    let canonical = match digits {
        [b'0'] => true,
        [b'1'..=b'9', rest @ ..] => rest.len() < 5 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    // Five digits at most. `str::parse` would take ten times the instructions and the bytes.
    let port =
        digits.iter().fold(0_u32, |port, digit| port.wrapping_mul(10).wrapping_add(u32::from(digit & 0xf)));
    match u16::try_from(port) {
        Ok(port) if canonical && default_port(scheme) == Some(port) => Err(OriginErrorKind::DefaultPort),
        Ok(_) if canonical => Ok(()),
        _ => Err(OriginErrorKind::Port),
    }
}

/// Returns true for http, https, ws, wss and ftp: the schemes that travel over the network, to a domain or an address. The others
/// are those of applications, whose hosts are opaque to the URL standard (O3).
pub(crate) fn is_special(scheme: &[u8]) -> bool {
    default_port(scheme).is_some()
}

/// Returns the default port of a special scheme of the URL standard.
pub(crate) fn default_port(scheme: &[u8]) -> Option<u16> {
    match scheme {
        b"http" | b"ws" => Some(80),
        b"https" | b"wss" => Some(443),
        b"ftp" => Some(21),
        _ => None,
    }
}
