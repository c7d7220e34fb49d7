//! The form of a file of cases.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

/// A fetch, what the server answered, and what came of it in each engine.
#[derive(Debug, Deserialize)]
pub struct Case {
    pub id: String,
    /// `fetch` or `xhr`.
    pub api: String,
    /// The page's.
    pub origin: String,
    pub method: String,
    /// `omit`, `same-origin` or `include`.
    pub credentials: String,
    pub headers: Vec<(String, String)>,
    /// How often the fetch was made, one after the other; once if it does not say.
    pub repeat: Option<usize>,
    pub preflight_response: Answer,
    pub response: Answer,
    /// By the engine's name.
    pub observed: BTreeMap<String, Observed>,
}

#[derive(Debug, Deserialize)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Observed {
    /// Per repetition `error`, or `ok STATUS TYPE`, in some cases with the exposed header names after it.
    pub outcome: Vec<String>,
    /// Those that reached the server, in their order.
    pub requests: Vec<SentRequest>,
    /// Chromium's errors as `Variant:parameter`.
    pub error: Option<Vec<String>>,
    /// The console's lines, in which `URL` stands for the address; Firefox's as `key|text`.
    #[serde(default)]
    pub messages: Vec<String>,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
pub struct SentRequest {
    pub method: String,
    pub origin: Option<String>,
    pub request_method: Option<String>,
    pub request_headers: Option<String>,
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
