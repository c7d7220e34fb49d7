//! `Config::check` and the compiler agree with each other, and with the rules (C1 to C7).

use cors_core::{CompileError, Config, ConfigError, ConfigField, Problem, Risk};

use crate::naive;

/// Panics unless what `check` reports is what stops the config from compiling, and both follow the rules.
pub fn check_config(config: &Config<'_>) {
    let mut problems = Vec::new();
    config.check(|problem| problems.push(problem));
    // A config with problems has no length.
    let mut image = vec![0; config.image_len().max(1 << 16)];
    let compiled = config.compile_into(&mut image).map(|policy| policy.as_bytes().len());
    let expected = match problems.first() {
        Some(&problem) => Err(CompileError::Config(problem)), // the first
        None => Ok(config.image_len()),
    };
    assert_eq!(compiled, expected);
    assert_eq!(problems.is_empty(), naive::is_valid(config), "{problems:?}");

    for problem in &problems {
        let list = match problem.field() {
            ConfigField::AllowOrigins => config.allow_origins,
            ConfigField::AllowMethods => config.allow_methods,
            ConfigField::AllowHeaders => config.allow_headers,
            ConfigField::ExposeHeaders => config.expose_headers,
            _ => &[],
        };
        match problem.index() {
            Some(index) => assert_eq!(problem.value().to_string(), list[index]),
            None => assert!(list.is_empty(), "{problem}"),
        }
        assert!(problem.to_string().starts_with(problem.field().name()));
        let advice = problem.advice();
        let is_pattern = matches!(problem.problem(), Problem::Pattern(_));
        assert!(advice.is_some() || is_pattern, "{problem} comes without advice");
        if let Some(replacement) = advice.as_ref().and_then(|advice| advice.replacement()) {
            let is_token = naive::is_token(replacement.as_bytes());
            let is_valid = if is_pattern { naive::is_pattern(replacement) } else { is_token };
            assert!(is_valid, "{problem} advises {replacement}");
            if is_pattern {
                check_advised_pattern(config, problem, replacement);
            } else {
                assert!(is_taken(config, problem, list, replacement), "{problem} advises {replacement}");
            }
        }
    }
}

/// Panics unless the pattern that the advice gives has no problem but the risks that the advice names.
fn check_advised_pattern(config: &Config<'_>, problem: &ConfigError<'_>, replacement: &str) {
    let advice = problem.advice().unwrap().to_string();
    let (_, named) = advice.split_once(" and add its risk").unwrap_or_default();
    let mut refused = 0;
    Config { allow_origins: &[replacement], ..*config }.check(|next| {
        if next.field() == ConfigField::AllowOrigins {
            let Problem::Risk(risk) = next.problem() else { panic!("{problem} is {next} next") };
            assert!(named.contains(risk.name()), "{problem} does not name {next}");
            refused += 1;
        }
    });
    assert_eq!(Risk::ALL.iter().filter(|risk| named.contains(risk.name())).count(), refused, "{problem}");
}

/// Returns true if the entry has no problem once the name that the advice gives stands there.
fn is_taken(config: &Config<'_>, problem: &ConfigError<'_>, list: &[&str], replacement: &str) -> bool {
    let mut list = list.to_vec();
    if let Some(index) = problem.index() {
        list[index] = replacement;
    }
    let changed = match problem.field() {
        ConfigField::AllowMethods => Config { allow_methods: &list, ..*config },
        ConfigField::AllowHeaders => Config { allow_headers: &list, ..*config },
        _ => Config { expose_headers: &list, ..*config },
    };
    let mut is_taken = true;
    changed.check(|next| {
        is_taken &= (next.field(), next.index()) != (problem.field(), problem.index());
    });
    is_taken
}
