//! What evaluation asks of an image's sets (I4).

use super::hash::{hash, hash_next};
use super::layout::{Section, flag};
use super::read::{Image, first_text};
use super::set::Set;
use crate::field::{all, class};
use crate::origin::Origin;
use crate::pattern::Wildcard;

impl<'a> Image<'a> {
    /// True if some pattern without a wildcard is these bytes. Whether they are an origin does not matter then: the
    /// pattern is one.
    #[inline]
    pub(crate) fn has_exact(self, origin: &[u8]) -> bool {
        origin.len() <= Origin::MAX_LEN
            && self
                .set(Section::ExactSlots, Section::Origins)
                .find(hash(self.seed(), origin), |texts| is_pattern(texts, [origin]))
                .is_some()
    }

    /// True if `name` is among the policy's request headers.
    #[inline]
    pub(crate) fn has_header(self, name: &[u8]) -> bool {
        self.set(Section::HeaderSlots, Section::AllowHeaders)
            .find(hash(self.seed(), name), |texts| is_name(texts, name))
            .is_some()
    }

    /// True if some pattern with a wildcard, but for `*`, allows `origin`: the patterns that would are looked for,
    /// each with one probe.
    pub(crate) fn has_wildcard_for(self, origin: &Origin<'_>) -> bool {
        let set = self.set(Section::WildcardSlots, Section::Origins);
        if set.is_empty() || origin.is_opaque() {
            return false;
        }
        let search = Search { set, seed: self.seed() };
        if self.has(flag::ANY_PORT) {
            let host = origin.without_port();
            if search.has(search.left(host), [host, b":*"], b"", true) {
                return true;
            }
        }
        let ports = [(flag::STAR, false), (flag::STAR_ANY_PORT, true)];
        ports.into_iter().any(|(flag, any_port)| {
            self.has(flag)
                && (search.has_labels(origin, any_port) || self.has_part(&search, origin, any_port))
        })
    }

    /// P5.
    fn has_part(self, search: &Search<'_>, origin: &Origin<'_>, any_port: bool) -> bool {
        let host = origin.host_bytes();
        let Some(label_len) = host.iter().position(|&byte| byte == b'.') else {
            return false;
        };
        let text = if any_port { origin.without_port() } else { origin.as_bytes() };
        let label_start = origin.prefix().len();
        let label_end = label_start.saturating_add(label_len);
        bits(self.lengths_before()).any(|before| {
            let star_start = label_start.saturating_add(before);
            let (Some(left), Some(right)) = (text.get(..star_start), text.get(star_start..)) else {
                return false;
            };
            let hash = search.left(left);
            bits(self.lengths_after()).any(|after| {
                // One byte or more in place of the `*`.
                let Some(star_len) = label_end.checked_sub(star_start).and_then(|len| len.checked_sub(after))
                else {
                    return false;
                };
                let Some((star, right)) = right.split_at_checked(star_len) else { return false };
                !star.is_empty() && all(star, class::STAR) && search.has_star(hash, left, right, any_port)
            })
        })
    }

    fn set(self, slots: Section, texts: Section) -> Set<'a> {
        Set { slots: self.section(slots), texts: self.section(texts) }
    }
}

/// A search among the patterns with a wildcard.
struct Search<'a> {
    set: Set<'a>,
    seed: u64,
}

impl Search<'_> {
    /// P3: for each label but the leftmost, the pattern with a `*` before it.
    fn has_labels(&self, origin: &Origin<'_>, any_port: bool) -> bool {
        let left = origin.prefix();
        let hash = self.left(left);
        let mut rest = if any_port { origin.without_port() } else { origin.as_bytes() }.get(left.len()..);
        // The dots of the host are all there are.
        while let Some(text) = rest {
            let Some(dot) = text.iter().position(|&byte| byte == b'.') else { break };
            let Some(right) = text.get(dot..) else { break };
            if self.has_star(hash, left, right, any_port) {
                return true;
            }
            rest = right.get(1..);
        }
        false
    }

    fn left(&self, left: &[u8]) -> u32 {
        hash(self.seed, left)
    }

    fn has_star(&self, left_hash: u32, left: &[u8], right: &[u8], any_port: bool) -> bool {
        let port: &[u8] = if any_port { b":*" } else { b"" };
        self.has(left_hash, [left, b"*", right, port], right, any_port)
    }

    fn has<const N: usize>(&self, left_hash: u32, pieces: [&[u8]; N], right: &[u8], any_port: bool) -> bool {
        let hash = with_port(hash_next(self.seed, left_hash, right), any_port);
        self.set.find(hash, |texts| is_pattern(texts, pieces)).is_some()
    }
}

/// The hash under which a pattern with a wildcard is found.
pub(super) fn wildcard_hash(seed: u64, wildcard: &Wildcard<'_>) -> u32 {
    let left = hash(seed, wildcard.left.as_bytes());
    with_port(hash_next(seed, left, wildcard.right.as_bytes()), wildcard.any_port)
}

fn with_port(hash: u32, any_port: bool) -> u32 {
    if any_port { !hash } else { hash }
}

/// True if the first text of `texts` is `pieces` one after the other.
#[inline]
pub(super) fn is_pattern<const N: usize>(texts: &[u8], pieces: [&[u8]; N]) -> bool {
    let rest = first_text(texts)
        .and_then(|text| pieces.iter().try_fold(text, |rest, piece| rest.strip_prefix(*piece)));
    rest.is_some_and(<[u8]>::is_empty)
}

/// True if the first name of `names`, a field value, is the token `name`.
#[inline]
pub(super) fn is_name(names: &[u8], name: &[u8]) -> bool {
    let (first, rest) = names.split_at_checked(name.len()).unwrap_or_default();
    // Browsers send names in lower case, as they lie here.
    (first == name || first.eq_ignore_ascii_case(name)) && matches!(rest.first(), None | Some(b','))
}

/// The numbers of the bits that are set, lowest first.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let lowest = (set != 0).then_some(set.trailing_zeros() as usize);
        set &= set.wrapping_sub(1);
        lowest
    })
}
