//! [`Matcher`]: what an origin's text means in a format, as code that can be asked about an origin.
//!
//! Takes a text of a configuration. Tells which origins it lets in, and which patterns of a policy (P) allow the same.

mod proof;
mod shape;

use cors_core::OriginPattern;
pub(crate) use cors_diagnosis::stack::expression as expression_of;
pub(crate) use proof::{Proof, prove};
use regex::{Regex, RegexBuilder};

/// How a text is compared with an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Matcher {
    Any,
    Exact {
        text: String,
        ignore_case: bool,
    },
    /// The whole origin, with a star or several.
    Glob {
        text: String,
        star: Star,
        ignore_case: bool,
    },
    Expression(Expression),
    /// The program takes the text, and it matches no origin. Why, and what to write.
    Never {
        why: String,
        fix: String,
    },
    /// Only the program knows.
    Unknown,
}

/// What a `*` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Star {
    /// Any characters, dots included, or none.
    Characters,
    /// One label, or a part of one.
    Label,
    /// One label or several.
    Labels,
}

/// A regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expression {
    pub(crate) text: String,
    pub(crate) ignore_case: bool,
    /// Whether the program matches from the origin's first byte, whatever the expression says.
    pub(crate) from_start: bool,
    /// Whether it matches to the last.
    pub(crate) to_end: bool,
    pub(crate) engine: Engine,
}

/// What a program matches expressions with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// RE2, or that of Go: an expression is invalid with look-around, or with a reference to a group.
    Linear,
    /// PCRE, Python's, Java's: look-around is taken.
    Backtracking,
    /// `RegExp` of JavaScript, which takes look-around, too.
    JavaScript,
}

/// The patterns of a policy that stand for an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Carried {
    pub(crate) patterns: Vec<String>,
    /// How the patterns differ, where nobody is let in who was not meant.
    pub(crate) note: Option<String>,
    /// Whom the patterns let in besides.
    pub(crate) wider: Option<String>,
    /// Why there are no patterns.
    pub(crate) left_out: Option<String>,
}

impl Carried {
    fn exactly(pattern: impl Into<String>) -> Self {
        Carried { patterns: vec![pattern.into()], ..Carried::default() }
    }

    fn left_out(why: impl Into<String>) -> Self {
        Carried { left_out: Some(why.into()), ..Carried::default() }
    }
}

impl Matcher {
    pub(crate) fn exact(text: &str) -> Self {
        Matcher::Exact { text: text.to_owned(), ignore_case: false }
    }

    pub(crate) fn glob(text: &str, star: Star) -> Self {
        match text {
            "*" => Matcher::Any,
            _ if text.contains('*') => Matcher::Glob { text: text.to_owned(), star, ignore_case: false },
            _ => Matcher::exact(text),
        }
    }

    /// Returns the expression to ask about origins. None for what cannot be asked.
    pub(crate) fn regex(&self) -> Option<Regex> {
        let (text, ignore_case) = match self {
            Matcher::Any => ("^.+$".to_owned(), false),
            Matcher::Exact { text, ignore_case } => (format!("^{}$", regex::escape(text)), *ignore_case),
            Matcher::Glob { text, star, ignore_case } => {
                let star = match star {
                    Star::Characters => ".*",
                    Star::Label => "[A-Za-z0-9-]+",
                    Star::Labels => r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*",
                };
                (format!("^{}$", regex::escape(text).replace(r"\*", star)), *ignore_case)
            }
            Matcher::Expression(expression) => {
                let start = if expression.from_start { "^" } else { "" };
                let end = if expression.to_end { "$" } else { "" };
                (format!("{start}(?:{}){end}", expression.text), expression.ignore_case)
            }
            Matcher::Never { .. } | Matcher::Unknown => return None,
        };
        RegexBuilder::new(&text).case_insensitive(ignore_case).size_limit(1 << 20).build().ok()
    }

    /// Returns the patterns that allow what the entry allows.
    pub(crate) fn carried(&self) -> Carried {
        match self {
            Matcher::Any => Carried::exactly("*"),
            Matcher::Exact { text, .. } => match OriginPattern::parse(text) {
                Ok(pattern) if !pattern.is_wildcard() => Carried::exactly(text),
                Ok(_) => Carried::left_out("the `*` is compared as a character, so it matches no origin"),
                Err(error) => Carried::left_out(error.to_string()),
            },
            Matcher::Glob { text, star, .. } => glob(text, *star),
            Matcher::Expression(expression) => shape::carried(expression),
            Matcher::Never { why, .. } => Carried::left_out(why.clone()),
            Matcher::Unknown => Carried::left_out("its value is known to the program alone"),
        }
    }
}

fn glob(text: &str, star: Star) -> Carried {
    if let Some(rest) = text.strip_prefix("http*://") {
        let patterns = vec![format!("http://{rest}"), format!("https://{rest}")];
        let is_one = |pattern: &String| OriginPattern::parse(pattern).is_ok();
        if star == Star::Characters && patterns.iter().all(is_one) {
            let mut carried = Carried { patterns, ..Carried::default() };
            if rest.contains('*') {
                carried.note = Some("a `*` inside a label no longer stands for a dot".to_owned());
            }
            return carried;
        }
    }
    let pattern = match OriginPattern::parse(text) {
        Ok(pattern) => pattern,
        Err(error) => return Carried::left_out(error.to_string()),
    };
    let mut carried = Carried::exactly(pattern.as_str());
    let host = text.split_once("://").map_or(text, |(_, host)| host);
    if host.ends_with(":*") {
        carried.wider =
            Some(format!("`:*` also allows the default port, {}", text.strip_suffix(":*").unwrap_or(text)));
    }
    let label = host.split(['.', ':']).next().unwrap_or_default();
    match (label, star) {
        ("*", Star::Label) => {
            carried.wider = Some("one label stands for the `*` there, and any number in a policy".to_owned());
        }
        (label, Star::Characters) if label != "*" && label.contains('*') => {
            carried.note = Some("the `*` no longer stands for a dot".to_owned());
        }
        _ => {}
    }
    carried
}

/// Returns origins that the text was hardly meant to let in and the matcher does.
pub(crate) fn witnesses(text: &str, matcher: &Matcher) -> Vec<String> {
    let Some(regex) = matcher.regex() else { return Vec::new() };
    let mut plain = String::new();
    let mut rest = text.chars().peekable();
    // The text that a person reads in an expression or a glob.
    while let Some(character) = rest.next() {
        match character {
            '\\' => plain.extend(rest.next().map(|escaped| if escaped == 'd' { '1' } else { escaped })),
            '^' | '$' | '(' | ')' | '?' | ':' if character != ':' => {}
            '*' | '+' => {}
            '|' => break,
            character => plain.push(character),
        }
    }
    let plain = plain
        .replace("[a-z0-9-]", "a")
        .replace("[a-z0-9_-]", "a")
        .replace("[^.]", "a")
        .replace("[.]", ".")
        .replace("[A-Za-z0-9-]", "a");
    let (scheme, host) = plain.split_once("://").unwrap_or(("https", plain.as_str()));
    let scheme = if scheme.starts_with("http") && scheme.len() > 5 { "https" } else { scheme };
    // What stands for labels in front of a domain.
    let prefix = if host.starts_with('.') { "a." } else { "" };
    let host = &format!("{prefix}{}", host.trim_start_matches('.'));
    let mut candidates = vec![
        format!("{scheme}://{host}.evil.example"),
        format!("{scheme}://evil.example?{host}"),
        format!("{scheme}://{host}evil.example"),
    ];
    if prefix.is_empty() {
        candidates.insert(1, format!("{scheme}://evil{host}"));
    }
    if let Some(domain) = host.strip_prefix(prefix).filter(|_| !prefix.is_empty()) {
        candidates.push(format!("{scheme}://x{domain}"));
        candidates.push(format!("{scheme}://{domain}.evil.example"));
    }
    for (index, _) in host.match_indices('.') {
        let mut changed = host.to_owned();
        changed.replace_range(index..index.saturating_add(1), "x");
        candidates.push(format!("{scheme}://{changed}"));
    }
    let is_let_in =
        |origin: &String| cors_core::Origin::parse(origin.as_bytes()).is_ok() && regex.is_match(origin);
    candidates.retain(is_let_in);
    candidates.dedup();
    candidates.truncate(1);
    candidates
}
