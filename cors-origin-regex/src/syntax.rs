//! What an expression is that does not parse here, and what other engines read differently.

use std::fmt;
use std::ops::Range;

use regex_syntax::ast::{Ast, ClassSet, ClassSetItem, Error as AstError, ErrorKind, Flag};
use regex_syntax::{Error, parse};

use crate::part::has_flag;
use crate::{Dialect, Expression, advice};

/// Why a text is not an expression that is matched in linear time, or one that matches no origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    reason: String,
    advice: Option<String>,
}

impl SyntaxError {
    pub(crate) fn of(text: &str, error: &Error) -> Self {
        let (reason, advice) = match error {
            Error::Parse(error) => {
                (error.kind().to_string(), rewritten(text).map(|written| advice_for(error, &written)))
            }
            Error::Translate(error) => (error.kind().to_string(), None),
            _ => (error.to_string(), None),
        };
        let kind = match error {
            Error::Parse(error) if !is_of_other_engines(error) => "not a regular expression",
            _ => "not a regular expression that takes linear time",
        };
        SyntaxError { reason: format!("{kind}: {reason}"), advice }
    }

    /// The error of a text that is a pattern of P.
    pub(crate) fn pattern(pattern: &str) -> Self {
        SyntaxError {
            reason: "a pattern, not a regular expression, in which `*` repeats the character before it"
                .to_owned(),
            advice: Some(advice::among_origins(pattern, "the expression")),
        }
    }

    /// The error of an expression with a quantifier after another, in `span`.
    pub(crate) fn repeated_twice(text: &str, span: Range<usize>, dialect: Dialect) -> Self {
        let found = text.get(span.clone()).unwrap_or_default();
        let mut once = text.to_owned();
        once.replace_range(span, "");
        let is_fine = Expression::is_one(&once, dialect);
        SyntaxError {
            reason: format!(
                "{found} after another quantifier: other engines refuse it, or, as Python does with `*+` since 3.11, give nothing \
                 back that the first has taken"
            ),
            advice: is_fine.then(|| format!("write {once}")),
        }
    }

    /// The error of an expression that matches no origin.
    pub(crate) fn matches_nothing(text: &str, dialect: Dialect) -> Self {
        let is_fine = |near: &String| Expression::is_one(near, dialect);
        let reason = "it matches no origin: the whole of one has to match, from its scheme to its host or its port, such as \
                      https://app.example.com:8443; in lower case, without a path, and without the scheme's default port";
        SyntaxError {
            reason: reason.to_owned(),
            advice: advice::nearest(text)
                .iter()
                .find(|near| is_fine(near))
                .map(|near| format!("write {near}")),
        }
    }

    /// Returns what to write instead, if anything is near.
    pub fn advice(&self) -> Option<&str> {
        self.advice.as_deref()
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for SyntaxError {}

/// Returns true for what other engines know and a linear matcher does not.
fn is_of_other_engines(error: &AstError) -> bool {
    matches!(
        error.kind(),
        ErrorKind::UnsupportedLookAround
            | ErrorKind::UnsupportedBackreference
            | ErrorKind::FlagUnrecognized
            | ErrorKind::EscapeUnrecognized
            | ErrorKind::NestLimitExceeded(_)
    )
}

/// Returns the place of the first quantifier that stands after another without a group between them.
pub(crate) fn repeated_twice(ast: &Ast) -> Option<Range<usize>> {
    match ast {
        Ast::Repetition(repetition) => repeated_twice(&repetition.ast).or_else(|| {
            let span = repetition.op.span;
            matches!(*repetition.ast, Ast::Repetition(_)).then(|| span.start.offset..span.end.offset)
        }),
        Ast::Group(group) => repeated_twice(&group.ast),
        Ast::Alternation(alternation) => alternation.asts.iter().find_map(repeated_twice),
        Ast::Concat(concat) => concat.asts.iter().find_map(repeated_twice),
        _ => None,
    }
}

/// Returns the place of what the dialect's own engine reads in another way, and why there is no proof.
pub(crate) fn foreign(text: &str, ast: &Ast, dialect: Dialect) -> Option<(Range<usize>, &'static str)> {
    let is_verbose = has_flag(ast, Flag::IgnoreWhitespace);
    let found = foreign_class(text, ast, is_verbose, dialect);
    let found = found.map(|span| (span, "means one thing to one engine and another to the next"));
    if dialect == Dialect::JavaScript { found.or_else(|| foreign_escape(text)) } else { found }
}

/// Returns the first class with a set operation or a class in it, which elsewhere are characters; in JavaScript also `[]`.
fn foreign_class(text: &str, ast: &Ast, is_verbose: bool, dialect: Dialect) -> Option<Range<usize>> {
    match ast {
        Ast::ClassBracketed(class) => {
            let span = class.span.start.offset..class.span.end.offset;
            let written = text.get(span.clone()).unwrap_or_default();
            let is_foreign = !is_plain(&class.kind)
                || (is_verbose && written.contains(|c: char| c == '#' || c.is_whitespace()))
                || (dialect == Dialect::JavaScript
                    && (written.starts_with("[]") || written.starts_with("[^]")));
            is_foreign.then_some(span)
        }
        Ast::Group(group) => foreign_class(text, &group.ast, is_verbose, dialect),
        Ast::Repetition(repetition) => foreign_class(text, &repetition.ast, is_verbose, dialect),
        Ast::Alternation(alternation) => {
            alternation.asts.iter().find_map(|ast| foreign_class(text, ast, is_verbose, dialect))
        }
        Ast::Concat(concat) => {
            concat.asts.iter().find_map(|ast| foreign_class(text, ast, is_verbose, dialect))
        }
        _ => None,
    }
}

fn is_plain(set: &ClassSet) -> bool {
    match set {
        ClassSet::BinaryOp(_) => false,
        ClassSet::Item(ClassSetItem::Union(union)) => union.items.iter().all(is_plain_item),
        ClassSet::Item(item) => is_plain_item(item),
    }
}

fn is_plain_item(item: &ClassSetItem) -> bool {
    match item {
        ClassSetItem::Ascii(_) | ClassSetItem::Bracketed(_) => false,
        ClassSetItem::Union(union) => union.items.iter().all(is_plain_item),
        _ => true,
    }
}

/// Returns the first escape that JavaScript without the flag `u` reads as the letter after the backslash.
fn foreign_escape(text: &str) -> Option<(Range<usize>, &'static str)> {
    let mut bytes = text.bytes().enumerate();
    while let Some((start, byte)) = bytes.next() {
        if byte != b'\\' {
            continue;
        }
        let (at, escaped) = bytes.next()?;
        let digits = |count: usize| {
            let from = at.saturating_add(1);
            text.get(from..from.saturating_add(count))
                .is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
        };
        let is_shared = match escaped {
            b'x' => digits(2),
            b'u' => digits(4),
            _ => b"dDwWsSbBfnrtv".contains(&escaped) || escaped.is_ascii_punctuation(),
        };
        if !is_shared {
            return Some((start..at.saturating_add(1), "is not an escape in JavaScript"));
        }
    }
    None
}

fn advice_for(error: &AstError, written: &str) -> String {
    match error.kind() {
        ErrorKind::UnsupportedLookAround | ErrorKind::UnsupportedBackreference => {
            format!("write {written}, which allows more, or list the origins, such as https://*.example.com")
        }
        _ => format!("write {written}"),
    }
}

/// The most bytes of an expression that advice writes.
const MAX_WRITTEN: usize = 1000;

/// The pattern without what Python's `re` knows and a linear matcher does not.
fn rewritten(pattern: &str) -> Option<String> {
    let mut written = pattern.to_owned();
    for _ in 0..pattern.len() {
        let Err(Error::Parse(error)) = parse(&written) else { break };
        let (start, end) = (error.span().start.offset, error.span().end.offset);
        let found = written.get(start..end)?;
        let (range, by) = match error.kind() {
            // The pattern is matched whole as it is.
            ErrorKind::EscapeUnrecognized if found == "\\Z" => (start..end, String::new()),
            ErrorKind::UnsupportedLookAround => (start..group_end(&written, start)?, String::new()),
            ErrorKind::UnsupportedBackreference => {
                let number: usize = found.strip_prefix('\\')?.parse().ok()?;
                (start..end, format!("(?:{})", captured(&written, number)?))
            }
            // An atomic group.
            ErrorKind::FlagUnrecognized if found == ">" => (start..end, ":".to_owned()),
            _ => return None,
        };
        written.replace_range(range, &by);
        // A group that refers to itself, or to one that refers to another, doubles with each step.
        if written.len() > MAX_WRITTEN.max(pattern.len()) {
            return None;
        }
    }
    (written != pattern && parse(&written).is_ok()).then_some(written)
}

/// What stands in the group of that number, from 1.
fn captured(pattern: &str, number: usize) -> Option<String> {
    let opens = significant(pattern, 0).filter(|&(at, byte)| {
        let rest = pattern.get(at..).unwrap_or_default();
        byte == b'(' && (!rest.starts_with("(?") || rest.starts_with("(?P<") || rest.starts_with("(?<"))
    });
    let start = opens.map(|(at, _)| at).nth(number.checked_sub(1)?)?;
    let group = pattern.get(start..group_end(pattern, start)?)?;
    let inner = group.strip_prefix('(')?.strip_suffix(')')?;
    Some(if inner.starts_with('?') { inner.split_once('>')?.1 } else { inner }.to_owned())
}

/// Where the group ends that begins at `start`.
fn group_end(pattern: &str, start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in significant(pattern, start) {
        match byte {
            b'(' => depth = depth.saturating_add(1),
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at.checked_add(1);
        }
    }
    None
}

/// The bytes from `start` that are neither escaped nor in a class.
fn significant(pattern: &str, start: usize) -> impl Iterator<Item = (usize, u8)> {
    let mut escaped = false;
    let mut in_class = false;
    pattern.bytes().enumerate().skip(start).filter(move |&(_, byte)| {
        let counts = !escaped && !in_class;
        match byte {
            b'\\' if !escaped => escaped = true,
            b'[' if counts => in_class = true,
            b']' if !escaped => in_class = false,
            _ => escaped = false,
        }
        counts && byte != b'\\' && byte != b'['
    })
}

/// The pattern with each dot escaped that stands before a letter and is the end of no repetition.
pub(crate) fn escape_dots(pattern: &str) -> String {
    let mut escaped = String::new();
    let mut before = None;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        let is_meant = before != Some('\\') && characters.peek().is_some_and(char::is_ascii_alphanumeric);
        if character == '.' && is_meant {
            escaped.push('\\');
        }
        escaped.push(character);
        before = Some(character);
    }
    escaped
}
