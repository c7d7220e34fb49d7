//! How `Access-Control-Request-Headers` is written does not change the verdict (E7).

use cors_core::Policy;
use cors_testing::Message;
use cors_testing::OwnedConfigExt;
use cors_testing::strategies::{self, cases};
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
}

fn preflight(origin: &str, lines: &[Vec<u8>]) -> Message {
    let mut headers = vec![
        ("origin".to_owned(), origin.as_bytes().to_vec()),
        ("access-control-request-method".to_owned(), b"GET".to_vec()),
    ];
    headers.extend(lines.iter().map(|line| ("access-control-request-headers".to_owned(), line.clone())));
    Message { method: b"OPTIONS".to_vec(), headers }
}
