//! Nothing of a request comes back but an origin that parses, a token, and a list of tokens (E9).

use cors_core::Policy;
use cors_testing::OwnedConfigExt;
use cors_testing::checks::check_echoes;
use cors_testing::strategies::{self, cases};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn only_valid_parts_are_echoed(case in strategies::decision_case(8), trust: bool) {
        let image = case.config.compile();
        let policy = Policy::from_bytes(&image)?;
        for message in &case.messages {
            check_echoes(&policy, message, trust);
        }
    }
}
