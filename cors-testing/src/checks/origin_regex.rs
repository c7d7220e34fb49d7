//! What a regular expression that is taken with credentials lets in (P9), and that every way of matching agrees.
//!
//! Origins are drawn from the expression's own automaton, which is made of the tree and not of what the proof reads.

use std::collections::{HashSet, VecDeque};

use cors_core::{Origin, has_public_suffix_below, is_public_suffix};
use cors_origin_regex::{Confinement, Dialect, Expression, Place};
use regex_automata::Anchored;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::meta;
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_syntax::hir::{Hir, Look};

use crate::naive;

/// The bytes that origins have.
const COMMON: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789-_.:/[]";

/// How many texts are drawn from an automaton.
const DRAWN: usize = 60;
const MAX_LEN: usize = 60;
/// The most bytes of an automaton; a larger one is not drawn from.
const MAX_SIZE: usize = 1 << 20;

/// What was found of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegexChecked {
    /// The text is not an expression.
    NotOne,
    /// The expression is not proved.
    Refused {
        /// Whether the advice names a pattern.
        is_advised: bool,
    },
    /// It is confined to nothing, or to places in which that many of the origins lie that were drawn.
    Taken(Option<usize>),
}

/// Panics if a pattern that is advised in place of the expression is not one or lets in no origin that the expression matches, if
/// the expression lets in an origin outside of the places that its confinement names, if one of these belongs to
/// nobody, or if what matches origins differs from the `regex` crate. `random` returns random numbers.
pub fn check_origin_regex(text: &str, random: &mut dyn FnMut() -> u32) -> RegexChecked {
    let _ = Expression::parse(text, Dialect::JavaScript)
        .map(|expression| (expression.confinement(), expression.may_be_insecure()));
    let Ok(expression) = Expression::parse(text, Dialect::Python) else { return RegexChecked::NotOne };
    let confinement = expression.confinement();
    let may_be_insecure = expression.may_be_insecure();
    if let Err(refusal) = &confinement {
        assert!(text.get(refusal.span.clone()).is_some(), "{text:?}: {refusal:?}");
        assert!(!refusal.reason.is_empty() && !refusal.advice.is_empty(), "{text:?}: {refusal:?}");
    }
    for place in confinement.iter().flat_map(|confinement| &confinement.places) {
        assert!(!place.is_wildcard || is_owned(&place.host), "{text:?}: {place:?}");
    }
    let advised = confinement.as_ref().err().and_then(|refusal| advised(&refusal.advice));
    if let Some(pattern) = advised {
        assert!(naive::is_pattern(pattern), "{text:?} is told {pattern}");
    }
    let mut origins = 0;
    if let Some(automaton) = automaton(&expression) {
        if let Some(pattern) = advised {
            assert!(shares_an_origin(&automaton, pattern), "{text:?} matches nothing that {pattern} allows");
        }
        let matchers = Matchers::of(&expression);
        for _ in 0..DRAWN {
            let Some(drawn) = draw(&automaton, random) else { continue };
            matchers.check(&drawn, Some(true));
            matchers.check(&damaged(&drawn, random), None);
            let Ok(origin) = Origin::parse(&drawn) else { continue };
            origins += 1;

            if let Ok(confinement) = &confinement
                && !origin.is_opaque()
            {
                assert!(confinement.names(&origin), "{text:?} matches {origin}: {confinement:?}");
                let is_open = matches!(origin.scheme(), Some("http" | "ws" | "wss" | "ftp"));
                assert!(may_be_insecure || !is_open || origin.is_local(), "{text:?} matches {origin}");
            }
        }
    }
    match confinement {
        Err(_) => RegexChecked::Refused { is_advised: advised.is_some() },
        Ok(confinement) => RegexChecked::Taken((!confinement.places.is_empty()).then_some(origins)),
    }
}

/// The engine by which the wheel matches, and the `regex` crate's.
struct Matchers<'a> {
    text: &'a str,
    tree: Option<meta::Regex>,
    crates: Option<regex::Regex>,
}

impl<'a> Matchers<'a> {
    fn of(expression: &'a Expression) -> Self {
        let config = meta::Config::new().nfa_size_limit(Some(MAX_SIZE));
        let tree = meta::Regex::builder().configure(config).build_from_hir(&whole(expression)).ok();
        let text = expression.as_str();
        // The group's end may be part of a comment of `(?x)`: then there is nothing to compare with. Like `Expression`, this
        // search takes no expression that matches bytes other than UTF-8.
        let whole = format!(r"\A(?:{text})\z");
        let crates = regex::RegexBuilder::new(&whole).size_limit(MAX_SIZE).build().ok();
        Matchers { text, tree, crates }
    }

    fn check(&self, candidate: &[u8], expected: Option<bool>) {
        let by_tree = self.tree.as_ref().map(|regex| regex.is_match(candidate));
        let by_crate =
            self.crates.as_ref().and_then(|regex| Some(regex.is_match(str::from_utf8(candidate).ok()?)));
        for (got, other) in [(by_tree, expected), (by_crate, expected), (by_tree, by_crate)] {
            if let (Some(got), Some(other)) = (got, other) {
                assert_eq!(got, other, "{:?} and {:?}", self.text, candidate.escape_ascii().to_string());
            }
        }
    }
}

/// Returns the text with a byte that is another, or is missing.
fn damaged(text: &[u8], random: &mut dyn FnMut() -> u32) -> Vec<u8> {
    let mut damaged = text.to_vec();
    if !text.is_empty() {
        let at = random() as usize % text.len();
        match random() % 3 {
            0 => drop(damaged.remove(at)),
            1 => damaged[at] = b'.',
            _ => damaged[at] = b'a',
        }
    }
    damaged
}

trait Names {
    fn names(&self, origin: &Origin<'_>) -> bool;
}

impl Names for Confinement {
    fn names(&self, origin: &Origin<'_>) -> bool {
        let host = origin.host().unwrap();
        let is_in = |place: &Place| {
            if place.is_wildcard {
                host.strip_suffix(&place.host).is_some_and(|under| under.ends_with('.'))
            } else {
                host == place.host
            }
        };
        self.places.iter().any(|place| origin.scheme() == Some(&place.scheme) && is_in(place))
    }
}

/// Returns true if every name under the domain belongs to whoever has the domain.
fn is_owned(domain: &str) -> bool {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let reserved = ["localhost", "test", "internal", "local", "home.arpa", "example", "invalid", "lan"];
    reserved.contains(&domain) || (!is_public_suffix(domain) && !has_public_suffix_below(domain))
}

/// Returns the pattern that the advice says to write.
fn advised(advice: &str) -> Option<&str> {
    Some(advice.strip_prefix("write ")?.split_once(" among the origins")?.0)
}

/// Returns whether an origin that the automaton takes is one that the pattern allows: the shortest is looked for.
fn shares_an_origin(automaton: &dense::DFA<Vec<u32>>, pattern: &str) -> bool {
    let star = if pattern.contains("://*.") { r"[a-z0-9_-]+(\.[a-z0-9_-]+)*" } else { "[a-z0-9-]+" };
    let text = match pattern.strip_suffix(":*") {
        Some(host) => format!("{}(:[1-9][0-9]{{0,4}})?", regex_syntax::escape(host)),
        None => regex_syntax::escape(pattern),
    };
    let written = Expression::parse(&text.replace(r"\*", star), Dialect::Python).unwrap();
    let allowed = self::automaton(&written).unwrap();
    let start = start::Config::new().anchored(Anchored::Yes);
    let first = (automaton.start_state(&start).unwrap(), allowed.start_state(&start).unwrap());
    let mut seen = HashSet::from([first]);
    let mut queue = VecDeque::from([(first, Vec::new())]);
    while let Some(((one, other), drawn)) = queue.pop_front() {
        let is_match = automaton.is_match_state(automaton.next_eoi_state(one))
            && allowed.is_match_state(allowed.next_eoi_state(other));
        if is_match && Origin::parse(&drawn).is_ok() && naive::matches(pattern, &drawn) {
            return true;
        }
        for &byte in COMMON {
            let next = (automaton.next_state(one, byte), allowed.next_state(other, byte));
            if is_live(automaton, next.0) && is_live(&allowed, next.1) && seen.insert(next) {
                queue.push_back((next, [&drawn[..], &[byte]].concat()));
            }
        }
    }
    false
}

fn whole(expression: &Expression) -> Hir {
    Hir::concat(vec![Hir::look(Look::Start), expression.hir().clone(), Hir::look(Look::End)])
}

fn automaton(expression: &Expression) -> Option<dense::DFA<Vec<u32>>> {
    let config = regex_automata::nfa::thompson::Config::new().nfa_size_limit(Some(MAX_SIZE));
    let mut compiler = regex_automata::nfa::thompson::Compiler::new();
    let nfa = compiler.configure(config).build_from_hir(&whole(expression)).ok()?;
    let config = dense::Config::new()
        .start_kind(StartKind::Anchored)
        .unicode_word_boundary(true)
        .dfa_size_limit(Some(MAX_SIZE))
        .determinize_size_limit(Some(MAX_SIZE));
    dense::Builder::new().configure(config).build_from_nfa(&nfa).ok()
}

/// Draws a text that the automaton takes: at each step a byte that origins have, rather than any, and an end where one can be.
fn draw(automaton: &dense::DFA<Vec<u32>>, random: &mut dyn FnMut() -> u32) -> Option<Vec<u8>> {
    let start = start::Config::new().anchored(Anchored::Yes);
    let mut state = automaton.start_state(&start).ok()?;
    let mut drawn = Vec::new();
    // What such expressions should not match, in front of what is drawn.
    let lead: &[u8] = match random() % 4 {
        0 => b"https://",
        1 => b"https://evil",
        2 => b"http://evil.example.",
        _ => b"",
    };
    for &byte in lead {
        let next = automaton.next_state(state, byte);
        if automaton.is_dead_state(next) || automaton.is_quit_state(next) {
            break;
        }
        state = next;
        drawn.push(byte);
    }
    loop {
        let ends = automaton.is_match_state(automaton.next_eoi_state(state));
        let live = |byte: &u8| is_live(automaton, automaton.next_state(state, *byte));
        let next: Vec<u8> = COMMON.iter().copied().filter(live).collect();
        if ends && (next.is_empty() || drawn.len() > MAX_LEN || random().is_multiple_of(8)) {
            return Some(drawn);
        }
        if next.is_empty() || drawn.len() > MAX_LEN.saturating_mul(3) {
            return None;
        }
        // The rarest byte is as likely as a common one: letters are in every class.
        let marks: Vec<u8> = next.iter().copied().filter(|byte| !byte.is_ascii_alphanumeric()).collect();
        let from = if !marks.is_empty() && random().is_multiple_of(3) { &marks } else { &next };
        let byte = from[random() as usize % from.len()];
        state = automaton.next_state(state, byte);
        drawn.push(byte);
    }
}

fn is_live(automaton: &dense::DFA<Vec<u32>>, state: StateID) -> bool {
    !automaton.is_dead_state(state) && !automaton.is_quit_state(state)
}
