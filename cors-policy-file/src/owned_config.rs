//! [`OwnedConfig`]: a config that owns its lists, for whatever reads, writes or keeps one.

use cors_core::{CompileError, Config, ConfigField, ConfigOf, Policy, Risk};
use serde::{Deserialize, Serialize};

/// A [`Config`] that owns its lists. `S` is whatever holds a text: a `String`, or a `&str` of an image.
///
/// [`config`](Self::config) borrows it for the engine. `serde` reads and writes it with the names of a policy file:
///
/// ```
/// use cors_core::{Policy, Risk};
/// use cors_policy_file::{OwnedConfig, image_of};
///
/// let config: OwnedConfig = serde_json::from_str(r#"{"allow_origins": ["null"], "accept_risks": ["NullOrigin"]}"#)?;
/// assert_eq!(config.accept_risks, [Risk::NullOrigin]);
///
/// let image = image_of(&config.config()).unwrap();
/// let policy = Policy::from_bytes(&image).unwrap();
/// assert_eq!(OwnedConfig::from(policy), config.as_strs());
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// A file that a person wrote is better read by `compile`, which reports every problem at its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OwnedConfig<S = String> {
    /// [`Config::allow_origins`]
    pub allow_origins: Vec<S>,
    /// [`Config::allow_methods`]
    pub allow_methods: Vec<S>,
    /// [`Config::allow_headers`]
    pub allow_headers: Vec<S>,
    /// [`Config::expose_headers`]
    pub expose_headers: Vec<S>,
    /// [`Config::allow_credentials`]
    pub allow_credentials: bool,
    /// [`Config::max_age`]
    // TOML has no null.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
    /// [`Config::allow_private_network`]
    pub allow_private_network: bool,
    /// [`Config::preflight_status`]
    pub preflight_status: u16,
    /// [`Config::accept_risks`]
    #[serde(with = "risks")]
    pub accept_risks: Vec<Risk>,
}

impl<S> OwnedConfig<S> {
    /// Borrows the config for the engine.
    ///
    /// It has the public suffix list if the feature `file` is on. `ConfigOf { is_public_suffix: None, ..owned.config() }` has
    /// none.
    pub fn config(&self) -> ConfigOf<'_, S> {
        ConfigOf {
            allow_origins: &self.allow_origins,
            allow_methods: &self.allow_methods,
            allow_headers: &self.allow_headers,
            expose_headers: &self.expose_headers,
            allow_credentials: self.allow_credentials,
            max_age: self.max_age,
            allow_private_network: self.allow_private_network,
            preflight_status: self.preflight_status,
            accept_risks: &self.accept_risks,
            is_public_suffix: Config::NEW.is_public_suffix,
        }
    }

    /// Returns the list of texts that has this name.
    pub fn list_mut(&mut self, field: ConfigField) -> Option<&mut Vec<S>> {
        match field {
            ConfigField::AllowOrigins => Some(&mut self.allow_origins),
            ConfigField::AllowMethods => Some(&mut self.allow_methods),
            ConfigField::AllowHeaders => Some(&mut self.allow_headers),
            ConfigField::ExposeHeaders => Some(&mut self.expose_headers),
            _ => None,
        }
    }

    /// Returns the boolean that has this name.
    pub fn boolean_mut(&mut self, field: ConfigField) -> Option<&mut bool> {
        match field {
            ConfigField::AllowCredentials => Some(&mut self.allow_credentials),
            ConfigField::AllowPrivateNetwork => Some(&mut self.allow_private_network),
            _ => None,
        }
    }

    /// Returns the config with each text replaced by what `f` makes of it.
    pub fn map<'c, T>(&'c self, f: impl Fn(&'c S) -> T) -> OwnedConfig<T> {
        let list = |texts: &'c [S]| texts.iter().map(&f).collect();
        OwnedConfig {
            allow_origins: list(&self.allow_origins),
            allow_methods: list(&self.allow_methods),
            allow_headers: list(&self.allow_headers),
            expose_headers: list(&self.expose_headers),
            allow_credentials: self.allow_credentials,
            max_age: self.max_age,
            allow_private_network: self.allow_private_network,
            preflight_status: self.preflight_status,
            accept_risks: self.accept_risks.clone(),
        }
    }
}

impl<S: AsRef<str>> OwnedConfig<S> {
    /// Returns the config with its texts borrowed, as a [`Config`] has them.
    pub fn as_strs(&self) -> OwnedConfig<&str> {
        self.map(AsRef::as_ref)
    }

    /// Returns the config with texts of its own.
    pub fn to_strings(&self) -> OwnedConfig {
        self.map(|text| text.as_ref().to_owned())
    }
}

/// Allows nothing, as [`Config::NEW`] does.
impl<S> Default for OwnedConfig<S> {
    fn default() -> Self {
        OwnedConfig {
            allow_origins: Vec::new(),
            allow_methods: Vec::new(),
            allow_headers: Vec::new(),
            expose_headers: Vec::new(),
            allow_credentials: Config::NEW.allow_credentials,
            max_age: Config::NEW.max_age,
            allow_private_network: Config::NEW.allow_private_network,
            preflight_status: Config::NEW.preflight_status,
            accept_risks: Vec::new(),
        }
    }
}

/// The config that compiles to the policy's image.
impl<'p> From<Policy<'p>> for OwnedConfig<&'p str> {
    fn from(policy: Policy<'p>) -> Self {
        OwnedConfig {
            allow_origins: policy.allow_origins().collect(),
            allow_methods: policy.allow_methods().collect(),
            allow_headers: policy.allow_headers().collect(),
            expose_headers: policy.expose_headers().collect(),
            allow_credentials: policy.allow_credentials(),
            max_age: policy.max_age(),
            allow_private_network: policy.allow_private_network(),
            preflight_status: policy.preflight_status(),
            accept_risks: policy.accept_risks().collect(),
        }
    }
}

/// Compiles a config to an image of its own.
pub fn image_of<'c>(config: &ConfigOf<'c, impl AsRef<str>>) -> Result<Vec<u8>, CompileError<'c>> {
    let mut image = vec![0; config.image_len()];
    config.compile_into(&mut image)?;
    Ok(image)
}

/// Risks by their names.
mod risks {
    use cors_core::Risk;
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    pub(super) fn serialize<S: Serializer>(risks: &[Risk], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(risks.iter().map(|risk| risk.name()))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Risk>, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        let risk = |name: &String| {
            Risk::from_name(name).ok_or_else(|| {
                let known = Risk::ALL.map(Risk::name).join(", ");
                D::Error::custom(format_args!("unknown risk {name:?}; the risks are {known}"))
            })
        };
        names.iter().map(risk).collect()
    }
}
