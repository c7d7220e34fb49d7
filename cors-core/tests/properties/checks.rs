//! What `Config::check` reports is what stops a config from compiling (C7), and both follow the rules.

use cors_core::{CompileError, ConfigField, Problem};
use proptest::prelude::*;

use crate::owned_config::OwnedConfig;
use crate::{cases, naive, strategies};

proptest! {
    #![proptest_config(cases(5000))]

    #[test]
    fn check_and_compile_agree(owned in strategies::any_config()) {
        owned.with(|config| {
            let mut problems = Vec::new();
            config.check(|problem| problems.push(problem));
            // For a config with problems `image_len` means nothing.
            let mut image = vec![0; config.image_len().max(1 << 16)];
            let compiled = config.compile_into(&mut image).map(|policy| policy.as_bytes().len());
            let expected = match problems.first() {
                Some(&problem) => Err(CompileError::Config(problem)), // the first
                None => Ok(config.image_len()),
            };
            prop_assert_eq!(compiled, expected);
            prop_assert_eq!(problems.is_empty(), naive::is_valid(config), "{:?}", &problems);

            for problem in &problems {
                let list = match problem.field() {
                    ConfigField::AllowOrigins => config.allow_origins,
                    ConfigField::AllowMethods => config.allow_methods,
                    ConfigField::AllowHeaders => config.allow_headers,
                    ConfigField::ExposeHeaders => config.expose_headers,
                    _ => &[],
                };
                match problem.index() {
                    Some(index) => prop_assert_eq!(problem.value().to_string(), list[index]),
                    None => prop_assert!(list.is_empty(), "{}", problem),
                }
                prop_assert!(problem.to_string().starts_with(problem.field().name()));
                let advice = problem.advice();
                let is_pattern = matches!(problem.problem(), Problem::Pattern(_));
                prop_assert!(advice.is_some() || is_pattern, "{} comes without advice", problem);
                if let Some(replacement) = advice.as_ref().and_then(|advice| advice.replacement()) {
                    let is_token = naive::is_token(replacement.as_bytes());
                    let is_valid = if is_pattern { naive::is_pattern(replacement) } else { is_token };
                    prop_assert!(is_valid, "{} advises {}", problem, replacement);
                }
            }
            Ok(())
        })?;
    }

    /// Every problem is reported (C7), whatever stands before it.
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
