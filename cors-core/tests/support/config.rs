//! [`OwnedConfig`]: a config as the vectors spell it, with the names of [`Config`].

use cors_core::{Config, Risk};
use serde::Deserialize;

use super::value::Value;

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OwnedConfig {
    allow_origins: Vec<Value>,
    allow_methods: Vec<Value>,
    allow_headers: Vec<Value>,
    expose_headers: Vec<Value>,
    allow_credentials: bool,
    max_age: Option<u32>,
    allow_private_network: bool,
    preflight_status: u16,
    accept_risks: Vec<String>,
}

impl Default for OwnedConfig {
    fn default() -> Self {
        OwnedConfig {
            allow_origins: Vec::new(),
            allow_methods: Vec::new(),
            allow_headers: Vec::new(),
            expose_headers: Vec::new(),
            allow_credentials: false,
            max_age: None,
            allow_private_network: false,
            preflight_status: 204,
            accept_risks: Vec::new(),
        }
    }
}

impl OwnedConfig {
    /// Calls `f` with the config.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&Config<'_>) -> R) -> R {
        let [origins, methods, headers, exposed] =
            [&self.allow_origins, &self.allow_methods, &self.allow_headers, &self.expose_headers]
                .map(|list| list.iter().map(Value::text).collect::<Vec<_>>());
        let risks: Vec<Risk> = self
            .accept_risks
            .iter()
            .map(|name| Risk::from_name(name).unwrap_or_else(|| panic!("{name:?} is no risk")))
            .collect();
        f(&Config {
            allow_origins: &borrowed(&origins),
            allow_methods: &borrowed(&methods),
            allow_headers: &borrowed(&headers),
            expose_headers: &borrowed(&exposed),
            allow_credentials: self.allow_credentials,
            max_age: self.max_age,
            allow_private_network: self.allow_private_network,
            preflight_status: self.preflight_status,
            accept_risks: &risks,
            is_public_suffix: Some(&is_public_suffix),
        })
    }
}

fn borrowed(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

/// The whole list, for every runner: the vectors must not change when the world's does.
fn is_public_suffix(domain: &str) -> bool {
    ["com", "co.uk", "uk", "io", "github.io", "example"].contains(&domain)
}
