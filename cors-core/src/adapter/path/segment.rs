//! The segments of a path from its last to its first, by one syntax.

use super::letters;

/// How a path is split into segments, and what their texts are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Syntax {
    /// How often percent-escapes are decoded.
    pub(super) decodings: u8,
    /// True if a slash that was an escape is part of a segment's text: a path is split before it is decoded.
    pub(super) splits_first: bool,
    /// True if a backslash is a slash.
    pub(super) backslashes: bool,
    pub(super) parameters: Parameters,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SpecialBytes {
    pub(super) percent: bool,
    pub(super) backslashes: usize,
    pub(super) semicolon: bool,
    /// True if one that may be a separator was an escape, and so is not one where the path is split first.
    pub(super) escaped: bool,
}

/// What becomes of a semicolon and what follows it in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parameters {
    Keep,
    /// They are dropped before anything is decoded, up to the next slash of the path as it is.
    DropFirst,
    /// They are dropped from the segments of the decoded path.
    DropLast,
    DropBoth,
}

/// A byte of a path, read from the end.
struct Last<'p> {
    byte: u8,
    /// True if it may be a separator.
    is_syntax: bool,
    before: &'p [u8],
}

impl Syntax {
    #[inline]
    fn last(self, path: &[u8]) -> Option<Last<'_>> {
        let (byte, before) = decoded_last(path, self.decodings)?;
        let is_syntax = !self.splits_first || path.len().wrapping_sub(before.len()) == 1;
        Some(Last { byte, is_syntax, before })
    }

    fn separates(self, last: &Last<'_>) -> bool {
        last.is_syntax && (last.byte == b'/' || self.backslashes && last.byte == b'\\')
    }

    /// Returns which of the bytes by which syntaxes differ are in the path.
    pub(super) fn special_bytes(self, path: &[u8]) -> SpecialBytes {
        let mut special = SpecialBytes::default();
        let mut rest = path;
        while let Some(last) = self.last(rest) {
            rest = last.before;
            match last.byte {
                b'%' => special.percent = true,
                b'\\' => special.backslashes = special.backslashes.saturating_add(1),
                b';' => special.semicolon = true,
                _ => {}
            }
            special.escaped |= !last.is_syntax && matches!(last.byte, b'/' | b'\\' | b';');
        }
        special
    }

    pub(super) fn segments(self, path: &[u8]) -> Segments<'_> {
        Segments { syntax: self, rest: Some(self.without_parameters(path)) }
    }

    /// Returns the path without the parameters of its last segment, if they are dropped first.
    fn without_parameters(self, path: &[u8]) -> &[u8] {
        if !matches!(self.parameters, Parameters::DropFirst | Parameters::DropBoth) {
            return path;
        }
        let start = path.iter().rposition(|&byte| byte == b'/').unwrap_or_default();
        let semicolon = path.iter().skip(start).position(|&byte| byte == b';');
        semicolon.and_then(|at| path.get(..start.saturating_add(at))).unwrap_or(path)
    }
}

/// Returns the last byte of a path of which the percent-escapes are decoded so many times, and what is before it. What is
/// not an escape stands for itself.
///
/// An escape begins with a percent sign and has no other in it: from the end the same escapes are found as from the start.
fn decoded_last(path: &[u8], times: u8) -> Option<(u8, &[u8])> {
    match times {
        0 => raw_last(path),
        1 => decoded_once(path, raw_last),
        _ => decoded_once(path, |path| decoded_once(path, raw_last)),
    }
}

#[inline]
fn raw_last(path: &[u8]) -> Option<(u8, &[u8])> {
    path.split_last().map(|(&byte, before)| (byte, before))
}

#[inline]
fn decoded_once(path: &[u8], last: impl Fn(&[u8]) -> Option<(u8, &[u8])>) -> Option<(u8, &[u8])> {
    let (byte, before) = last(path)?;
    let escape = || {
        let low = hex(byte)?;
        let (high, before) = last(before)?;
        let high = hex(high)?;
        let (sign, before) = last(before)?;
        (sign == b'%').then_some((high << 4 | low, before))
    };
    Some(escape().unwrap_or((byte, before)))
}

pub(super) fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit & 0xf),
        b'a'..=b'f' | b'A'..=b'F' => Some((digit & 0xf).wrapping_add(9)),
        _ => None,
    }
}

/// The segments of a path, the last one first. The slash that a path begins with separates nothing.
#[derive(Clone, Debug)]
pub(super) struct Segments<'p> {
    syntax: Syntax,
    /// What is before the separator; `None` after the first segment.
    rest: Option<&'p [u8]>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Segment<'p> {
    syntax: Syntax,
    pub(super) kind: SegmentKind,
    /// The path up to the end of the segment's text.
    end: &'p [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SegmentKind {
    Empty,
    Dot,
    DotDot,
    Name,
}

impl<'p> Iterator for Segments<'p> {
    type Item = Segment<'p>;

    fn next(&mut self) -> Option<Segment<'p>> {
        let syntax = self.syntax;
        let drops_last = matches!(syntax.parameters, Parameters::DropLast | Parameters::DropBoth);
        let mut end = self.rest.take()?;
        let mut rest = end;
        let mut len = 0_usize;
        let mut is_dots = true;
        while let Some(last) = syntax.last(rest) {
            let is_raw = rest.ends_with(b"/");
            rest = last.before;
            if syntax.separates(&last) {
                self.rest = Some(if is_raw { syntax.without_parameters(rest) } else { rest });
                break;
            }
            if drops_last && last.is_syntax && last.byte == b';' {
                (end, len, is_dots) = (rest, 0, true);
            } else {
                len = len.saturating_add(1);
                is_dots &= last.byte == b'.';
            }
        }
        let kind = match len {
            0 if self.rest.is_none() => return None,
            0 => SegmentKind::Empty,
            1 if is_dots => SegmentKind::Dot,
            2 if is_dots => SegmentKind::DotDot,
            _ => SegmentKind::Name,
        };
        Some(Segment { syntax, kind, end })
    }
}

impl<'p> Segment<'p> {
    /// Returns the bytes of the text, the last one first.
    pub(super) fn bytes(self) -> impl Iterator<Item = u8> + use<'p> {
        let Segment { syntax, end: mut rest, .. } = self;
        core::iter::from_fn(move || {
            let last = syntax.last(rest)?;
            rest = last.before;
            (!syntax.separates(&last)).then_some(last.byte)
        })
    }

    pub(super) fn agreement(self, name: &[u8]) -> Agreement {
        let mut agreement = Agreement::Exact;
        let mut is_plain = name.is_ascii();
        let mut expected = name.iter().rev();
        for byte in self.bytes() {
            agreement = agreement.and(expected.next().copied(), byte);
            is_plain &= byte.is_ascii() && byte != b'\n';
        }
        match agreement {
            Agreement::Exact | Agreement::AnyCase if expected.next().is_none() => agreement,
            _ if is_plain => Agreement::None,
            _ if letters::are_same(self.bytes(), name.iter().rev().copied()) => Agreement::AnyCase,
            _ => Agreement::None,
        }
    }
}

/// Returns the names of a prefix, the last one first.
pub(super) fn names_from_end(prefix: &[u8]) -> impl Iterator<Item = &[u8]> {
    // `rsplit` has code that panics.
    let mut rest = prefix;
    core::iter::from_fn(move || {
        let slash = rest.iter().rposition(|&byte| byte == b'/')?;
        let name = rest.get(slash.saturating_add(1)..)?;
        rest = rest.get(..slash)?;
        Some(name)
    })
}

/// How far a text is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    None,
    /// It is in another case: `/API` and `/api`.
    AnyCase,
    Exact,
}

impl Agreement {
    /// Returns how far two texts agree that agreed up to these bytes.
    #[inline]
    pub(super) fn and(self, expected: Option<u8>, byte: u8) -> Self {
        let same = match expected {
            Some(expected) if expected == byte => Agreement::Exact,
            Some(expected) if expected.eq_ignore_ascii_case(&byte) => Agreement::AnyCase,
            _ => Agreement::None,
        };
        self.min(same)
    }
}
