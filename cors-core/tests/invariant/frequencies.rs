//! The generated cases have something of everything: an invariant that holds because nothing happens proves nothing.

use std::collections::BTreeMap;

use cors_core::Policy;
use cors_core::browser::{CredentialsMode, Engine, Fetch, Outcome};
use cors_core::explain::Requests;
use cors_testing::OwnedConfigExt;
use cors_testing::strategies::fetch_case;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

const CASES: usize = 4_000;

/// The events, each with the least number of cases in a thousand.
const EXPECTED: [(&str, usize); 21] = [
    ("allowed", 100),
    ("allowed after a preflight", 60),
    ("allowed with credentials", 15),
    ("blocked at the preflight", 300),
    ("blocked at the request", 20),
    ("thrown", 50),
    ("same origin", 30),
    ("the verdict allows, the browser blocks", 15),
    ("another engine disagrees", 10),
    ("a near miss", 40),
    ("obstacle call", 50),
    ("obstacle mode", 20),
    ("obstacle origin", 150),
    ("obstacle credentials", 80),
    ("obstacle method", 150),
    ("obstacle headers", 150),
    ("obstacle response-headers", 15),
    ("obstacle address", 10),
    ("obstacle mixed-content", 15),
    ("obstacle local-network", 10),
    ("obstacle port", 10),
];

#[test]
fn everything_occurs() {
    let mut runner = TestRunner::deterministic();
    let strategy = fetch_case();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..CASES {
        let (config, fetch) = strategy.new_tree(&mut runner).expect("a case").current();
        let image = config.compile();
        let policy = Policy::from_bytes(&image).expect("an image");
        for what in fetch.with(|fetch| classes(&policy, fetch)) {
            *counts.entry(what).or_default() += 1;
        }
    }
    for (what, per_thousand) in EXPECTED {
        let count = counts.get(what).copied().unwrap_or_default();
        assert!(count * 1000 >= per_thousand * CASES, "{what}: {count} of {CASES}; {counts:#?}");
    }
}

fn classes(policy: &Policy<'_>, fetch: &Fetch<'_>) -> Vec<String> {
    let mut buffer = vec![0; 1 << 16];
    let requests = Requests::of(fetch, Engine::Standard, &mut buffer).expect("room");
    let explanation = requests.explain(policy);
    let outcome = explanation.outcome();
    let is_ok = explanation.is_ok();
    let is_cors = fetch.is_cors() && outcome.is_ok();
    let is_allowed = is_cors && is_ok;
    let is_blocked = is_cors && !is_ok;
    let is_sent = outcome.as_ref().is_ok_and(Outcome::sends_request);
    let with_credentials = fetch.credentials == CredentialsMode::Include;
    let has_near_miss = explanation.obstacles().any(|obstacle| obstacle.near_misses().next().is_some());
    let found = [
        (is_allowed, "allowed"),
        (is_allowed && requests.preflight().is_some(), "allowed after a preflight"),
        (is_allowed && with_credentials, "allowed with credentials"),
        (is_blocked && !is_sent, "blocked at the preflight"),
        (is_blocked && is_sent, "blocked at the request"),
        (outcome.is_err(), "thrown"),
        (!fetch.is_cross_origin(), "same origin"),
        (is_blocked && explanation.denial().is_none(), "the verdict allows, the browser blocks"),
        (explanation.disagreements().next().is_some(), "another engine disagrees"),
        (has_near_miss, "a near miss"),
    ];
    let found = found.into_iter().filter(|(is_found, _)| *is_found).map(|(_, what)| what.to_owned());
    found
        .chain(explanation.obstacles().map(|obstacle| format!("obstacle {}", obstacle.kind().name())))
        .collect()
}
