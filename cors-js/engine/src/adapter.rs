//! What adapters ask besides a decision (A3, A6).

use cors_core::adapter::{self, Sender};

use crate::memory::{self, bytes};

/// Returns true for a field of a response that only the policy may set (A3).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn is_policy_field(name: *const u8, length: usize) -> bool {
    // SAFETY: the host's, see `bytes`.
    adapter::is_policy_field(unsafe { bytes(name, length) })
}

/// Merges names into lines of `Vary`, which stand one after the other, a line feed between two. Returns false if the response
/// may stay as it is; else the output is the one line to send (A3).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn merge_vary(
    lines: *const u8,
    length: usize,
    names: *const u8,
    names_length: usize,
) -> bool {
    // SAFETY: the host's, see `bytes`.
    let (lines, names) = unsafe { (bytes(lines, length), bytes(names, names_length)) };
    let Some(merged) = adapter::merge_vary(|| lines.split(|&byte| byte == b'\n'), names) else {
        return false;
    };
    memory::write(|output| merged.for_each_piece(|piece| output.extend_from_slice(piece)));
    true
}

/// Returns true if a request comes from the site's own pages (A6).
///
/// `texts` are, each behind a length in four bytes: `Origin`, `Sec-Fetch-Site`, the scheme, the host, and any number of own
/// origins. A length of all ones stands for what is unknown or absent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn is_same_origin(texts: *const u8, length: usize) -> bool {
    // SAFETY: the host's, see `bytes`.
    let mut texts = Texts(unsafe { bytes(texts, length) });
    let mut next = || texts.next().flatten();
    let sender =
        Sender { origin: next().unwrap_or_default(), sec_fetch_site: next(), scheme: next(), host: next() };
    sender.is_same_origin(texts.flatten())
}

/// Texts, each behind its length; `None` for one that is absent.
struct Texts<'a>(&'a [u8]);

impl<'a> Iterator for Texts<'a> {
    type Item = Option<&'a [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.0.split_first_chunk()?;
        let length = u32::from_le_bytes(*length);
        if length == u32::MAX {
            self.0 = rest;
            return Some(None);
        }
        let (text, rest) = rest.split_at_checked(length as usize)?;
        self.0 = rest;
        Some(Some(text))
    }
}
