//! Regular expressions that say what a pattern says: read from their syntax, and refused where a pattern would not say the
//! same.

use cors_core::OriginPattern;
use regex_syntax::Parser;
use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

use super::{Carried, Expression};

/// How many texts an expression may stand for.
const MOST: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Text(String),
    /// A character of any kind: mostly a dot that was to be escaped.
    Character,
    /// Some characters of a label.
    Label,
    /// Labels, each with its dot.
    Labels,
    /// Any characters.
    Characters,
    /// A colon and digits.
    Port,
    Start,
    End,
}

pub(super) fn carried(expression: &Expression) -> Carried {
    let hir = match Parser::new().parse(&expression.text) {
        Ok(hir) => hir,
        Err(error) => {
            return Carried::left_out(format!(
                "it cannot be read: {}",
                error.to_string().lines().last().unwrap_or_default().trim()
            ));
        }
    };
    let Some(sequences) = sequences(&hir) else {
        return Carried::left_out("no patterns say the same");
    };
    let mut carried = Carried::default();
    let mut ports = Vec::new();
    for sequence in sequences {
        let mut sequence = joined(sequence);
        let starts = sequence.first() == Some(&Token::Start);
        let ends = sequence.last() == Some(&Token::End);
        sequence.retain(|token| !matches!(token, Token::Start | Token::End));
        if !ends && !expression.to_end {
            carried.note = Some("the end is anchored now".to_owned());
        }
        let begins_with_scheme = matches!(sequence.first(), Some(Token::Text(text)) if text.contains("://") || "http".starts_with(text.as_str()));
        if !starts && !expression.from_start && !begins_with_scheme {
            return Carried::left_out("it says nothing of the scheme, or of what stands before");
        }
        let Some((pattern, note, wider, port)) = pattern(&sequence) else {
            return Carried::left_out("no patterns say the same");
        };
        if let Err(error) = OriginPattern::parse(&pattern) {
            return Carried::left_out(error.to_string());
        }
        if port {
            ports.push(pattern.clone());
        }
        carried.patterns.push(pattern);
        carried.note = carried.note.or(note);
        carried.wider = carried.wider.or(wider);
    }
    // `(:[0-9]+)?` gives two texts, of which one is the other's any port.
    for pattern in ports {
        let Some(plain) = pattern.strip_suffix(":*") else { continue };
        if carried.patterns.iter().any(|other| other == plain) {
            carried.patterns.retain(|other| other != plain);
        } else {
            carried.wider = Some(format!("`:*` also allows the default port, {plain}"));
        }
    }
    carried.patterns.dedup();
    carried
}

/// Returns a text for each way through an expression, if they are few: a dot for any character, and `a` for a label.
pub(super) fn texts(expression: &Expression) -> Vec<String> {
    let hir = Parser::new().parse(&expression.text).ok();
    let sequences = hir.as_ref().and_then(sequences).unwrap_or_default();
    let text = |token: Token| match token {
        Token::Text(text) => text,
        Token::Character => ".".to_owned(),
        Token::Label => "a".to_owned(),
        Token::Labels => "a.".to_owned(),
        Token::Characters | Token::Start | Token::End => String::new(),
        Token::Port => ":8080".to_owned(),
    };
    sequences.into_iter().map(|sequence| sequence.into_iter().map(text).collect()).collect()
}

/// Returns the pattern, what it does not allow, what it allows besides, and whether it has any port.
fn pattern(sequence: &[Token]) -> Option<(String, Option<String>, Option<String>, bool)> {
    let mut pattern = String::new();
    let (mut note, mut wider, mut port) = (None, None, false);
    for (index, token) in sequence.iter().enumerate() {
        let follows_dot =
            |token: Option<&Token>| matches!(token, Some(Token::Text(text)) if text.starts_with('.'));
        let next = sequence.get(index.saturating_add(1));
        match token {
            Token::Text(text) => pattern.push_str(text),
            Token::Character => {
                pattern.push('.');
                note = Some("a dot that stood for any character stands for itself".to_owned());
            }
            Token::Labels => {
                if !pattern.ends_with("://") {
                    return None;
                }
                pattern.push_str("*.");
            }
            Token::Label => {
                if pattern.ends_with("://") && follows_dot(next) {
                    wider = Some("one label stands there, and any number in a policy".to_owned());
                }
                pattern.push('*');
            }
            Token::Characters => {
                let is_whole_label = pattern.ends_with("://") && follows_dot(next);
                if !is_whole_label {
                    note = Some("the `*` no longer stands for a dot".to_owned());
                }
                pattern.push('*');
            }
            Token::Port => {
                pattern.push_str(":*");
                port = true;
            }
            Token::Start | Token::End => return None,
        }
    }
    Some((pattern, note, wider, port))
}

fn joined(sequence: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::new();
    for token in sequence {
        match (joined.last_mut(), token) {
            (Some(Token::Text(text)), Token::Text(more)) => text.push_str(&more),
            (_, token) => joined.push(token),
        }
    }
    joined
}

/// Returns the sequences of tokens that the expression matches, if it has such.
fn sequences(hir: &Hir) -> Option<Vec<Vec<Token>>> {
    match hir.kind() {
        HirKind::Empty => Some(vec![Vec::new()]),
        HirKind::Literal(literal) => {
            let text = str::from_utf8(&literal.0).ok()?;
            Some(vec![vec![Token::Text(text.to_owned())]])
        }
        HirKind::Look(Look::Start) => Some(vec![vec![Token::Start]]),
        HirKind::Look(Look::End) => Some(vec![vec![Token::End]]),
        HirKind::Look(_) => None,
        HirKind::Class(class) => match kind(class)? {
            Kind::One(texts) => Some(texts.into_iter().map(|text| vec![Token::Text(text)]).collect()),
            Kind::Any => Some(vec![vec![Token::Character]]),
            Kind::Label | Kind::Digits => None,
        },
        HirKind::Capture(capture) => sequences(&capture.sub),
        HirKind::Concat(parts) => {
            if let [colon, digits] = parts.as_slice()
                && is_port(colon, digits)
            {
                return Some(vec![vec![Token::Port]]);
            }
            let mut all = vec![Vec::new()];
            let mut index = 0;
            while let Some(part) = parts.get(index) {
                let next = parts.get(index + 1);
                // `:[0-9]+` may stand at the end of a literal.
                let port = match (part.kind(), next) {
                    (HirKind::Literal(literal), Some(next))
                        if is_digits(next) && literal.0.ends_with(b":") =>
                    {
                        Some(literal.0.len().saturating_sub(1))
                    }
                    _ => None,
                };
                let found = if let (Some(len), HirKind::Literal(literal)) = (port, part.kind()) {
                    index += 1;
                    let text = str::from_utf8(literal.0.get(..len)?).ok()?;
                    vec![vec![Token::Text(text.to_owned()), Token::Port]]
                } else {
                    sequences(part)?
                };
                index += 1;
                all = all
                    .iter()
                    .flat_map(|before: &Vec<Token>| {
                        found.iter().map(move |after| before.iter().chain(after).cloned().collect())
                    })
                    .collect();
                if all.len() > MOST {
                    return None;
                }
            }
            Some(all)
        }
        HirKind::Alternation(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(sequences(part)?);
                if all.len() > MOST {
                    return None;
                }
            }
            Some(all)
        }
        HirKind::Repetition(repetition) => repeated(repetition),
    }
}

fn repeated(repetition: &Repetition) -> Option<Vec<Vec<Token>>> {
    let inner = uncaptured(&repetition.sub);
    if (repetition.min, repetition.max) == (0, Some(1)) {
        let mut all = sequences(inner)?;
        all.insert(0, Vec::new());
        return Some(all);
    }
    if repetition.max.is_some_and(|max| max < 30) {
        return None;
    }
    match inner.kind() {
        HirKind::Class(class) => match (kind(class)?, repetition.min) {
            (Kind::Label, 1) => Some(vec![vec![Token::Label]]),
            (Kind::Any, 0 | 1) => Some(vec![vec![Token::Characters]]),
            _ => None,
        },
        HirKind::Concat(parts) => {
            let [label, dot] = parts.as_slice() else { return None };
            let is_dot = matches!(uncaptured(dot).kind(), HirKind::Literal(literal) if &*literal.0 == b".");
            let is_label = matches!(sequences(label)?.as_slice(), [tokens] if *tokens == [Token::Label]);
            if !(is_dot && is_label) {
                return None;
            }
            let mut all = vec![vec![Token::Labels]];
            if repetition.min == 0 {
                all.insert(0, Vec::new());
            }
            (repetition.min <= 1).then_some(all)
        }
        _ => None,
    }
}

fn uncaptured(hir: &Hir) -> &Hir {
    match hir.kind() {
        HirKind::Capture(capture) => uncaptured(&capture.sub),
        _ => hir,
    }
}

fn is_port(colon: &Hir, digits: &Hir) -> bool {
    matches!(uncaptured(colon).kind(), HirKind::Literal(literal) if &*literal.0 == b":") && is_digits(digits)
}

fn is_digits(hir: &Hir) -> bool {
    match uncaptured(hir).kind() {
        HirKind::Repetition(repetition) => {
            let is_digit = matches!(
                uncaptured(&repetition.sub).kind(),
                HirKind::Class(class) if matches!(kind(class), Some(Kind::Digits))
            );
            is_digit && repetition.min == 1 && repetition.max.is_none_or(|max| max >= 5)
        }
        _ => false,
    }
}

enum Kind {
    One(Vec<String>),
    Label,
    Digits,
    Any,
}

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";

fn kind(class: &Class) -> Option<Kind> {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Unicode(class) => {
            class.ranges().iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect()
        }
        Class::Bytes(class) => {
            class.ranges().iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect()
        }
    };
    let has =
        |character: char| ranges.iter().any(|(start, end)| (*start..=*end).contains(&u32::from(character)));
    let has_all = |characters: &str| characters.chars().all(has);
    if has_all(LETTERS) && has_all(DIGITS) {
        return Some(if has('.') { Kind::Any } else { Kind::Label });
    }
    if has_all(DIGITS) && !has('a') && !has('.') {
        return Some(Kind::Digits);
    }
    let mut texts: Vec<String> = Vec::new();
    for (start, end) in ranges {
        for code in start..=end {
            let text = char::from_u32(code)?.to_lowercase().to_string();
            if !texts.contains(&text) {
                texts.push(text);
            }
            if texts.len() > 3 {
                return None;
            }
        }
    }
    Some(Kind::One(texts))
}
