//! [`compare`]: the differences between a pattern and an origin that it does not allow, part by part.

use super::difference::{Difference, Differences};
use crate::field::{all, class};
use crate::origin::{Origin, host, ipv4, is_special};

/// A name of fewer bytes is too short for one character more or less to be a slip.
const MIN_ALIKE_LEN: usize = 6;

/// Returns the differences between `pattern`, in canonical form, and `origin`; `None` if they have too little in common.
/// There are no differences if the pattern allows the origin.
pub(super) fn compare(origin: &Origin<'_>, pattern: &str) -> Option<Differences> {
    let page = Parts::of(origin.as_str())?;
    let listed = Parts::of(pattern)?;
    let mut differences = Differences::default();
    if page.scheme != listed.scheme {
        let web = |scheme| matches!(scheme, "http" | "https");
        // The shell of an application differs from one system to the other: capacitor://localhost and https://localhost.
        let is_shell = |parts: &Parts<'_>| parts.host == "localhost" && parts.port.is_empty();
        let alike = (web(page.scheme) && web(listed.scheme)) || (is_shell(&page) && is_shell(&listed));
        if !alike {
            return None;
        }
        differences.insert(Difference::Scheme);
    }
    if listed.port != "*" && page.port != listed.port {
        differences.insert(Difference::Port);
    }
    let relation = if is_special(page.scheme.as_bytes()) {
        Relation::of(page.host, listed.host)
    } else {
        Relation::of_opaque(page.host, listed.host)
    };
    match relation {
        Relation::Same => Some(differences),
        // A host that is merely similar counts only if scheme and port are equal.
        Relation::Differs(
            Difference::OneCharacter | Difference::Sibling | Difference::Parent | Difference::Host,
        ) if !differences.is_empty() => None,
        Relation::Differs(difference) => {
            differences.insert(difference);
            Some(differences)
        }
        Relation::Unrelated => None,
    }
}

/// The parts of an origin or a pattern in canonical form.
pub(super) struct Parts<'t> {
    pub(super) scheme: &'t str,
    pub(super) host: &'t str,
    /// Empty if there is no port.
    pub(super) port: &'t str,
}

impl<'t> Parts<'t> {
    pub(super) fn of(text: &'t str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        let (host, port) = host::split_port(authority);
        Some(Parts { scheme, host, port: port.unwrap_or_default() })
    }
}

/// The relation of a page's host to a listed one, which may have a `*` in its first label.
enum Relation {
    Same,
    Differs(Difference),
    Unrelated,
}

impl Relation {
    fn of(page: &str, listed: &str) -> Relation {
        let differs = match listed.split_once('*') {
            Some((before, after)) => {
                if stands_for(before, after, page) {
                    return Relation::Same;
                }
                wildcard_difference(page, before, after)
            }
            None if page == listed => return Relation::Same,
            None => difference(page, listed),
        };
        differs.map_or(Relation::Unrelated, Relation::Differs)
    }

    /// The hosts of one application's scheme.
    fn of_opaque(page: &str, listed: &str) -> Relation {
        if page == listed {
            Relation::Same
        } else if page.len().min(listed.len()) >= MIN_ALIKE_LEN && differ_in_one_character(page, listed) {
            Relation::Differs(Difference::OneCharacter)
        } else {
            Relation::Differs(Difference::Host)
        }
    }
}

fn stands_for(before: &str, after: &str, host: &str) -> bool {
    let middle = host.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    let any_labels = before.is_empty() && after.starts_with('.');
    middle.is_some_and(|middle| !middle.is_empty() && (any_labels || all(middle.as_bytes(), class::STAR)))
}

fn wildcard_difference(page: &str, before: &str, after: &str) -> Option<Difference> {
    let domain = after.split_once('.').map(|(_, domain)| domain)?;
    if before.is_empty() && after.strip_prefix('.') == Some(page) {
        Some(Difference::Apex)
    } else if page.strip_suffix('.').is_some_and(|page| stands_for(before, after, page)) {
        Some(Difference::PageHasDot)
    } else {
        is_sibling(page, domain).then_some(Difference::Sibling)
    }
}

fn difference(page: &str, listed: &str) -> Option<Difference> {
    let is_under = |name: &str, domain: &str| {
        !is_address(domain) && name.strip_suffix(domain).is_some_and(|labels| labels.ends_with('.'))
    };
    Some(if page.strip_prefix("www.") == Some(listed) {
        Difference::PageHasWww
    } else if listed.strip_prefix("www.") == Some(page) {
        Difference::PageLacksWww
    } else if page.strip_suffix('.') == Some(listed) {
        Difference::PageHasDot
    } else if listed.strip_suffix('.') == Some(page) {
        Difference::PageLacksDot
    } else if is_loopback(page) && is_loopback(listed) {
        Difference::Loopback
    } else if is_under(page, listed) {
        Difference::Subdomain
    } else if is_under(listed, page) {
        Difference::Parent
    } else if page.len().min(listed.len()) >= MIN_ALIKE_LEN && differ_in_one_character(page, listed) {
        Difference::OneCharacter
    } else {
        let (_, domain) = listed.split_once('.')?;
        is_sibling(page, domain).then_some(Difference::Sibling)?
    })
}

/// True for a name right under `domain`, which has a dot of its own: `a.com` and `b.com` have nothing in common.
fn is_sibling(page: &str, domain: &str) -> bool {
    let has_dot = domain.trim_end_matches('.').contains('.');
    has_dot && !is_address(page) && page.split_once('.').is_some_and(|(_, parent)| parent == domain)
}

fn is_address(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    host.starts_with('[') || ipv4::is_number(last.as_bytes())
}

pub(super) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host::is_loopback_address(host)
}

/// True if inserting, removing or changing one byte, or swapping two neighbours, makes the one the other.
fn differ_in_one_character(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let common = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (one.get(common..).unwrap_or_default(), other.get(common..).unwrap_or_default());
    let common = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let rest = |text: &[u8]| text.len().saturating_sub(common);
    match (rest(one), rest(other)) {
        (0, 1) | (1, 0 | 1) => true,
        (2, 2) => matches!((one, other), ([a, b, ..], [c, d, ..]) if a == d && b == c),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character() {
        for (one, other, expected) in [
            ("example.com", "exmaple.com", true),
            ("example.com", "exampel.com", true),
            ("example.com", "examples.com", true),
            ("example.com", "exampe.com", true),
            ("example.com", "exumple.com", true),
            ("example.com", "example.com", false),
            ("example.com", "exumpel.com", false),
            ("example.com", "example.org", false),
            ("aab", "aa", true),
            ("aaa", "aa", true),
            ("", "a", true),
            ("ab", "ba", true),
            ("abc", "cba", false),
        ] {
            assert_eq!(differ_in_one_character(one, other), expected, "{one} {other}");
            assert_eq!(differ_in_one_character(other, one), expected, "{other} {one}");
        }
    }
}
