//! [`PatternErrorKind`]: the faults of a text that should be a pattern.

use core::fmt;

use crate::origin::OriginErrorKind;

/// What is wrong with a text that should be a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PatternErrorKind {
    /// The text is empty.
    Empty,
    /// A host, or a host and a port, without a scheme.
    MissingScheme,
    /// An origin or a pattern that is not in the form that browsers send.
    NotCanonical,
    /// Several origins in one text.
    List,
    /// A regular expression (P6).
    RegularExpression,
    /// A `*` in a place that may not have one (P6).
    Wildcard,
    /// A `*` inside a label with one label to its right, as in `https://*example.com`: strangers register such names (P6).
    WildcardInRegisteredName,
    /// A `*` in an origin of another scheme than http and https: applications' origins are listed one by one (P6).
    WildcardScheme,
    /// A `*` inside a label that is not ASCII: an A-label encodes a whole label.
    WildcardBesideOthers,
    /// A scheme that differs from http or https in one letter (P2).
    MisspelledScheme,
    /// A variable or another placeholder: `${ORIGIN}`, `https://{tenant}.example.com`.
    Placeholder,
    /// `ws` or `wss`: the origin of a WebSocket handshake is the page's.
    WebSocketScheme,
    /// `file` with a host or a path: a page from a file has the origin `null`, or `file://` (P7).
    FileScheme,
    /// A label that begins with `xn--` and that Punycode (RFC 3492) does not decode (P2).
    NotAnALabel,
    /// Not an origin.
    Malformed(OriginErrorKind),
}

impl From<OriginErrorKind> for PatternErrorKind {
    fn from(kind: OriginErrorKind) -> Self {
        PatternErrorKind::Malformed(kind)
    }
}

impl fmt::Display for PatternErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PatternErrorKind::Empty => "an empty text is not an origin",
            PatternErrorKind::MissingScheme => "an origin begins with its scheme",
            PatternErrorKind::NotCanonical => "not in the form that a browser sends, so it would never match",
            PatternErrorKind::List => "more than one origin in one text",
            PatternErrorKind::RegularExpression => "regular expressions are not taken",
            PatternErrorKind::Wildcard => {
                "a `*` may stand alone, in the leftmost label of a domain, or for the port"
            }
            PatternErrorKind::WildcardInRegisteredName => {
                "a `*` inside this label allows names that anybody can register"
            }
            PatternErrorKind::WebSocketScheme => {
                "a WebSocket handshake carries the page's http(s) origin, never one of ws or wss"
            }
            PatternErrorKind::WildcardBesideOthers => {
                "a `*` beside letters that are not ASCII, which a browser sends encoded, the whole label at once"
            }
            PatternErrorKind::MisspelledScheme => "the scheme is one letter away from http or https",
            PatternErrorKind::Placeholder => "a placeholder, and not what is to be put in its place",
            PatternErrorKind::WildcardScheme => "a `*` stands in origins of http and https only",
            PatternErrorKind::FileScheme => {
                "a page opened from a file has the origin `null`, or `file://` in the web view of an application"
            }
            PatternErrorKind::NotAnALabel => {
                "a label begins with `xn--` and is not an A-label, so no page has such an origin"
            }
            PatternErrorKind::Malformed(kind) => return kind.fmt(f),
        })
    }
}
