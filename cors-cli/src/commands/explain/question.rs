//! [`Question`]: the fetch that is asked about.

use cors_core::browser::{AddressSpace, Api, CredentialsMode, Engine, Fetch, Header, Permission};
use cors_core::explain::{Explanation, Requests};
use cors_core::{Origin, Policy};

use crate::args::{Asked, SpaceName};
use crate::target::{self, Part, Wrong};

/// The address, unless the command line names one.
const URL: &str = "https://api.example.com/";

/// A fetch that owns what a [`Fetch`] borrows.
pub(super) struct Question {
    /// An origin that [`target::origin`] accepts.
    origin: String,
    /// An address that [`target::asked`] accepts.
    url: String,
    method: String,
    headers: Vec<(String, Vec<u8>)>,
    credentials: bool,
    api: Api,
    upload_listener: bool,
    stream_body: bool,
    page_address_space: Option<AddressSpace>,
    target_address_space: Option<AddressSpace>,
    local_network_permission: Permission,
}

impl Question {
    /// Returns the fetch of the command line.
    pub(super) fn of(asked: &Asked) -> Result<Self, Wrong> {
        let origin = asked.origin.as_deref().unwrap_or_default();
        Question::from_page(asked, target::origin(origin)?)
    }

    /// Returns the fetch of the command line, from a page of this origin.
    pub(super) fn from_page(asked: &Asked, origin: Origin<'_>) -> Result<Self, Wrong> {
        let headers = target::headers(&asked.call.headers)?;
        let headers = headers
            .iter()
            .zip(&asked.call.headers)
            .map(|(header, line)| Ok((header.name().to_owned(), byte_string(header.value(), line)?)));
        let api = asked.api();
        if api == Api::Font && asked.call.credentials {
            let what = "a font is always asked for without; leave them out";
            return Err(Wrong::new(Part::Credentials, "", what));
        }
        Ok(Question {
            origin: origin.to_string(),
            url: target::asked(asked.url.as_deref().unwrap_or(URL))?,
            method: asked.call.method.clone().unwrap_or_else(|| "GET".to_owned()),
            headers: headers.collect::<Result<_, Wrong>>()?,
            credentials: asked.call.credentials,
            api,
            upload_listener: asked.upload_listener,
            stream_body: asked.stream,
            page_address_space: asked.page_address_space.map(SpaceName::space),
            target_address_space: asked.address_space.map(SpaceName::space),
            local_network_permission: if asked.local_network_permission {
                Permission::Given
            } else {
                Permission::NotGiven
            },
        })
    }

    /// Sets this method, if it is known.
    pub(super) fn with_method(self, method: Option<&str>) -> Self {
        Question { method: method.map_or(self.method, str::to_owned), ..self }
    }

    /// Adds this header to those of the command line.
    pub(super) fn and_header(mut self, name: Option<&str>) -> Self {
        if let Some(name) = name {
            let is_set = self.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
            if !is_set {
                // A value that is not safelisted, so that the header needs a preflight.
                self.headers.push((name.to_owned(), b"\"".to_vec()));
            }
        }
        self
    }

    /// Adds credentials, if `credentials` is true.
    pub(super) fn and_credentials(self, credentials: bool) -> Self {
        Question { credentials: self.credentials || credentials, ..self }
    }

    /// Sets this address, if it is a URL.
    pub(super) fn with_url(self, url: Option<&str>) -> Self {
        Question { url: url.and_then(|url| target::asked(url).ok()).unwrap_or(self.url), ..self }
    }

    /// Sets the interface to `XMLHttpRequest`, if the message names it.
    pub(super) fn or_api(self, kind: Option<&str>) -> Self {
        let api = if kind == Some(Api::XmlHttpRequest.name()) { Api::XmlHttpRequest } else { self.api };
        Question { api, ..self }
    }

    /// Calls `f` with the explanation by this policy, and with further notes for the person who asks.
    pub(super) fn explain<R>(
        &self,
        engine: Engine,
        policy: &Policy<'_>,
        f: impl FnOnce(&Explanation<'_>, &[String]) -> R,
    ) -> Result<R, Wrong> {
        let headers: Vec<Header<'_>> =
            self.headers.iter().map(|(name, value)| Header::new(name, value)).collect();
        let fetch = Fetch {
            method: &self.method,
            headers: &headers,
            credentials: if self.credentials {
                CredentialsMode::Include
            } else {
                CredentialsMode::SameOrigin
            },
            mode: self.api.mode(engine),
            api: self.api,
            has_body: self.stream_body || has_body(&self.method),
            stream_body: self.stream_body,
            upload_listener: self.upload_listener,
            page_address_space: self.page_address_space,
            target_address_space: self.target_address_space,
            local_network_permission: self.local_network_permission,
            ..Fetch::new(target::origin(&self.origin)?, &self.url)
        };
        // The names of a preflight: a name occurs at most as often as the page sets it.
        let mut buffer = vec![0; self.headers.iter().map(|(name, _)| name.len().saturating_add(1)).sum()];
        let requests = Requests::of(&fetch, engine, &mut buffer)
            .map_err(|error| Wrong::new(Part::Headers, "", error.to_string()))?;
        Ok(f(&requests.explain(policy), &[]))
    }
}

/// Returns true for the methods that pages mostly send a body with.
fn has_body(method: &str) -> bool {
    ["POST", "PUT", "PATCH"].iter().any(|other| other.eq_ignore_ascii_case(method))
}

/// Returns a byte for each character (Web IDL, `ByteString`).
fn byte_string(value: &[u8], line: &str) -> Result<Vec<u8>, Wrong> {
    let text = String::from_utf8_lossy(value);
    text.chars()
        .map(|character| {
            u8::try_from(character).map_err(|_| {
                let what =
                    format!("no page can set {character:?} in a header; write characters up to U+00FF");
                Wrong::new(Part::Headers, line, what)
            })
        })
        .collect()
}
