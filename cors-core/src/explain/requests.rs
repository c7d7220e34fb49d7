//! [`Requests`]: the requests that a browser sends for a fetch.

use crate::browser::{BufferTooSmall, Engine, Fetch, Preflight};
use crate::policy::request::Request;

/// The requests that a browser makes for a fetch: the preflight, if it needs one, and the request itself. Any
/// number of policies can answer them.
///
/// See the [module](super) for an example.
#[derive(Clone, Debug)]
pub struct Requests<'a> {
    fetch: Fetch<'a>,
    engine: Engine,
    preflight: Option<(Preflight<'a>, Request<'a>)>,
    request: Request<'a>,
}

impl<'a> Requests<'a> {
    /// Returns the requests that this engine makes.
    ///
    /// `buffer` takes the names of the headers that need a preflight, as `Access-Control-Request-Headers` lists them.
    pub fn of(fetch: &Fetch<'a>, engine: Engine, buffer: &'a mut [u8]) -> Result<Self, BufferTooSmall> {
        let is_sent = fetch.check().is_ok() && fetch.check_address(engine).is_ok();
        let preflight = fetch.preflight(engine).filter(|_| is_sent);
        let preflight = match preflight {
            Some(preflight) => {
                let request = preflight.request_in(buffer)?;
                Some((preflight.with_names_of(&request), request))
            }
            None => None,
        };
        Ok(Requests { fetch: *fetch, engine, preflight, request: fetch.request() })
    }

    /// Returns the fetch.
    pub fn fetch(&self) -> &Fetch<'a> {
        &self.fetch
    }

    /// Returns the engine.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Returns the preflight, if there is one.
    pub fn preflight(&self) -> Option<Preflight<'a>> {
        self.preflight.as_ref().map(|(preflight, _)| *preflight)
    }

    /// Returns the preflight as a policy takes it.
    pub fn preflight_request(&self) -> Option<&Request<'a>> {
        self.preflight.as_ref().map(|(_, request)| request)
    }

    /// Returns the request itself as a policy takes it.
    pub fn request(&self) -> &Request<'a> {
        &self.request
    }
}
