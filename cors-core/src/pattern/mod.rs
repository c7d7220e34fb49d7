//! [`OriginPattern`]: what an operator writes (rules P1 to P8).

pub(crate) mod advice;
pub(crate) mod canonical;
mod punycode;

pub use advice::Advice;

use core::error::Error;
use core::fmt;

use crate::field::{all, class};
use crate::origin::host::{self, HostKind, MAX_DOMAIN_LEN, MAX_LABEL_LEN};
use crate::origin::{self, Origin, OriginErrorKind};
use crate::text::{self, Quoted};

/// An exact origin, or a set of origins written with a wildcard.
///
/// | pattern | allows |
/// |---|---|
/// | `*` | any origin |
/// | `https://example.com` | that origin |
/// | `https://example.com:*` | any port of that host, the default one included |
/// | `https://*.example.com` | every subdomain at any depth, not `example.com` itself |
/// | `https://pr-*-team.example.com` | one label, with one or more of `[a-z0-9-]` in place of the `*` |
/// | `null` | the opaque origin |
///
/// A port wildcard combines with the other two. A `*` anywhere else is an error, and there are no regular
/// expressions.
///
/// ```
/// use cors_core::{Origin, OriginPattern};
///
/// let pattern = OriginPattern::parse("https://*.example.com:*")?;
/// assert!(pattern.matches(&Origin::parse(b"https://shop.example.com:8443").unwrap()));
/// assert!(!pattern.matches(&Origin::parse(b"https://example.com").unwrap()));
///
/// let error = OriginPattern::parse("https://Example.com:443/").unwrap_err();
/// assert_eq!(error.advice().unwrap().to_string(), "write https://example.com");
/// # Ok::<(), cors_core::PatternError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OriginPattern<'a> {
    text: &'a str,
    shape: Shape<'a>,
}

/// How a pattern is found: one comparison, or by what stands around its `*`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Shape<'a> {
    Any,
    Exact,
    Wildcard(Wildcard<'a>),
}

/// A pattern with a wildcard is its pieces in this order: `left`, `*` if `star`, `right`, `:*` if `any_port`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Wildcard<'a> {
    /// The scheme with `://`, then what stands before the `*` in its label; the whole origin without `star`.
    pub(crate) left: &'a str,
    pub(crate) star: Option<Star>,
    /// From the `*` to the end, without `:*`.
    pub(crate) right: &'a str,
    pub(crate) any_port: bool,
}

/// What the `*` of a host stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Star {
    /// P3: one or more labels.
    Labels,
    /// P5: one or more bytes of a label that has so many others before and after it.
    Part { before: usize, after: usize },
}

impl<'a> OriginPattern<'a> {
    /// The most bytes of a pattern; one longer could match no origin.
    pub const MAX_LEN: usize = Origin::MAX_LEN;

    /// Parses what an operator wrote. Only the canonical form is taken; the error says what to write instead.
    pub fn parse(text: &'a str) -> Result<Self, PatternError<'a>> {
        match parse_canonical(text) {
            Ok(shape) => Ok(OriginPattern { text, shape }),
            Err(kind) => Err(PatternError { text, kind: advice::diagnose(text, kind) }),
        }
    }

    /// The same without looking for what the operator meant.
    pub(crate) fn parse_canonical(text: &'a str) -> Option<Self> {
        parse_canonical(text).ok().map(|shape| OriginPattern { text, shape })
    }

    /// True if the pattern allows `origin`.
    pub fn matches(&self, origin: &Origin<'_>) -> bool {
        match self.shape {
            Shape::Any => true,
            Shape::Exact => origin.as_str() == self.text,
            Shape::Wildcard(wildcard) => wildcard.matches(origin),
        }
    }

    /// True if the pattern stands for more than one origin.
    pub fn is_wildcard(&self) -> bool {
        self.shape != Shape::Exact
    }

    /// The text that was parsed.
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    pub(crate) fn shape(&self) -> Shape<'a> {
        self.shape
    }

    /// The scheme, but for `*` and `null`.
    pub(crate) fn scheme(&self) -> Option<&'a str> {
        text::split_once(self.text, "://").map(|(scheme, _)| scheme)
    }

    /// The host as written, with its `*` if it has one, without the port.
    pub(crate) fn host(&self) -> Option<&'a str> {
        let (_, authority) = text::split_once(self.text, "://")?;
        match authority.bytes().rposition(|byte| byte == b':') {
            Some(colon) if !authority.ends_with(']') => authority.get(..colon),
            _ => Some(authority),
        }
    }
}

impl Wildcard<'_> {
    fn matches(&self, origin: &Origin<'_>) -> bool {
        let text = if self.any_port { origin.without_port() } else { origin.as_bytes() };
        let rest = text.strip_prefix(self.left.as_bytes());
        let Some(middle) = rest.and_then(|rest| rest.strip_suffix(self.right.as_bytes())) else {
            return false;
        };
        match self.star {
            None => middle.is_empty(),
            Some(Star::Labels) => !middle.is_empty(),
            Some(Star::Part { .. }) => !middle.is_empty() && all(middle, class::STAR),
        }
    }
}

impl fmt::Display for OriginPattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl fmt::Debug for OriginPattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OriginPattern").field(&self.text).finish()
    }
}

/// The grammar alone. The error is the first thing that is wrong; [`advice::diagnose`] finds the better name.
pub(crate) fn parse_canonical(text: &str) -> Result<Shape<'_>, PatternErrorKind> {
    if text == "*" {
        return Ok(Shape::Any);
    }
    match text::split_once(text, "://") {
        Some(("ws" | "wss", _)) => return Err(PatternErrorKind::WebSocketScheme),
        Some(("file", _)) => return Err(PatternErrorKind::FileScheme),
        _ => {}
    }
    let (without_port, any_port) = match text.strip_suffix(":*") {
        Some(without_port) => (without_port, true),
        None => (text, false),
    };
    let Some((left, right)) = text::split_once(without_port, "*") else {
        let origin = match Origin::parse(without_port.as_bytes()) {
            Ok(origin) => origin,
            // A port beside the port's wildcard.
            Err(error) if any_port && error.kind() == OriginErrorKind::DefaultPort => {
                return Err(PatternErrorKind::Wildcard);
            }
            Err(error) => return Err(error.kind().into()),
        };
        return match any_port {
            false => Ok(Shape::Exact),
            true if origin.is_opaque() || !origin.after_host().is_empty() => Err(PatternErrorKind::Wildcard),
            true => Ok(Shape::Wildcard(Wildcard { left: without_port, star: None, right: "", any_port })),
        };
    };
    let star = parse_star(left, right, any_port)?;
    Ok(Shape::Wildcard(Wildcard { left, star: Some(star), right, any_port }))
}

/// P3 and P5: one `*` in the leftmost label, and a domain to the right of that label.
fn parse_star(left: &str, right: &str, any_port: bool) -> Result<Star, PatternErrorKind> {
    let Some((scheme, before)) = text::split_once(left, "://") else {
        return Err(PatternErrorKind::Wildcard);
    };
    let Some((after, domain_and_port)) = text::split_once(right, ".") else {
        return Err(PatternErrorKind::Wildcard);
    };
    let label = [before, after];
    if !label.iter().all(|part| all(part.as_bytes(), class::LABEL))
        || domain_and_port.bytes().any(|byte| byte == b'*')
    {
        return Err(PatternErrorKind::Wildcard);
    }
    let label_len = before.len().saturating_add("*".len()).saturating_add(after.len());
    if label_len > MAX_LABEL_LEN {
        return Err(OriginErrorKind::LabelTooLong.into());
    }
    // What is left is an origin of its own, once the scheme stands before it again.
    let (domain_kind, domain_len) =
        host::parse(domain_and_port.as_bytes()).map_err(|(kind, _)| PatternErrorKind::Malformed(kind))?;
    if domain_kind != HostKind::Domain {
        return Err(PatternErrorKind::Wildcard);
    }
    let domain = domain_and_port.get(..domain_len).unwrap_or_default();
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    if label_len.saturating_add(".".len()).saturating_add(domain.len()) > MAX_DOMAIN_LEN {
        return Err(OriginErrorKind::DomainTooLong.into());
    }
    origin::check_scheme(scheme.as_bytes())?;
    match domain_and_port.get(domain_len..).and_then(|port| port.strip_prefix(':')) {
        None => {}
        Some(_) if any_port => return Err(PatternErrorKind::Wildcard),
        Some(port) => origin::check_port(port.as_bytes(), scheme.as_bytes())?,
    }
    Ok(match label {
        ["", ""] => Star::Labels,
        [before, after] => Star::Part { before: before.len(), after: after.len() },
    })
}

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatternError<'a> {
    text: &'a str,
    kind: PatternErrorKind,
}

impl<'a> PatternError<'a> {
    /// What is wrong.
    pub fn kind(&self) -> PatternErrorKind {
        self.kind
    }

    /// The text that was parsed.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// What to write instead, where that can be told.
    pub fn advice(&self) -> Option<Advice<'a>> {
        advice::for_pattern(self.text, self.kind)
    }
}

impl fmt::Display for PatternError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", Quoted(self.text), self.kind)?;
        match self.advice() {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

impl Error for PatternError<'_> {}

/// What is wrong with a text that should be a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PatternErrorKind {
    /// Nothing at all.
    Empty,
    /// A host, or a host and a port, without a scheme.
    MissingScheme,
    /// An origin or a pattern, but not in the form that browsers send.
    NotCanonical,
    /// Several origins in one text.
    List,
    /// A regular expression (P6).
    RegularExpression,
    /// A `*` where none may stand (P6).
    Wildcard,
    /// `ws` or `wss`: the origin of a WebSocket handshake is the page's.
    WebSocketScheme,
    /// `file`: a page from a file has the origin `null`.
    FileScheme,
    /// No origin at all.
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
            PatternErrorKind::Empty => "an empty text is no origin",
            PatternErrorKind::MissingScheme => "an origin begins with its scheme",
            PatternErrorKind::NotCanonical => "not in the form that a browser sends, so it would never match",
            PatternErrorKind::List => "more than one origin in one text",
            PatternErrorKind::RegularExpression => "regular expressions are not taken",
            PatternErrorKind::Wildcard => {
                "a `*` may stand alone, in the leftmost label of a domain, or for the port"
            }
            PatternErrorKind::WebSocketScheme => {
                "a WebSocket handshake carries the page's http(s) origin, never one of ws or wss"
            }
            PatternErrorKind::FileScheme => "a page opened from a file has the origin `null`",
            PatternErrorKind::Malformed(kind) => return kind.fmt(f),
        })
    }
}
