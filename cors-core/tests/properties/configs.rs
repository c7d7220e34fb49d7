//! `Config::check` reports the problems that stop a config from compiling (C7), and both follow the rules.

use cors_testing::checks::check_config;
use cors_testing::strategies::{self, cases};
use cors_testing::{OwnedConfig, OwnedConfigExt};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(5000))]

    #[test]
    fn check_and_compile_agree(owned in strategies::any_config(), knows_public_suffixes: bool) {
        if knows_public_suffixes {
            owned.with_suffixes(check_config);
        } else {
            owned.with(check_config);
        }
    }

    /// `check` reports every problem, also after others (C7).
    #[test]
    fn lists_do_not_depend_on_each_other(mut owned in strategies::any_config()) {
        let count = |owned: &OwnedConfig| {
            owned.with(|config| {
                let mut count = 0;
                config.check(|_| count += 1);
                count
            })
        };
        let all = count(&owned);
        let mut first = owned.clone();
        first.allow_methods.clear();
        first.expose_headers.clear();
        first.max_age = None;
        owned.allow_origins.clear();
        owned.allow_headers.clear();
        owned.preflight_status = 200;
        prop_assert_eq!(all, count(&first) + count(&owned));
    }
}
