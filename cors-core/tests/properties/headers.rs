//! How `Access-Control-Request-Headers` is written does not change the verdict (E7).

use cors_core::Policy;
use cors_testing::strategies::{self, cases};
use cors_testing::{Answer, Message, OwnedConfigExt};
use proptest::collection::vec;
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(3000))]

    /// Order, case, spaces, repetitions, empty elements and the division into lines.
    #[test]
    fn spelling_does_not_matter(
        (config, (once, again)) in strategies::config().prop_flat_map(|config| {
            let lines = strategies::token_list_lines(config.allow_headers.clone());
            (Just(config), lines)
        }),
        origin_of in any::<prop::sample::Index>(),
    ) {
        let image = config.compile();
        let policy = Policy::from_bytes(&image)?;
        let exact: Vec<_> = config.allow_origins.iter().filter(|origin| !origin.contains('*')).collect();
        let origin = if exact.is_empty() { "https://example.com" } else { origin_of.get(&exact) };
        let verdict = |lines: &[Vec<u8>]| {
            let message = preflight(origin, lines);
            let request = message.request();
            policy.evaluate(&request).verdict()
        };
        prop_assert_eq!(verdict(&[once]), verdict(&again));
    }

    /// White space around the values of all fields, with any method: neither the decision nor what it echoes changes.
    #[test]
    fn white_space_around_values_does_not_matter(
        case in strategies::decision_case(4),
        around in vec(("[ \t]{0,3}", "[ \t]{0,3}"), 1..=8),
    ) {
        let image = case.config.compile();
        let policy = Policy::from_bytes(&image)?;
        for message in &case.messages {
            let mut spaced = message.clone();
            for ((_, value), (before, after)) in spaced.headers.iter_mut().zip(around.iter().cycle()) {
                *value = [before.as_bytes(), value, after.as_bytes()].concat();
            }
            let (request, spaced) = (message.request(), spaced.request());
            let (expected, got) = (policy.evaluate(&request), policy.evaluate(&spaced));
            prop_assert_eq!(Answer::from(&got), Answer::from(&expected), "{:?}", spaced);
        }
    }
}

fn preflight(origin: &str, lines: &[Vec<u8>]) -> Message {
    let mut headers = vec![
        ("origin".to_owned(), origin.as_bytes().to_vec()),
        ("access-control-request-method".to_owned(), b"GET".to_vec()),
    ];
    headers.extend(lines.iter().map(|line| ("access-control-request-headers".to_owned(), line.clone())));
    Message { method: b"OPTIONS".to_vec(), headers }
}
