//! Patterns and origins, without a policy.

use cors_core::{Config, Origin, OriginPattern, Policy, Risk};
use cors_testing::naive;
use cors_testing::strategies::{self, cases};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(8000))]

    /// O1 to O5.
    #[test]
    fn origins_parse_as_the_rules_say(text in strategies::origin()) {
        let origin = Origin::parse(&text);
        prop_assert_eq!(origin.is_ok(), naive::is_origin(&text), "{}", text.escape_ascii());
        match origin {
            Ok(origin) => {
                let port = origin.port().map(|port| format!(":{port}")).unwrap_or_default();
                let parts = match (origin.scheme(), origin.host()) {
                    (Some(scheme), Some(host)) => format!("{scheme}://{host}{port}"),
                    _ => "null".to_owned(),
                };
                prop_assert_eq!(&parts, origin.as_str());
                prop_assert_eq!(origin.as_bytes(), &text);
            }
            Err(error) => prop_assert!(error.index() <= text.len()),
        }
    }

    /// P1 to P7.
    #[test]
    fn patterns_parse_as_the_rules_say(text in strategies::pattern_like()) {
        prop_assert_eq!(OriginPattern::parse(&text).is_ok(), naive::is_pattern(&text));
    }

    /// P2: the text that an error advises to write is a pattern.
    #[test]
    fn advice_is_accepted(text in strategies::pattern_like()) {
        if let Err(error) = OriginPattern::parse(&text) {
            prop_assert_eq!(error.text(), &text);
            let advice = error.advice();
            if let Some(replacement) = advice.as_ref().and_then(|advice| advice.replacement()) {
                prop_assert!(OriginPattern::parse(replacement).is_ok(), "{} advises {}", error, replacement);
                prop_assert!(error.to_string().ends_with(replacement), "{}", error);
                if let Some(domain) = strategies::registrable(&text) {
                    prop_assert!(replacement.contains(&domain), "{}: not of {}", error, domain);
                }
            }
        }
    }

    /// P2: what a mistake leaves of the host is what was meant, or nothing is.
    #[test]
    fn advice_keeps_the_registrable_host(text in strategies::mistaken_pattern()) {
        let domain = strategies::registrable(&text).unwrap_or_default();
        if let Err(error) = OriginPattern::parse(&text) {
            let advice = error.advice();
            if let Some(replacement) = advice.as_ref().and_then(|advice| advice.replacement()) {
                prop_assert!(naive::is_pattern(replacement), "{} advises {}", error, replacement);
                prop_assert!(replacement.contains(&domain), "{}: not of {}", error, domain);
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    /// A pattern alone allows what a policy of that one pattern allows.
    #[test]
    fn patterns_match_as_policies_do(case in strategies::decision_case(12), one in any::<prop::sample::Index>()) {
        let pattern = match &case.config.allow_origins[..] {
            [] => "*",
            patterns => one.get(patterns),
        };
        let mut image = [0; 1024];
        let policy = one_pattern(pattern, &mut image);
        let parsed = OriginPattern::parse(pattern).unwrap();
        prop_assert_eq!(parsed.as_str(), pattern);
        let origins = case.messages.iter().flat_map(|message| message.values("origin")).map(naive::trimmed);
        for origin in origins.filter_map(|origin| Origin::parse(origin).ok()) {
            let matches = parsed.matches(&origin);
            prop_assert_eq!(matches, policy.allows_origin(&origin), "{:?} {:?}", pattern, origin);
            let naive = naive::matches(pattern, origin.as_bytes());
            prop_assert_eq!(matches, naive, "{:?} {:?}", pattern, origin);
        }
    }
}

fn one_pattern<'b>(pattern: &str, image: &'b mut [u8]) -> Policy<'b> {
    Config { allow_origins: &[pattern], accept_risks: &Risk::ALL, ..Config::NEW }
        .compile_into(image)
        .map_err(|error| error.to_string())
        .expect("a pattern compiles")
}
