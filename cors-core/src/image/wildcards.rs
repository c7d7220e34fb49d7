//! The search for the pattern with a wildcard that allows an origin (P3 to P5, I4).
//!
//! The origin need not have been parsed. The literal parts of a pattern were checked when it was compiled, and the
//! text for its wildcards is checked here: less work than parsing the whole.

use core::ops::Range;

use super::hash::{Seed, Suffixes, join};
use super::kinds::{WildcardKinds, bits, length_bit};
use super::layout::{Section, flag};
use super::lookup::PatternText;
use super::read::Image;
use super::set::{Key, Set};
use crate::field::{all, class};
use crate::origin::host::{MAX_DOMAIN_LEN, MAX_LABEL_LEN, port_colon};
use crate::origin::{Origin, check_port, split_scheme};
use crate::pattern::Wildcard;

impl Image<'_> {
    /// Returns true if `origin` is an origin, and some pattern with a wildcard, except `*`, allows it. The search looks for
    /// each pattern that would allow it.
    pub(crate) fn has_wildcard_for(self, origin: &[u8]) -> bool {
        if !self.has(WildcardKinds::FLAGS) || origin.len() > Origin::MAX_LEN {
            return false;
        }
        let Ok((scheme, authority)) = split_scheme(origin) else { return false };
        let host_start = origin.len().saturating_sub(authority.len());
        let search = Search { image: self, set: self.wildcard_patterns(), seed: self.seed(), host_start };
        let found = self.has(flag::STAR) && search.has_star_for(origin, b"")
            || self.has(flag::ANY_PORT | flag::STAR_ANY_PORT)
                && without_port(origin, authority, scheme).is_some_and(|origin| {
                    self.has(flag::ANY_PORT) && search.has_host(origin)
                        || self.has(flag::STAR_ANY_PORT) && search.has_star_for(origin, b":*")
                });
        // Labels that are valid alone can together be too many.
        found && (authority.len() <= MAX_DOMAIN_LEN || Origin::parse(origin).is_ok())
    }
}

/// A search among the patterns with a wildcard.
struct Search<'a> {
    image: Image<'a>,
    set: Set<'a>,
    seed: Seed,
    /// The offset of the origin's host.
    host_start: usize,
}

impl Search<'_> {
    /// Looks for `host`, an origin without its port, and `:*` (P4).
    fn has_host(&self, host: &[u8]) -> bool {
        let hash = with_port(join(self.seed.hash(host), self.seed.hash(b"")), true);
        self.set.find_by_call(hash, &PatternText([host, b":*"])).is_some()
    }

    /// Looks for P3 and P5. `port` ends the pattern: `:*`, for which `origin` has no port, or nothing.
    fn has_star_for(&self, origin: &[u8], port: &[u8]) -> bool {
        let lengths_after = self.image.lengths_after(!port.is_empty());
        self.has_labels(origin, port) || lengths_after != 0 && self.has_part(origin, port, lengths_after)
    }

    /// Looks, for each label except the leftmost, for the pattern with a `*` before it (P3).
    fn has_labels(&self, origin: &[u8], port: &[u8]) -> bool {
        let lengths = self.image.domain_lengths();
        let Some((left, host)) = origin.split_at_checked(self.host_start) else { return false };
        if lengths == 0 {
            return false;
        }
        let mut suffixes = Suffixes::new(self.seed, host);
        let mut end = host.len();
        while let Some(dot) = host.get(..end).and_then(|front| front.iter().rposition(|&byte| byte == b'.')) {
            if lengths & length_bit(host.len().saturating_sub(dot)) != 0 {
                let star = self.host_start..self.host_start.saturating_add(dot);
                let pattern = StarPattern { origin, star, port };
                if self.has(&pattern, self.seed.hash(left), suffixes.hash_from(dot))
                    && pattern.star().split(|&byte| byte == b'.').all(is_label)
                {
                    return true;
                }
            }
            end = dot;
        }
        false
    }

    /// Looks, for each place of a `*` in the leftmost label, for the pattern that has it there (P5). Bit `n` of
    /// `lengths_after`: some such pattern has `n` bytes after its `*`.
    #[inline(never)]
    fn has_part(&self, origin: &[u8], port: &[u8], lengths_after: u64) -> bool {
        let any_port = !port.is_empty();
        let Some((_, host)) = origin.split_at_checked(self.host_start) else { return false };
        let label_len = host.iter().position(|&byte| byte == b'.').filter(|&len| len <= MAX_LABEL_LEN);
        let Some(label_len) = label_len else { return false };
        let mut suffixes = Suffixes::new(self.seed, host);
        let words = self.image.section(Section::StarLengths).chunks_exact(size_of::<u64>());
        let others = if any_port { self.image.lengths_after(false).count_ones() } else { 0 };
        bits(lengths_after).zip(words.skip(others as usize)).any(|(after, lengths_before)| {
            let Some(star_end) = label_len.checked_sub(after) else { return false };
            let lengths_before = lengths_before.first_chunk().map_or(0, |word| u64::from_le_bytes(*word));
            // One byte or more in place of the `*`.
            let fitting = lengths_before & length_bit(star_end).wrapping_sub(1);
            let right_hash = suffixes.hash_from(star_end);
            bits(fitting).any(|before| {
                let star = self.host_start.saturating_add(before)..self.host_start.saturating_add(star_end);
                let key = StarPattern { origin, star, port };
                let left = origin.get(..key.star.start).unwrap_or_default();
                self.has(&key, self.seed.hash(left), right_hash) && all(key.star(), class::STAR)
            })
        })
    }

    #[inline]
    fn has(&self, pattern: &StarPattern<'_>, left_hash: u32, right_hash: u32) -> bool {
        let hash = with_port(join(left_hash, right_hash), !pattern.port.is_empty());
        self.set.find(hash, pattern).is_some()
    }
}

/// The pattern made of an origin and `port`, with a `*` in place of the bytes `star`.
struct StarPattern<'a> {
    origin: &'a [u8],
    star: Range<usize>,
    port: &'a [u8],
}

impl<'a> StarPattern<'a> {
    fn star(&self) -> &'a [u8] {
        self.origin.get(self.star.clone()).unwrap_or_default()
    }

    /// Returns the pattern's text, in pieces. A search needs the text if a hash is equal, which is seldom.
    #[inline]
    fn pieces(&self) -> PatternText<'a, 4> {
        let left = self.origin.get(..self.star.start).unwrap_or_default();
        let right = self.origin.get(self.star.end..).unwrap_or_default();
        PatternText([left, b"*", right, self.port])
    }
}

impl Key for StarPattern<'_> {
    fn is_first_of(&self, texts: &[u8]) -> bool {
        self.pieces().is_first_of(texts)
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

/// Returns the hash under which a pattern with a wildcard is found.
pub(super) fn wildcard_hash(seed: Seed, wildcard: &Wildcard<'_>) -> u32 {
    let [left, right] = [wildcard.left, wildcard.right].map(|piece| seed.hash(piece.as_bytes()));
    with_port(join(left, right), wildcard.any_port)
}

fn with_port(hash: u32, any_port: bool) -> u32 {
    if any_port { !hash } else { hash }
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
