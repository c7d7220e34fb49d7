//! [`OriginError`]: why some bytes are not a serialized origin, and at which byte.

use core::error::Error;
use core::fmt;

use crate::named;

/// Why some bytes are not a serialized origin, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginError {
    pub(super) kind: OriginErrorKind,
    pub(super) index: usize,
}

impl OriginError {
    /// Returns what is wrong.
    pub fn kind(&self) -> OriginErrorKind {
        self.kind
    }

    /// Returns the offset, in bytes, of the part that is wrong.
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
        /// The text is longer than [`Origin::MAX_LEN`](crate::Origin::MAX_LEN).
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
