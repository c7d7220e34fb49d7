//! The proof (P9): an expression is read from its end, on every way through it, until a domain is spelled out that nobody
//! else can register, and what is before that from its beginning, until the scheme is.
//!
//! Only what an origin can have is followed (O2 to O4): a way that leads to another character ends there.

use std::collections::BTreeSet;
use std::ops::Range;

use cors_core::Origin;

use crate::Place;
use crate::advice::{self, is_registrable};
use crate::ladder::{Direction, Ladder, Next};
use crate::part::{Part, bit};

/// How many steps a proof may take.
const MOST_STEPS: usize = 50_000;

/// How many places a confinement may name.
const MOST_PLACES: usize = 1000;

/// The most bytes of a host, with its last dot.
const MAX_HOST_LEN: usize = 254;

const MAX_SCHEME_LEN: usize = 64;
const MAX_LABEL_LEN: usize = 63;
const MAX_PORT_LEN: usize = 5;

/// The schemes whose hosts are domains or addresses (O3).
pub(crate) const HAVE_DOMAINS: [&str; 5] = ["http", "https", "ws", "wss", "ftp"];

pub(crate) const DIGITS: u128 = bit(b'0', b'9');
pub(crate) const LABEL: u128 = bit(b'a', b'z') | DIGITS | bit(b'-', b'-') | bit(b'_', b'_');
pub(crate) const SCHEME: u128 = bit(b'a', b'z') | DIGITS | bit(b'+', b'+') | bit(b'-', b'-') | DOT;
pub(crate) const IPV6: u128 = bit(b'a', b'f') | DIGITS | COLON;
pub(crate) const OPEN: u128 = bit(b'[', b'[');
pub(crate) const CLOSE: u128 = bit(b']', b']');
pub(crate) const DOT: u128 = bit(b'.', b'.');
pub(crate) const COLON: u128 = bit(b':', b':');
pub(crate) const SLASH: u128 = bit(b'/', b'/');

/// A part at fault.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) span: Range<usize>,
    kind: FaultKind,
    /// What the host ends in.
    end: String,
    has_port: bool,
}

#[derive(Debug)]
enum FaultKind {
    Scheme,
    Host,
    /// A wildcard in an application's scheme, where hosts are not domains (P6).
    Application,
    TooMuch,
}

/// Returns the places that every origin is in that the part matches.
pub(crate) fn places(part: &Part) -> Result<Vec<Place>, Fault> {
    let mut steps = Steps(MOST_STEPS);
    let mut places = BTreeSet::new();
    let start = Ladder::new(part);
    let mut ways = vec![
        Way { ladder: start.clone(), end: Vec::new(), port: Port::Digits(0) },
        Way { ladder: start, end: Vec::new(), port: Port::None },
    ];
    while let Some(way) = ways.pop() {
        let fault =
            |kind, span| Fault { span, kind, end: way.host(), has_port: matches!(way.port, Port::Read) };
        let is_within = steps.take() && places.len() <= MOST_PLACES;
        if !is_within {
            return Err(fault(FaultKind::TooMuch, part.span.clone()));
        }
        let (set, found, is_endless, below) = match way.ladder.next(Direction::Backward, way.read()) {
            // Without a scheme it is not an origin.
            Next::End => continue,
            Next::Ways(ladders) => {
                ways.extend(ladders.into_iter().map(|ladder| Way { ladder, ..way.clone() }));
                continue;
            }
            Next::Set { set, part, endless, below } => {
                (set, endless.unwrap_or(part), endless.is_some(), below)
            }
        };
        if let Port::Digits(count) = way.port {
            if set & DIGITS != 0 && count < MAX_PORT_LEN {
                ways.push(Way {
                    ladder: below.clone(),
                    port: Port::Digits(count.saturating_add(1)),
                    ..way.clone()
                });
            }
            if set & COLON != 0 && count > 0 {
                ways.push(Way { ladder: below, port: Port::Read, ..way.clone() });
            }
            continue;
        }
        if let Port::Absent { count, part } = way.port {
            if set & (LABEL | DOT | SLASH) & !DIGITS != 0 {
                return Err(fault(FaultKind::Host, part.span.clone()));
            }
            if set & DIGITS != 0 && count < MAX_LABEL_LEN {
                let absent = Port::Absent { count: count.saturating_add(1), part };
                ways.push(Way { ladder: below, port: absent, ..way.clone() });
            }
            continue;
        }
        let mut rest = set & way.continuations();
        let is_wildcard = rest & DOT != 0 && is_registrable(&way.host());
        if rest & SLASH != 0 || is_wildcard {
            let schemes = schemes_of(way.ladder.turned(), &mut steps).map_err(|unread| match unread {
                None => fault(FaultKind::TooMuch, part.span.clone()),
                // Nothing was read of a domain, whatever the scheme is.
                Some(_) if !way.begins_a_label() => fault(FaultKind::Host, found.span.clone()),
                Some(unread) => fault(FaultKind::Scheme, unread.span.clone()),
            })?;
            for scheme in schemes {
                let has_domains = HAVE_DOMAINS.contains(&scheme.as_str());
                if is_wildcard && !has_domains {
                    return Err(fault(FaultKind::Application, found.span.clone()));
                }
                if has_domains && !way.begins_a_label() {
                    continue;
                }
                let kinds = [(rest & SLASH != 0, false), (is_wildcard, true)];
                places.extend(kinds.into_iter().filter(|(is, _)| *is).map(|(_, is_wildcard)| Place {
                    scheme: scheme.clone(),
                    host: way.host(),
                    is_wildcard,
                }));
            }
            rest &= !SLASH;
            if is_wildcard {
                rest &= !DOT;
            }
        }
        match only(rest) {
            _ if rest == 0 => {}
            // Digits that a colon may precede: they are then no host's.
            only if rest & !DIGITS == 0 && way.is_number() && (is_endless || only.is_none()) => {
                let absent = Port::Absent { count: way.end.len().saturating_add(1), part: found };
                ways.push(Way { ladder: below, port: absent, ..way.clone() });
            }
            Some(character) if !is_endless => {
                let mut end = way.end.clone();
                end.push(character);
                ways.push(Way { ladder: below, end, port: way.port });
            }
            _ => return Err(fault(FaultKind::Host, found.span.clone())),
        }
    }
    Ok(places.into_iter().collect())
}

/// Returns the schemes that an origin can have that the part matches.
pub(crate) fn schemes(part: &Part) -> Result<BTreeSet<String>, ()> {
    schemes_of(Ladder::new(part), &mut Steps(MOST_STEPS)).map_err(|_| ())
}

/// Reads forward to the colon. Returns the part at fault, or none if there is too much to read.
fn schemes_of<'e>(start: Ladder<'e>, steps: &mut Steps) -> Result<BTreeSet<String>, Option<&'e Part>> {
    let mut schemes = BTreeSet::new();
    let mut ways = vec![(start, String::new())];
    while let Some((ladder, scheme)) = ways.pop() {
        if !steps.take() {
            return Err(None);
        }
        match ladder.next(Direction::Forward, scheme.len()) {
            Next::End => {}
            Next::Ways(ladders) => {
                ways.extend(ladders.into_iter().map(|ladder| (ladder, scheme.clone())));
            }
            Next::Set { set, part, endless, below } => {
                if set & COLON != 0 && !scheme.is_empty() {
                    schemes.insert(scheme.clone());
                }
                let rest = if scheme.len() < MAX_SCHEME_LEN { set & SCHEME } else { 0 };
                match only(rest) {
                    _ if rest == 0 => {}
                    Some(character) if endless.is_none() => {
                        ways.push((below, format!("{scheme}{}", char::from(character))));
                    }
                    _ => return Err(Some(endless.unwrap_or(part))),
                }
            }
        }
    }
    Ok(schemes)
}

impl Fault {
    /// Returns what is wrong with the part of `text`.
    pub(crate) fn reason(&self, text: &str) -> String {
        let found = text.get(self.span.clone()).unwrap_or_default();
        match self.kind {
            FaultKind::Scheme => {
                format!("{found} stands where the scheme has to be spelled out, so that it may be any")
            }
            FaultKind::Host if self.end.is_empty() && is_behind_the_port_s_colon(text, self.span.start) => {
                format!(
                    "{found} stands where the digits of the port have to be spelled out, and can be the end of a host as well"
                )
            }
            FaultKind::Host if self.end.is_empty() => {
                format!(
                    "{found} stands where the end of the host has to be spelled out, so that it may be any"
                )
            }
            FaultKind::Host => format!(
                "{found} stands before {:?}, and what it matches can be a part of a domain that anybody can register",
                self.end
            ),
            FaultKind::Application => {
                format!(
                    "{found} lets in several hosts of a scheme other than http and https, whose hosts are not domains"
                )
            }
            FaultKind::TooMuch => {
                "it has too many ways through it to show which domains it lets in".to_owned()
            }
        }
    }

    /// Returns the patterns that were probably meant, the nearest first.
    pub(crate) fn patterns(&self, whole: &Part) -> Vec<String> {
        let port = if self.has_port { ":*" } else { "" };
        if matches!(self.kind, FaultKind::Application) {
            return Vec::new();
        }
        let mut patterns = Vec::from_iter(advice::template(whole, self.span.start));
        if is_registrable(&self.end) {
            patterns.extend(["https", "http"].map(|scheme| format!("{scheme}://*.{}{port}", self.end)));
        }
        patterns
    }

    /// Returns true if what is at fault is a scheme whose hosts are not domains.
    pub(crate) fn is_of_applications(&self, part: &Part) -> bool {
        matches!(self.kind, FaultKind::Application)
            || schemes(part)
                .is_ok_and(|schemes| schemes.iter().all(|scheme| !HAVE_DOMAINS.contains(&scheme.as_str())))
    }
}

/// Returns true if the text before `at` ends in a colon that is not the scheme's.
fn is_behind_the_port_s_colon(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.split_once("://").is_some_and(|(_, authority)| authority.ends_with(':'))
}

/// A way through the expression, read from its end.
#[derive(Clone, Debug)]
struct Way<'e> {
    ladder: Ladder<'e>,
    /// What was read of the host, the last character first.
    end: Vec<u8>,
    port: Port<'e>,
}

#[derive(Clone, Copy, Debug)]
enum Port<'e> {
    /// So many digits of it were read.
    Digits(usize),
    Read,
    None,
    /// There is none, and the host ends in so many digits, of which `part` can be any.
    Absent {
        count: usize,
        part: &'e Part,
    },
}

impl Way<'_> {
    fn host(&self) -> String {
        self.end.iter().rev().copied().map(char::from).collect()
    }

    /// Returns how much was read, so that two numbers differ if something was read between them.
    fn read(&self) -> usize {
        match self.port {
            Port::Digits(count) | Port::Absent { count, .. } => count,
            Port::Read => self.end.len().saturating_add(MAX_PORT_LEN).saturating_add(1),
            Port::None => self.end.len(),
        }
    }

    /// Returns true if only digits were read, with no port behind them.
    fn is_number(&self) -> bool {
        matches!(self.port, Port::None) && self.end.iter().all(u8::is_ascii_digit)
    }

    /// Returns the characters that may stand before what was read of the host, the slash before it included.
    fn continuations(&self) -> u128 {
        let last = self.end.last().copied();
        if self.end.len() > MAX_HOST_LEN {
            return SLASH;
        }
        match (self.end.first().copied(), last) {
            (_, None) => LABEL | DOT | CLOSE | SLASH,
            (Some(b']'), Some(b'[')) => SLASH,
            (Some(b']'), _) => IPV6 | OPEN,
            _ => LABEL | DOT | SLASH,
        }
    }

    /// Returns true unless the host that was read is empty or begins with a dot, as none does but one of an application's scheme.
    fn begins_a_label(&self) -> bool {
        !matches!(self.end.last(), None | Some(b'.'))
    }
}

/// Returns true for a host that is this machine.
pub(crate) fn is_local(host: &str) -> bool {
    Origin::parse(format!("https://{host}").as_bytes()).is_ok_and(|origin| origin.is_local())
}

/// Returns the character of a set that has one.
fn only(set: u128) -> Option<u8> {
    set.is_power_of_two().then(|| u8::try_from(set.trailing_zeros()).unwrap_or_default())
}

/// Returns the character of a set that has one, or one letter in both cases.
pub(crate) fn only_letter(set: u128) -> Option<char> {
    let character = char::from(u8::try_from(set.trailing_zeros()).unwrap_or_default()).to_ascii_lowercase();
    let [lower, upper] = [u8::try_from(character).ok()?, u8::try_from(character.to_ascii_uppercase()).ok()?];
    (set != 0 && set & !(bit(lower, lower) | bit(upper, upper)) == 0).then_some(character)
}

/// The steps that are left.
struct Steps(usize);

impl Steps {
    fn take(&mut self) -> bool {
        self.0 = self.0.saturating_sub(1);
        self.0 > 0
    }
}
