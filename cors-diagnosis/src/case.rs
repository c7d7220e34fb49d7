//! [`Case`]: whatever a developer has in hand, in one form.

use cors_core::browser::{Api, CredentialsMode, Engine, Header, Mode};

use crate::message::Message;

/// What is known of a fetch: from a message, a HAR file, a copied request, a response, or several of them.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// The page's origin.
    pub page: Option<String>,
    /// The engine of the page's browser.
    pub engine: Option<Engine>,
    /// What the page asks for.
    pub fetch: Option<Fetch>,
    /// The requests that were sent, and their responses, in their order.
    pub exchanges: Vec<Exchange>,
    /// What the console shows.
    pub message: Option<Message>,
}

/// What a page asks for, as far as it is known. It owns what a [`cors_core::browser::Fetch`] borrows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// The address.
    pub url: String,
    /// The address that the page asked for, where that redirected.
    pub redirected_from: Option<String>,
    /// The method.
    pub method: String,
    /// The headers that the page sets. Values that may be secret are not kept.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Whether the page asks with credentials, where that is known.
    pub credentials: Option<bool>,
    /// Whether the page asks to read the response.
    pub mode: Mode,
    /// By which interface.
    pub api: Api,
    /// Whether a body goes with the request.
    pub has_body: bool,
    /// What the text does not write out of the call, such as `headers: myHeaders`: `method`, `headers`.
    pub unknown: Vec<&'static str>,
}

impl Fetch {
    /// Makes a GET of an address, without headers.
    pub fn new(url: impl Into<String>) -> Self {
        Fetch {
            url: url.into(),
            redirected_from: None,
            method: "GET".to_owned(),
            headers: Vec::new(),
            credentials: None,
            mode: Mode::Cors,
            api: Api::Fetch,
            has_body: false,
            unknown: Vec::new(),
        }
    }

    /// Returns the headers, as the engine takes them.
    pub fn headers(&self) -> Vec<Header<'_>> {
        self.headers.iter().map(|(name, value)| Header::new(name, value)).collect()
    }

    /// True if the page itself sets a condition, so that it gets a 304 as it is (Fetch, HTTP-network-or-cache fetch).
    pub(crate) fn is_conditional(&self) -> bool {
        const CONDITIONS: [&str; 5] =
            ["if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since"];
        self.headers.iter().any(|(name, _)| CONDITIONS.iter().any(|other| other.eq_ignore_ascii_case(name)))
    }

    /// Returns the credentials mode: without, unless more is known.
    pub fn credentials(&self) -> CredentialsMode {
        match self.credentials {
            Some(true) => CredentialsMode::Include,
            _ => CredentialsMode::SameOrigin,
        }
    }
}

/// A request, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Whether it is a preflight.
    pub is_preflight: bool,
    /// Where the request went.
    pub url: String,
    /// The response's head, if there was one.
    pub response: Option<Response>,
}

/// A response's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The header fields, one for each line. Values that may be secret are not kept.
    pub headers: Vec<(String, Vec<u8>)>,
}

impl Response {
    /// Returns the fields, as the engine takes them.
    pub fn headers(&self) -> Vec<Header<'_>> {
        self.headers.iter().map(|(name, value)| Header::new(name, value)).collect()
    }

    /// Returns where the response redirects to.
    pub(crate) fn location(&self) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(name, _)| name == "location")?;
        let is_redirect = matches!(self.status, 301 | 302 | 303 | 307 | 308);
        std::str::from_utf8(value).ok().filter(|_| is_redirect)
    }
}
