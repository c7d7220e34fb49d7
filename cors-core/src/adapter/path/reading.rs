//! The ways in which servers read a path.

use heapless::Vec;

use super::RequestPath;
use super::segment::{
    Agreement, Parameters, Segment, SegmentKind, SpecialBytes, Syntax, hex, names_from_end,
};

/// Returns the ways in which a server behind may read this path, each perhaps several times. [`find_prefix`](super::find_prefix)
/// finds the prefix of all of them; this is for an adapter that has something else than prefixes, such as regular expressions.
///
/// A server splits a path at its slashes before it decodes percent-escapes, or after, or once it has decoded them twice. It may
/// take a backslash for a slash, and drop what follows a semicolon in a segment, before it decodes or after. It keeps empty segments or drops
/// them; it keeps segments of dots or resolves them, before it drops empty segments or after.
///
/// Some paths have both `..` and what one reading takes for a separator, or for nothing, and another does not; or a semicolon,
/// and backslashes of which some are escaped more often than others. What such a path leads to depends on the order in which
/// servers decode, split, merge and resolve: the error is that it is ambiguous.
pub fn path_readings(
    path: RequestPath<'_>,
) -> Result<impl Iterator<Item = PathReading<'_>> + Clone, AmbiguousPath> {
    let shapes = shapes(path, plain(path).is_some())?;
    let (RequestPath::Raw(path) | RequestPath::Decoded(path)) = path;
    Ok(shapes.into_iter().flat_map(move |(syntax, shape)| {
        shape.cleanings().iter().map(move |&cleaning| PathReading { path, syntax, cleaning })
    }))
}

/// The most bytes of a path that is read in several ways: reading it takes a millisecond. A longer one is ambiguous.
const MAX_LEN: usize = 8192;

/// The syntaxes by which a path is split in different ways, and the shapes that it has by them.
pub(super) type Shapes = Vec<(Syntax, Shape), { RAW.len() }>;

/// Returns the syntaxes by which a path is to be read, which [`is_plain`](plain) or not.
pub(super) fn shapes(path: RequestPath<'_>, is_plain: bool) -> Result<Shapes, AmbiguousPath> {
    let (path, first, syntaxes): (_, _, &[Syntax]) = match path {
        RequestPath::Raw(path) => (path, DECODED_ONCE, if is_plain { &[DECODED_ONCE] } else { &RAW }),
        RequestPath::Decoded(path) => (path, AS_IT_IS, if is_plain { &[AS_IT_IS] } else { &DECODED }),
    };
    if !is_plain && path.len() > MAX_LEN {
        return Err(AmbiguousPath);
    }
    let split_first = SPLIT_FIRST.special_bytes(path);
    let once = first.special_bytes(path);
    let twice = Syntax { decodings: first.decodings.saturating_add(1), ..first }.special_bytes(path);
    // A server may split the path at some backslashes, decode others, and drop a semicolon and what follows, these included.
    let as_sent = AS_IT_IS.special_bytes(path);
    let splits_at_some = |some: SpecialBytes| 0 < some.backslashes && some.backslashes < twice.backslashes;
    if twice.semicolon && (splits_at_some(as_sent) || splits_at_some(once)) {
        return Err(AmbiguousPath);
    }
    // The others read the path as one of these does.
    let is_needed = |syntax: &&Syntax| {
        let is_first = syntax.decodings == first.decodings;
        let special = if is_first { once } else { twice };
        (is_first || once.percent)
            && (!syntax.splits_first || split_first.escaped)
            && (!syntax.backslashes || special.backslashes > 0)
            && match syntax.parameters {
                Parameters::Keep => true,
                Parameters::DropFirst => !syntax.splits_first && path.contains(&b';'),
                Parameters::DropLast => special.semicolon,
                Parameters::DropBoth => !syntax.splits_first && path.contains(&b';') && path.contains(&b'%'),
            }
    };
    let mut shapes = Shapes::new();
    for &syntax in syntaxes.iter().filter(is_needed) {
        // There is room for all of them. `collect` would have code that panics.
        let _ = shapes.push((syntax, Shape::of(path, syntax)));
    }
    let depends_on_order = |&(_, one): &(Syntax, Shape)| {
        let mut others = shapes.iter().filter(|&&(_, other)| other != one);
        one.dot_dot > 0 && others.any(|(_, other)| other.resolves() || other.empty > 0)
    };
    if shapes.iter().any(depends_on_order) { Err(AmbiguousPath) } else { Ok(shapes) }
}

/// Returns true for a path that has `..` in some reading.
pub(super) fn may_lead_up(path: RequestPath<'_>) -> bool {
    shapes(path, plain(path).is_some())
        .map_or(true, |shapes| shapes.iter().any(|(_, shape)| shape.dot_dot > 0))
}

/// What a path leads to depends on the order in which servers decode and resolve it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmbiguousPath;

/// One way to read a path.
#[derive(Clone, Copy, Debug)]
pub struct PathReading<'p> {
    path: &'p [u8],
    syntax: Syntax,
    cleaning: Cleaning,
}

impl<'p> PathReading<'p> {
    /// Returns the bytes of the path that is read, the last one first. It begins with a slash.
    ///
    /// ```
    /// use cors_core::adapter::{RequestPath, path_readings};
    ///
    /// let mut paths: Vec<Vec<u8>> = path_readings(RequestPath::Decoded(b"/a//b"))
    ///     .unwrap()
    ///     .map(|reading| {
    ///         let mut path: Vec<u8> = reading.bytes_from_end().collect();
    ///         path.reverse();
    ///         path
    ///     })
    ///     .collect();
    /// paths.sort();
    /// paths.dedup();
    /// assert_eq!(paths, [&b"/a//b"[..], b"/a/b"]);
    /// ```
    pub fn bytes_from_end(&self) -> impl Iterator<Item = u8> + use<'p> {
        let mut segments = self.segments().peekable();
        let root = segments.peek().is_none().then_some(b'/');
        segments.flat_map(|segment| segment.bytes().chain([b'/'])).chain(root)
    }

    /// Returns the segments, the last one first.
    fn segments(&self) -> impl Iterator<Item = Segment<'p>> + use<'p> {
        let mut cleaner = Cleaner::new(self.cleaning);
        self.syntax.segments(self.path).filter(move |segment| cleaner.keeps(segment.kind))
    }
}

/// The segments that a path begins with, by one reading, and their number.
#[derive(Clone, Copy)]
pub(super) struct Beginning<'p> {
    reading: PathReading<'p>,
    cleaner: Cleaner,
    count: usize,
    /// The last segments that were met, from the end of the path to its beginning: each takes the place of the one that was met as
    /// many segments before as there is room for.
    met: [Option<Segment<'p>>; MET],
}

/// The number of segments of all prefixes but the deepest.
const MET: usize = 6;

impl<'p> Beginning<'p> {
    /// Returns the beginnings of the path by this syntax, for each thing that is done to the segments.
    pub(super) fn each(path: &'p [u8], syntax: Syntax, shape: Shape) -> Vec<Self, 5> {
        let mut beginnings: Vec<Self, 5> = Vec::new();
        for &cleaning in shape.cleanings() {
            let reading = PathReading { path, syntax, cleaning };
            let cleaner = Cleaner::new(cleaning);
            let _ = beginnings.push(Beginning { reading, cleaner, count: 0, met: [None; MET] });
        }
        for segment in syntax.segments(path) {
            for beginning in &mut beginnings {
                if beginning.cleaner.keeps(segment.kind) {
                    if let Some(place) = beginning.met.get_mut(beginning.count % MET) {
                        *place = Some(segment);
                    }
                    beginning.count = beginning.count.saturating_add(1);
                }
            }
        }
        beginnings
    }

    /// Returns how far a prefix covers the path.
    pub(super) fn agreement(&self, prefix: &[u8]) -> Agreement {
        // An empty text stands before the first slash.
        let names = || prefix.split(|&byte| byte == b'/').skip(1);
        let count = names().count();
        let Some(below) = self.count.checked_sub(count) else { return Agreement::None };
        if count > MET {
            let pairs = self.reading.segments().skip(below).zip(names_from_end(prefix));
            return pairs.map(|(segment, name)| segment.agreement(name)).min().unwrap_or(Agreement::Exact);
        }
        let mut agreement = Agreement::Exact;
        for (index, name) in names().enumerate() {
            let met = self.count.wrapping_sub(index).wrapping_sub(1) % MET;
            let segment = self.met.get(met).copied().flatten();
            agreement = agreement.min(segment.map_or(Agreement::None, |segment| segment.agreement(name)));
        }
        agreement
    }
}

/// What is done to the segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cleaning {
    Keep,
    /// Empty segments are dropped.
    Merge,
    /// Segments of dots are resolved; an empty segment is one that `..` leads out of.
    Resolve,
    MergeThenResolve,
    ResolveThenMerge,
}

/// Does it, from the last segment to the first. A last segment that is empty is kept: it is the slash at the end.
#[derive(Clone, Copy, Debug)]
struct Cleaner {
    cleaning: Cleaning,
    /// The number of segments that `..` leads out of.
    left_out: usize,
    is_last: bool,
}

impl Cleaner {
    fn new(cleaning: Cleaning) -> Self {
        Cleaner { cleaning, left_out: 0, is_last: true }
    }

    /// Returns whether the next segment is left.
    fn keeps(&mut self, kind: SegmentKind) -> bool {
        let resolves = !matches!(self.cleaning, Cleaning::Keep | Cleaning::Merge);
        let merges_first = matches!(self.cleaning, Cleaning::Merge | Cleaning::MergeThenResolve);
        let is_inner = !core::mem::replace(&mut self.is_last, false);
        match kind {
            SegmentKind::Empty if is_inner && merges_first => false,
            SegmentKind::Dot if resolves => false,
            SegmentKind::DotDot if resolves => {
                self.left_out = self.left_out.saturating_add(1);
                false
            }
            _ if self.left_out > 0 => {
                self.left_out = self.left_out.saturating_sub(1);
                false
            }
            SegmentKind::Empty => !(is_inner && self.cleaning == Cleaning::ResolveThenMerge),
            _ => true,
        }
    }
}

/// The numbers of segments of each kind, without a last one that is empty. Two syntaxes by which a path has the same shape
/// split it at the same places: of two that differ only in decoding and backslashes, one splits it where the other
/// does, and at more places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    parameters: Parameters,
    name: usize,
    empty: usize,
    dot: usize,
    dot_dot: usize,
}

impl Shape {
    fn of(path: &[u8], syntax: Syntax) -> Self {
        let mut shape = Shape { parameters: syntax.parameters, name: 0, empty: 0, dot: 0, dot_dot: 0 };
        let kinds = syntax.segments(path).map(|segment| segment.kind).enumerate();
        for (_, kind) in kinds.filter(|&each| each != (0, SegmentKind::Empty)) {
            let count = match kind {
                SegmentKind::Name => &mut shape.name,
                SegmentKind::Empty => &mut shape.empty,
                SegmentKind::Dot => &mut shape.dot,
                SegmentKind::DotDot => &mut shape.dot_dot,
            };
            *count = count.saturating_add(1);
        }
        shape
    }

    fn resolves(self) -> bool {
        self.dot > 0 || self.dot_dot > 0
    }

    fn cleanings(self) -> &'static [Cleaning] {
        match (self.empty > 0, self.resolves()) {
            (false, false) => &[Cleaning::Keep],
            (true, false) => &[Cleaning::Keep, Cleaning::Merge],
            (false, true) => &[Cleaning::Keep, Cleaning::Resolve],
            (true, true) => &[
                Cleaning::Keep,
                Cleaning::Merge,
                Cleaning::Resolve,
                Cleaning::MergeThenResolve,
                Cleaning::ResolveThenMerge,
            ],
        }
    }
}

pub(super) const AS_IT_IS: Syntax =
    Syntax { decodings: 0, splits_first: false, backslashes: false, parameters: Parameters::Keep };
pub(super) const DECODED_ONCE: Syntax = Syntax { decodings: 1, ..AS_IT_IS };
const DECODED_TWICE: Syntax = Syntax { decodings: 2, ..AS_IT_IS };
const SPLIT_FIRST: Syntax = Syntax { splits_first: true, ..DECODED_ONCE };

static RAW: [Syntax; 24] = crossed([SPLIT_FIRST, DECODED_ONCE, DECODED_TWICE]);
static DECODED: [Syntax; 16] = crossed([AS_IT_IS, DECODED_ONCE]);

/// Returns each syntax with and without backslashes, with each treatment of parameters.
#[allow(clippy::indexing_slicing)] // evaluated while the crate compiles
const fn crossed<const N: usize, const M: usize>(syntaxes: [Syntax; N]) -> [Syntax; M] {
    let parameters = [Parameters::Keep, Parameters::DropFirst, Parameters::DropLast, Parameters::DropBoth];
    let mut all = [AS_IT_IS; M];
    let mut index = 0;
    while index < M {
        all[index] = Syntax {
            backslashes: index % 2 == 1,
            parameters: parameters[index / 2 % 4],
            ..syntaxes[index / 8 % N]
        };
        index += 1;
    }
    all
}

/// Returns the path if there is only one way to read it: the most frequent case.
#[inline]
pub(super) fn plain(path: RequestPath<'_>) -> Option<Plain<'_>> {
    let (bytes, is_raw) = match path {
        RequestPath::Raw(path) => (path, true),
        RequestPath::Decoded(path) => (path, false),
    };
    if !matches!(bytes, [b'/', ..] | b"*" | b"") {
        return None;
    }
    let mut before = 0;
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let is_plain = match byte {
            b'/' | b'.' => before != b'/',
            b'%' if is_raw => match after {
                [high, low, ..] => hex(*high)
                    .zip(hex(*low))
                    .is_some_and(|(high, low)| !matches!(high << 4 | low, b'/' | b'.' | b'\\' | b';' | b'%')),
                _ => false,
            },
            b'\\' | b';' | b'%' => false,
            _ => true,
        };
        if !is_plain {
            return None;
        }
        before = byte;
    }
    Some(Plain { path: bytes, is_raw })
}

/// A path that has one reading.
#[derive(Clone, Copy)]
pub(super) struct Plain<'p> {
    path: &'p [u8],
    is_raw: bool,
}

impl Plain<'_> {
    /// Returns how far a prefix covers the path.
    #[inline]
    pub(super) fn agreement(self, prefix: &[u8]) -> Agreement {
        let mut rest = self.path;
        let mut next = || {
            let (&first, after) = rest.split_first()?;
            rest = after;
            match after {
                [high, low, after @ ..] if self.is_raw && first == b'%' => {
                    rest = after;
                    hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low)
                }
                _ => Some(first),
            }
        };
        let mut agreement = Agreement::Exact;
        for &byte in prefix {
            let Some(own) = next() else { return Agreement::None };
            agreement = agreement.and(Some(byte), own);
            if agreement == Agreement::None {
                let is_ascii = byte.is_ascii() && own.is_ascii();
                return if is_ascii { agreement } else { self.agreement_of_segments(prefix) };
            }
        }
        match next() {
            _ if prefix.is_empty() => agreement,
            None | Some(b'/') => agreement,
            Some(b'\n') => self.agreement_of_segments(prefix),
            _ => Agreement::None,
        }
    }

    /// Returns the same where letters may be others in another case, of another length, and for a line feed.
    #[cold]
    fn agreement_of_segments(self, prefix: &[u8]) -> Agreement {
        let syntax = if self.is_raw { DECODED_ONCE } else { AS_IT_IS };
        let beginnings = Beginning::each(self.path, syntax, Shape::of(self.path, syntax));
        beginnings.first().map_or(Agreement::None, |beginning| beginning.agreement(prefix))
    }
}
