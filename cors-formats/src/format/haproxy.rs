//! HAProxy: `http-response set-header`, and conditions on `req.hdr(origin)`.

use std::ops::Range;

use super::lines::{Directive, End, directives};
use super::recipe::{self, Asked, Programs, Sent, Set};
use super::{Row, found};
use crate::finding::Finding;
use crate::matcher::{Engine, Expression, Matcher};
use crate::reader::Read;
use crate::rule::{AnyWithCredentials, OriginEntry, PLAIN, Program, Rule, Spot};
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
    let mut sections = Vec::new();
    let mut rest = directives.as_slice();
    while !rest.is_empty() {
        let end = rest.iter().skip(1).position(is_section).map_or(rest.len(), |end| end.saturating_add(1));
        let (section, others) = rest.split_at(end);
        rest = others;
        sections.push(section);
    }
    let program = Configuration { names: names_of_origin(&directives), sections };
    let mut read = Read::default();
    for section in &program.sections {
        program.section_rules(section, &mut read);
    }
    found(read)
}

/// A configuration, and the texts that stand for the origin of the request in it.
struct Configuration<'d> {
    sections: Vec<&'d [Directive]>,
    names: Vec<String>,
}

/// How far a condition is followed through variables.
const DEPTH: usize = 4;

impl Configuration<'_> {
    /// Adds a rule for each line of a section that sets the origin.
    fn section_rules(&self, section: &[Directive], read: &mut Read) {
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
                    if directive.word(1) == "add-header" {
                        let what = "add-header puts a second value next to one that is there, if there is one: no browser takes two";
                        read.findings.push(
                            Finding::warning("two-values", &directive.span(), what).fix("write set-header"),
                        );
                    }
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
        let first = read.rules.len();
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
            let sent = self.sent(line.word(3), line.words.get(4..).unwrap_or_default(), line, section);
            recipe::rule(&own, &sent, &PROGRAMS, has_vary, read);
        }
        for line in section {
            self.answer(line, section, first, read);
        }
    }

    /// Adds the rule of an answer of HAProxy's own, `http-request return … hdr NAME VALUE`: what it says of preflights belongs to
    /// the rule of the same origins.
    fn answer(&self, line: &Directive, section: &[Directive], first: usize, read: &mut Read) {
        if !["return", "deny"].contains(&line.word(1)) {
            return;
        }
        let end = condition_at(line);
        let mut sets = Vec::new();
        for (index, word) in line.words.iter().enumerate().take(end) {
            let field = line.word(index.saturating_add(1)).to_ascii_lowercase();
            if let ("hdr", Some(value)) = (word.value.as_str(), line.words.get(index.saturating_add(2)))
                && field.starts_with("access-control-")
            {
                sets.push(Set { field, value: value.clone(), span: value.span.clone(), with_errors: true });
            }
        }
        let Some(origin) = sets.iter().find(|set| set.field == "access-control-allow-origin") else { return };
        let value = origin.value.value.clone();
        let sent = self.sent(&value, line.words.get(end..).unwrap_or_default(), line, section);
        recipe::rule(&sets, &sent, &PROGRAMS, true, read);
        let Some(rule) = read.rules.pop() else { return };
        let others = read.rules.get_mut(first..).unwrap_or_default();
        let is_bare = |other: &&mut Rule| {
            let is_same = other.origins.len() == rule.origins.len()
                && other.origins.iter().zip(&rule.origins).all(|(one, other)| one.matcher == other.matcher);
            is_same
                && other.has_credentials() == rule.has_credentials()
                && other.methods.is_empty()
                && other.headers.is_empty()
                && other.max_age.is_none()
        };
        match others.iter_mut().find(is_bare) {
            Some(other) => {
                other.methods = rule.methods;
                other.headers = rule.headers;
                other.max_age = rule.max_age;
                read.places.push(line.span());
            }
            None => read.rules.push(rule),
        }
    }

    /// Returns where the origin comes from that a line sends as `value` under a condition.
    fn sent(&self, value: &str, condition: &[Spot<String>], line: &Directive, section: &[Directive]) -> Sent {
        let asked = self.condition(condition, section, &line.span(), DEPTH);
        if !value.contains('%') {
            return Sent::Text;
        }
        let lower = value.to_ascii_lowercase();
        let fetch = lower.trim_start_matches("%[").trim_end_matches(']');
        let from = self.value(fetch, &line.span(), DEPTH);
        Sent::Requested(recipe::both(from, asked))
    }

    /// Returns the origins that a fetch may give, if that is the request's or one that is written there.
    fn value(&self, fetch: &str, span: &Range<usize>, depth: usize) -> Asked {
        let (fetch, converters) = fetch.split_once(',').unwrap_or((fetch, ""));
        if !converters.is_empty() && !["lower", "url_dec"].contains(&converters) {
            return recipe::not_understood(span);
        }
        if is_origin(fetch) || self.names.iter().any(|name| name == fetch) {
            return None;
        }
        let Some(name) = variable(fetch) else { return recipe::not_understood(span) };
        self.variable(name, span, depth, |expression, place| {
            let text = expression.strip_prefix("str(").and_then(|text| text.strip_suffix(')'));
            match text {
                Some(text) => Some(vec![OriginEntry {
                    text: text.to_owned(),
                    span: place.clone(),
                    matcher: Matcher::exact(text),
                }]),
                None => self.value(&expression.to_ascii_lowercase(), place, depth.saturating_sub(1)),
            }
        })
    }

    /// Returns the origins for which a variable has a value: of each line that sets it, what its expression gives and its
    /// condition asks.
    fn variable(
        &self,
        name: &str,
        span: &Range<usize>,
        depth: usize,
        expression: impl Fn(&str, &Range<usize>) -> Asked,
    ) -> Asked {
        if depth == 0 {
            return recipe::not_understood(span);
        }
        let mut found: Option<Asked> = None;
        for section in &self.sections {
            for line in *section {
                let sets = |action: &str| {
                    let rest = line.word(1).to_ascii_lowercase();
                    rest.strip_prefix(action).is_some_and(|rest| {
                        rest.trim_end_matches(')').split(',').next().is_some_and(|other| other == name)
                    })
                };
                let asked = if sets("set-var-fmt(") {
                    recipe::not_understood(&line.span())
                } else if sets("set-var(") {
                    let text = line.word(2);
                    // Which says that the variable is off.
                    if ["bool(false)", "bool(0)", "int(0)", "str()"].contains(&text) {
                        continue;
                    }
                    let end = condition_at(line);
                    let condition = line.words.get(end..).unwrap_or_default();
                    let condition = self.condition(condition, section, &line.span(), depth.saturating_sub(1));
                    let from = if end == 3 {
                        expression(text, &line.span())
                    } else {
                        recipe::not_understood(&line.span())
                    };
                    recipe::both(from, condition)
                } else {
                    continue;
                };
                found = Some(match found {
                    Some(found) => recipe::either(found, asked),
                    None => asked,
                });
            }
        }
        found.unwrap_or_else(|| recipe::not_understood(span))
    }

    /// Returns the origins for which `if A B || C` holds.
    fn condition(
        &self,
        words: &[Spot<String>],
        section: &[Directive],
        span: &Range<usize>,
        depth: usize,
    ) -> Asked {
        match words.first().map(|word| word.value.as_str()) {
            None => return None,
            Some("if") if depth > 0 => {}
            _ => return recipe::not_understood(span),
        }
        let mut any: Option<Asked> = None;
        for alternative in
            words.get(1..).unwrap_or_default().split(|word| ["||", "or"].contains(&word.value.as_str()))
        {
            let mut all: Asked = None;
            let mut rest = alternative;
            let mut negated = false;
            while let Some((word, others)) = rest.split_first() {
                rest = others;
                let text = word.value.as_str();
                let name = text.trim_start_matches('!');
                negated ^= text.len().saturating_sub(name.len()) % 2 == 1;
                let asked = match name {
                    "" => continue,
                    "{" => {
                        let end = rest.iter().position(|word| word.value == "}").unwrap_or(rest.len());
                        let (asking, others) = rest.split_at(end);
                        rest = others.get(1..).unwrap_or_default();
                        self.test(asking, depth)
                    }
                    name => self.named(name, section, &word.span, depth),
                };
                // What is asked about no origin says nothing about one when it is negated.
                let asked =
                    if negated && asked.is_some() { recipe::not_understood(&word.span) } else { asked };
                negated = false;
                all = recipe::both(all, asked);
            }
            any = Some(match any {
                Some(any) => recipe::either(any, all),
                None => all,
            });
        }
        any.unwrap_or_else(|| recipe::not_understood(span))
    }

    /// Returns the origins for which one of the lines of an `acl` holds.
    fn named(&self, name: &str, section: &[Directive], span: &Range<usize>, depth: usize) -> Asked {
        let lines = section.iter().filter(|line| line.word(0) == "acl" && line.word(1) == name);
        let asked = lines
            .map(|line| self.test(line.words.get(2..).unwrap_or_default(), depth))
            .reduce(recipe::either);
        // Those that HAProxy knows by itself ask for no origin.
        let is_own = name.starts_with("METH_")
            || name.starts_with("HTTP")
            || name.starts_with("REQ_")
            || name == "TRUE";
        match asked {
            Some(asked) => asked,
            None if is_own => None,
            None => recipe::not_understood(span),
        }
    }

    /// Returns the origins for which a test holds: a fetch, flags and values.
    fn test(&self, words: &[Spot<String>], depth: usize) -> Asked {
        let first = words.first()?;
        let lower = first.value.to_ascii_lowercase();
        let (fetch, converters) = lower.split_once(',').unwrap_or((lower.as_str(), ""));
        let is_presence = fetch.contains("hdr_cnt(")
            || words.iter().any(|word| word.value == "found")
            || words.get(1).is_some_and(|word| word.value == "bool")
            || words.get(2).is_some_and(|word| word.value == "bool");
        let reads_file = words.iter().any(|word| ["-f", "-M"].contains(&word.value.as_str()));
        let is_read = !reads_file && ["", "lower"].contains(&converters);
        if is_origin(fetch) || self.names.iter().any(|name| name == fetch) {
            return match (is_presence, is_read) {
                (_, false) => recipe::not_understood(&first.span),
                (true, true) => None,
                (false, true) => Some(values(words, 0)),
            };
        }
        if let Some(name) = variable(fetch) {
            if is_presence {
                return self.variable(name, &first.span, depth, |expression, place| {
                    let is_sign = ["bool(", "int(", "str("].iter().any(|sign| expression.starts_with(sign));
                    let expression = expression.to_ascii_lowercase();
                    if is_sign { None } else { self.value(&expression, place, depth.saturating_sub(1)) }
                });
            }
            let is_value = words.len() > 1 && is_read;
            let from = self.value(fetch, &first.span, depth);
            return match from {
                None if is_value => Some(values(words, 0)),
                Some(from) if is_value && from.iter().all(|origin| origin.matcher != Matcher::Unknown) => {
                    recipe::both(Some(from), Some(values(words, 0)))
                }
                _ => recipe::not_understood(&first.span),
            };
        }
        let is_computed = ["origin", "lua.", "map", "res.", "concat", "access-control"]
            .iter()
            .any(|sign| lower.contains(sign));
        if is_computed { recipe::not_understood(&first.span) } else { None }
    }
}

/// Returns true for a fetch of the field `Origin`: `req.hdr(origin)`, `hdr_end(origin)`.
fn is_origin(fetch: &str) -> bool {
    let name = fetch.strip_prefix("req.").or_else(|| fetch.strip_prefix("http_")).unwrap_or(fetch);
    let name = name.strip_prefix("req.").unwrap_or(name);
    let is_field = name.starts_with("hdr(")
        || name.starts_with("hdr_")
        || name.starts_with("fhdr(")
        || name.starts_with("fhdr_");
    is_field
        && name.split_once('(').is_some_and(|(_, rest)| {
            rest.trim_end_matches(')').split(',').next().is_some_and(|field| field == "origin")
        })
}

fn variable(fetch: &str) -> Option<&str> {
    fetch.strip_prefix("var(")?.strip_suffix(')')
}

/// Returns the texts that stand for the origin of the request: captures.
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
    }
    names
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
                method = ["end", "beg", "reg", "sub", "dom", "str"]
                    .into_iter()
                    .find(|kind| *kind == next)
                    .unwrap_or("str");
            }
            "--" => {}
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
                    _ => Matcher::Exact { text: text.to_owned(), ignore_case },
                };
                origins.push(OriginEntry { text: text.to_owned(), span: word.span.clone(), matcher });
            }
        }
    }
    origins
}

/// Returns the number of the word at which a line's condition begins: that of its words, if it has none.
fn condition_at(line: &Directive) -> usize {
    let is_condition = |word: &Spot<String>| ["if", "unless"].contains(&word.value.as_str());
    line.words.iter().position(is_condition).unwrap_or(line.words.len())
}
