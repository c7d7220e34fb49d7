//! [`Outcome`]: a fetch played through, from the page's call to what the page may read.

use core::fmt;

use crate::browser::engine::{Engine, Rule};
use crate::browser::error::{CorsError, Stage};
use crate::browser::fetch::{Fetch, FetchError};
use crate::browser::header::HeaderName;
use crate::browser::message::FirefoxLine;
use crate::browser::options::Mode;
use crate::browser::preflight::Preflight;
use crate::browser::response::Response;

/// The result of a fetch, given the server's answers: see [`Fetch::judge`].
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    engine: Engine,
    fetch: Fetch<'a>,
    preflight: Option<Preflight<'a>>,
    preflight_response: Response<'a>,
    response: Response<'a>,
    result: Result<(), CorsError<'a>>,
}

impl<'a> Fetch<'a> {
    /// Plays the fetch through, with these answers to its preflight, if it needs one, and to itself.
    ///
    /// A redirect is judged for itself and not followed: [`Fetch::redirected`] is the fetch that comes next. The error
    /// is that the page's call throws, and no request is made.
    ///
    /// ```
    /// use cors_core::Origin;
    /// use cors_core::browser::{Engine, Fetch, Header, Response};
    ///
    /// let page = Origin::parse(b"https://app.example.com")?;
    /// let fetch = Fetch { method: "PUT", ..Fetch::new(page, "https://api.example.com/orders/1") };
    /// let allow_origin = Header::new("access-control-allow-origin", "https://app.example.com");
    /// let response = Response { status: 200, headers: &[allow_origin] };
    ///
    /// let outcome = fetch.judge(Engine::Chromium, &response, &response)?;
    /// assert!(!outcome.is_ok() && !outcome.sends_request());
    /// assert_eq!(outcome.error().unwrap().name(), "MethodDisallowedByPreflightResponse");
    ///
    /// let methods = Header::new("access-control-allow-methods", "PUT");
    /// let preflight_response = Response { status: 204, headers: &[allow_origin, methods] };
    /// let outcome = fetch.judge(Engine::Chromium, &preflight_response, &response)?;
    /// assert!(outcome.is_ok());
    /// assert_eq!(outcome.preflight_kept(), 5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn judge(
        &self,
        engine: Engine,
        preflight_response: &Response<'a>,
        response: &Response<'a>,
    ) -> Result<Outcome<'a>, FetchError> {
        self.check()?;
        let stopped = self.check_address(engine);
        let preflight = self.preflight(engine).filter(|_| stopped.is_ok());
        let checked = preflight.map_or(stopped, |_| self.check_preflight(engine, preflight_response));
        Ok(Outcome {
            engine,
            fetch: *self,
            preflight,
            preflight_response: *preflight_response,
            response: *response,
            result: checked.and_then(|()| self.check_response(engine, response)),
        })
    }
}

impl<'a> Outcome<'a> {
    /// Returns the engine.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Returns the fetch.
    pub fn fetch(&self) -> &Fetch<'a> {
        &self.fetch
    }

    /// Returns the preflight that is sent, if any.
    pub fn preflight(&self) -> Option<Preflight<'a>> {
        self.preflight
    }

    /// True if the request itself is sent: nothing stops it, or only its response is kept from the page.
    pub fn sends_request(&self) -> bool {
        !self.error().is_some_and(|error| error.kind().is_before_request()) && self.passes_preflight()
    }

    fn passes_preflight(&self) -> bool {
        self.result.is_ok() || self.error().is_some_and(|error| error.stage() == Stage::Actual)
    }

    /// True if the fetch succeeds. In the mode `no-cors` it does, and the page still reads nothing of a response of
    /// another origin.
    pub fn is_ok(&self) -> bool {
        self.result.is_ok()
    }

    /// Returns an error if the browser stops the fetch.
    pub fn result(&self) -> Result<(), CorsError<'a>> {
        self.result
    }

    /// Returns why the browser stops the fetch.
    pub fn error(&self) -> Option<CorsError<'a>> {
        self.result.err()
    }

    /// Returns the response that failed the check: to the preflight or to the request itself. `None` where no request was sent.
    pub fn failed_response(&self) -> Option<Response<'a>> {
        self.error().filter(|error| !error.kind().is_before_request()).map(|error| match error.stage() {
            Stage::Preflight => self.preflight_response,
            Stage::Actual => self.response,
        })
    }

    /// Writes what Chromium's console shows: nothing if the fetch succeeds.
    pub fn chromium_message(&self, w: &mut impl fmt::Write) -> fmt::Result {
        self.error().map_or(Ok(()), |error| error.chromium_message(w, &self.fetch))
    }

    /// Returns what Firefox's console shows: its warning about a preflight that passes for now, and the lines of the error.
    pub fn firefox_lines(&self) -> impl Iterator<Item = FirefoxLine<'a>> + use<'a> {
        let warning = self
            .preflight
            .filter(|_| self.passes_preflight())
            .and_then(|_| FirefoxLine::warning(self.engine, &self.fetch, &self.preflight_response));
        let lines = self.error().zip(self.failed_response().or(Some(self.response)));
        let fetch = self.fetch;
        let lines = lines.map(|(error, response)| error.firefox_lines(&fetch, &response));
        warning.into_iter().chain(lines.into_iter().flatten())
    }

    /// Returns the address to which the response redirects, if that is allowed: the browser continues there with
    /// [`Fetch::redirected`].
    pub fn location(&self) -> Option<&'a [u8]> {
        self.response.location().filter(|_| self.is_ok())
    }

    /// Returns the names of the headers that the page may read: none if the fetch fails. See
    /// [`Fetch::exposed_headers`].
    pub fn exposed_headers(&self) -> impl Iterator<Item = HeaderName<'a>> + use<'a> {
        self.is_ok().then(|| self.fetch.exposed_headers(self.engine, &self.response)).into_iter().flatten()
    }

    /// Returns the response's type, as the page reads it in `Response.type`: `basic`, `cors` or `opaque`; `error` where the fetch
    /// fails.
    pub fn response_type(&self) -> &'static str {
        match self.fetch.mode {
            _ if !self.is_ok() => "error",
            _ if !self.fetch.is_cross_origin() => "basic",
            Mode::NoCors => "opaque",
            Mode::Cors | Mode::SameOrigin => "cors",
        }
    }

    /// Returns the seconds for which the same fetch needs no preflight: 0 if none was sent, if it failed or if its answer
    /// is not kept. See [`Fetch::preflight_kept`].
    pub fn preflight_kept(&self) -> u32 {
        let is_dropped = !self.is_ok() && self.engine.departs(Rule::FailureDropsKept);
        match self.preflight {
            Some(_) if self.passes_preflight() && !is_dropped => {
                self.fetch.preflight_kept(self.engine, &self.preflight_response)
            }
            _ => 0,
        }
    }
}
