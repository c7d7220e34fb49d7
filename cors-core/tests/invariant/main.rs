//! The chief invariant: the browser's half and the server's half of the engine agree on a fetch.
//!
//! Let a fetch be under the CORS protocol ([`Fetch::is_cors`]: to another origin, in the mode `cors`) and its call not
//! throw. Let a policy answer it: `P` is the verdict on the preflight that [`Engine::Standard`] sends, *allowed* where it
//! sends none, and `A` the verdict on the request itself. Then
//!
//! > the fetch succeeds in the browser's half, given the fields of the two decisions, exactly when `P` and `A` are
//! > *allowed* and, if its credentials mode is `include`, the policy allows credentials.
//!
//! The last clause is there because a verdict speaks of what a request says, and no request says that it is made with
//! credentials: a preflight never has any, and the request itself need not have a cookie to send. So a verdict is about
//! origin, method and headers; that the policy refuses credentials, the browser sees by the missing field.
//!
//! One denial is outside: `HeadersTooLong` (E7) denies unread an `Access-Control-Request-Headers` of more than 8192 bytes,
//! while the answer has the whole list of the policy (E5). A browser whose names are all on that list goes on. It takes
//! a policy that lists more than 8 KiB of names, or `*` without credentials, and a page that sets as many headers.
//!
//! A fetch that [`Fetch::check_address`] stops fails whatever the verdicts are (B4).
//!
//! Outside of the CORS protocol nothing depends on a verdict: within the origin every fetch succeeds, across origins in
//! the mode `no-cors` as well (and the page reads nothing), and in the mode `same-origin` none.
//!
//! `PROPTEST_CASES` scales the number of cases of each property, as in the test `properties`.

#![cfg(feature = "browser")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test's helpers may stop it, too"
)]

mod frequencies;
mod names;
mod repair;

use cors_core::Policy;
use cors_core::browser::{Api, Engine, Fetch};
use cors_core::explain::{MAX_NEAR_MISSES, Requests};
use cors_testing::OwnedConfigExt;
use cors_testing::checks::{check_halves, succeeds};
use cors_testing::strategies::{cases, fetch_case};
use proptest::prelude::*;
use proptest::sample::Index;

use repair::repair;

proptest! {
    #![proptest_config(cases(5_000))]

    #[test]
    fn a_fetch_succeeds_exactly_when_the_verdict_allows_it((config, fetch) in fetch_case()) {
        let image = config.compile();
        let policy = Policy::from_bytes(&image)?;
        fetch.with(|fetch| check_halves(&policy, fetch));
    }
}

proptest! {
    // Some fetches have more than a hundred headers.
    #![proptest_config(cases(2_000))]

    /// Explanations agree with the two halves, in every engine, and each obstacle is one.
    #[test]
    fn explanations_agree_with_both_halves((config, fetch) in fetch_case(), engine in engine()) {
        let image = config.compile();
        let policy = Policy::from_bytes(&image)?;
        fetch.with(|fetch| {
            let outcomes = Engine::ALL.map(|engine| (engine, succeeds(&policy, fetch, engine)));
            check_explanation(&policy, fetch, engine, succeeds(&policy, fetch, engine), &outcomes)
        })?;
    }

    /// One fix for each obstacle, whichever, makes the fetch succeed.
    #[test]
    fn fixes_fix((config, fetch) in fetch_case(), engine in engine(), choice in any::<Index>()) {
        let (config, fetch) = repair(&config, &fetch, engine, choice);
        let image = config.compile();
        let policy = Policy::from_bytes(&image)?;
        fetch.with(|fetch| {
            let mut buffer = vec![0; 1 << 16];
            let requests = Requests::of(fetch, engine, &mut buffer).expect("room");
            let explanation = requests.explain(&policy);
            prop_assert!(explanation.is_ok(), "{explanation}");
            Ok(())
        })?;
    }
}

proptest! {
    #![proptest_config(cases(500))]

    /// Header names, of which the engine holds only some at a time, are sorted, counted and looked up as in sets.
    #[test]
    fn any_number_of_headers(
        (headers, listed) in names::headers().prop_flat_map(|headers| {
            let listed = names::listed(&headers);
            (Just(headers), listed)
        }),
        engine in engine(),
        is_xhr in any::<bool>(),
    ) {
        let api = if is_xhr { Api::XmlHttpRequest } else { Api::Fetch };
        names::check(&headers, &listed, engine, api)?;
    }
}

fn check_explanation(
    policy: &Policy<'_>,
    fetch: &Fetch<'_>,
    engine: Engine,
    is_ok: bool,
    outcomes: &[(Engine, bool)],
) -> Result<(), TestCaseError> {
    let mut buffer = vec![0; 1 << 16];
    let requests = Requests::of(fetch, engine, &mut buffer).expect("room");
    let explanation = requests.explain(policy);
    prop_assert_eq!(explanation.is_ok(), is_ok, "{}", explanation);
    prop_assert_eq!(explanation.obstacles().next().is_none(), is_ok, "{}", explanation);
    let differing = outcomes.iter().filter(|(_, other)| *other != is_ok).map(|(engine, _)| *engine);
    prop_assert!(explanation.disagreements().map(|disagreement| disagreement.engine()).eq(differing));
    prop_assert_eq!(explanation.error().is_some(), fetch.check().is_ok() && !is_ok);
    for obstacle in explanation.obstacles() {
        prop_assert!(obstacle.fixes().next().is_some(), "{}", obstacle);
        prop_assert!(obstacle.near_misses().count() <= MAX_NEAR_MISSES);
        for miss in obstacle.near_misses() {
            prop_assert!(policy.allow_origins().any(|pattern| pattern == miss.text()));
            prop_assert!(miss.differences().next().is_some());
        }
    }
    let text = explanation.to_string();
    prop_assert!(text.lines().all(|line| !line.trim().is_empty()), "{}", text);
    Ok(())
}

fn engine() -> impl Strategy<Value = Engine> {
    prop::sample::select(&Engine::ALL[..])
}
