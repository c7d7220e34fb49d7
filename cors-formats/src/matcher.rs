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

/// Returns origins that a stranger can have, and that the matcher lets in: by the text, or by each text that an expression stands for.
pub(crate) fn witnesses(text: &str, matcher: &Matcher) -> Vec<String> {
    let Some(regex) = matcher.regex() else { return Vec::new() };
    let mut texts = match matcher {
        Matcher::Expression(expression) => shape::texts(expression),
        _ => Vec::new(),
    };
    texts.push(plain_text(text));
    let mut witnesses: Vec<String> = Vec::new();
    for text in texts {
        let (scheme, host) = text.split_once("://").unwrap_or(("https", text.as_str()));
        let scheme = if scheme.starts_with("http") && scheme.len() > 5 { "https" } else { scheme };
        let host = host.trim_start_matches('.');
        for other in strangers(host, text.contains("://.") || text.starts_with('.')) {
            let origin = format!("{scheme}://{other}");
            if is_registrable_beside(&other, host)
                && cors_core::Origin::parse(origin.as_bytes()).is_ok()
                && regex.is_match(&origin)
                && !witnesses.contains(&origin)
            {
                witnesses.push(origin);
            }
        }
    }
    witnesses
}

/// Returns the text that a person reads in an expression or a glob.
fn plain_text(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' => plain.extend(rest.next().map(|escaped| if escaped == 'd' { '1' } else { escaped })),
            '^' | '$' | '(' | ')' | '?' | '*' | '+' => {}
            '|' => break,
            character => plain.push(character),
        }
    }
    ["[a-z0-9-]", "[a-z0-9_-]", "[^.]", "[A-Za-z0-9-]"]
        .iter()
        .fold(plain.replace("[.]", "."), |plain, class| plain.replace(class, "a"))
}

/// Returns names that look like a host to a matcher, and are others.
fn strangers(host: &str, is_domain: bool) -> Vec<String> {
    // What stands for labels in front of a domain.
    let prefix = if is_domain { "a." } else { "" };
    let mut names = vec![format!("{prefix}{host}.evil.example"), format!("{prefix}{host}evil.example")];
    names.push(format!("evil{host}"));
    if is_domain {
        names.extend([format!("x{host}"), format!("{host}.evil.example")]);
    }
    let host = format!("{prefix}{host}");
    for (index, _) in host.match_indices('.') {
        let mut changed = host.clone();
        changed.replace_range(index..index.saturating_add(1), "x");
        names.push(changed);
    }
    // An address is somebody's as it stands.
    let without_port = host.split(':').next().unwrap_or_default().to_owned();
    if is_address(&without_port) {
        names.extend([without_port, host]);
    }
    names
}

/// Returns true for a name that a stranger can register who has not the domain of `host`: it ends in the same suffix, or in the one of
/// examples; and for an address of the internet.
fn is_registrable_beside(name: &str, host: &str) -> bool {
    let without_port = |host: &str| host.split(':').next().unwrap_or_default().to_owned();
    let (name, host) = (without_port(name), without_port(host));
    if is_address(&name) {
        return !is_local_address(&name);
    }
    let last = |host: &str| host.rsplit('.').next().unwrap_or_default().to_owned();
    let is_suffix =
        last(&name) == "example" || name.contains('.') && last(&name) == last(&host) && host.contains('.');
    let own = own_domain(&host);
    is_suffix && name != own && !name.ends_with(&format!(".{own}")) && !cors_core::is_public_suffix(&name)
}

/// Returns the domain that the owner of a host has registered.
fn own_domain(host: &str) -> &str {
    let mut own = host;
    while let Some((_, parent)) = own.split_once('.') {
        if cors_core::is_public_suffix(parent) {
            break;
        }
        own = parent;
    }
    own
}

/// Returns true for an IPv4 address.
pub(crate) fn is_address(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>().is_ok()
}

/// Returns true for an address of this machine, or of a network that nobody else is in.
fn is_local_address(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>()
        .is_ok_and(|address| address.is_private() || address.is_loopback() || address.is_link_local())
}
