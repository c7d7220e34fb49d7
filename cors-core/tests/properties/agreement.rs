//! The compiled policy and the naive interpreter give the same decisions.

use std::cell::RefCell;

use cors_core::Policy;
use cors_testing::strategies::{self, cases};
use cors_testing::{Answer, Message, OwnedConfig, OwnedConfigExt, naive};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(3000))]

    /// Kind, verdict, status and fields, and the half of a decision.
    #[test]
    fn policy_and_naive_agree(case in strategies::decision_case(8)) {
        let image = case.config.compile();
        let policy = Policy::from_bytes(&image)?;
        for message in &case.messages {
            let naive = case.config.with(|config| naive::evaluate(config, message, &mut |_| false));
            let request = message.request();
            let decision = policy.evaluate(&request);
            prop_assert_eq!(Answer::from(&decision), naive, "{:?}", message);
            prop_assert_eq!(decision.is_allowed(), decision.denial().is_none());
            let grants = decision.fields().any(|field| field.name == "access-control-allow-origin");
            prop_assert_eq!(policy.grants(&request), grants, "{:?}", message);
        }
    }

    /// E12: the closure is asked once for an origin that parses and no pattern allows, and its answer counts.
    #[test]
    fn closure_is_asked_where_no_pattern_allows(case in strategies::decision_case(6), answer: bool) {
        let image = case.config.compile();
        let policy = Policy::from_bytes(&image)?;
        for message in &case.messages {
            let (naive, naive_asked) = naive_with(&case.config, message, answer);
            let asked = RefCell::new(Vec::new());
            let request = message.request();
            let decision = policy.evaluate_with(&request, |origin| {
                asked.borrow_mut().push(origin.as_bytes().to_vec());
                answer
            });
            prop_assert_eq!(Answer::from(&decision), naive, "{:?}", message);
            prop_assert_eq!(asked.into_inner(), naive_asked, "{:?}", message);
        }
    }
}

/// The answer, and the origins asked for.
fn naive_with(config: &OwnedConfig, message: &Message, answer: bool) -> (Answer, Vec<Vec<u8>>) {
    let mut asked = Vec::new();
    let mut ask = |origin: &[u8]| {
        asked.push(origin.to_vec());
        answer
    };
    let naive = config.with(|config| naive::evaluate(config, message, &mut ask));
    (naive, asked)
}
