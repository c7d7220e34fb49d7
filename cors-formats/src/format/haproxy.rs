//! HAProxy: `http-response set-header`, and conditions on `req.hdr(origin)`.

use super::lines::{Directive, End, directives};
use super::recipe::{self, Programs, Sent, Set};
use super::{Row, found};
use crate::matcher::{Expression, Matcher};
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
    let mut has_vary = false;
    let mut sets = Vec::new();
    let mut origin_line = None;
    for directive in &directives {
        let kind = directive.word(0);
        let sets_header = ["set-header", "add-header"].contains(&directive.word(1));
        if !["http-response", "http-after-response", "rspadd"].contains(&kind) || !sets_header {
            continue;
        }
        let field = directive.word(2).to_ascii_lowercase();
        has_vary |= field == "vary";
        if let Some(value) = directive.words.get(3).filter(|_| field.starts_with("access-control-")) {
            if field == "access-control-allow-origin" {
                origin_line.get_or_insert(directive);
            }
            sets.push(Set {
                field,
                value: value.clone(),
                span: directive.span(),
                with_errors: kind == "http-after-response",
            });
        }
    }
    let origin_line = origin_line?;
    let mut read = Read::default();
    let sent = sent(origin_line, &directives);
    recipe::rule(&sets, &sent, &PROGRAMS, has_vary, &mut read);
    found(read)
}

fn sent(line: &Directive, directives: &[Directive]) -> Sent {
    if !line.word(3).contains('%') {
        return Sent::Text;
    }
    let mut origins: Vec<OriginEntry> = Vec::new();
    for directive in directives {
        let is_acl = directive.word(0) == "acl"
            && line.words.iter().skip(4).any(|word| word.value == directive.word(1));
        let is_variable = directive
            .word(1)
            .strip_prefix("set-var(")
            .and_then(|rest| rest.strip_suffix(')'))
            .is_some_and(|name| line.word(3).contains(name));
        if is_acl || is_variable || std::ptr::eq(directive, line) {
            origins.extend(tested(&directive.words));
        }
    }
    if origins.is_empty() {
        let is_origin = line.word(3).to_ascii_lowercase().contains("origin");
        let names = line.rest(4);
        let has_test = names.contains("-f")
            || directives
                .iter()
                .any(|directive| directive.rest(0).contains("origin") && directive.rest(0).contains("-f "));
        return if is_origin && !has_test { Sent::Requested(None) } else { Sent::Unknown };
    }
    Sent::Requested(Some(origins))
}

/// Returns the origins for which a test of `hdr(origin)` holds.
fn tested(words: &[Spot<String>]) -> Vec<OriginEntry> {
    let Some(index) = words.iter().position(|word| {
        let word = word.value.to_ascii_lowercase();
        word.ends_with("hdr(origin)")
            || word.starts_with("hdr_") && word.ends_with("(origin)")
            || word.contains(".hdr_") && word.ends_with("(origin)")
    }) else {
        return Vec::new();
    };
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
                    Matcher::Expression(Expression { text, ignore_case, from_start, to_end })
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
