//! What tests do with an [`OwnedConfig`]: borrow it as a [`Config`], and compile it.

use cors_core::Config;
use cors_policy_file::{OwnedConfig, image_of};

/// Methods that tests add to [`OwnedConfig`].
pub trait OwnedConfigExt {
    /// Calls `f` with the config. It has no public suffix list.
    fn with<R>(&self, f: impl FnOnce(&Config<'_>) -> R) -> R;

    /// Calls `f` with the config and with the public suffix list that all tests have, in every language that runs the vectors:
    /// they must not change when the world's list does.
    fn with_suffixes<R>(&self, f: impl FnOnce(&Config<'_>) -> R) -> R;

    /// Calls `f` with the config and with the public suffix list that compilers have, if cors-core is built with it.
    fn with_list<R>(&self, f: impl FnOnce(&Config<'_>) -> R) -> R;

    /// Compiles the config to an image, without a public suffix list. Panics if the config has a problem.
    fn compile(&self) -> Vec<u8>;
}

impl<S: AsRef<str>> OwnedConfigExt for OwnedConfig<S> {
    fn with<R>(&self, f: impl FnOnce(&Config<'_>) -> R) -> R {
        f(&Config { is_public_suffix: None, ..self.as_strs().config() })
    }

    fn with_suffixes<R>(&self, f: impl FnOnce(&Config<'_>) -> R) -> R {
        f(&Config { is_public_suffix: Some(&is_public_suffix), ..self.as_strs().config() })
    }

    fn with_list<R>(&self, f: impl FnOnce(&Config<'_>) -> R) -> R {
        f(&self.as_strs().config())
    }

    fn compile(&self) -> Vec<u8> {
        self.with(|config| image_of(config).map_err(|error| error.to_string()))
            .expect("a config without a problem")
    }
}

/// The public suffix list of [`OwnedConfigExt::with_suffixes`].
pub fn is_public_suffix(domain: &str) -> bool {
    ["com", "co.uk", "uk", "io", "github.io", "example"].contains(&domain)
}
