//! [`OwnedFetch`]: a fetch that owns its texts.

use cors_core::Origin;
use cors_core::browser::{Api, CredentialsMode, Fetch, Header, Mode};

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
            redirected_from: None,
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
