//! `Vary` of the application and of the policy in one line (A3).

use core::mem;

use crate::field::Elements;

/// Merges the names that a policy's `Vary` has into the application's lines of `Vary`, which `lines` iterates over. Returns
/// `None` where the response may stay as it is: it has one line, and that names all of them. Otherwise the value returned
/// is that of the one line to send, and the application's lines are removed.
///
/// The application's lines come first, as they are written, and then the names that none of them has, in any case of their
/// letters. A `*` among the lines covers every name: the value is `*` alone.
///
/// It takes time in proportion to the length of the lines times the number of `names`, and no memory.
///
/// ```
/// use cors_core::adapter::merge_vary;
///
/// let lines = [&b"accept"[..], b"Origin"];
/// let merged = merge_vary(|| lines.into_iter(), b"origin, access-control-request-method").unwrap();
/// let mut value = Vec::with_capacity(merged.len());
/// merged.for_each_piece(|piece| value.extend_from_slice(piece));
/// assert_eq!(value, b"accept, Origin, access-control-request-method");
///
/// assert!(merge_vary(|| [&b"accept, origin"[..]].into_iter(), b"origin").is_none());
/// ```
pub fn merge_vary<'a, F, L>(lines: F, names: &'a [u8]) -> Option<MergedVary<'a, F>>
where
    F: Fn() -> L,
    L: Iterator<Item = &'a [u8]>,
{
    let mut count = 0_usize;
    let mut is_star = false;
    for line in lines() {
        count = count.saturating_add(1);
        is_star |= has_name(line, STAR);
    }
    let merged = MergedVary { lines, names: Elements::new(names), is_star };
    let is_complete = if is_star {
        (merged.lines)().all(|line| trimmed(line) == STAR)
    } else {
        merged.names.clone().all(|name| merged.has(name))
    };
    (count != 1 || !is_complete).then_some(merged)
}

const STAR: &[u8] = b"*";
const SEPARATOR: &[u8] = b", ";

/// The value of one line of `Vary`, in pieces: see [`merge_vary`].
#[derive(Clone, Debug)]
pub struct MergedVary<'a, F> {
    lines: F,
    names: Elements<'a>,
    is_star: bool,
}

impl<'a, F, L> MergedVary<'a, F>
where
    F: Fn() -> L,
    L: Iterator<Item = &'a [u8]>,
{
    /// Calls `each` with the pieces of the value, in order.
    pub fn for_each_piece(&self, mut each: impl FnMut(&'a [u8])) {
        self.visit(&mut each);
    }

    /// Returns the length of the value in bytes.
    #[expect(clippy::len_without_is_empty, reason = "a value of no bytes is nobody's question")]
    pub fn len(&self) -> usize {
        let mut len = 0_usize;
        self.visit(&mut |piece| len = len.saturating_add(piece.len()));
        len
    }

    // Compiled once, whatever visits: the wasm module is small.
    fn visit(&self, each: &mut dyn FnMut(&'a [u8])) {
        let mut is_first = true;
        let mut add = |part| {
            if !mem::replace(&mut is_first, false) {
                each(SEPARATOR);
            }
            each(part);
        };
        if self.is_star {
            return add(STAR);
        }
        (self.lines)().map(trimmed).filter(|line| !line.is_empty()).for_each(&mut add);
        self.names.clone().filter(|name| !self.has(name)).for_each(&mut add);
    }

    fn has(&self, name: &[u8]) -> bool {
        (self.lines)().any(|line| has_name(line, name))
    }
}

/// Returns true if the line has the name, in any case of its letters.
// Not inlined: the wasm module is small.
#[inline(never)]
fn has_name(line: &[u8], name: &[u8]) -> bool {
    Elements::new(line).any(|other| other.eq_ignore_ascii_case(name))
}

/// Returns the line without empty elements and white space at its ends.
#[inline(never)]
fn trimmed(line: &[u8]) -> &[u8] {
    let mut line = line;
    while let [b',' | b' ' | b'\t', rest @ ..] | [rest @ .., b',' | b' ' | b'\t'] = line {
        line = rest;
    }
    line
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec::Vec;

    use super::*;

    /// The line to send, or `None` for a response that stays as it is.
    fn merged(lines: &[&str], names: &str) -> Option<String> {
        let merged = merge_vary(|| lines.iter().map(|line| line.as_bytes()), names.as_bytes())?;
        let mut bytes = Vec::new();
        merged.for_each_piece(|piece| bytes.extend_from_slice(piece));
        assert_eq!(bytes.len(), merged.len(), "{lines:?} {names}");
        Some(String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn a3_one_line_that_repeats_no_name() {
        const ECHOED: &str = "origin, access-control-request-method, access-control-request-headers";
        type Case = (&'static [&'static str], &'static str, Option<&'static str>);
        let cases: [Case; 24] = [
            (&[], "origin", Some("origin")),
            (&[], ECHOED, Some(ECHOED)),
            (&["accept-encoding"], "origin", Some("accept-encoding, origin")),
            (&["Origin"], "origin", None),
            (&["accept, ORIGIN ,x"], "origin", None),
            (&["accept, ORIGIN ,x,"], "origin", None),
            (&["accept", "origin"], "origin", Some("accept, origin")),
            (&["accept", "x"], "origin", Some("accept, x, origin")),
            (&["Accept,Cookie"], "origin", Some("Accept,Cookie, origin")),
            (&["x-origin"], "origin", Some("x-origin, origin")),
            (&["origin-x"], "origin", Some("origin-x, origin")),
            (&["origin"], ECHOED, Some(ECHOED)),
            (
                &["access-control-request-method"],
                ECHOED,
                Some("access-control-request-method, origin, access-control-request-headers"),
            ),
            // RFC 9110, 5.6.1: empty elements count for nothing.
            (&[""], "origin", Some("origin")),
            (&["", "accept", ""], "origin", Some("accept, origin")),
            (&[", accept\t, "], "origin", Some("accept, origin")),
            (&["origin", ""], "origin", Some("origin")),
            // RFC 9110, 12.5.5: `*` among the names covers all.
            (&["*"], "origin", None),
            (&[" * "], "origin", None),
            (&["accept, *"], "origin", Some("*")),
            (&["accept", "*"], "origin", Some("*")),
            (&["*", "origin"], "origin", Some("*")),
            (&["x*"], "origin", Some("x*, origin")),
            (&["accept"], "", None),
        ];
        for (lines, names, expected) in cases {
            assert_eq!(merged(lines, names).as_deref(), expected, "{lines:?} {names}");
        }
    }

    #[test]
    fn a3_merging_again_changes_nothing() {
        let lines: [&[&str]; 5] = [&[], &["accept"], &["*", "a"], &["a", "B", "origin"], &[" ,", "a,b"]];
        for lines in lines {
            for names in ["origin", "origin, a"] {
                if let Some(line) = merged(lines, names) {
                    assert_eq!(merged(&[&line], names), None, "{lines:?} {names}");
                }
            }
        }
    }
}
