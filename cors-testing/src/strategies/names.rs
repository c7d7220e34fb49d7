//! Methods, header names, and lists of them.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::pick;

/// Methods that a config may list.
pub(super) fn listable_method() -> impl Strategy<Value = String> {
    pick(&["PUT", "put", "DELETE", "dElEtE", "PATCH", "patch", "GET", "post", "OPTIONS", "QUERY", "x!"])
}

/// Values of Access-Control-Request-Method: methods that a config lists or not, methods that no page can send, and values
/// that are not a method.
pub(super) fn requested_method() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => pick(&["PUT", "put", "DELETE", "PATCH", "patch", "QUERY", "x!", "OPTIONS"]),
        3 => pick(&["GET", "get", "HEAD", "POST", "post"]),
        2 => pick(&["CONNECT", "TRACE", "TRACK", "track", "Connect"]),
        2 => pick(&["", "P UT", "PUT, DELETE", "PUT,", "PU\tT", "P\u{dc}T", "\"PUT\"", "PUT\r\nx: y"]),
    ]
}

/// Names that a config may list among the request headers.
pub(super) fn listable_header() -> impl Strategy<Value = String> {
    pick(&[
        "content-type",
        "Content-Type",
        "X-Foo",
        "x-bar",
        "authorization",
        "Authorization",
        "x",
        "X-Baz_1~!",
    ])
}

/// Names that a config may list among the response headers.
pub(super) fn exposable_header() -> impl Strategy<Value = String> {
    pick(&["X-Request-Id", "etag", "Content-Length", "pragma", "authorization", "x", "location", "EXPIRES"])
}

/// A name of a header, to be put into a list.
#[derive(Clone, Debug)]
pub(super) struct Element {
    /// Which of the config's names; otherwise `word`.
    listed: Option<Index>,
    word: String,
    upper_case: bool,
    before: String,
    after: String,
}

fn element(listed: u32, unlisted: u32) -> impl Strategy<Value = Element> {
    let name = prop_oneof![
        listed => any::<Index>().prop_map(|index| (Some(index), String::new())),
        unlisted => pick(&["x-other", "accept", "authorization", "x-fo", "x-fooo"])
            .prop_map(|word| (None, word)),
        1 => Just((None, String::new())),
    ];
    let space = || prop_oneof![6 => Just(String::new()), 2 => pick(&[" ", "\t", " \t "])];
    (name, any::<bool>(), space(), space()).prop_map(|((listed, word), upper_case, before, after)| Element {
        listed,
        word,
        upper_case,
        before,
        after,
    })
}

impl Element {
    fn text(&self, listed: &[String]) -> String {
        let name = match &self.listed {
            Some(index) if !listed.is_empty() => index.get(listed),
            Some(_) => "x",
            None => &self.word[..],
        };
        let name = if self.upper_case { name.to_ascii_uppercase() } else { name.to_ascii_lowercase() };
        format!("{}{name}{}", self.before, self.after)
    }
}

/// The lines of `Access-Control-Request-Headers`.
#[derive(Clone, Debug)]
pub(super) enum Lines {
    Lists(Vec<Vec<Element>>),
    /// One element is not a token.
    Malformed(Vec<Vec<Element>>, String),
    /// A total number of bytes, the commas between lines included.
    Bytes {
        total: usize,
        lines: usize,
        malformed: bool,
    },
    /// A number of names in one line.
    Names(usize),
    /// A number of lines with names, and some empty ones.
    Many(usize),
}

pub(super) fn lines() -> impl Strategy<Value = Lines> {
    let lists = |unlisted| vec(vec(element(12, unlisted), 0..=4), 0..=3);
    let wrong = pick(&["x y", "x\u{e9}", "(x)", "x:", "x\0", "x\r\ny", "\"x\"", "x;", "\u{b}"]);
    prop_oneof![
        10 => lists(1).prop_map(Lines::Lists),
        4 => lists(12).prop_map(Lines::Lists),
        3 => (lists(3), wrong).prop_map(|(lists, wrong)| Lines::Malformed(lists, wrong)),
        2 => (8190..=8194_usize, 1..=4_usize, prop::bool::weighted(0.2))
            .prop_map(|(total, lines, malformed)| Lines::Bytes { total, lines, malformed }),
        1 => (126..=130_usize).prop_map(Lines::Names),
        1 => (30..=34_usize).prop_map(Lines::Many),
    ]
}

impl Lines {
    pub(super) fn values(&self, listed: &[String]) -> Vec<Vec<u8>> {
        // `*` is the name of a header like any other here.
        let name = listed.first().map_or("x", String::as_str);
        let join = |list: &Vec<Element>| {
            list.iter().map(|element| element.text(listed)).collect::<Vec<_>>().join(",").into_bytes()
        };
        match self {
            Lines::Lists(lists) => lists.iter().map(join).collect(),
            Lines::Malformed(lists, wrong) => {
                let mut lines: Vec<Vec<u8>> = lists.iter().map(join).collect();
                match lines.first_mut() {
                    Some(first) => first.extend(format!(",{wrong}").bytes()),
                    None => lines.push(wrong.clone().into_bytes()),
                }
                lines
            }
            &Lines::Bytes { total, lines, malformed } => {
                let len = total + 1 - lines;
                let first = if malformed { "x y" } else { name };
                let line = |index| {
                    let share = len / lines + usize::from(index < len % lines);
                    format!("{first:,<share$}").into_bytes()
                };
                (0..lines).map(line).collect()
            }
            &Lines::Names(count) => vec![vec![name; count].join(", ").into_bytes()],
            &Lines::Many(count) => {
                let mut lines = vec![name.as_bytes().to_vec(); count];
                lines.insert(count / 2, vec![]);
                lines.push(vec![]);
                lines
            }
        }
    }
}

/// Returns a list of tokens, written in one line, and again in up to 32 lines: in another order and case, with other spaces,
/// repetitions and empty elements.
pub fn token_list_lines(listed: Vec<String>) -> impl Strategy<Value = (Vec<u8>, Vec<Vec<u8>>)> {
    let elements = prop_oneof![3 => vec(element(1, 0), 0..20), 1 => vec(element(8, 1), 0..20)];
    let wrong = prop_oneof![6 => Just(None), 1 => pick(&["x y", "x:", "\"x\""]).prop_map(Some)];
    let copies = (any::<bool>(), any::<bool>(), 0..4_usize);
    (elements, wrong).prop_flat_map(move |(elements, wrong)| {
        let mut texts: Vec<String> = elements.iter().map(|element| element.text(&listed)).collect();
        texts.extend(wrong);
        let once = texts.join(",").into_bytes();
        let how = vec((copies.clone(), 0..32_usize), texts.len());
        let again: Vec<_> = texts.into_iter().collect();
        (Just(once), Just(again).prop_shuffle(), how).prop_map(|(once, texts, how)| {
            let mut lines = vec![Vec::new(); 32];
            for (text, ((upper_case, space, more), line)) in texts.iter().zip(how) {
                let text = if upper_case { text.to_ascii_uppercase() } else { text.to_ascii_lowercase() };
                let separator = if space { " ,\t" } else { "," };
                let first = lines[line].is_empty();
                let repeated = vec![text.as_str(); more + 1].join(separator);
                let written = if first { repeated } else { format!("{separator}{repeated}") };
                lines[line].extend(written.bytes());
            }
            (once, lines)
        })
    })
}
