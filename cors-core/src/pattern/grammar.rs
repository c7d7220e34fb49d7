//! The grammar of patterns (rules P1 to P6): what shape a text in canonical form has.

use crate::field::{all, class};
use crate::origin::host::{self, HostKind, MAX_DOMAIN_LEN, MAX_LABEL_LEN};
use crate::origin::{self, Origin, OriginErrorKind};
use crate::pattern::error_kind::PatternErrorKind;
use crate::pattern::punycode;
use crate::text;

/// The origin of pages from files, where it is not `null` (P7).
pub(crate) const LOCAL_FILE_ORIGIN: &str = "file://";

/// The most bytes of a pattern: a longer one could match no origin.
pub(super) const MAX_LEN: usize = Origin::MAX_LEN;

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
    /// The scheme with `://` and the part of the label before the `*`; without `star`, the origin without its port.
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
    /// P5: one or more bytes within a label, which has `before` bytes to the left of the `*` and `after` to the right.
    Part { before: usize, after: usize },
}

impl Wildcard<'_> {
    /// Returns true if the pattern allows `origin`.
    pub(super) fn matches(&self, origin: &Origin<'_>) -> bool {
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

/// Parses a pattern in canonical form. The error is the first thing that is wrong; `advice::diagnose` finds a better name
/// for it.
pub(crate) fn parse(text: &str) -> Result<Shape<'_>, PatternErrorKind> {
    if text == "*" {
        return Ok(Shape::Any);
    }
    let scheme = text::split_once(text, "://").map(|(scheme, _)| scheme);
    match scheme {
        Some("ws" | "wss") => return Err(PatternErrorKind::WebSocketScheme),
        Some("file") if text != LOCAL_FILE_ORIGIN => return Err(PatternErrorKind::FileScheme),
        Some("https" | "http") | None => {}
        Some(scheme)
            if misspelled(scheme.as_bytes()) != [false, false]
                && origin::check_scheme(scheme.as_bytes()).is_ok() =>
        {
            return Err(PatternErrorKind::MisspelledScheme);
        }
        Some(_) => {}
    }
    let (without_port, any_port) = match text.strip_suffix(":*") {
        Some(without_port) => (without_port, true),
        None => (text, false),
    };
    let star = text::split_once(without_port, "*");
    if (any_port || star.is_some()) && scheme.is_some_and(lists_one_by_one) {
        return Err(PatternErrorKind::WildcardScheme);
    }
    let Some((left, right)) = star else {
        let origin = match Origin::parse(without_port.as_bytes()) {
            Ok(origin) => origin,
            // A port and the port's wildcard.
            Err(error) if any_port && error.kind() == OriginErrorKind::DefaultPort => {
                return Err(PatternErrorKind::Wildcard);
            }
            Err(error) => return Err(error.kind().into()),
        };
        if may_have_an_a_label(origin.host_bytes()) && origin::is_special(origin.scheme_bytes()) {
            check_a_labels(origin.host_bytes())?;
        }
        return match any_port {
            false => Ok(Shape::Exact),
            true if origin.is_opaque() || !origin.after_host().is_empty() => Err(PatternErrorKind::Wildcard),
            true => Ok(Shape::Wildcard(Wildcard { left: without_port, star: None, right: "", any_port })),
        };
    };
    let star = parse_star(left, right, any_port)?;
    Ok(Shape::Wildcard(Wildcard { left, star: Some(star), right, any_port }))
}

/// P3, P5 and P6: one `*` in the leftmost label, and a domain to the right of that label.
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
    // The domain and the port follow the rules of an origin.
    let (domain_kind, domain_len) =
        host::parse(domain_and_port.as_bytes()).map_err(|(kind, _)| PatternErrorKind::Malformed(kind))?;
    if domain_kind != HostKind::Domain {
        return Err(PatternErrorKind::Wildcard);
    }
    let domain = domain_and_port.get(..domain_len).unwrap_or_default();
    if may_have_an_a_label(domain.as_bytes()) {
        check_a_labels(domain.as_bytes())?;
    }
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
    match label {
        ["", ""] => Ok(Star::Labels),
        // P6: whatever stands for the `*` is the name that its owner registers.
        _ if !domain.contains('.') && !host::is_reserved(domain) => {
            Err(PatternErrorKind::WildcardInRegisteredName)
        }
        [before, after] => Ok(Star::Part { before: before.len(), after: after.len() }),
    }
}

/// P6: returns true for a scheme other than http and https.
fn lists_one_by_one(scheme: &str) -> bool {
    !matches!(scheme, "http" | "https") && origin::check_scheme(scheme.as_bytes()).is_ok()
}

/// P2: returns whether the scheme is http with one letter more, less, another or exchanged with the next, and whether it is https
/// so.
pub(crate) fn misspelled(scheme: &[u8]) -> [bool; 2] {
    [b"http".as_slice(), b"https"].map(|name| {
        let same = |(one, other): &(&u8, &u8)| one == other;
        let before = scheme.iter().zip(name).take_while(same).count();
        let behind = scheme.iter().rev().zip(name.iter().rev()).take_while(same).count();
        let alike = before.saturating_add(behind);
        let pair = |text: &[u8]| match text.get(before..)? {
            [one, other, ..] => Some([*one, *other]),
            _ => None,
        };
        let is_exchanged = || pair(scheme).is_some_and(|[one, other]| pair(name) == Some([other, one]));
        match scheme.len().abs_diff(name.len()) {
            0 => {
                let different = name.len().saturating_sub(alike);
                different == 1 || (different == 2 && is_exchanged())
            }
            1 => alike >= scheme.len().min(name.len()),
            _ => false,
        }
    })
}

/// P2: a label that begins with `xn--` decodes, or the URL standard knows no such host. A domain has labels that are whole; the
/// one with a `*` is not among them.
fn check_a_labels(domain: &[u8]) -> Result<(), PatternErrorKind> {
    let is_fine = |label: &[u8]| label.strip_prefix(b"xn--").is_none_or(punycode::is_encoding);
    if domain.split(|&byte| byte == b'.').all(is_fine) { Ok(()) } else { Err(PatternErrorKind::NotAnALabel) }
}

/// Returns false for most domains without one. Of two hyphens in a row, one stands at an odd place: half of the bytes are looked at.
fn may_have_an_a_label(domain: &[u8]) -> bool {
    domain.chunks_exact(2).any(|pair| matches!(pair, [_, b'-']))
}
