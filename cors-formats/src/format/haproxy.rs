//! HAProxy: `http-response set-header`, and conditions on `req.hdr(origin)`.

use super::lines::{Directive, End, directives};
use super::recipe::{self, Programs, Sent, Set};
use super::{Row, found};
use crate::matcher::{Engine, Expression, Matcher};
use crate::reader::Read;
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program, Spot};
use crate::source::Source;

static STAR: Program = Program { title: "HAProxy", ..PLAIN };
static ECHO: Program =
    Program { title: "HAProxy", any_with_credentials: AnyWithCredentials::Echoed, ..PLAIN };
static ECHO_WITHOUT_VARY: Program = Program {
    title: "HAProxy",
    any_with_credentials: AnyWithCredentials::Echoed,
    vary: Some((
        "without Vary a cache may give a response made for one origin to another",
        "write http-after-response add-header vary origin",
    )),
    ..PLAIN
};
const PROGRAMS: Programs = Programs {
    star: &STAR,
    echo: &ECHO,
    echo_without_vary: &ECHO_WITHOUT_VARY,
    always: "write http-after-response, which covers the errors of HAProxy itself",
};

pub(super) const ROW: Row = Row {
    name: "haproxy",
    other_names: &[],
    title: "HAProxy",
    read,
    is_variant: false,
    says: recipe::says,
    methods: None,
    write: Some(|plan| recipe::write("haproxy", plan)),
    comment: Some("#"),
};

fn read(source: &Source<'_>) -> Option<Read> {
    let directives = directives(source, End::Line)?;
    let is_section = |directive: &Directive| {
        ["frontend", "backend", "listen", "defaults", "global"].contains(&directive.word(0))
    };
    let mut read = Read::default();
    let mut rest = directives.as_slice();
    while let Some(first) = rest.first() {
        let end = rest.iter().skip(1).position(is_section).map_or(rest.len(), |end| end.saturating_add(1));
        let (section, others) = rest.split_at(end);
        rest = others;
        let _ = first;
        section_rules(section, &directives, &mut read);
    }
    found(read)
}

/// Adds a rule for each line of a section that sets the origin.
fn section_rules(section: &[Directive], directives: &[Directive], read: &mut Read) {
    let mut has_vary = false;
    let mut sets: Vec<(Set, String)> = Vec::new();
    let mut origin_lines = Vec::new();
    for directive in section {
        let kind = directive.word(0);
        let sets_header = ["set-header", "add-header"].contains(&directive.word(1));
        if !["http-response", "http-after-response", "rspadd"].contains(&kind) || !sets_header {
            continue;
        }
        let field = directive.word(2).to_ascii_lowercase();
        has_vary |= field == "vary";
        if let Some(value) = directive.words.get(3).filter(|_| field.starts_with("access-control-")) {
            if field == "access-control-allow-origin" {
                origin_lines.push((directive, sets.len()));
            }
            let set = Set {
                field,
                value: value.clone(),
                span: directive.span(),
                with_errors: kind == "http-after-response",
            };
            sets.push((set, directive.rest(4)));
        }
    }
    for (line, index) in &origin_lines {
        let condition = line.rest(4);
        let is_of_line = |place: usize, set: &Set, other: &str| {
            if set.field == "access-control-allow-origin" {
                return place == *index;
            }
            origin_lines.len() == 1 || other.is_empty() || other == condition
        };
        let own: Vec<Set> = sets
            .iter()
            .enumerate()
            .filter(|(place, (set, other))| is_of_line(*place, set, other))
            .map(|(_, (set, _))| set.clone())
            .collect();
        let sent = sent(line, section, directives);
        recipe::rule(&own, &sent, &PROGRAMS, has_vary, read);
    }
}

/// Returns the texts that stand for the origin of the request: captures and variables.
fn names_of_origin(directives: &[Directive]) -> Vec<String> {
    let mut names = Vec::new();
    let mut captures = 0_usize;
    for directive in directives {
        let line = directive.rest(0).to_ascii_lowercase();
        let is_capture = line.starts_with("capture request header ")
            || line.starts_with("http-request capture ")
            || line.starts_with("declare capture request");
        if is_capture {
            if line.contains("hdr(origin)") || line.contains(" header origin ") {
                names.push(format!("capture.req.hdr({captures})"));
            }
            captures = captures.saturating_add(1);
        }
        let variable = line.split_whitespace().find_map(|word| word.strip_prefix("set-var("));
        if let Some(name) = variable.and_then(|rest| rest.split_once(')').map(|(name, _)| name))
            && line.contains("hdr(origin)")
            && !line.contains(" -m ")
        {
            names.push(format!("var({name})"));
        }
    }
    names
}

fn sent(line: &Directive, section: &[Directive], directives: &[Directive]) -> Sent {
    let value = line.word(3).to_ascii_lowercase();
    if !value.contains('%') {
        return Sent::Text;
    }
    let names = names_of_origin(directives);
    let condition = line.words.get(4..).unwrap_or_default();
    let is_negated = condition.iter().any(|word| word.value == "unless" || word.value.starts_with('!'));
    let mut origins: Vec<OriginEntry> = Vec::new();
    let mut reads_file = false;
    for directive in section {
        let is_acl = directive.word(0) == "acl"
            && line.words.iter().skip(4).any(|word| word.value == directive.word(1));
        // A variable that a condition sets, and the line asks for.
        let is_variable = directive
            .word(1)
            .strip_prefix("set-var(")
            .and_then(|rest| rest.split_once(')'))
            .is_some_and(|(name, _)| line.rest(3).contains(name))
            && directive.words.iter().any(|word| word.value == "if");
        if is_acl || is_variable || std::ptr::eq(directive, line) {
            let from = usize::from(std::ptr::eq(directive, line)).saturating_mul(4);
            let words = directive.words.get(from..).unwrap_or_default();
            origins.extend(tested(words, &names));
            reads_file |= words.iter().any(|word| word.value == "-f" || word.value.contains("map("));
        }
    }
    let is_origin = value.contains("hdr(origin)") || names.iter().any(|name| value.contains(name.as_str()));
    if !is_origin && origins.is_empty() || is_negated || reads_file || value.contains("map") {
        return Sent::Unknown;
    }
    let is_presence = condition.iter().any(|word| word.value == "found" || word.value.contains("hdr_cnt("));
    match (origins.is_empty(), condition.is_empty()) {
        (false, _) => Sent::Requested(Some(origins)),
        // Whatever else is asked, an origin is not.
        (true, true) => Sent::Requested(None),
        (true, false) if is_presence || asks_no_origin(condition, section, &names) => Sent::Requested(None),
        (true, false) => Sent::Unknown,
    }
}

/// Returns true if each name of a condition is of an `acl` that does not ask for the origin's value.
fn asks_no_origin(condition: &[Spot<String>], section: &[Directive], names: &[String]) -> bool {
    condition.iter().skip(1).filter(|word| !["{", "}", "or", "||"].contains(&word.value.as_str())).all(
        |word| {
            section.iter().filter(|line| line.word(0) == "acl" && line.word(1) == word.value).any(|line| {
                let text = line.rest(2).to_ascii_lowercase();
                !text.contains("-f")
                    && (text.contains(" found")
                        || text.contains("hdr_cnt(")
                        || !mentions_origin(&text, names))
            })
        },
    )
}

fn mentions_origin(text: &str, names: &[String]) -> bool {
    text.contains("(origin") || names.iter().any(|name| text.contains(name.as_str()))
}

/// Returns the origins for which a test of `hdr(origin)`, or of another name for it, holds.
fn tested(words: &[Spot<String>], names: &[String]) -> Vec<OriginEntry> {
    let is_origin = |word: &Spot<String>| {
        let word = word.value.to_ascii_lowercase();
        let word = word.split(',').next().unwrap_or_default();
        word.ends_with("hdr(origin)")
            || word.starts_with("hdr_") && word.ends_with("(origin)") && !word.starts_with("hdr_cnt")
            || word.contains(".hdr_") && word.ends_with("(origin)") && !word.contains("hdr_cnt")
            || names.iter().any(|name| word == name)
    };
    let is_acl = words.first().is_some_and(|word| word.value == "acl");
    let is_test = |index: usize| {
        is_acl && index == 2
            || index.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|word| word.value == "{")
    };
    let places = words.iter().enumerate().filter(|(index, word)| is_origin(word) && is_test(*index));
    places.flat_map(|(index, _)| values(words, index)).collect()
}

/// Returns the origins of the test that begins at this word.
fn values(words: &[Spot<String>], index: usize) -> Vec<OriginEntry> {
    let fetch = words.get(index).map(|word| word.value.to_ascii_lowercase()).unwrap_or_default();
    let mut method = ["end", "beg", "reg", "sub", "dom"]
        .into_iter()
        .find(|kind| fetch.contains(&format!("hdr_{kind}")))
        .unwrap_or("str");
    let mut ignore_case = false;
    let mut origins = Vec::new();
    let mut rest = words.iter().skip(index.saturating_add(1)).peekable();
    while let Some(word) = rest.next() {
        match word.value.as_str() {
            "-i" => ignore_case = true,
            "-m" => {
                let next = rest.next().map_or("str", |word| word.value.as_str());
                method = ["end", "beg", "reg", "sub", "str", "found"]
                    .into_iter()
                    .find(|kind| *kind == next)
                    .unwrap_or("str");
            }
            "-f" => return Vec::new(),
            "}" | "||" | "or" => break,
            text => {
                let expression = |text: String, from_start, to_end| {
                    Matcher::Expression(Expression {
                        text,
                        ignore_case,
                        from_start,
                        to_end,
                        engine: Engine::Backtracking,
                    })
                };
                let matcher = match method {
                    "end" => expression(regex::escape(text), false, true),
                    "beg" => expression(regex::escape(text), true, false),
                    "reg" => expression(text.to_owned(), false, false),
                    "sub" | "dom" => expression(regex::escape(text), false, false),
                    "found" => Matcher::Any,
                    _ => Matcher::Exact { text: text.to_owned(), ignore_case },
                };
                origins.push(OriginEntry { text: text.to_owned(), span: word.span.clone(), matcher });
            }
        }
    }
    if method == "found"
        && origins.is_empty()
        && let Some(word) = words.get(index)
    {
        origins.push(OriginEntry {
            text: word.value.clone(),
            span: word.span.clone(),
            matcher: Matcher::Any,
        });
    }
    origins
}
