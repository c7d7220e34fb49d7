//! What to write instead of a text that is not a pattern (rule P2): its canonical form, if it has one.

use core::fmt;

use crate::origin::OriginErrorKind;
use crate::origin::host::MAX_LABEL_LEN;
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
    /// The entries of this text, one by one.
    List(&'a str),
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
            Kind::Fixed(_) | Kind::List(_) => None,
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
            Kind::List(text) => {
                f.write_str("write each origin as an entry of its own")?;
                for (index, entry) in entries(text).enumerate() {
                    f.write_str(if index > 0 { ", " } else { ": " })?;
                    let canonical = meant(entry);
                    write!(f, "\"{}\"", canonical.as_deref().unwrap_or(entry))?;
                }
                Ok(())
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
    } else if contains(text, "{") || text.starts_with('$') {
        PatternErrorKind::Placeholder
    } else if canonical::has_question_mark(text) || is_in_an_address(text) {
        PatternErrorKind::Wildcard
    } else if is_list(text) {
        PatternErrorKind::List
    } else if has_scheme(&["ws", "wss"]) {
        PatternErrorKind::WebSocketScheme
    } else if has_scheme(&["file"]) && !text.eq_ignore_ascii_case(grammar::LOCAL_FILE_ORIGIN) {
        PatternErrorKind::FileScheme
    } else if is_word(text)
        || canonical::of(text).is_some()
        || canonical::is_internationalized(text)
        || canonical::of_an_application(text).is_some()
        || unwrapped(text).is_some()
    {
        PatternErrorKind::NotCanonical
    } else if canonical::is_half_encoded(text) {
        PatternErrorKind::NotAnALabel
    } else if canonical::has_star_beside_others(text) {
        PatternErrorKind::WildcardBesideOthers
    } else if canonical::with_misspelled_scheme(text).is_some() {
        PatternErrorKind::MisspelledScheme
    } else if canonical::with_scheme(text).is_some() || is_name(text) {
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
        PatternErrorKind::NotCanonical => match meant(text) {
            Some(canonical) => Kind::Write(canonical),
            None => Kind::Fixed("write the host's A-label, xn--…, as a browser shows it in the console"),
        },
        PatternErrorKind::MissingScheme => match canonical::with_scheme(text) {
            _ if is_extension(text) => Kind::AddScheme(canonical::with("chrome-extension", text)?),
            Some(canonical) => Kind::AddScheme(canonical),
            None => Kind::Fixed(for_name(text)),
        },
        PatternErrorKind::MisspelledScheme => match canonical::with_misspelled_scheme(text) {
            Some(canonical) => Kind::Write(canonical),
            None => Kind::Fixed("write http:// or https://"),
        },
        PatternErrorKind::WildcardBesideOthers => Kind::Fixed(
            "list the origins one by one, or write https://*.example.com for all names under a domain",
        ),
        PatternErrorKind::Placeholder => {
            Kind::Fixed("put the value in its place, or a `*` for any, as in https://*.example.com")
        }
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
        PatternErrorKind::List => Kind::List(text),
        PatternErrorKind::RegularExpression => Kind::Fixed(
            "write the origins one by one, or with a wildcard such as https://*.example.com or https://pr-*.example.com",
        ),
        PatternErrorKind::Wildcard if is_in_an_address(text) => {
            Kind::Fixed("list the addresses one by one: only a domain has a `*` in it")
        }
        PatternErrorKind::Wildcard => Kind::Fixed(
            "write https://*.example.com for subdomains, https://pr-*.example.com within a label, https://example.com:* for ports",
        ),
        PatternErrorKind::WildcardInRegisteredName => match with_forgotten_dot(text) {
            Some(pattern) => Kind::Write(pattern),
            None => Kind::Fixed("write the whole domain to the right of the `*`: https://pr-*.example.com"),
        },
        PatternErrorKind::Empty => Kind::Fixed("remove it, or write an origin such as https://example.com"),
        PatternErrorKind::Malformed(OriginErrorKind::Port) => {
            Kind::Fixed("write one port from 0 to 65535, or `:*` for all ports")
        }
        PatternErrorKind::Malformed(OriginErrorKind::Scheme) if text.starts_with("http(s)") => {
            Kind::Fixed("write an entry with https://, and one with http:// if pages have such origins")
        }
        PatternErrorKind::Malformed(OriginErrorKind::Scheme) if text.starts_with(['!', '-']) => {
            Kind::Fixed(NOT_LISTED)
        }
        PatternErrorKind::Malformed(_) if canonical::has_network(text) => {
            Kind::Fixed("list the addresses one by one: a pattern has no network")
        }
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

/// Returns `https://*.example.com` for `https://*example.com`; `None` if no name follows the `*`, or the name may begin before it, as in
/// `https://my*shop.com`.
fn with_forgotten_dot(text: &str) -> Option<Text> {
    let (text, _) = refused_in_lower_case(text)?;
    let (left, right) = split_once(&text, "*")?;
    let mut pattern = Text::new();
    for piece in [left, "*.", right] {
        pattern.push_str(piece).ok()?;
    }
    let begins_a_name =
        left.ends_with(['/', '-']) && right.starts_with(|first: char| first.is_ascii_alphanumeric());
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

/// Returns what a text means that has a scheme, or that stands in something else.
fn meant(text: &str) -> Option<Text> {
    canonical::of(text)
        .or_else(|| canonical::of_an_application(text))
        .or_else(|| unwrapped(text))
        .or_else(|| canonical::with_scheme(text))
}

/// What stands around a text that is quoted, in a list or a link.
const QUOTES: [char; 13] =
    ['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', '<', '>', '(', ')', '[', ']'];

/// Returns the canonical form of the pattern that stands in quotation marks or brackets, or of the origin of http or https behind a
/// word such as `Origin:` or a scheme.
fn unwrapped(text: &str) -> Option<Text> {
    let mut rest = text.trim_matches(QUOTES);
    for word in ["origin:", "url:", "blob:", "filesystem:", "view-source:", "https://", "http://"] {
        let is_found = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        let behind = rest.get(word.len()..).unwrap_or_default().trim_start();
        if is_found && has_web_scheme(behind) {
            rest = behind;
        }
    }
    if rest.len() == text.len() {
        return None;
    }
    if is_word(rest) { canonical::lowercased_word(rest) } else { canonical::of(rest) }
}

fn has_web_scheme(text: &str) -> bool {
    split_once(text, "://").is_some_and(|(scheme, _)| canonical::is_web(scheme))
}

/// Returns true for a word that may be a host, or may be meant for something else.
fn is_name(text: &str) -> bool {
    let is_name_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let name = text.trim_matches(QUOTES);
    let host = split_once(text, ":").map_or(text, |(host, _)| host);
    host == canonical::UNSPECIFIED
        || ((1..=MAX_LABEL_LEN).contains(&name.len()) && name.bytes().all(is_name_byte))
}

/// Returns true for the name of an extension of Chromium.
fn is_extension(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'a'..=b'p'))
}

const NOT_LISTED: &str = "remove it: an origin that is not listed is not allowed";

/// Returns the advice for a text that [`is_name`].
fn for_name(text: &str) -> &'static str {
    let name = text.trim_matches(QUOTES);
    let is = |names: &[&str]| names.iter().any(|other| other.eq_ignore_ascii_case(name));
    if is(&["all", "any"]) {
        "any origin is written `*`, which takes the risk AnyOriginWithCredentials where credentials are allowed"
    } else if is(&["self", "same-origin"]) {
        "remove it: a page of the server's own origin is always allowed"
    } else if is(&["none", "false", "undefined"]) {
        NOT_LISTED
    } else if text.starts_with(canonical::UNSPECIFIED) {
        "write the origin that the browser shows, such as http://localhost:3000: this is where a server listens"
    } else {
        "write an origin with its scheme, such as https://example.com"
    }
}

/// Returns true for `192.168.1.*`.
fn is_in_an_address(text: &str) -> bool {
    let (_, rest) = split_once(text, "://").unwrap_or(("", text));
    let host = rest.split([':', '/']).next().unwrap_or_default();
    let is_number = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*');
    contains(host, "*") && host.split('.').count() == 4 && host.split('.').all(is_number)
}

/// Returns the entries of a list that is one text.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', ' ', '\t', '\r', '\n']).filter(|entry| !entry.is_empty())
}

fn is_list(text: &str) -> bool {
    let entries = || entries(text);
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
