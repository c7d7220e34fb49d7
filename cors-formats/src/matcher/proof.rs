//! What an expression of another program is shown to keep out: by the proof of `cors-origin-regex` (P9), for the whole origins
//! that the program finds the expression in.

use cors_core::OriginPattern;
use cors_origin_regex::{Dialect, Expression as Whole, Refusal};
use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{AssertionKind, Ast, Flag, FlagsItemKind, GroupKind};
use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

use super::{Engine, Expression};

/// What is shown of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Each origin that it matches lies in a domain that nobody else can register, or is an address of a network of one's own.
    Confined {
        /// Whether it may be one of http.
        may_be_insecure: bool,
    },
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
                    advice: error.advice().map(|advice| {
                        for_pattern(&expression.text).unwrap_or_else(|| advised(advice, &expression.text))
                    }),
                },
                Err(_) => Proof::Invalid(error.to_string()),
            };
        }
    };
    let refusal = match confined(&read) {
        Ok(may_be_insecure) => return Proof::Confined { may_be_insecure },
        Err(refusal) => refusal,
    };
    let text = expression.text.as_str();
    // What is at fault may be what no anchor stops.
    let anchored = whole(&Expression { from_start: true, to_end: true, ..expression.clone() }, &ast);
    match Whole::parse(&anchored, dialect).map(|anchored| confined(&anchored)) {
        Ok(Ok(_)) => Proof::Loose {
            reason: "an origin that only contains a match is let in, because nothing anchors it".to_owned(),
            advice: format!("write {}", with_anchors(expression, &ast)),
        },
        Ok(Err(refusal)) => Proof::Loose {
            reason: refusal.reason,
            advice: for_pattern(text).unwrap_or_else(|| advised(&refusal.advice, text)),
        },
        Err(_) => Proof::Loose { reason: refusal.reason, advice: advised(&refusal.advice, text) },
    }
}

/// Returns whether an origin of http may be among those that an expression matches, if strangers are not.
fn confined(read: &Whole) -> Result<bool, Refusal> {
    let Err(refusal) = read.confinement() else { return Ok(read.may_be_insecure()) };
    of_addresses(read.as_str()).ok_or(refusal)
}

/// Returns whether origins may be insecure that differ in their digits alone, and are addresses of one's own network: so is the least and
/// the greatest of each digit, and what is no address is the same in both.
fn of_addresses(whole: &str) -> Option<bool> {
    // Origins are in lower case.
    let whole = whole.strip_prefix("(?i)").unwrap_or(whole);
    let hir = regex_syntax::Parser::new().parse(whole).ok()?;
    let mut hosts: Vec<Vec<String>> = Vec::new();
    let mut may_be_insecure = false;
    for is_least in [true, false] {
        let text = with_digit(&hir, is_least).to_string();
        let spelled = Whole::parse(&text, Dialect::Python).ok()?;
        let places = spelled.confinement().ok()?.places;
        may_be_insecure |= spelled.may_be_insecure();
        let names =
            places.into_iter().filter(|place| place.is_wildcard || !super::is_local_address(&place.host));
        hosts.push(names.map(|place| format!("{place:?}")).collect());
    }
    matches!(hosts.as_slice(), [least, greatest] if least == greatest).then_some(may_be_insecure)
}

/// Returns the expression with one digit in place of each class of digits, and of each run of them.
fn with_digit(hir: &Hir, is_least: bool) -> Hir {
    let each = |parts: &[Hir]| parts.iter().map(|part| with_digit(part, is_least)).collect();
    match hir.kind() {
        HirKind::Class(class) => match digit(class, is_least) {
            Some(digit) => Hir::literal([digit]),
            None => hir.clone(),
        },
        HirKind::Repetition(repetition) => match repetition.sub.kind() {
            HirKind::Class(class) if digit(class, is_least).is_some() => {
                with_digit(&repetition.sub, is_least)
            }
            _ => {
                let sub = Box::new(with_digit(&repetition.sub, is_least));
                Hir::repetition(Repetition { sub, ..repetition.clone() })
            }
        },
        HirKind::Capture(capture) => with_digit(&capture.sub, is_least),
        HirKind::Concat(parts) => Hir::concat(each(parts)),
        HirKind::Alternation(parts) => Hir::alternation(each(parts)),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Look(_) => hir.clone(),
    }
}

/// Returns the least or the greatest ASCII digit of a class that has nothing else an origin may have.
fn digit(class: &Class, is_least: bool) -> Option<u8> {
    let Class::Unicode(class) = class else { return None };
    let characters = class.ranges().iter().flat_map(|range| range.start()..=range.end().min('\u{7f}'));
    let digits: Vec<char> = characters.take(11).collect();
    let is_digits = digits.iter().all(char::is_ascii_digit);
    let chosen = if is_least { digits.first() } else { digits.last() };
    chosen.filter(|_| is_digits).and_then(|digit| u8::try_from(*digit).ok())
}

/// Returns the advice for a text that is a pattern, which is meant, and not the expression that it is.
fn for_pattern(text: &str) -> Option<String> {
    let is_pattern = OriginPattern::parse(text).is_ok_and(|pattern| pattern.is_wildcard());
    is_pattern.then(|| format!("write ^{}$", super::expression_of(text)))
}

/// Returns the advice, which is for a policy's patterns, for a program that has expressions alone.
fn advised(advice: &str, text: &str) -> String {
    // The domain of an example is none that the expression has.
    let plain = text.replace('\\', "").replace("[.]", ".");
    let is_meant = |word: &&str| {
        word.split_once("://*.").is_none_or(|(_, domain)| plain.contains(domain.trim_end_matches(":*")))
    };
    let pattern = advice
        .split_whitespace()
        .map(|word| word.trim_end_matches([',', '.']))
        .find(|word| is_meant(word) && OriginPattern::parse(word).is_ok_and(|pattern| pattern.is_wildcard()));
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
