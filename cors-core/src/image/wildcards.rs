//! Finding the pattern with a wildcard that allows an origin (P3 to P5, I4).
//!
//! The origin need not have been parsed. What a pattern spells out was checked when it was compiled, and what its
//! wildcards stand for is checked here: less work than parsing the whole.

use super::hash::{hash, join};
use super::kinds::{WildcardKinds, length_bit};
use super::layout::{Section, flag};
use super::lookup::is_pattern;
use super::read::Image;
use super::set::Set;
use crate::field::{all, class};
use crate::origin::host::{MAX_DOMAIN_LEN, MAX_LABEL_LEN, port_colon};
use crate::origin::{Origin, check_port, split_scheme};
use crate::pattern::Wildcard;

impl Image<'_> {
    /// True if `origin` is one, and some pattern with a wildcard, but for `*`, allows it. The patterns that would are
    /// looked for, each with one probe.
    pub(crate) fn has_wildcard_for(self, origin: &[u8]) -> bool {
        if !self.has(WildcardKinds::FLAGS) || origin.len() > Origin::MAX_LEN {
            return false;
        }
        let Ok((scheme, authority)) = split_scheme(origin) else { return false };
        let set = self.set(Section::WildcardSlots, Section::Origins);
        let search = Search { image: self, set, host_start: origin.len().saturating_sub(authority.len()) };
        let found = self.has(flag::STAR) && search.has_star_for(origin, b"")
            || self.has(flag::ANY_PORT | flag::STAR_ANY_PORT)
                && without_port(origin, authority, scheme).is_some_and(|origin| {
                    self.has(flag::ANY_PORT) && search.has_host(origin)
                        || self.has(flag::STAR_ANY_PORT) && search.has_star_for(origin, b":*")
                });
        // Labels that may be there can together be too many.
        found && (authority.len() <= MAX_DOMAIN_LEN || Origin::parse(origin).is_ok())
    }
}

/// A search among the patterns with a wildcard.
struct Search<'a> {
    image: Image<'a>,
    set: Set<'a>,
    /// Where the origin's host begins.
    host_start: usize,
}

impl Search<'_> {
    /// P4: `host`, an origin without its port, and `:*`.
    fn has_host(&self, host: &[u8]) -> bool {
        let hash = with_port(join(self.hash(host), self.hash(b"")), true);
        self.set.find(hash, |texts| is_pattern(texts, [host, b":*"])).is_some()
    }

    /// P3 and P5. `port` ends the pattern: `:*`, for which `origin` comes without its port, or nothing.
    fn has_star_for(&self, origin: &[u8], port: &[u8]) -> bool {
        let Some((left, host)) = origin.split_at_checked(self.host_start) else { return false };
        self.has_labels(left, host, port) || self.has_part(origin, host, port)
    }

    /// P3: for each label but the leftmost, the pattern with a `*` before it.
    fn has_labels(&self, left: &[u8], host: &[u8], port: &[u8]) -> bool {
        let lengths = self.image.domain_lengths();
        if lengths == 0 {
            return false;
        }
        host.iter().enumerate().filter(|(_, byte)| **byte == b'.').any(|(dot, _)| {
            let (star, right) = host.split_at_checked(dot).unwrap_or_default();
            lengths & length_bit(right.len()) != 0
                && self.has_star(left, right, port)
                && star.split(|&byte| byte == b'.').all(is_label)
        })
    }

    /// P5: for each place of a `*` in the leftmost label, the pattern that has it there.
    fn has_part(&self, origin: &[u8], host: &[u8], port: &[u8]) -> bool {
        if self.image.lengths_before() == 0 {
            return false;
        }
        let Some(label_len) = host.iter().position(|&byte| byte == b'.') else { return false };
        let label_end = self.host_start.saturating_add(label_len);
        bits(self.image.lengths_before()).any(|before| {
            let star_start = self.host_start.saturating_add(before);
            let Some((left, rest)) = origin.split_at_checked(star_start) else { return false };
            bits(self.image.lengths_after()).any(|after| {
                // One byte or more in place of the `*`.
                let Some(star_len) = label_end.checked_sub(star_start).and_then(|len| len.checked_sub(after))
                else {
                    return false;
                };
                let Some((star, right)) = rest.split_at_checked(star_len) else { return false };
                !star.is_empty()
                    && all(star, class::STAR)
                    && label_len <= MAX_LABEL_LEN
                    && self.has_star(left, right, port)
            })
        })
    }

    /// True for the pattern `left`, `*`, `right`, `port`.
    fn has_star(&self, left: &[u8], right: &[u8], port: &[u8]) -> bool {
        let hash = with_port(join(self.hash(left), self.hash(right)), !port.is_empty());
        self.set.find(hash, |texts| is_pattern(texts, [left, b"*", right, port])).is_some()
    }

    /// Not inlined: a copy for each piece costs more than the calls.
    #[inline(never)]
    fn hash(&self, piece: &[u8]) -> u32 {
        hash(self.image.seed(), piece)
    }
}

/// Returns the origin without its port; `None` if the port breaks O4.
fn without_port<'o>(origin: &'o [u8], authority: &[u8], scheme: &[u8]) -> Option<&'o [u8]> {
    let Some(colon) = port_colon(authority) else { return Some(origin) };
    let port = authority.get(colon.saturating_add(1)..)?;
    check_port(port, scheme).ok()?;
    origin.get(..origin.len().checked_sub(port.len())?.checked_sub(1)?)
}

fn is_label(label: &[u8]) -> bool {
    !label.is_empty() && label.len() <= MAX_LABEL_LEN && all(label, class::LABEL)
}

/// The hash under which a pattern with a wildcard is found.
pub(super) fn wildcard_hash(seed: u64, wildcard: &Wildcard<'_>) -> u32 {
    let [left, right] = [wildcard.left, wildcard.right].map(|piece| hash(seed, piece.as_bytes()));
    with_port(join(left, right), wildcard.any_port)
}

fn with_port(hash: u32, any_port: bool) -> u32 {
    if any_port { !hash } else { hash }
}

/// The numbers of the bits that are set, lowest first.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let lowest = (set != 0).then_some(set.trailing_zeros() as usize);
        set &= set.wrapping_sub(1);
        lowest
    })
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::{format, vec};

    use crate::config::Config;

    #[test]
    fn what_a_wildcard_stands_for_is_checked() {
        let config = Config {
            allow_origins: &[
                "https://*.example.com",
                "https://*.example.org:8443",
                "https://*.example.net:*",
                "https://pr-*.example.com:*",
                "https://[::1]:*",
            ],
            ..Config::NEW
        };
        let mut image = vec![0; config.image_len()];
        let policy = config.compile_into(&mut image).unwrap();
        let long = |len| format!("https://{}.example.com", "a".repeat(len));
        let many = |labels| format!("https://{}example.com", "a.".repeat(labels));
        let cases: [(String, bool); 24] = [
            ("https://a.example.com".into(), true),
            ("https://a_b.0-.example.com".into(), true),
            ("https://example.com".into(), false),
            ("https://.example.com".into(), false),
            ("https://a..example.com".into(), false),
            ("https://A.example.com".into(), false),
            ("https://a/.example.com".into(), false),
            ("https://a:1.example.com".into(), false),
            ("https://a@b.example.com".into(), false),
            ("https://evil.example/.example.com".into(), false),
            (long(63), true),
            (long(64), false),
            (many(121), true),
            (many(122), false),
            ("https://a.example.org:8443".into(), true),
            ("https://a.example.org".into(), false),
            ("https://a.example.net:1".into(), true),
            ("https://a.example.net:443".into(), false),
            ("https://a.example.net:01".into(), false),
            ("https://a.example.net:".into(), false),
            ("https://pr-1.example.com:1".into(), true),
            ("https://pr-1_2.example.com:1".into(), false),
            ("https://[::1]".into(), true),
            ("https://[::1]:8080".into(), true),
        ];
        for (origin, expected) in cases {
            assert_eq!(policy.image.has_wildcard_for(origin.as_bytes()), expected, "{origin}");
        }
    }
}
