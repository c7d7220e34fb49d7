//! The form of a case and of its prediction.

use cors_core::Origin;
use cors_core::browser::{Api, CredentialsMode, Engine, Fetch, Header, Mode};
use serde::{Deserialize, Serialize};

/// A fetch, and who answers it.
#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) engine: String,
    /// The page's.
    pub(crate) origin: String,
    /// As [`Api::name`] has it.
    api: String,
    method: String,
    pub(crate) headers: Vec<(String, String)>,
    credentials: String,
    mode: String,
    has_body: bool,
    upload_listener: bool,
    /// How often, one after the other.
    pub(crate) repeat: usize,
    /// The first address, and those that it redirects to.
    pub(crate) hops: Vec<Hop>,
}

/// An address.
#[derive(Deserialize)]
pub(crate) struct Hop {
    pub(crate) url: String,
    /// Whether a server answers that notes what reaches its application.
    pub(crate) is_application: bool,
    /// The policy's name; none where CORS has no part in the answers.
    pub(crate) policy: Option<String>,
    /// What the application answers, to whatever method.
    pub(crate) status: u16,
    /// How often the application is asked for one request.
    pub(crate) times: usize,
    pub(crate) fields: Vec<(String, String)>,
}

/// What comes of a case.
#[derive(Default, Serialize)]
pub(crate) struct Prediction {
    /// What the page sees, for each repetition.
    pub(crate) outcome: Vec<String>,
    pub(crate) requests: Vec<SentRequest>,
    /// Which of them reach the application.
    pub(crate) application: Vec<String>,
    /// The console's lines; `null` for the engine whose texts nobody knows.
    pub(crate) console: Option<Vec<String>>,
    /// The names of what the browser finds wrong.
    pub(crate) errors: Vec<String>,
    /// The same, told step by step.
    pub(crate) story: Vec<String>,
}

/// A request as it reaches a server.
#[derive(Serialize)]
pub(crate) struct SentRequest {
    pub(crate) url: String,
    pub(crate) method: String,
    pub(crate) origin: Option<String>,
    pub(crate) request_method: Option<String>,
    pub(crate) request_headers: Option<String>,
    /// The names of those headers of the page's that are sent: sorted, in lower case.
    pub(crate) own_headers: Vec<String>,
}

impl Case {
    pub(crate) fn engine(&self) -> Result<Engine, String> {
        Engine::from_name(&self.engine).ok_or_else(|| format!("no engine: {}", self.engine))
    }

    /// The page's call, of the first address.
    pub(crate) fn fetch<'f>(&'f self, headers: &'f [Header<'f>]) -> Result<Fetch<'f>, String> {
        let origin =
            Origin::parse(self.origin.as_bytes()).map_err(|error| format!("{}: {error}", self.origin))?;
        let api = Api::from_name(&self.api).ok_or_else(|| format!("no interface: {}", self.api))?;
        let url = &self.hops.first().ok_or("a case without an address")?.url;
        Ok(Fetch {
            method: &self.method,
            headers,
            credentials: CredentialsMode::from_name(&self.credentials)
                .ok_or_else(|| format!("no credentials mode: {}", self.credentials))?,
            mode: if api == Api::Font { api.mode(self.engine()?) } else { mode(&self.mode)? },
            api,
            has_body: self.has_body,
            upload_listener: self.upload_listener,
            ..Fetch::new(origin, url)
        })
    }
}

fn mode(name: &str) -> Result<Mode, String> {
    match name {
        "cors" => Ok(Mode::Cors),
        "no-cors" => Ok(Mode::NoCors),
        "same-origin" => Ok(Mode::SameOrigin),
        _ => Err(format!("no mode: {name}")),
    }
}
