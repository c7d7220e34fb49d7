//! What to write instead of a text that is not a pattern (rule P2): its canonical form, if it has one.

use core::fmt;

use crate::pattern::canonical::{self, Text};
use crate::pattern::error_kind::PatternErrorKind;
use crate::pattern::grammar;
use crate::text::{contains, split_once};

/// What to do about a problem, in the imperative: "write `https://example.com`". Renders with [`Display`].
///
/// [`Display`]: fmt::Display
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice<'a>(Kind<'a>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind<'a> {
    Fixed(&'static str),
    Write(Text),
    WriteWord(&'a str),
    AddScheme(Text),
    /// What has risks of these names, which are not accepted.
    Risky {
        verb: &'static str,
        text: Text,
        risks: [Option<&'static str>; 2],
    },
}

impl<'a> Advice<'a> {
    pub(crate) fn fixed(text: &'static str) -> Self {
        Advice(Kind::Fixed(text))
    }

    pub(crate) fn write_word(word: &'a str) -> Self {
        Advice(Kind::WriteWord(word))
    }

    /// Returns the advice to write the same text and to accept the risks that it has: two at most.
    pub(crate) fn with_risks(self, mut risks: impl Iterator<Item = &'static str>) -> Self {
        let risks = [risks.next(), risks.next()];
        if risks[0].is_none() {
            return self;
        }
        let verb = if matches!(self.0, Kind::AddScheme(_)) { "add the scheme:" } else { "write" };
        match self.replacement().map(Text::try_from) {
            Some(Ok(text)) => Advice(Kind::Risky { verb, text, risks }),
            _ => self,
        }
    }

    /// Returns the text that an editor can put in place of the one at fault; `None` if the advice names none.
    pub fn replacement(&self) -> Option<&str> {
        match &self.0 {
            Kind::Fixed(_) => None,
            Kind::Write(text) | Kind::AddScheme(text) | Kind::Risky { text, .. } => Some(text),
            Kind::WriteWord(word) => Some(word),
        }
    }
}

impl fmt::Display for Advice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Fixed(text) => f.write_str(text),
            Kind::Write(text) => write!(f, "write {text}"),
            Kind::WriteWord(word) => write!(f, "write {word}"),
            Kind::AddScheme(text) => write!(f, "add the scheme: {text}"),
            Kind::Risky { verb, text, risks: [first, second] } => {
                let s = if second.is_some() { "s" } else { "" };
                write!(f, "{verb} {text}, and add its risk{s} {}", first.unwrap_or_default())?;
                second.map_or(Ok(()), |risk| write!(f, " and {risk}"))?;
                f.write_str(" to accept_risks")
            }
        }
    }
}

/// Returns the name that says most about what is wrong with `text`, which the grammar refused with `found`.
pub(crate) fn diagnose(text: &str, found: PatternErrorKind) -> PatternErrorKind {
    let text = trim(text);
    let scheme = split_once(text, "://").map(|(scheme, _)| scheme);
    let has_scheme = |names: &[&str]| {
        scheme.is_some_and(|scheme| names.iter().any(|name| name.eq_ignore_ascii_case(scheme)))
    };
    if text.is_empty() {
        PatternErrorKind::Empty
    } else if looks_like_a_regular_expression(text) {
        PatternErrorKind::RegularExpression
    } else if is_list(text) {
        PatternErrorKind::List
    } else if has_scheme(&["ws", "wss"]) {
        PatternErrorKind::WebSocketScheme
    } else if has_scheme(&["file"]) && !text.eq_ignore_ascii_case(grammar::LOCAL_FILE_ORIGIN) {
        PatternErrorKind::FileScheme
    } else if is_word(text) || canonical::of(text).is_some() || canonical::is_internationalized(text) {
        PatternErrorKind::NotCanonical
    } else if canonical::with_scheme(text).is_some() {
        PatternErrorKind::MissingScheme
    } else {
        refused_in_lower_case(text).map_or(found, |(_, kind)| kind)
    }
}

/// Returns the advice for `kind`, which [`diagnose`] found in `text`.
pub(crate) fn for_pattern(text: &str, kind: PatternErrorKind) -> Option<Advice<'_>> {
    let text = trim(text);
    let rest = || split_once(text, "://").map_or(text, |(_, rest)| rest);
    Some(Advice(match kind {
        PatternErrorKind::NotCanonical if text.eq_ignore_ascii_case("null") => Kind::WriteWord("null"),
        PatternErrorKind::NotCanonical if is_word(text) => Kind::WriteWord(text),
        PatternErrorKind::NotCanonical => match canonical::of(text) {
            Some(canonical) => Kind::Write(canonical),
            None => Kind::Fixed("write the host's A-label, xn--…, as a browser shows it in the console"),
        },
        PatternErrorKind::MissingScheme => Kind::AddScheme(canonical::with_scheme(text)?),
        PatternErrorKind::WebSocketScheme => {
            let secure = text.get(..3).is_some_and(|scheme| scheme.eq_ignore_ascii_case("wss"));
            Kind::Write(canonical::with(if secure { "https" } else { "http" }, rest())?)
        }
        PatternErrorKind::FileScheme => Kind::Fixed(
            "serve the page over http from localhost, or write file:// and accept the risk LocalFileOrigin",
        ),
        PatternErrorKind::NotAnALabel => {
            Kind::Fixed("copy the host from a browser's console, which shows A-labels as they are sent")
        }
        PatternErrorKind::WildcardScheme => Kind::Fixed("list each origin of this scheme, without a `*`"),
        PatternErrorKind::List => Kind::Fixed("write each origin as an entry of its own"),
        PatternErrorKind::RegularExpression => Kind::Fixed(
            "write the origins one by one, or with a wildcard such as https://*.example.com or https://pr-*.example.com",
        ),
        PatternErrorKind::Wildcard => Kind::Fixed(
            "write https://*.example.com for subdomains, https://pr-*.example.com within a label, https://example.com:* for ports",
        ),
        PatternErrorKind::WildcardInRegisteredName => match with_forgotten_dot(text) {
            Some(pattern) => Kind::Write(pattern),
            None => Kind::Fixed("write the whole domain to the right of the `*`: https://pr-*.example.com"),
        },
        PatternErrorKind::Empty => Kind::Fixed("remove it, or write an origin such as https://example.com"),
        PatternErrorKind::Malformed(_) => return None,
    }))
}

/// Returns the text in lower case and its fault, if that says more than the fault of the text as it is written.
fn refused_in_lower_case(text: &str) -> Option<(Text, PatternErrorKind)> {
    let (scheme, rest) = split_once(text, "://")?;
    let text = canonical::lowercased(scheme, rest)?;
    let kind = grammar::parse(&text).err()?;
    let says_more = matches!(
        kind,
        PatternErrorKind::WildcardInRegisteredName
            | PatternErrorKind::WildcardScheme
            | PatternErrorKind::NotAnALabel
    );
    says_more.then_some((text, kind))
}

/// Returns `https://*.example.com` for `https://*example.com`; `None` if no name follows the `*`.
fn with_forgotten_dot(text: &str) -> Option<Text> {
    let (text, _) = refused_in_lower_case(text)?;
    let (left, right) = split_once(&text, "*")?;
    let mut pattern = Text::new();
    for piece in [left, "*.", right] {
        pattern.push_str(piece).ok()?;
    }
    let begins_a_name = right.starts_with(|first: char| first.is_ascii_alphanumeric());
    (begins_a_name && grammar::parse(&pattern).is_ok()).then_some(pattern)
}

/// Returns the text without the white space and the separators of a list around it.
fn trim(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_whitespace() || matches!(character, ',' | ';'))
}

/// Returns true for the two patterns that have no scheme.
fn is_word(text: &str) -> bool {
    text == "*" || text.eq_ignore_ascii_case("null")
}

fn is_list(text: &str) -> bool {
    let entries = || text.split([',', ';', ' ', '\t', '\r', '\n']).filter(|entry| !entry.is_empty());
    let is_entry = |entry: &str| {
        is_word(entry)
            || if contains(text, "://") {
                contains(entry, "://")
            } else {
                canonical::with_scheme(entry).is_some()
            }
    };
    entries().count() > 1 && entries().all(is_entry)
}

fn looks_like_a_regular_expression(text: &str) -> bool {
    let signs = ["\\", "(?", "?:", "[a-z", "[^", "[0-9", "|"];
    text.starts_with('^')
        || text.ends_with('$')
        || signs.iter().any(|sign| contains(text, sign) && !contains(text, ":\\"))
        || [*b".*", *b".+"].into_iter().any(|sign| is_repetition(text, sign))
}

/// Returns true if `sign` stands where no glob has its dot: at the front, or after a byte that cannot end a label.
fn is_repetition(text: &str, sign: [u8; 2]) -> bool {
    let ends_label = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || *byte == b'*';
    let mut before = None;
    text.as_bytes().windows(2).any(|window| {
        let is_found = *window == sign && !before.is_some_and(ends_label);
        before = window.first();
        is_found
    })
}
