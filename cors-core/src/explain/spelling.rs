//! Texts that mean an origin or a pattern and are not spelled as browsers do.

use super::difference::{Difference, Differences};
use crate::origin::{default_port, host};
use crate::pattern::OriginPattern;
use crate::pattern::canonical::{self, Text};

/// Returns the canonical form of one origin or pattern, and the differences of `text` from it.
pub(super) fn canonical(text: &str) -> Option<(Text, Differences)> {
    let mut differences = Differences::default();
    let trimmed = text.trim();
    let text = unquoted(trimmed);
    if text.len() < trimmed.len() {
        differences.insert(Difference::Quotes);
    }
    if OriginPattern::parse_canonical(text).is_some() {
        return Some((Text::try_from(text).ok()?, differences));
    }
    if text.eq_ignore_ascii_case("null") {
        differences.insert(Difference::Case);
        return Some((Text::try_from("null").ok()?, differences));
    }
    let (canonical, compared) = match text.split_once("://") {
        Some((scheme, rest)) if !scheme.is_empty() => {
            let canonical = match scheme {
                "ws" => canonical::with("http", rest),
                "wss" => canonical::with("https", rest),
                _ => canonical::of(text),
            }?;
            let compared = compare(scheme, rest, &canonical);
            (canonical, compared)
        }
        _ => {
            if let Some(canonical) = canonical::of(text) {
                // A misspelled `://`.
                (canonical, Differences::from_iter([Difference::Spelling]))
            } else {
                differences.insert(Difference::MissingScheme);
                let canonical = canonical::with_scheme(text)?;
                let compared = compare("", text.trim_start_matches([':', '/']), &canonical);
                (canonical, compared)
            }
        }
    };
    Some((canonical, differences.union(compared)))
}

/// Returns the text without the quotation marks around it.
fn unquoted(text: &str) -> &str {
    [('"', '"'), ('\'', '\''), ('<', '>'), ('`', '`')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close))
        .unwrap_or(text)
}

/// Returns the differences between a text, split at its `://`, and its canonical form. The scheme may be missing.
fn compare(scheme: &str, rest: &str, canonical: &str) -> Differences {
    let (canonical_scheme, canonical_rest) = canonical.split_once("://").unwrap_or(("", canonical));
    let authority_len = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at_checked(authority_len).unwrap_or((rest, ""));
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, rest)| rest);
    let default_port = default_port(canonical_scheme.as_bytes());
    let (host, port) = host::split_port(host_and_port);
    let names_default_port = port.is_some_and(|port| port.parse().ok() == default_port);
    let (canonical_host, _) = host::split_port(canonical_rest);
    let found = [
        (tail == "/", Difference::TrailingSlash),
        (tail.len() > 1 || tail == "?" || tail == "#", Difference::Path),
        (host_and_port.len() < authority.len(), Difference::UserInfo),
        (names_default_port, Difference::DefaultPort),
        (has_capitals(scheme) || (host.is_ascii() && has_capitals(host)), Difference::Case),
        (!host.eq_ignore_ascii_case(canonical_host), Difference::Spelling),
        (!scheme.is_empty() && !scheme.eq_ignore_ascii_case(canonical_scheme), Difference::Scheme),
    ];
    let mut differences: Differences =
        found.into_iter().filter_map(|(is_found, difference)| is_found.then_some(difference)).collect();
    if differences.is_empty() && !scheme.is_empty() {
        differences.insert(Difference::Spelling);
    }
    differences
}

fn has_capitals(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_uppercase())
}
