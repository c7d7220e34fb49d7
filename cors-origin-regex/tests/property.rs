//! The property: an origin that an expression with a confinement matches is in one of the places that are named.
//!
//! Origins are drawn from the expression's own automaton, which is made of the tree and not of what the proof reads.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test's helpers may stop it, too"
)]

use cors_core::{Origin, has_public_suffix_below, is_public_suffix};
use cors_origin_regex::{Confinement, Dialect, Expression, Place};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRng;
use regex_automata::Anchored;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_syntax::hir::{Hir, Look};

/// How many texts are drawn from an automaton.
const DRAWN: usize = 60;
const MAX_LEN: usize = 60;

/// What people use, and what they get wrong.
const SCHEMES: &[&str] = &[
    "https://",
    "https://",
    "http://",
    "https?://",
    "",
    ".*",
    "http.*",
    "[a-z]+://",
    "(https|http)://",
    "app://",
    "(https|app)://",
    "(?i)https://",
    "https:..",
    "(https://)?",
    "^https://",
    "h.*s://",
];
const MIDDLES: &[&str] = &[
    "",
    ".*",
    r".*\.",
    r"([a-z0-9-]+\.)?",
    r"([a-z0-9-]+\.)*",
    r"(.+\.)?",
    r"[^.]+\.",
    "[^A]",
    "(www|app)",
    r"\w+\.",
    r"\w+",
    "app.",
    r"pr-\d+",
    r"pr-\d+\.",
    r"(a|b|.*\.)",
    r"(?:x\.)+",
    "(ab?)*",
    r"[.]",
    r"\.?",
    "(?i)",
    "(?-i)",
    r"\b",
    "[a-z&&[^b]]",
    "[.-9]",
    "[@-`]",
    r"[^a-z]",
];
const DOMAINS: &[&str] = &[
    r"example\.com",
    "example.com",
    r"example\.(com|org)",
    r"example\.[a-z]+",
    r"Example\.com",
    r"examples?\.com",
    "localhost",
    r"github\.io",
    r"a\.github\.io",
    r"com",
    r"co\.uk",
    r"kawasaki\.jp",
    r"x\.kawasaki\.jp",
    r"compute\.amazonaws\.com",
    r"127\.0\.0\.1",
    "127.0.0.1",
    r"0\.1",
    r"\[::1\]",
    r"\[.*\]",
    r"example\.com\.",
    r"exam[p]le\.com",
    r"(a|b)\.example",
    r"(?i:EXAMPLE)\.com",
    r"example\.co(m)?",
    r"e{0,2}xample\.com",
];
const ENDS: &[&str] = &[
    "",
    "",
    "",
    r"(:\d+)?",
    r":\d{4}",
    ":[0-9]+",
    ".*",
    "$",
    "(:.*)?",
    r"\.?",
    "/?",
    r"(:8443|:3000)?",
    r"(\.evil\.example)?",
    r":?\d*",
];

fn expression() -> impl Strategy<Value = String> {
    let block = |blocks: &'static [&'static str]| proptest::sample::select(blocks);
    let middles = proptest::collection::vec(block(MIDDLES), 0..3);
    let one = (block(SCHEMES), middles, block(DOMAINS), block(ENDS))
        .prop_map(|(scheme, middles, domain, end)| format!("{scheme}{}{domain}{end}", middles.concat()));
    proptest::collection::vec(one, 1..3).prop_map(|ways| ways.join("|"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_origin_is_where_the_confinement_says(
        text in expression(),
        seed in any::<[u8; 32]>(),
    ) {
        let Ok(expression) = Expression::parse(&text, Dialect::Python) else { return Ok(()) };
        let Ok(confinement) = expression.confinement() else { return Ok(()) };
        for place in &confinement.places {
            prop_assert!(!place.is_wildcard || is_owned(&place.host), "{text}: {place:?}");
        }
        let automaton = automaton(&expression);
        let mut rng = TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &seed);
        for _ in 0..DRAWN {
            let Some(drawn) = draw(&automaton, &mut rng) else { continue };
            let Ok(origin) = Origin::parse(&drawn) else { continue };
            if !origin.is_opaque() {
                prop_assert!(confinement.names(&origin), "{text} matches {origin}: {confinement:?}");
                let is_open = matches!(origin.scheme(), Some("http" | "ws" | "wss" | "ftp"));
                prop_assert!(expression.may_be_insecure() || !is_open || origin.is_local());
            }
        }
    }
}

/// The draws reach origins, and the generator makes expressions that are taken: without this the property would be empty.
#[test]
fn enough_is_drawn() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut rng = TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha);
    let (mut taken, mut refused, mut origins) = (0, 0, 0);
    for _ in 0..300 {
        let text = expression().new_tree(&mut runner).unwrap().current();
        let Ok(expression) = Expression::parse(&text, Dialect::Python) else { continue };
        match expression.confinement() {
            Err(_) => refused += 1,
            Ok(confinement) if confinement.places.is_empty() => {}
            Ok(_) => {
                taken += 1;
                let automaton = automaton(&expression);
                let drawn = (0..DRAWN).filter_map(|_| draw(&automaton, &mut rng));
                origins += drawn.filter(|text| Origin::parse(text).is_ok()).count();
            }
        }
    }
    println!("{taken} taken, {refused} refused, {origins} origins");
    assert!(
        taken > 15 && refused > 15 && origins > taken * 5,
        "{taken} taken, {refused} refused, {origins} origins"
    );
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
    domain == "localhost" || (!is_public_suffix(domain) && !has_public_suffix_below(domain))
}

fn automaton(expression: &Expression) -> dense::DFA<Vec<u32>> {
    let whole = Hir::concat(vec![Hir::look(Look::Start), expression.hir().clone(), Hir::look(Look::End)]);
    let nfa = regex_automata::nfa::thompson::Compiler::new().build_from_hir(&whole).unwrap();
    let config = dense::Config::new().start_kind(StartKind::Anchored).unicode_word_boundary(true);
    dense::Builder::new().configure(config).build_from_nfa(&nfa).unwrap()
}

/// Draws a text that the automaton takes: at each step a byte that origins have, rather than any, and an end where one can be.
fn draw(automaton: &dense::DFA<Vec<u32>>, rng: &mut TestRng) -> Option<Vec<u8>> {
    const COMMON: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789-_.:/[]";
    let start = start::Config::new().anchored(Anchored::Yes);
    let mut state = automaton.start_state(&start).ok()?;
    let mut drawn = Vec::new();
    // What such expressions should not match, in front of what is drawn.
    let lead: &[u8] = match rng.next_u32() % 4 {
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
        if ends && (next.is_empty() || drawn.len() > MAX_LEN || rng.next_u32().is_multiple_of(8)) {
            return Some(drawn);
        }
        if next.is_empty() || drawn.len() > MAX_LEN.saturating_mul(3) {
            return None;
        }
        // The rarest byte is as likely as a common one: letters are in every class.
        let marks: Vec<u8> = next.iter().copied().filter(|byte| !byte.is_ascii_alphanumeric()).collect();
        let from = if !marks.is_empty() && rng.next_u32().is_multiple_of(3) { &marks } else { &next };
        let byte = from[rng.next_u32() as usize % from.len()];
        state = automaton.next_state(state, byte);
        drawn.push(byte);
    }
}

fn is_live(automaton: &dense::DFA<Vec<u32>>, state: StateID) -> bool {
    !automaton.is_dead_state(state) && !automaton.is_quit_state(state)
}
