//! A config and a fetch that own their texts.

use cors_core::browser::{Api, CredentialsMode, Fetch, Header, Mode};
use cors_core::{Config, Origin, Risk};

#[derive(Clone, Debug)]
pub(crate) struct OwnedConfig {
    pub(crate) allow_origins: Vec<String>,
    pub(crate) allow_methods: Vec<String>,
    pub(crate) allow_headers: Vec<String>,
    pub(crate) expose_headers: Vec<String>,
    pub(crate) allow_credentials: bool,
    pub(crate) max_age: Option<u32>,
    pub(crate) preflight_status: u16,
}

impl OwnedConfig {
    /// The image; every risk is accepted.
    pub(crate) fn compile(&self) -> Vec<u8> {
        let (origins, methods) = (borrow(&self.allow_origins), borrow(&self.allow_methods));
        let (headers, exposed) = (borrow(&self.allow_headers), borrow(&self.expose_headers));
        let config = Config {
            allow_origins: &origins,
            allow_methods: &methods,
            allow_headers: &headers,
            expose_headers: &exposed,
            allow_credentials: self.allow_credentials,
            max_age: self.max_age,
            preflight_status: self.preflight_status,
            accept_risks: &Risk::ALL,
            ..Config::NEW
        };
        let mut image = vec![0; config.image_len()];
        config.compile_into(&mut image).expect("a config without a problem");
        image
    }
}

fn borrow(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

#[derive(Clone, Debug)]
pub(crate) struct OwnedFetch {
    pub(crate) origin: String,
    pub(crate) url: String,
    pub(crate) method: String,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) credentials: CredentialsMode,
    pub(crate) mode: Mode,
    pub(crate) api: Api,
    pub(crate) has_body: bool,
    pub(crate) stream_body: bool,
    pub(crate) upload_listener: bool,
}

impl OwnedFetch {
    pub(crate) fn with<R>(&self, f: impl FnOnce(&Fetch<'_>) -> R) -> R {
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| Header::new(name, value)).collect();
        f(&Fetch {
            origin: Origin::parse(self.origin.as_bytes()).expect("an origin"),
            url: &self.url,
            method: &self.method,
            headers: &headers,
            credentials: self.credentials,
            mode: self.mode,
            api: self.api,
            has_body: self.has_body,
            stream_body: self.stream_body,
            upload_listener: self.upload_listener,
        })
    }
}
