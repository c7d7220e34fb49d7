//! The property: an origin that an expression with a confinement matches is in one of the places that are named.
//!
//! Origins are drawn from the expression's own automaton, which is made of the tree and not of what the proof reads.

#![allow(clippy::unwrap_used, reason = "a test's helpers may stop it, too")]

use cors_testing::checks::{RegexChecked, check_origin_regex};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// What people use, and what they get wrong.
const SCHEMES: &[&str] = &[
    "https://",
    "https://",
    "http://",
    "https?://",
    "",
    ".*",
    "capacitor://",
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
    r"-[a-z]+-",
    r".*-",
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
    r"-team\.vercel\.app",
    r"a\.internal",
    r"internal",
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
    r":.*",
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
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        check_origin_regex(&text, &mut || rng.next_u32());
    }
}

/// The draws reach origins, and the generator makes expressions that are taken: without this the property would be empty.
#[test]
fn enough_is_drawn() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let (mut taken, mut refused, mut advised, mut origins) = (0, 0, 0, 0);
    for _ in 0..300 {
        let text = expression().new_tree(&mut runner).unwrap().current();
        match check_origin_regex(&text, &mut || rng.next_u32()) {
            RegexChecked::Refused { is_advised } => {
                refused += 1;
                advised += i32::from(is_advised);
            }
            RegexChecked::NotOne | RegexChecked::Taken(None) => {}
            RegexChecked::Taken(Some(drawn)) => {
                taken += 1;
                origins += drawn;
            }
        }
    }
    println!("{taken} taken, {refused} refused, {advised} advised, {origins} origins");
    assert!(
        taken > 15 && refused > 15 && advised > 15 && origins > taken * 5,
        "{taken} taken, {refused} refused, {origins} origins"
    );
}
