//! [`Requests`]: what a browser sends for a fetch.

use super::explanation::Explanation;
use crate::browser::{BufferTooSmall, Engine, Fetch, Preflight, Response};
use crate::policy::Policy;
use crate::policy::request::Request;

/// The requests that a browser makes for a fetch: the preflight, if it needs one, and the request itself. To be put to
/// any number of policies.
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
    /// The requests that this engine makes.
    ///
    /// `buffer` takes the names of the headers that need a preflight, as `Access-Control-Request-Headers` lists them.
    pub fn of(fetch: &Fetch<'a>, engine: Engine, buffer: &'a mut [u8]) -> Result<Self, BufferTooSmall> {
        let preflight = fetch.preflight(engine).filter(|_| fetch.check().is_ok());
        let preflight = match preflight {
            Some(preflight) => Some((preflight, preflight.request_in(buffer)?)),
            None => None,
        };
        Ok(Requests { fetch: *fetch, engine, preflight, request: fetch.request() })
    }

    /// The fetch.
    pub fn fetch(&self) -> &Fetch<'a> {
        &self.fetch
    }

    /// The engine.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The preflight, if there is one.
    pub fn preflight(&self) -> Option<Preflight<'a>> {
        self.preflight.as_ref().map(|(preflight, _)| *preflight)
    }

    /// The preflight as a policy takes it.
    pub fn preflight_request(&self) -> Option<&Request<'a>> {
        self.preflight.as_ref().map(|(_, request)| request)
    }

    /// The request itself as a policy takes it.
    pub fn request(&self) -> &Request<'a> {
        &self.request
    }

    /// What comes of them where this policy answers. The response itself is the application's, with status 200.
    pub fn explain<'r>(&'r self, policy: &Policy<'r>) -> Explanation<'r> {
        Explanation::by_policy(self, policy)
    }

    /// What comes of them where a server answers so. The first response counts where there is a preflight.
    ///
    /// Of a server nothing is known but its responses: there are no [obstacles](Explanation::obstacles), and
    /// [`ServerAdvice`](super::ServerAdvice) tells what to do about an [error](Explanation::error).
    pub fn explain_responses<'r>(
        &'r self,
        preflight_response: &Response<'r>,
        response: &Response<'r>,
    ) -> Explanation<'r> {
        Explanation::by_responses(self, preflight_response, response)
    }
}
