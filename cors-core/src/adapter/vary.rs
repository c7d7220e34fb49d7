//! `Vary` of the application and of the policy in one line (A3).

use crate::field::Elements;

/// Merges the names that a policy's `Vary` has into the application's lines of `Vary`. Returns `None` where the response
/// may stay as it is: it has one line, and that names all of them. Otherwise the pieces returned, one after the other, are
/// the value of the one line to send, and the application's lines are removed.
///
/// The application's lines come first, as they are written, and then the names that none of them has, in any case of their
/// letters. A `*` among the lines covers every name: the line is `*` alone.
///
/// It takes time in proportion to the length of `lines` times the number of `names`. What it borrows and returns needs no
/// memory; the length of the value is the sum of the lengths of a clone's pieces.
///
/// ```
/// use cors_core::adapter::merge_vary;
///
/// let lines = [&b"accept"[..], b"Origin"];
/// let pieces = merge_vary(lines.into_iter(), b"origin, access-control-request-method").unwrap();
/// let value: Vec<u8> = pieces.flatten().copied().collect();
/// assert_eq!(value, b"accept, Origin, access-control-request-method");
///
/// assert!(merge_vary([&b"accept, origin"[..]].into_iter(), b"origin").is_none());
/// ```
pub fn merge_vary<'a, L>(lines: L, names: &'a [u8]) -> Option<MergedVary<'a, L>>
where
    L: Iterator<Item = &'a [u8]> + Clone,
{
    let mut count = 0_usize;
    let mut has_star = false;
    for line in lines.clone() {
        count = count.saturating_add(1);
        has_star |= Elements::new(line).any(|name| name == STAR);
    }
    if has_star {
        let is_alone = count == 1 && lines.clone().all(|line| trimmed(line) == STAR);
        let star = MergedVary {
            stage: Stage::Star,
            rest: lines.clone(),
            lines,
            names: Elements::new(b""),
            held: None,
        };
        return (!is_alone).then_some(star);
    }
    let merged = MergedVary {
        stage: Stage::First,
        rest: lines.clone(),
        lines,
        names: Elements::new(names),
        held: None,
    };
    let is_complete = count == 1 && merged.names.clone().all(|name| merged.has(name));
    (!is_complete).then_some(merged)
}

const STAR: &[u8] = b"*";
const SEPARATOR: &[u8] = b", ";

/// The pieces of a line of `Vary`, in order: see [`merge_vary`].
#[derive(Clone, Debug)]
pub struct MergedVary<'a, L> {
    stage: Stage,
    /// All lines, in which names are looked up.
    lines: L,
    /// Those that are still to come.
    rest: L,
    names: Elements<'a>,
    /// The piece behind the separator that went before.
    held: Option<&'a [u8]>,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    Star,
    /// Nothing has been returned yet.
    First,
    Further,
    End,
}

impl<'a, L> Iterator for MergedVary<'a, L>
where
    L: Iterator<Item = &'a [u8]> + Clone,
{
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        match self.stage {
            Stage::Star => {
                self.stage = Stage::End;
                Some(STAR)
            }
            Stage::First => {
                self.stage = Stage::Further;
                self.next_part()
            }
            Stage::Further => match self.held.take() {
                Some(part) => Some(part),
                None => {
                    self.held = Some(self.next_part()?);
                    Some(SEPARATOR)
                }
            },
            Stage::End => None,
        }
    }
}

impl<'a, L> MergedVary<'a, L>
where
    L: Iterator<Item = &'a [u8]> + Clone,
{
    /// Returns the next line, or after the lines the next name that none of them has.
    fn next_part(&mut self) -> Option<&'a [u8]> {
        if let Some(line) = self.rest.by_ref().map(trimmed).find(|line| !line.is_empty()) {
            return Some(line);
        }
        loop {
            let name = self.names.next()?;
            if !self.has(name) {
                return Some(name);
            }
        }
    }

    fn has(&self, name: &[u8]) -> bool {
        self.lines.clone().flat_map(Elements::new).any(|other| other.eq_ignore_ascii_case(name))
    }
}

/// Returns the line without empty elements and white space at its ends.
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
        let pieces = merge_vary(lines.iter().map(|line| line.as_bytes()), names.as_bytes())?;
        let bytes: Vec<u8> = pieces.flatten().copied().collect();
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
