//! A9: everything that a server may make of a path, each made.

use std::collections::BTreeSet;

use cors_core::adapter::{FoundPrefix, RequestPath};

type Path = Vec<Vec<u8>>;

/// A path on its way through a server.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Made {
    segments: Path,
    /// The number of times that a server still decodes it at most.
    decodings: u8,
    /// True while no server has decoded a path that was sent with its escapes.
    is_raw: bool,
    is_new: bool,
    /// True if nothing is left of the path's syntax to be read.
    is_split: bool,
}

/// Returns the prefix that every server finds, whatever each does and in whatever order; `Ambiguous` if they differ.
pub fn find_prefix(path: RequestPath<'_>, prefixes: &[&str]) -> FoundPrefix {
    let mut paths = every_path(path);
    // A server that is mounted somewhere takes that off before it does anything else. It makes another path only of one with `..`,
    // and a mount that is as long as every prefix leaves nothing of one.
    let (RequestPath::Raw(bytes) | RequestPath::Decoded(bytes)) = path;
    let has_dots = decoded(&decoded(bytes)).windows(2).any(|two| two == b"..");
    let slashes = |text: &[u8]| split(text, b'/').len() - 1;
    let deepest = prefixes.iter().map(|prefix| slashes(prefix.as_bytes())).max().unwrap_or_default();
    let is_mount = |end: usize| bytes[end] == b'/' && slashes(&bytes[..end]) < deepest;
    for end in (1..bytes.len()).filter(|&end| has_dots && is_mount(end)) {
        let (mount, below) = bytes.split_at(end);
        let (mount, below) = match path {
            RequestPath::Raw(_) => (decoded(mount), RequestPath::Raw(below)),
            RequestPath::Decoded(_) => (mount.to_vec(), RequestPath::Decoded(below)),
        };
        let mount: Path = split(&mount, b'/').into_iter().skip(1).collect();
        paths.extend(every_path(below).into_iter().map(|below| [mount.clone(), below].concat()));
    }
    agreed(&paths, prefixes)
}

fn agreed(paths: &BTreeSet<Path>, prefixes: &[&str]) -> FoundPrefix {
    let found: BTreeSet<_> = paths.iter().map(|path| longest(path, prefixes)).collect();
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(Ok(Some(index))), None) => FoundPrefix::At(index),
        (Some(Ok(None)), None) => FoundPrefix::Nowhere,
        _ => FoundPrefix::Ambiguous,
    }
}

/// Returns the place of the longest prefix; an error if a longer one differs from the path in case alone.
fn longest(path: &Path, prefixes: &[&str]) -> Result<Option<usize>, ()> {
    let longest = |same: fn(&[u8], &[u8]) -> bool| {
        let covering = prefixes.iter().enumerate().filter(|(_, prefix)| {
            let names: Vec<&str> = prefix.split('/').filter(|name| !name.is_empty()).collect();
            names.len() <= path.len()
                && names.iter().zip(path).all(|(name, segment)| same(name.as_bytes(), segment))
        });
        covering.max_by_key(|(_, prefix)| prefix.len())
    };
    let exact = longest(|one, other| one == other);
    let any_case = longest(|name, segment| {
        let segment = if name == segment { segment } else { segment.strip_suffix(b"\n").unwrap_or(segment) };
        let small = |text: &[u8]| str::from_utf8(text).map(|text| text.to_uppercase().to_lowercase());
        name.eq_ignore_ascii_case(segment) || small(name).is_ok_and(|name| small(segment) == Ok(name))
    });
    let len = |found: Option<(usize, &&str)>| found.map(|(_, prefix)| prefix.len());
    if len(any_case) > len(exact) { Err(()) } else { Ok(exact.map(|(index, _)| index)) }
}

fn every_path(path: RequestPath<'_>) -> BTreeSet<Path> {
    let (bytes, is_raw) = match path {
        RequestPath::Raw(path) => (path, true),
        RequestPath::Decoded(path) => (path, false),
    };
    let segments = split(bytes.strip_prefix(b"/").unwrap_or(bytes), b'/');
    let decodings = if is_raw { 2 } else { 1 };
    let mut waiting = vec![Made { segments, decodings, is_raw, is_new: true, is_split: false }];
    let mut seen = BTreeSet::new();
    while let Some(made) = waiting.pop() {
        if seen.insert(made.clone()) {
            waiting.extend(made.next());
        }
    }
    seen.into_iter().map(Made::texts).collect()
}

impl Made {
    /// Returns what one more step of a server makes of it.
    fn next(&self) -> Vec<Made> {
        let made = |segments| Made { segments, is_new: false, ..self.clone() };
        let mut next = vec![made(merged(&self.segments)), made(self.resolved())];
        if self.is_new || !self.is_split {
            let cut = |segment: &Vec<u8>| split(segment, b';').swap_remove(0);
            let segments = self.segments.iter().map(cut).collect();
            // Dropped before all else, or from what is left in the end.
            next.push(Made { is_split: !self.is_new, ..made(segments) });
            if self.is_new {
                next.push(Made { is_split: true, ..next[2].clone() });
            }
        }
        if !self.is_split {
            next.push(made(self.segments.iter().flat_map(|segment| split(segment, b'\\')).collect()));
            if self.decodings > 0 {
                let segments = self.segments.iter().flat_map(|segment| split(&decoded(segment), b'/'));
                let decodings = self.decodings - 1;
                next.push(Made { decodings, is_raw: false, ..made(segments.collect()) });
            }
        }
        next
    }

    /// RFC 3986, section 5.2.4: an empty segment is one that `..` leads out of. The URL standard takes escaped dots for dots.
    fn resolved(&self) -> Path {
        let mut left = Vec::new();
        for (segment, text) in self.segments.iter().zip(self.clone().texts()) {
            match &text[..] {
                b"." => {}
                b".." => {
                    left.pop();
                }
                _ => left.push(segment.clone()),
            }
        }
        left
    }

    /// Returns the texts of the segments: what was split before it was decoded is decoded now.
    fn texts(self) -> Path {
        let text = |segment: Vec<u8>| if self.is_raw { decoded(&segment) } else { segment };
        self.segments.into_iter().map(text).collect()
    }
}

fn merged(segments: &Path) -> Path {
    segments.iter().filter(|segment| !segment.is_empty()).cloned().collect()
}

fn split(bytes: &[u8], separator: u8) -> Path {
    bytes.split(|&byte| byte == separator).map(<[u8]>::to_vec).collect()
}

fn decoded(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'%' => {
                text.push(byte);
                rest = &after[2..];
            }
            _ => {
                text.push(*first);
                rest = after;
            }
        }
    }
    text
}
