//! A function that is the `origin` of npm `cors` and its like: which origins it lets in, where its text tells.

use super::express::Origins;
use crate::matcher::{Engine, Expression, Matcher};
use crate::node::Node;
use crate::rule::OriginEntry;

/// Returns what a function does with origins, or none where only running it tells.
pub(super) fn origins(text: &str, node: &Node, named: &dyn Fn(&str) -> Option<Node>) -> Option<Origins> {
    let body = without_comments(text);
    let is_function = body.contains("=>") || body.starts_with("function") || body.contains(") {");
    if !is_function {
        return None;
    }
    let squeezed: String = body.split_whitespace().collect();
    let lets_in = squeezed.contains("(null,true)") || squeezed.contains("(undefined,true)");
    let echoes = squeezed.contains("(null,origin)") || squeezed.contains("=>origin");
    let refuses =
        squeezed.contains("false") || squeezed.contains("Error") || squeezed.contains("(null,null)");
    let asks = [
        "if(",
        "?",
        "&&",
        "||",
        ".includes(",
        ".indexOf(",
        ".test(",
        "==",
        ".has(",
        ".some(",
        "switch(",
        "await",
    ]
    .iter()
    .any(|sign| squeezed.contains(sign));
    if (lets_in || echoes || squeezed.ends_with("=>true")) && !refuses && !asks {
        return Some(Origins::Any);
    }
    let mut entries: Vec<OriginEntry> = Vec::new();
    let add = |entries: &mut Vec<OriginEntry>, text: &str, matcher: Matcher| {
        entries.push(OriginEntry { text: text.to_owned(), span: node.span.clone(), matcher });
    };
    // A test of a part of the origin, which a stranger's has as well.
    for (call, from_start, to_end) in [
        ("origin.endsWith(", false, true),
        ("origin.includes(", false, false),
        ("origin.startsWith(", true, false),
    ] {
        for rest in squeezed.split(call).skip(1) {
            let quote = rest.chars().next().filter(|quote| "'\"`".contains(*quote))?;
            let literal = rest.get(1..)?.split(quote).next()?;
            if literal.contains("${") {
                return None;
            }
            let expression = Expression {
                text: regex::escape(literal),
                ignore_case: false,
                from_start,
                to_end,
                engine: Engine::JavaScript,
            };
            add(&mut entries, literal, Matcher::Expression(expression));
        }
    }
    let rest = ["origin.endsWith(", "origin.includes(", "origin.startsWith("]
        .iter()
        .fold(squeezed.clone(), |rest, call| rest.replace(call, ""));
    // `list.includes(origin)`, where the list is written in the program.
    let mut lists = 0_usize;
    for call in [".includes(origin)", ".indexOf(origin)"] {
        for before in
            rest.split(call).collect::<Vec<_>>().split_last().map(|(_, before)| before).unwrap_or_default()
        {
            let start = before
                .rfind(|character: char| !(character.is_alphanumeric() || "_$".contains(character)))
                .map_or(0, |place| place.saturating_add(1));
            let list = named(before.get(start..)?)?;
            lists = lists.saturating_add(1);
            for item in list.items() {
                let text = item.text()?;
                entries.push(OriginEntry {
                    text: text.to_owned(),
                    span: item.span.clone(),
                    matcher: Matcher::exact(text),
                });
            }
        }
    }
    let is_partly_known = [".test(", ".some(", ".match(", "process.env", "await", ".has("]
        .iter()
        .any(|sign| squeezed.contains(sign));
    let is_judged = !entries.is_empty() && (refuses || lists > 0 && squeezed.contains("origin:"));
    (is_judged || !entries.is_empty() && lists == 0).then_some(Origins::Listed(entries, is_partly_known))
}

fn without_comments(text: &str) -> String {
    let mut plain = String::new();
    for line in text.lines() {
        let comment = line
            .match_indices("//")
            .find(|(place, _)| !line.get(..*place).unwrap_or_default().ends_with(':'));
        plain.push_str(comment.map_or(line, |(place, _)| line.get(..place).unwrap_or_default()));
        plain.push('\n');
    }
    plain.trim().to_owned()
}
