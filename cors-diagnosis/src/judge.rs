//! A case's fetch as the engine takes it, and what comes of it by the responses that are known.

use cors_core::Origin;
use cors_core::browser::{self, Engine, Header};
use cors_core::explain::{Clue, Explanation, Requests, clues};

use crate::case::{Case, Fetch, Response};

/// What a case lacks, so that it cannot be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The page's origin.
    Page,
    /// The page's origin is written, and is none.
    WrongPage,
    /// The address asked for.
    Fetch,
    /// A response.
    Response,
    /// There are more headers than a preflight names.
    Headers,
}

impl Missing {
    /// Returns the sentence that says what to add.
    pub fn sentence(self) -> &'static str {
        match self {
            Missing::Page => "the page's origin is not in it; add --origin https://app.example.com",
            Missing::WrongPage => "the page's origin is not one; add --origin https://app.example.com",
            Missing::Fetch => "the address is not in it; add --url https://api.example.com/",
            Missing::Response => "there is no response in it",
            Missing::Headers => "there are more headers than a preflight names",
        }
    }
}

impl Case {
    /// Returns the engine that judges: the standard, unless the case says which.
    pub fn judging_engine(&self) -> Engine {
        self.engine.unwrap_or(Engine::Standard)
    }

    /// Returns the answer to the preflight, if it is known.
    pub fn preflight_response(&self) -> Option<&Response> {
        self.response_of(true)
    }

    /// Returns the response to the request itself, if it is known.
    pub fn response(&self) -> Option<&Response> {
        self.response_of(false)
    }

    fn response_of(&self, is_preflight: bool) -> Option<&Response> {
        let found = self.exchanges.iter().find(|exchange| exchange.is_preflight == is_preflight);
        found.and_then(|exchange| exchange.response.as_ref())
    }

    /// Calls `f` with the fetch.
    pub fn with_fetch<R>(&self, f: impl FnOnce(&browser::Fetch<'_>) -> R) -> Result<R, Missing> {
        let page = self.page.as_deref().ok_or(Missing::Page)?;
        let asked = self.fetch.as_ref().ok_or(Missing::Fetch)?;
        let origin = Origin::parse(page.as_bytes()).map_err(|_| Missing::WrongPage)?;
        let headers: Vec<Header<'_>> = asked.headers();
        Ok(f(&asked.as_asked(origin, &headers)))
    }

    /// Calls `f` with the requests that a browser sends for the fetch.
    pub fn with_requests<R>(&self, f: impl FnOnce(&Requests<'_>) -> R) -> Result<R, Missing> {
        let engine = self.judging_engine();
        self.with_fetch(|fetch| {
            let mut buffer =
                vec![0; fetch.headers.iter().map(|header| header.name().len().saturating_add(1)).sum()];
            Requests::of(fetch, engine, &mut buffer)
                .map(|requests| f(&requests))
                .map_err(|_| Missing::Headers)
        })?
    }

    /// Calls `f` with what comes of the fetch by the responses. One response counts for the preflight and the request.
    pub fn by_responses<R>(&self, f: impl FnOnce(&Explanation<'_>) -> R) -> Result<R, Missing> {
        let either = self.response().or(self.preflight_response()).ok_or(Missing::Response)?;
        let (preflight, response) =
            (self.preflight_response().unwrap_or(either), self.response().unwrap_or(either));
        let (preflight_headers, headers) = (preflight.headers(), response.headers());
        let preflight = browser::Response { status: preflight.status, headers: &preflight_headers };
        let response = browser::Response { status: response.status, headers: &headers };
        self.with_requests(|requests| f(&requests.explain_responses(&preflight, &response)))
    }

    /// Calls `f` with what the responses show beyond the fields of CORS.
    pub fn with_clues<R>(&self, f: impl FnOnce(&[Clue<'_>]) -> R) -> Result<R, Missing> {
        let engine = self.judging_engine();
        self.with_responses(|fetch, preflight, response| {
            let found: Vec<Clue<'_>> = clues(fetch, engine, preflight.as_ref(), response.as_ref()).collect();
            f(&found)
        })
    }

    /// Calls `f` with the fetch, and with the answer to its preflight and the response, as far as the case has them.
    pub(crate) fn with_responses<R>(
        &self,
        f: impl FnOnce(&browser::Fetch<'_>, Option<browser::Response<'_>>, Option<browser::Response<'_>>) -> R,
    ) -> Result<R, Missing> {
        let (preflight, response) = (self.preflight_response(), self.response());
        let (preflight_headers, headers) =
            (preflight.map(Response::headers), response.map(Response::headers));
        self.with_fetch(|fetch| {
            f(fetch, head(preflight, preflight_headers.as_deref()), head(response, headers.as_deref()))
        })
    }
}

/// Returns a response with its headers, which are read once, as the engine takes it.
fn head<'h>(response: Option<&Response>, headers: Option<&'h [Header<'h>]>) -> Option<browser::Response<'h>> {
    let (status, headers) = response.map(|response| response.status).zip(headers)?;
    Some(browser::Response { status, headers })
}

impl Fetch {
    /// Returns the fetch as the engine takes it.
    fn as_asked<'f>(&'f self, origin: Origin<'f>, headers: &'f [Header<'f>]) -> browser::Fetch<'f> {
        browser::Fetch {
            method: &self.method,
            headers,
            credentials: self.credentials(),
            mode: self.mode,
            api: self.api,
            has_body: self.has_body,
            ..browser::Fetch::new(origin, &self.url)
        }
    }
}
