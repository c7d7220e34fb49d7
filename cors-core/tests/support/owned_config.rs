//! [`OwnedConfig`]: a config that owns its texts.

use cors_core::{Config, Risk};

#[derive(Clone, Debug)]
pub(crate) struct OwnedConfig {
    pub(crate) allow_origins: Vec<String>,
    pub(crate) allow_methods: Vec<String>,
    pub(crate) allow_headers: Vec<String>,
    pub(crate) expose_headers: Vec<String>,
    pub(crate) allow_credentials: bool,
    pub(crate) max_age: Option<u32>,
    pub(crate) allow_private_network: bool,
    pub(crate) preflight_status: u16,
    pub(crate) accept_risks: Vec<Risk>,
    /// With [`is_public_suffix`].
    pub(crate) knows_public_suffixes: bool,
}

/// `Config::NEW`.
impl Default for OwnedConfig {
    fn default() -> Self {
        OwnedConfig {
            allow_origins: vec![],
            allow_methods: vec![],
            allow_headers: vec![],
            expose_headers: vec![],
            allow_credentials: false,
            max_age: None,
            allow_private_network: false,
            preflight_status: 204,
            accept_risks: vec![],
            knows_public_suffixes: false,
        }
    }
}

impl OwnedConfig {
    /// Calls `f` with the config.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&Config<'_>) -> R) -> R {
        let (origins, methods) = (borrow(&self.allow_origins), borrow(&self.allow_methods));
        let (headers, exposed) = (borrow(&self.allow_headers), borrow(&self.expose_headers));
        f(&Config {
            allow_origins: &origins,
            allow_methods: &methods,
            allow_headers: &headers,
            expose_headers: &exposed,
            allow_credentials: self.allow_credentials,
            max_age: self.max_age,
            allow_private_network: self.allow_private_network,
            preflight_status: self.preflight_status,
            accept_risks: &self.accept_risks,
            is_public_suffix: self.knows_public_suffixes.then_some(&is_public_suffix),
        })
    }

    /// The image.
    pub(crate) fn compile(&self) -> Vec<u8> {
        self.with(|config| {
            let mut image = vec![0; config.image_len()];
            let len = config.compile_into(&mut image).expect("a config without a problem").as_bytes().len();
            assert_eq!(len, image.len(), "image_len is exact");
            image
        })
    }
}

/// A public suffix list of two names.
fn is_public_suffix(domain: &str) -> bool {
    matches!(domain, "com" | "pages.test")
}

fn borrow(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}
