//! What evaluation asks of an image's sets (I4).

use super::hash::{hash, join};
use super::kinds::length_bit;
use super::layout::{Section, flag};
use super::read::{Image, first_text};
use super::same::same;
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

    /// The policy's request headers.
    #[inline]
    pub(crate) fn headers(self) -> Headers<'a> {
        Headers { set: self.set(Section::HeaderSlots, Section::AllowHeaders), seed: self.seed() }
    }

    /// True if some pattern with a wildcard, but for `*`, allows `origin`: the patterns that would are looked for,
    /// each with one probe.
    pub(crate) fn has_wildcard_for(self, origin: &Origin<'_>) -> bool {
        let set = self.set(Section::WildcardSlots, Section::Origins);
        if set.is_empty() || origin.is_opaque() {
            return false;
        }
        let search = Search { set, seed: self.seed() };
        if self.has(flag::ANY_PORT) && search.has_host(origin.without_port()) {
            return true;
        }
        let ports =
            [(flag::STAR, origin.as_bytes(), &b""[..]), (flag::STAR_ANY_PORT, origin.without_port(), b":*")];
        ports.into_iter().any(|(flag, text, port)| {
            self.has(flag)
                && (self.has_labels(&search, origin, text, port)
                    || self.has_part(&search, origin, text, port))
        })
    }

    /// P3: for each label of `text` but the leftmost, the pattern with a `*` before it.
    fn has_labels(self, search: &Search<'_>, origin: &Origin<'_>, text: &[u8], port: &[u8]) -> bool {
        let lengths = self.domain_lengths();
        if lengths == 0 {
            return false;
        }
        let (left, host) = text.split_at_checked(origin.prefix().len()).unwrap_or_default();
        let hash = search.hash(left);
        // The dots of the host are all there are.
        host.iter().enumerate().filter(|(_, byte)| **byte == b'.').any(|(dot, _)| {
            let right = host.get(dot..).unwrap_or_default();
            lengths & length_bit(right.len()) != 0 && search.has_star(hash, left, right, port)
        })
    }

    /// P5.
    fn has_part(self, search: &Search<'_>, origin: &Origin<'_>, text: &[u8], port: &[u8]) -> bool {
        if self.lengths_before() == 0 {
            return false;
        }
        let Some(label_len) = origin.host_bytes().iter().position(|&byte| byte == b'.') else {
            return false;
        };
        let label_start = origin.prefix().len();
        let label_end = label_start.saturating_add(label_len);
        bits(self.lengths_before()).any(|before| {
            let star_start = label_start.saturating_add(before);
            let (Some(left), Some(right)) = (text.get(..star_start), text.get(star_start..)) else {
                return false;
            };
            let hash = search.hash(left);
            bits(self.lengths_after()).any(|after| {
                // One byte or more in place of the `*`.
                let Some(star_len) = label_end.checked_sub(star_start).and_then(|len| len.checked_sub(after))
                else {
                    return false;
                };
                let Some((star, right)) = right.split_at_checked(star_len) else { return false };
                !star.is_empty() && all(star, class::STAR) && search.has_star(hash, left, right, port)
            })
        })
    }

    fn set(self, slots: Section, texts: Section) -> Set<'a> {
        Set { slots: self.section(slots), texts: self.section(texts) }
    }
}

/// The names of request headers, without `*`.
pub(crate) struct Headers<'a> {
    set: Set<'a>,
    seed: u64,
}

impl Headers<'_> {
    /// True for one of them, in any case.
    #[inline]
    pub(crate) fn contains(&self, name: &[u8]) -> bool {
        self.set.find(hash(self.seed, name), |texts| is_name(texts, name)).is_some()
    }
}

/// A search among the patterns with a wildcard.
struct Search<'a> {
    set: Set<'a>,
    seed: u64,
}

impl Search<'_> {
    /// Not inlined: a copy for each piece would cost more than the calls.
    #[inline(never)]
    fn hash(&self, piece: &[u8]) -> u32 {
        hash(self.seed, piece)
    }

    /// True for the pattern `left`, `*`, `right`, `port`.
    fn has_star(&self, left_hash: u32, left: &[u8], right: &[u8], port: &[u8]) -> bool {
        let hash = with_port(join(left_hash, self.hash(right)), !port.is_empty());
        self.set.find(hash, |texts| is_pattern(texts, [left, b"*", right, port])).is_some()
    }

    /// True for the pattern `host`, `:*`.
    fn has_host(&self, host: &[u8]) -> bool {
        let hash = with_port(join(self.hash(host), self.hash(b"")), true);
        self.set.find(hash, |texts| is_pattern(texts, [host, b":*"])).is_some()
    }
}

/// The hash under which a pattern with a wildcard is found.
pub(super) fn wildcard_hash(seed: u64, wildcard: &Wildcard<'_>) -> u32 {
    let [left, right] = [wildcard.left, wildcard.right].map(|piece| hash(seed, piece.as_bytes()));
    with_port(join(left, right), wildcard.any_port)
}

fn with_port(hash: u32, any_port: bool) -> u32 {
    if any_port { !hash } else { hash }
}

/// True if the first text of `texts` is `pieces` one after the other.
#[inline]
pub(super) fn is_pattern<const N: usize>(texts: &[u8], pieces: [&[u8]; N]) -> bool {
    let Some(mut text) = first_text(texts) else { return false };
    if text.len() != pieces.iter().fold(0_usize, |len, piece| len.saturating_add(piece.len())) {
        return false;
    }
    pieces.iter().all(|piece| {
        let (front, rest) = text.split_at_checked(piece.len()).unwrap_or_default();
        text = rest;
        same(front, piece)
    })
}

/// True if the first name of `names`, a field value, is the token `name`.
#[inline]
pub(super) fn is_name(names: &[u8], name: &[u8]) -> bool {
    let (first, rest) = names.split_at_checked(name.len()).unwrap_or_default();
    // Browsers send names in lower case, as they lie here.
    (same(first, name) || first.eq_ignore_ascii_case(name)) && matches!(rest.first(), None | Some(b','))
}

/// The numbers of the bits that are set, lowest first.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let lowest = (set != 0).then_some(set.trailing_zeros() as usize);
        set &= set.wrapping_sub(1);
        lowest
    })
}
