//! Whether an origin exists that an expression matches, and one that a pattern allows as well.
//!
//! A search for the shortest such origin, through the automaton of the tree that is matched, the grammar of origins (O2 to O4)
//! and the pattern at once.

use std::collections::{HashSet, VecDeque};

use cors_core::Origin;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

use crate::confine::{CLOSE, COLON, DIGITS, DOT, HAVE_DOMAINS, IPV6, LABEL, OPEN, SCHEME, SLASH};
use crate::part::{bit, bits};

/// The most nodes of an automaton.
const MOST_NODES: usize = 20_000;

/// How many places a search may visit.
const MOST_VISITED: usize = 30_000;

/// The bytes that origins have, the plainest first.
const BYTES: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789-_.:/[]+";

/// What a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// An origin is matched.
    Some,
    /// No origin is.
    None,
    /// The search was too long, or ended at an assertion that it does not follow.
    Unknown,
}

/// Searches an origin that the tree matches.
pub(crate) fn of(tree: &Hir) -> Reach {
    let Some(machine) = Machine::of(tree) else { return Reach::Unknown };
    machine.search(None)
}

/// Returns true if some origin is shown to be matched that the pattern allows.
pub(crate) fn is_shared(tree: &Hir, pattern: &str) -> bool {
    let Some(machine) = Machine::of(tree) else { return false };
    spelled(pattern).iter().any(|items| machine.search(Some(items)) == Reach::Some)
}

/// A byte of the set, or several.
struct Item {
    set: u128,
    repeats: bool,
}

/// Returns the ways to write what a pattern with a host allows: one, or one for each of no port and any.
fn spelled(pattern: &str) -> Vec<Vec<Item>> {
    let (text, any_port) =
        pattern.strip_suffix(":*").map_or((pattern, false), |without_port| (without_port, true));
    let is_whole = text.contains("://*.");
    let items = |port: bool| {
        let star = if is_whole { LABEL | DOT } else { LABEL & !bit(b'_', b'_') };
        let mut items: Vec<Item> = text
            .bytes()
            .map(|byte| match byte {
                b'*' => Item { set: star, repeats: true },
                byte => Item { set: bit(byte, byte), repeats: false },
            })
            .collect();
        if port {
            items.push(Item { set: COLON, repeats: false });
            items.push(Item { set: DIGITS, repeats: true });
        }
        items
    };
    if any_port { vec![items(false), items(true)] } else { vec![items(false)] }
}

/// A nondeterministic automaton.
struct Machine {
    nodes: Vec<Node>,
    start: usize,
}

#[derive(Debug)]
enum Node {
    Byte(u128, usize),
    Either(Vec<usize>),
    Look(Look, usize),
    Match,
}

impl Machine {
    /// Returns none for a tree that is too large.
    fn of(tree: &Hir) -> Option<Machine> {
        let mut machine = Machine { nodes: vec![Node::Match], start: 0 };
        machine.start = machine.add(tree, 0)?;
        Some(machine)
    }

    fn push(&mut self, node: Node) -> Option<usize> {
        let index = self.nodes.len();
        (index < MOST_NODES).then(|| {
            self.nodes.push(node);
            index
        })
    }

    /// Adds the tree in front of the node `next`. Returns where it begins.
    fn add(&mut self, tree: &Hir, next: usize) -> Option<usize> {
        match tree.kind() {
            HirKind::Empty => Some(next),
            HirKind::Literal(literal) => {
                let set = |byte: u8| bits(byte.into(), byte.into());
                literal.0.iter().rev().try_fold(next, |next, &byte| self.push(Node::Byte(set(byte), next)))
            }
            HirKind::Class(class) => {
                let set = match class {
                    Class::Unicode(class) => class
                        .iter()
                        .fold(0, |set, range| set | bits(range.start().into(), range.end().into())),
                    Class::Bytes(class) => class
                        .iter()
                        .fold(0, |set, range| set | bits(range.start().into(), range.end().into())),
                };
                self.push(Node::Byte(set, next))
            }
            HirKind::Look(look) => self.push(Node::Look(*look, next)),
            HirKind::Capture(capture) => self.add(&capture.sub, next),
            HirKind::Concat(trees) => trees.iter().rev().try_fold(next, |next, tree| self.add(tree, next)),
            HirKind::Alternation(trees) => {
                let ways = trees.iter().map(|tree| self.add(tree, next)).collect::<Option<Vec<_>>>()?;
                self.push(Node::Either(ways))
            }
            HirKind::Repetition(repetition) => {
                let (tree, least) = (&*repetition.sub, repetition.min);
                if tree.properties().maximum_len() == Some(0) {
                    return if least > 0 { self.add(tree, next) } else { Some(next) };
                }
                let mut start = next;
                match repetition.max {
                    None => {
                        let again = self.push(Node::Either(Vec::new()))?;
                        let inside = self.add(tree, again)?;
                        *self.nodes.get_mut(again)? = Node::Either(vec![inside, next]);
                        start = again;
                    }
                    Some(most) => {
                        for _ in least..most {
                            let inside = self.add(tree, start)?;
                            start = self.push(Node::Either(vec![inside, next]))?;
                        }
                    }
                }
                (0..least).try_fold(start, |next, _| self.add(tree, next))
            }
        }
    }

    fn search(&self, pattern: Option<&[Item]>) -> Reach {
        let start = Visit { node: self.start, place: Place::START, item: 0, is_ended: false };
        let mut seen = HashSet::from([start]);
        let mut queue = VecDeque::from([(start, Vec::new())]);
        let mut is_sure = true;
        while let Some((visit, read)) = queue.pop_front() {
            if seen.len() > MOST_VISITED {
                return Reach::Unknown;
            }
            let mut follow = |visit: Visit, read: Vec<u8>| {
                if seen.insert(visit) {
                    queue.push_back((visit, read));
                }
            };
            match self.nodes.get(visit.node) {
                Some(Node::Match) => {
                    let is_whole = pattern.is_none_or(|items| visit.item == items.len());
                    if is_whole && visit.place.may_end() {
                        if Origin::parse(&read).is_ok() {
                            return Reach::Some;
                        }
                        // Longer than a host, or an address that is none.
                        is_sure = false;
                    }
                }
                Some(Node::Either(ways)) => {
                    for &node in ways {
                        follow(Visit { node, ..visit }, read.clone());
                    }
                }
                Some(Node::Look(look, node)) => match look {
                    // An origin has no end of a line.
                    Look::Start | Look::StartLF | Look::StartCRLF => {
                        if read.is_empty() {
                            follow(Visit { node: *node, ..visit }, read);
                        }
                    }
                    Look::End | Look::EndLF | Look::EndCRLF => {
                        follow(Visit { node: *node, is_ended: true, ..visit }, read);
                    }
                    _ => is_sure = false,
                },
                Some(Node::Byte(set, node)) if !visit.is_ended => {
                    for &byte in BYTES.iter().filter(|&&byte| set & bit(byte, byte) != 0) {
                        let Some(place) = visit.place.after(byte) else { continue };
                        let mut read = read.clone();
                        read.push(byte);
                        let visit = Visit { node: *node, place, ..visit };
                        let Some(items) = pattern else {
                            follow(visit, read);
                            continue;
                        };
                        let Some(item) = items.get(visit.item) else { continue };
                        if item.set & bit(byte, byte) != 0 {
                            let next = Visit { item: visit.item.saturating_add(1), ..visit };
                            if item.repeats {
                                follow(visit, read.clone());
                            }
                            follow(next, read);
                        }
                    }
                }
                Some(Node::Byte(..)) | None => {}
            }
        }
        if is_sure { Reach::None } else { Reach::Unknown }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Visit {
    node: usize,
    place: Place,
    /// The item of the pattern that is next.
    item: usize,
    /// Whether the end was asserted.
    is_ended: bool,
}

/// Where in an origin a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Place {
    /// The scheme is one of `HAVE_DOMAINS`, of which so many bytes were read, or another.
    Scheme(Scheme),
    AfterColon(Scheme),
    AfterSlash(Scheme),
    Host(Scheme, Host),
    /// `matching`: how many of the default port's digits were read and no other.
    Port {
        scheme: Scheme,
        digits: usize,
        matching: usize,
        is_zero: bool,
    },
}

/// The first bytes of a scheme that may become one of `HAVE_DOMAINS`, with zeros behind them; or `OTHER`.
type Scheme = [u8; 5];

const OTHER: Scheme = [b'-'; 5];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Host {
    Start,
    Label,
    Dot,
    Ipv6,
    Closed,
}

impl Place {
    const START: Place = Place::Scheme([0; 5]);

    fn after(self, byte: u8) -> Option<Place> {
        let is = |set: u128| set & bit(byte, byte) != 0;
        Some(match self {
            Place::Scheme(scheme) if is(COLON) && scheme != [0; 5] => Place::AfterColon(scheme),
            Place::Scheme([0, ..]) if !byte.is_ascii_lowercase() => return None,
            Place::Scheme(scheme) if is(SCHEME) => Place::Scheme(longer(scheme, byte)),
            Place::AfterColon(scheme) if is(SLASH) => Place::AfterSlash(scheme),
            Place::AfterSlash(scheme) if is(SLASH) => Place::Host(scheme, Host::Start),
            Place::Host(scheme, Host::Label | Host::Dot | Host::Closed) if is(COLON) => {
                Place::Port { scheme, digits: 0, matching: 0, is_zero: false }
            }
            Place::Host(scheme, host) => Place::Host(
                scheme,
                match host {
                    Host::Start if is(OPEN) => Host::Ipv6,
                    Host::Start | Host::Label | Host::Dot if is(LABEL) => Host::Label,
                    Host::Label if is(DOT) => Host::Dot,
                    Host::Start | Host::Dot if is(DOT) && !has_domains(scheme) => Host::Dot,
                    Host::Ipv6 if is(IPV6) => Host::Ipv6,
                    Host::Ipv6 if is(CLOSE) => Host::Closed,
                    _ => return None,
                },
            ),
            Place::Port { scheme, digits, matching, is_zero: false } if is(DIGITS) && digits < 5 => {
                let is_next =
                    matching == digits && default_port(scheme).as_bytes().get(digits) == Some(&byte);
                let matching = matching.saturating_add(usize::from(is_next));
                Place::Port {
                    scheme,
                    digits: digits.saturating_add(1),
                    matching,
                    is_zero: digits == 0 && byte == b'0',
                }
            }
            _ => return None,
        })
    }

    fn may_end(self) -> bool {
        match self {
            Place::Host(scheme, Host::Start) => !has_domains(scheme),
            Place::Host(_, host) => host != Host::Ipv6,
            Place::Port { scheme, digits, matching, .. } => {
                let is_default = digits == matching && digits == default_port(scheme).len();
                digits > 0 && !is_default
            }
            _ => false,
        }
    }
}

fn longer(scheme: Scheme, byte: u8) -> Scheme {
    let len = scheme.iter().take_while(|&&byte| byte != 0).count();
    let mut longer = scheme;
    let Some(place) = longer.get_mut(len) else { return OTHER };
    *place = byte;
    let read = longer.get(..=len).unwrap_or_default();
    if HAVE_DOMAINS.iter().any(|name| name.as_bytes().starts_with(read)) { longer } else { OTHER }
}

fn has_domains(scheme: Scheme) -> bool {
    !default_port(scheme).is_empty()
}

/// Returns the default port of a scheme that has one (O4), else nothing.
fn default_port(scheme: Scheme) -> &'static str {
    match &scheme {
        b"http\0" | b"ws\0\0\0" => "80",
        b"https" | b"wss\0\0" => "443",
        b"ftp\0\0" => "21",
        _ => "",
    }
}
