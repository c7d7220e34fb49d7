//! Response headers that a host sends as they are written: Firebase, Vercel, Netlify, Cloudflare Pages, IIS, lighttpd, the mock
//! responses of API Gateway; and what programs write with a literal.

use std::ops::Range;

use super::recipe::{self, Programs, Sent, Set};
use super::{READ_ONLY, Row, found, walk};
use crate::node::{Node, Value};
use crate::reader::{Read, has_variable};
use crate::rule::{PLAIN, Program, Spot};
use crate::source::{Notation, Source};

static PROGRAM: Program = Program { title: "the host", ..PLAIN };
const PROGRAMS: Programs =
    Programs { star: &PROGRAM, echo: &PROGRAM, echo_without_vary: &PROGRAM, always: "" };

pub(super) const ROW: Row = Row {
    name: "response-headers",
    other_names: &["firebase", "vercel", "netlify", "pages", "iis", "lighttpd"],
    title: "response headers",
    read,
    ..READ_ONLY
};

fn read(source: &Source<'_>) -> Option<Read> {
    let mut groups: Vec<Vec<Set>> = Vec::new();
    match source.notation {
        Notation::Lines => groups = lines(source.text),
        Notation::Code => groups = program(source.text),
        Notation::Hcl => return None,
        _ => walk(source, |node, _| {
            // `{"Access-Control-Allow-Origin": "*"}`.
            let named: Vec<Set> = node
                .entries()
                .iter()
                .filter_map(|entry| set(&entry.key, &entry.node, &entry.key_span))
                .collect();
            groups.push(named);
            // `[{"key": "Access-Control-Allow-Origin", "value": "*"}]`, and `<add name= value=>`.
            for entry in node.entries() {
                groups.push(entry.node.items().iter().filter_map(pair).collect());
            }
            groups.push(
                node.entries()
                    .iter()
                    .filter(|entry| entry.key == "add")
                    .filter_map(|it| pair(&it.node))
                    .collect(),
            );
            false
        }),
    }
    let mut read = Read::default();
    for sets in groups {
        let origin = sets.iter().find(|set| set.field == "access-control-allow-origin");
        let Some(value) = origin.map(|set| set.value.value.as_str()).filter(|value| !value.is_empty()) else {
            continue;
        };
        let sent = if value == COMPUTED || has_variable(value) { Sent::Unknown } else { Sent::Text };
        recipe::rule(&sets, &sent, &PROGRAMS, false, &mut read);
    }
    found(read)
}

fn pair(node: &Node) -> Option<Set> {
    let name = ["key", "name"].iter().find_map(|key| node.get(key))?;
    set(name.scalar()?, node.get("value")?, &name.span)
}

fn set(name: &str, value: &Node, span: &Range<usize>) -> Option<Set> {
    let name = name.strip_prefix("method.response.header.").unwrap_or(name).to_ascii_lowercase();
    if !name.starts_with("access-control-") || matches!(value.value, Value::List(_) | Value::Map(_)) {
        return None;
    }
    let text = value.scalar().unwrap_or(COMPUTED);
    let text = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text);
    let value = Spot { value: text.to_owned(), span: value.span.clone() };
    Some(Set { field: name, value, span: span.clone(), with_errors: true })
}

/// What stands for a value that a program computes.
const COMPUTED: &str = "${}";

/// How far the fields of one response are apart in a program, in bytes.
const NEAR: usize = 600;

/// Returns the fields that a program names with a literal: `setHeader('Access-Control-Allow-Origin', '*')`, and in a map.
fn program(text: &str) -> Vec<Vec<Set>> {
    const NAME: &str = "access-control-";
    let lower = text.to_ascii_lowercase();
    let mut groups: Vec<Vec<Set>> = Vec::new();
    let mut last = 0_usize;
    for (place, _) in lower.match_indices(NAME) {
        let before = lower.get(..place).and_then(|before| before.chars().next_back()).unwrap_or_default();
        let rest = text.get(place..).unwrap_or_default();
        let Some((name, rest)) = rest.split_once(before).filter(|_| "'\"`".contains(before)) else {
            continue;
        };
        let is_name = |sign: char| sign.is_ascii_alphabetic() || sign == '-';
        if name.len() > 40 || !name.chars().all(is_name) {
            continue;
        }
        let rest = rest.trim_start().trim_start_matches(']');
        let Some(rest) = rest.trim_start().strip_prefix([',', ':', '=']) else { continue };
        let rest = rest.trim_start();
        let rest = rest.strip_prefix("value:").unwrap_or(rest).trim_start();
        let quote = rest.chars().next().unwrap_or_default();
        let value = if "'\"`".contains(quote) {
            rest.get(1..).and_then(|rest| rest.split(quote).next()).unwrap_or_default()
        } else {
            match rest.split(|sign: char| !sign.is_alphanumeric()).next().unwrap_or_default() {
                literal @ ("true" | "false") => literal,
                number if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => number,
                _ => COMPUTED,
            }
        };
        let field = name.to_ascii_lowercase();
        let span = place..place.saturating_add(name.len());
        let set = Set {
            field: field.clone(),
            value: Spot { value: value.to_owned(), span: span.clone() },
            span,
            with_errors: true,
        };
        let is_near = place.saturating_sub(last) < NEAR;
        last = place;
        match groups.last_mut().filter(|group| is_near && !group.iter().any(|other| other.field == field)) {
            Some(group) => group.push(set),
            None => groups.push(vec![set]),
        }
    }
    groups
}

/// Returns the headers below each path of a file `_headers`, and those of lighttpd.
fn lines(text: &str) -> Vec<Vec<Set>> {
    let mut groups: Vec<Vec<Set>> = Vec::new();
    let mut has_path = false;
    let mut start = 0_usize;
    for line in text.split_inclusive('\n') {
        let is_path = line.starts_with(['/', 'h']) && !line.trim().contains(' ');
        if is_path || line.contains("setenv.") {
            groups.push(Vec::new());
            has_path |= is_path;
        }
        let trimmed = line.trim();
        let mut found = Vec::new();
        if has_path && line.starts_with([' ', '\t']) {
            found.extend(trimmed.split_once(':').map(|(name, value)| (name.trim(), value.trim())));
        } else if line.contains("=>") {
            for item in trimmed.split("\",") {
                if let Some((name, value)) = item.split_once("=>") {
                    let name = name.rsplit('"').nth(1).unwrap_or_default();
                    found.push((name, value.trim().trim_matches([')', ' ', '"'])));
                }
            }
        }
        for (name, value) in found {
            let place = line.find(value).filter(|_| !value.is_empty()).unwrap_or_default();
            let place = start.saturating_add(place);
            let span = place..place.saturating_add(value.len());
            let node = Node { span: span.clone(), value: Value::Text(value.to_owned()) };
            if let (Some(set), Some(group)) = (set(name, &node, &span), groups.last_mut()) {
                group.push(set);
            }
        }
        start = start.saturating_add(line.len());
    }
    groups
}
