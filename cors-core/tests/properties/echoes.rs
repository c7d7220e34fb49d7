//! Nothing of a request comes back but an origin that parses, a token, and a list of tokens (E9).

use cors_core::Policy;
use proptest::prelude::*;

use crate::echo::check_echoes;
use crate::{cases, strategies};

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn only_valid_parts_are_echoed(case in strategies::case(8), trust: bool) {
        let image = case.config.compile();
        let policy = Policy::from_bytes(&image)?;
        for message in &case.messages {
            check_echoes(&policy, message, trust);
        }
    }
}
