//! What an expression of another program is shown to keep out: by the proof of `cors-origin-regex` (P9), for the whole origins
//! that the program finds the expression in.

use cors_core::OriginPattern;
use cors_origin_regex::{Dialect, Expression as Whole};
use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{AssertionKind, Ast, Flag, FlagsItemKind, GroupKind};

use super::{Engine, Expression};

/// What is shown of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Each origin that it matches lies in a domain that nobody else can register.
    Confined,
    /// That cannot be shown. Why, and what to write.
    Loose { reason: String, advice: String },
    /// It matches no origin. Why, and what to write.
    NoOrigin { reason: String, advice: Option<String> },
    /// The program reads it, and this project does not: look-around, references to groups.
    OfOtherEngines(String),
    /// No program reads it.
    Invalid(String),
}

pub(crate) fn prove(expression: &Expression) -> Proof {
    let ast = match Parser::new().parse(&expression.text) {
        Ok(ast) => ast,
        Err(error) => {
            let reason = error.kind().to_string();
            let looks = ["(?=", "(?!", "(?<", "(?>", "(?P=", "(?R", "(?|"];
            let is_foreign = looks.iter().any(|look| expression.text.contains(look))
                || expression.text.contains('\\')
                    && matches!(
                        error.kind(),
                        regex_syntax::ast::ErrorKind::UnsupportedBackreference
                            | regex_syntax::ast::ErrorKind::EscapeUnrecognized
                    );
            return if is_foreign && expression.engine != Engine::Linear {
                Proof::OfOtherEngines(reason)
            } else {
                Proof::Invalid(reason)
            };
        }
    };
    let dialect = if expression.engine == Engine::JavaScript { Dialect::JavaScript } else { Dialect::Python };
    let found = whole(expression, &ast);
    let read = match Whole::parse(&found, dialect) {
        Ok(read) => read,
        Err(error) => {
            return match regex::Regex::new(&expression.text) {
                Ok(_) => Proof::NoOrigin {
                    reason: error.to_string(),
                    advice: error
                        .advice()
                        .map(|advice| for_pattern(&expression.text).unwrap_or_else(|| advised(advice))),
                },
                Err(_) => Proof::Invalid(error.to_string()),
            };
        }
    };
    let Err(refusal) = read.confinement() else { return Proof::Confined };
    // What is at fault may be what no anchor stops.
    let anchored = whole(&Expression { from_start: true, to_end: true, ..expression.clone() }, &ast);
    match Whole::parse(&anchored, dialect).map(|anchored| anchored.confinement()) {
        Ok(Ok(_)) => Proof::Loose {
            reason: "an origin that only contains a match is let in, because nothing anchors it".to_owned(),
            advice: format!("write {}", with_anchors(expression, &ast)),
        },
        Ok(Err(refusal)) => Proof::Loose {
            reason: refusal.reason,
            advice: for_pattern(&expression.text).unwrap_or_else(|| advised(&refusal.advice)),
        },
        Err(_) => Proof::Loose { reason: refusal.reason, advice: advised(&refusal.advice) },
    }
}

/// Returns the advice for a text that is a pattern, which is meant, and not the expression that it is.
fn for_pattern(text: &str) -> Option<String> {
    let is_pattern = OriginPattern::parse(text).is_ok_and(|pattern| pattern.is_wildcard());
    is_pattern.then(|| format!("write ^{}$", super::expression_of(text)))
}

/// Returns the advice, which is for a policy's patterns, for a program that has expressions alone.
fn advised(advice: &str) -> String {
    let pattern = advice
        .split_whitespace()
        .map(|word| word.trim_end_matches([',', '.']))
        .find(|word| OriginPattern::parse(word).is_ok_and(|pattern| pattern.is_wildcard()));
    match pattern {
        Some(pattern) => format!("write ^{}$", super::expression_of(pattern)),
        None if advice.starts_with("write ") => advice.to_owned(),
        None => "list the origins".to_owned(),
    }
}

/// Returns the expression that matches a whole origin where the program finds `expression` in it.
fn whole(expression: &Expression, ast: &Ast) -> String {
    let mut parts = Vec::new();
    for branch in branches(ast) {
        let text = text_of(expression, branch);
        let is_at_start = expression.from_start || begins(branch) || spells_scheme(text);
        // A dot in front of the rest ends a label: what is in front of it is a scheme and labels.
        let is_after_label = text.starts_with(r"\.") || text.starts_with("[.]");
        let before = match (is_at_start, is_after_label) {
            (true, _) => "",
            (false, true) => r"https?://(?:[a-z0-9_-]+\.)*[a-z0-9_-]+",
            (false, false) => ".*",
        };
        let after = match expression.to_end || ends(branch) {
            true => "",
            // Behind a part of a port an origin has digits alone.
            false if ends_in_port(text) => "[0-9]*",
            false => ".*",
        };
        // In a group, so that it is not taken for a pattern.
        parts.push(format!("{before}(?:{text}){after}"));
    }
    let ignores_case = expression.ignore_case || has_case_flag(ast);
    let flag = if ignores_case { "(?i)" } else { "" };
    format!("{flag}{}", parts.join("|"))
}

/// Returns true for an expression that begins with `http://` or `https://`: no browser's origin has more in front of that.
fn spells_scheme(text: &str) -> bool {
    let text = text.trim_start_matches(['(', '?', ':']);
    let Some(rest) = text.strip_prefix("http") else { return false };
    let optional = ["(?:s)?", "(s)?", "[s]?", "(s?)", "s?", "s"];
    let rest = optional.iter().find_map(|s| rest.strip_prefix(s)).unwrap_or(rest);
    let rest = rest.trim_start_matches(')');
    rest.starts_with("://") || rest.starts_with(r":\/\/")
}

/// Returns true for an expression that ends with a colon and digits, which have to be there, in an origin without an IPv6 address.
fn ends_in_port(text: &str) -> bool {
    let Some((before, port)) = text.rsplit_once(':') else { return false };
    let digits = ["\\d", "[0-9]"].iter().find_map(|digit| port.strip_prefix(digit)).map(|count| {
        let inner = count.strip_prefix('{').and_then(|count| count.strip_suffix('}'));
        count.is_empty()
            || count == "+"
            || inner.is_some_and(|count| count.starts_with(|first: char| ('1'..='9').contains(&first)))
    });
    let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    before.contains("//") && !before.contains("\\[") && digits.unwrap_or(is_number)
}

fn with_anchors(expression: &Expression, ast: &Ast) -> String {
    let text = expression.text.as_str();
    // Who writes a pattern means it.
    if OriginPattern::parse(text).is_ok() {
        return format!("^{}$", super::expression_of(text));
    }
    let one = branches(ast).len() == 1;
    if one {
        let before = if begins(ast) { "" } else { "^" };
        let after = if ends(ast) { "" } else { "$" };
        return format!("{before}{text}{after}");
    }
    format!("^(?:{text})$")
}

fn text_of<'t>(expression: &'t Expression, ast: &Ast) -> &'t str {
    let span = ast.span();
    expression.text.get(span.start.offset..span.end.offset).unwrap_or_default()
}

/// Returns the alternatives that an expression consists of.
fn branches(ast: &Ast) -> Vec<&Ast> {
    match ast {
        Ast::Alternation(alternation) => alternation.asts.iter().flat_map(branches).collect(),
        Ast::Group(group) if !matches!(&group.kind, GroupKind::NonCapturing(flags) if !flags.items.is_empty()) => {
            branches(&group.ast)
        }
        _ => vec![ast],
    }
}

fn begins(ast: &Ast) -> bool {
    match ast {
        Ast::Assertion(assertion) => {
            matches!(assertion.kind, AssertionKind::StartLine | AssertionKind::StartText)
        }
        Ast::Group(group) => begins(&group.ast),
        Ast::Alternation(alternation) => alternation.asts.iter().all(begins),
        Ast::Concat(concat) => {
            concat.asts.iter().find(|ast| !matches!(ast, Ast::Flags(_))).is_some_and(begins)
        }
        _ => false,
    }
}

fn ends(ast: &Ast) -> bool {
    match ast {
        Ast::Assertion(assertion) => {
            matches!(assertion.kind, AssertionKind::EndLine | AssertionKind::EndText)
        }
        Ast::Group(group) => ends(&group.ast),
        Ast::Alternation(alternation) => alternation.asts.iter().all(ends),
        Ast::Concat(concat) => concat.asts.last().is_some_and(ends),
        _ => false,
    }
}

/// Returns true if the expression asks that case does not count, anywhere.
fn has_case_flag(ast: &Ast) -> bool {
    let is_case = |items: &[regex_syntax::ast::FlagsItem]| {
        items.iter().any(|item| item.kind == FlagsItemKind::Flag(Flag::CaseInsensitive))
    };
    match ast {
        Ast::Flags(set) => is_case(&set.flags.items),
        Ast::Group(group) => {
            matches!(&group.kind, GroupKind::NonCapturing(flags) if is_case(&flags.items))
                || has_case_flag(&group.ast)
        }
        Ast::Repetition(repetition) => has_case_flag(&repetition.ast),
        Ast::Alternation(alternation) => alternation.asts.iter().any(has_case_flag),
        Ast::Concat(concat) => concat.asts.iter().any(has_case_flag),
        _ => false,
    }
}
