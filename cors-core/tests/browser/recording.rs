//! The form of a file of recordings.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

/// A fetch, the server's answers, and what each engine did.
#[derive(Debug, Deserialize)]
pub(crate) struct Recording {
    pub(crate) id: String,
    /// `fetch` or `xhr`.
    pub(crate) api: String,
    /// The page's origin.
    pub(crate) origin: String,
    pub(crate) method: String,
    /// `omit`, `same-origin` or `include`.
    pub(crate) credentials: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) has_body: bool,
    /// How often the fetch was made, one after the other; once by default.
    pub(crate) repeat: Option<usize>,
    /// The seconds between two.
    #[serde(default)]
    pub(crate) pause: u32,
    /// Whether there was a listener on `XMLHttpRequest.upload`.
    #[serde(default)]
    pub(crate) upload_listener: bool,
    pub(crate) preflight_response: Answer,
    pub(crate) response: Answer,
    /// By the engine's name.
    pub(crate) observed: BTreeMap<String, Observed>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Observed {
    /// Per repetition `error`, or `ok STATUS TYPE`, in some cases with the exposed header names after it.
    pub(crate) outcome: Vec<String>,
    /// Those that reached the server, in their order.
    pub(crate) requests: Vec<SentRequest>,
    /// Chromium's errors as `Variant:parameter`.
    pub(crate) error: Option<Vec<String>>,
    /// The console's lines, in which `URL` stands for the address; Firefox's as `key|text`.
    #[serde(default)]
    pub(crate) messages: Vec<String>,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct SentRequest {
    pub(crate) method: String,
    pub(crate) origin: Option<String>,
    pub(crate) request_method: Option<String>,
    pub(crate) request_headers: Option<String>,
}

impl fmt::Display for SentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} from {}", self.method, self.origin.as_deref().unwrap_or("-"))?;
        if let Some(method) = &self.request_method {
            write!(f, " for {method}")?;
        }
        if let Some(headers) = &self.request_headers {
            write!(f, " with {headers}")?;
        }
        Ok(())
    }
}
