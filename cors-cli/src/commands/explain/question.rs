//! [`Question`]: the fetch that is asked about.

use cors_core::Origin;
use cors_core::browser::{Api, CredentialsMode, Fetch, Header};
use url::Url;

use crate::args::Explain;
use crate::exit::Failure;
use crate::printable::printable;
use crate::target;

/// The address where the command line names none.
const URL: &str = "https://api.example.com/";

/// A fetch that owns what a [`Fetch`] borrows.
pub(super) struct Question {
    /// As [`target::origin`] takes it.
    origin: String,
    url: Url,
    method: String,
    headers: Vec<(String, Vec<u8>)>,
    credentials: bool,
    api: Api,
    upload_listener: bool,
    stream_body: bool,
}

impl Question {
    /// The fetch of the command line.
    pub(super) fn of(arguments: &Explain) -> Result<Self, Failure> {
        let origin = arguments.origin.as_deref().unwrap_or_default();
        Question::from_page(arguments, target::origin(origin)?)
    }

    /// The same, from a page of this origin.
    pub(super) fn from_page(arguments: &Explain, origin: Origin<'_>) -> Result<Self, Failure> {
        let headers = target::headers(&arguments.call.headers)?;
        let headers = headers
            .iter()
            .zip(&arguments.call.headers)
            .map(|(header, line)| Ok((header.name().to_owned(), byte_string(header.value(), line)?)));
        let is_xhr = arguments.call.xhr || arguments.upload_listener;
        Ok(Question {
            origin: origin.to_string(),
            url: target::url(arguments.url.as_deref().unwrap_or(URL))?,
            method: arguments.call.method.clone().unwrap_or_else(|| "GET".to_owned()),
            headers: headers.collect::<Result<_, Failure>>()?,
            credentials: arguments.call.credentials,
            api: if is_xhr { Api::XmlHttpRequest } else { Api::Fetch },
            upload_listener: arguments.upload_listener,
            stream_body: arguments.stream,
        })
    }

    /// With this method, where the command line has none.
    pub(super) fn or_method(self, is_given: bool, method: Option<&str>) -> Self {
        match method {
            Some(method) if !is_given => Question { method: method.to_owned(), ..self },
            _ => self,
        }
    }

    /// With this header beside those of the command line.
    pub(super) fn and_header(mut self, name: Option<&str>) -> Self {
        if let Some(name) = name {
            let is_set = self.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
            if !is_set {
                // A value that no safelist has.
                self.headers.push((name.to_owned(), b"\"".to_vec()));
            }
        }
        self
    }

    /// With credentials, if the command line does not say so already.
    pub(super) fn and_credentials(self, credentials: bool) -> Self {
        Question { credentials: self.credentials || credentials, ..self }
    }

    /// Of this address, if it is one.
    pub(super) fn or_url(self, is_given: bool, url: Option<&str>) -> Self {
        match url.and_then(|url| target::url(url).ok()) {
            Some(url) if !is_given => Question { url, ..self },
            _ => self,
        }
    }

    /// By `XMLHttpRequest`, if the message names that.
    pub(super) fn or_api(self, kind: Option<&str>) -> Self {
        let api = if kind == Some(Api::XmlHttpRequest.name()) { Api::XmlHttpRequest } else { self.api };
        Question { api, ..self }
    }

    pub(super) fn with<R>(&self, f: impl FnOnce(&Fetch<'_>) -> Result<R, Failure>) -> Result<R, Failure> {
        let headers: Vec<Header<'_>> =
            self.headers.iter().map(|(name, value)| Header::new(name, value)).collect();
        f(&Fetch {
            method: &self.method,
            headers: &headers,
            credentials: if self.credentials {
                CredentialsMode::Include
            } else {
                CredentialsMode::SameOrigin
            },
            api: self.api,
            has_body: self.stream_body || has_body(&self.method),
            stream_body: self.stream_body,
            upload_listener: self.upload_listener,
            ..Fetch::new(target::origin(&self.origin)?, self.url.as_str())
        })
    }

    /// Room for the names of a preflight: each at most as often as the page sets it.
    pub(super) fn buffer(&self) -> Vec<u8> {
        vec![0; self.headers.iter().map(|(name, _)| name.len().saturating_add(1)).sum()]
    }

    /// What else the person who asks should know.
    pub(super) fn notes(&self, fetch: &Fetch<'_>) -> Vec<String> {
        target::mixed_content(&fetch.origin, &self.url).map(str::to_owned).into_iter().collect()
    }
}

/// What pages mostly send one with.
fn has_body(method: &str) -> bool {
    ["POST", "PUT", "PATCH"].iter().any(|other| other.eq_ignore_ascii_case(method))
}

/// Web IDL, "ByteString": a byte for each character.
fn byte_string(value: &[u8], line: &str) -> Result<Vec<u8>, Failure> {
    let text = String::from_utf8_lossy(value);
    text.chars()
        .map(|character| {
            u8::try_from(character).map_err(|_| {
                let what =
                    format!("no page can set {character:?} in a header; write characters up to U+00FF");
                Failure::unusable(format_args!("--header {}", printable(line)), what)
            })
        })
        .collect()
}
