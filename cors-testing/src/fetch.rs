//! [`OwnedFetch`]: a fetch that owns its texts.

use cors_core::Origin;
use cors_core::browser::{Api, CredentialsMode, Fetch, Header, Mode, Permission};

/// The fields of [`Fetch`], by the same names. The fetch was not redirected.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "cors-core documents these fields")]
pub struct OwnedFetch {
    pub origin: String,
    pub url: String,
    pub method: String,
    pub headers: Vec<(String, Vec<u8>)>,
    pub credentials: CredentialsMode,
    pub mode: Mode,
    pub api: Api,
    pub has_body: bool,
    pub stream_body: bool,
    pub upload_listener: bool,
    pub local_network_permission: Permission,
}

impl OwnedFetch {
    /// Calls `f` with the fetch. Panics if `origin` is not an origin.
    pub fn with<R>(&self, f: impl FnOnce(&Fetch<'_>) -> R) -> R {
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| Header::new(name, value)).collect();
        let origin = Origin::parse(self.origin.as_bytes()).expect("an origin");
        f(&Fetch {
            method: &self.method,
            headers: &headers,
            credentials: self.credentials,
            mode: self.mode,
            api: self.api,
            has_body: self.has_body,
            stream_body: self.stream_body,
            upload_listener: self.upload_listener,
            local_network_permission: self.local_network_permission,
            ..Fetch::new(origin, &self.url)
        })
    }
}
