//! Configs as paragraphs of an input.

use cors_core::{ConfigField, Risk};
use cors_testing::{OwnedConfig, OwnedConfigExt};

use crate::lines::{name_and_value, text};

/// Returns the config of these lines, with all its problems.
pub(crate) fn config(lines: &[Vec<u8>]) -> OwnedConfig {
    let mut config = OwnedConfig::default();
    for line in lines {
        let (name, value) = name_and_value(line);
        let value = text(value);
        match &*name {
            "allow-origin" => config.allow_origins.push(value),
            "allow-method" => config.allow_methods.push(value),
            "allow-header" => config.allow_headers.push(value),
            "expose-header" => config.expose_headers.push(value),
            "allow-credentials" => config.allow_credentials = true,
            "max-age" => config.max_age = value.parse().ok(),
            "allow-private-network" => config.allow_private_network = true,
            "preflight-status" => config.preflight_status = value.parse().unwrap_or(204),
            "accept-risk" => config.accept_risks.extend(Risk::from_name(&value)),
            _ => {}
        }
    }
    config
}

/// Returns the config of these lines, without the parts that are problems.
pub(crate) fn valid_config(lines: &[Vec<u8>]) -> OwnedConfig {
    let mut config = config(lines);
    config.accept_risks = Risk::ALL.to_vec();
    while let Some((field, index)) = first_problem(&config) {
        match (field, index) {
            (ConfigField::AllowOrigins, Some(index)) => drop(config.allow_origins.remove(index)),
            (ConfigField::AllowMethods, Some(index)) => drop(config.allow_methods.remove(index)),
            (ConfigField::AllowHeaders, Some(index)) => drop(config.allow_headers.remove(index)),
            (ConfigField::ExposeHeaders, Some(index)) => drop(config.expose_headers.remove(index)),
            (ConfigField::MaxAge, None) => config.max_age = None,
            (ConfigField::PreflightStatus, None) => config.preflight_status = 204,
            other => panic!("a problem without a place: {other:?}"),
        }
    }
    config
}

fn first_problem(config: &OwnedConfig) -> Option<(ConfigField, Option<usize>)> {
    config.with(|config| {
        let mut first = None;
        config.check(|problem| {
            first.get_or_insert((problem.field(), problem.index()));
        });
        first
    })
}
