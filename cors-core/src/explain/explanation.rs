//! [`Explanation`]: the result of a fetch, and the reasons.

use core::fmt;

use heapless::Vec;

use super::disagreement::{Disagreement, disagreements};
use super::obstacle::{self, Obstacle};
use super::requests::Requests;
use super::step::{ReadableHeaders, Step};
use super::trial::Trial;
use crate::browser::{CorsError, Engine, Fetch, FetchError, Header, HeaderName, Mode, Outcome, Response};
use crate::policy::Policy;
use crate::policy::{Decision, Denial};

/// A decision has no more fields on a browser's request: its `Access-Control-Request-Headers` is one line.
const MAX_FIELDS: usize = 8;

/// The status that an application's response is taken to have.
const APPLICATION_STATUS: u16 = 200;

/// The result of a fetch: step by step, and with what stands in its way.
///
/// See the [module](super) for an example.
#[derive(Clone, Debug)]
pub struct Explanation<'a> {
    requests: &'a Requests<'a>,
    by_policy: Option<ByPolicy<'a>>,
    preflight_response: Answer<'a>,
    response: Answer<'a>,
}

#[derive(Clone, Copy, Debug)]
struct ByPolicy<'a> {
    policy: Policy<'a>,
    preflight_decision: Option<Decision<'a>>,
    decision: Decision<'a>,
}

/// A response: one made from a decision, whose fields have to be kept here, or one that the caller holds.
#[derive(Clone, Debug)]
struct Answer<'a> {
    status: u16,
    kept: Vec<Header<'a>, MAX_FIELDS>,
    held: Option<&'a [Header<'a>]>,
}

impl<'a> Answer<'a> {
    fn of(decision: &Decision<'a>) -> Self {
        let status = decision.status().unwrap_or(APPLICATION_STATUS);
        Answer { status, kept: decision.fields().take(MAX_FIELDS).map(Header::from).collect(), held: None }
    }

    fn holding(response: &Response<'a>) -> Self {
        Answer { status: response.status, kept: Vec::new(), held: Some(response.headers) }
    }

    fn response(&self) -> Response<'_> {
        Response { status: self.status, headers: self.held.unwrap_or(&self.kept) }
    }
}

impl Requests<'_> {
    /// Returns what comes of the requests where this policy answers. The response itself is the application's, with
    /// status 200.
    pub fn explain<'r>(&'r self, policy: &Policy<'r>) -> Explanation<'r> {
        Explanation::by_policy(self, policy)
    }

    /// Returns what comes of the requests where a server answers so. The first response counts only if there is a
    /// preflight.
    ///
    /// Only the responses of that server are known, not its policy: there are no [obstacles](Explanation::obstacles), and
    /// [`ServerAdvice`](super::ServerAdvice) is about an [error](Explanation::error).
    pub fn explain_responses<'r>(
        &'r self,
        preflight_response: &Response<'r>,
        response: &Response<'r>,
    ) -> Explanation<'r> {
        Explanation::by_responses(self, preflight_response, response)
    }
}

impl<'a> Explanation<'a> {
    fn by_policy(requests: &'a Requests<'a>, policy: &Policy<'a>) -> Self {
        let preflight_decision = requests.preflight_request().map(|request| policy.evaluate(request));
        let decision = policy.evaluate(requests.request());
        let response = Answer::of(&decision);
        let preflight_response = preflight_decision.as_ref().map_or_else(|| response.clone(), Answer::of);
        let by_policy = Some(ByPolicy { policy: *policy, preflight_decision, decision });
        Explanation { requests, by_policy, preflight_response, response }
    }

    fn by_responses(
        requests: &'a Requests<'a>,
        preflight_response: &Response<'a>,
        response: &Response<'a>,
    ) -> Self {
        let (preflight_response, response) = (Answer::holding(preflight_response), Answer::holding(response));
        Explanation { requests, by_policy: None, preflight_response, response }
    }

    /// Returns the fetch.
    pub fn fetch(&self) -> &'a Fetch<'a> {
        self.requests.fetch()
    }

    /// Returns the engine.
    pub fn engine(&self) -> Engine {
        self.requests.engine()
    }

    /// Returns the requests that the browser would make.
    pub fn requests(&self) -> &'a Requests<'a> {
        self.requests
    }

    /// Returns what the browser makes of the responses; an error if the page's call throws.
    pub fn outcome(&self) -> Result<Outcome<'_>, FetchError> {
        self.fetch().judge(self.engine(), &self.preflight_response.response(), &self.response.response())
    }

    /// True if the fetch succeeds.
    pub fn is_ok(&self) -> bool {
        self.outcome().is_ok_and(|outcome| outcome.is_ok())
    }

    /// Returns why the browser stops the fetch.
    pub fn error(&self) -> Option<CorsError<'_>> {
        self.outcome().ok()?.error()
    }

    /// Returns the policy's decision on the preflight, if there is one.
    pub fn preflight_decision(&self) -> Option<Decision<'a>> {
        self.by_policy?.preflight_decision
    }

    /// Returns the policy's decision on the request itself, whether or not the browser sends it.
    pub fn decision(&self) -> Option<Decision<'a>> {
        Some(self.by_policy?.decision)
    }

    /// Returns the reason why the policy denies the preflight or, if not that, the request.
    pub fn denial(&self) -> Option<Denial> {
        let preflight = self.preflight_decision().and_then(|decision| decision.denial());
        preflight.or_else(|| self.decision()?.denial())
    }

    /// Returns the answer to the preflight, if there is one.
    pub fn preflight_response(&self) -> Option<Response<'_>> {
        self.requests.preflight().map(|_| self.preflight_response.response())
    }

    /// Returns the response to the request itself. A policy's has the fields that it adds to the application's.
    pub fn response(&self) -> Response<'_> {
        self.response.response()
    }

    /// Returns the steps between page, browser and server, in their order, up to where the fetch ends.
    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> + Clone {
        let fetch = self.fetch();
        let thrown = fetch.check().err();
        let outcome = self.outcome().ok();
        let call = [Some(Step::Call(fetch)), thrown.map(Step::Throw)].into_iter().flatten();
        call.chain(outcome.into_iter().flat_map(|outcome| self.steps_of(&outcome)))
    }

    fn steps_of<'s>(&'s self, outcome: &Outcome<'s>) -> impl Iterator<Item = Step<'s>> + Clone + use<'s, 'a> {
        let (fetch, engine) = (self.fetch(), self.engine());
        let is_cors = fetch.is_cors();
        let refused = outcome.error().filter(|error| error.kind().is_before_request());
        let has_target = fetch.check_address(engine) != Err(CorsError::MissingScheme);
        let is_asked = is_cors && refused.is_none();
        let dropped = dropped_headers(fetch, engine).filter(move |_| refused.is_none()).map(Step::Drop);
        let relation = if fetch.is_cross_origin() { Step::CrossOrigin(fetch) } else { Step::SameOrigin };
        let relation = has_target.then_some(relation);
        let upgrade = fetch.is_upgraded(engine).then_some(Step::Upgrade);
        let reasons = fetch.needs_preflight(engine).filter(move |_| is_asked).map(Step::NeedPreflight);
        let no_preflight = (is_asked && self.requests.preflight().is_none()).then_some(Step::NeedNoPreflight);

        let preflight = self.requests.preflight();
        let passes_preflight = outcome.sends_request();
        let stopped = outcome.error().filter(|_| !passes_preflight);
        let asked = preflight.is_some();
        let preflight_steps = [
            stopped.filter(|_| !asked).map(Step::Refuse),
            preflight.map(Step::Preflight),
            self.preflight_decision().map(Step::PreflightDecision),
            self.preflight_response().map(Step::PreflightResponse),
            asked.then_some(Step::PreflightCheck(stopped)),
            (asked && passes_preflight).then(|| Step::Keep(outcome.preflight_kept())),
        ];
        let request_steps = [
            Some(Step::Request(fetch)),
            self.decision().filter(|_| is_cors).map(Step::Decision),
            Some(Step::Response(self.response())),
            is_cors.then_some(Step::Check(outcome.error())),
        ];
        let last = if outcome.is_ok() {
            Step::Deliver(self.readable_headers())
        } else {
            Step::Fail { fetch, engine, is_sent: passes_preflight }
        };
        relation
            .into_iter()
            .chain(upgrade)
            .chain(dropped)
            .chain(reasons)
            .chain(no_preflight)
            .chain(preflight_steps.into_iter().flatten())
            .chain(request_steps.into_iter().flatten().filter(move |_| passes_preflight))
            .chain([last])
    }

    /// Returns the headers of the response that the page may read, if the fetch succeeds.
    pub fn readable_headers(&self) -> ReadableHeaders<'_> {
        let fetch = self.fetch();
        if !self.is_ok() || (fetch.is_cross_origin() && fetch.mode == Mode::NoCors) {
            return ReadableHeaders::Nothing;
        }
        if !fetch.is_cross_origin() {
            return ReadableHeaders::All;
        }
        match self.by_policy {
            None => ReadableHeaders::Of(fetch, self.engine(), self.response()),
            Some(ByPolicy { policy, .. }) if policy.expose_headers().any(|name| name == "*") => {
                ReadableHeaders::All
            }
            Some(ByPolicy { policy, .. }) => ReadableHeaders::Exposed(policy),
        }
    }

    /// Returns everything that stands in the way, whether or not the browser comes to see it. Nothing exactly if the fetch
    /// [succeeds](Self::is_ok). A call that throws has no other obstacle; without a policy there are none.
    pub fn obstacles(&self) -> impl Iterator<Item = Obstacle<'a>> + Clone + use<'a> {
        self.trial().into_iter().flat_map(obstacle::obstacles)
    }

    /// Returns the engines, including the standard, in which the fetch ends otherwise by this policy.
    pub fn disagreements(&self) -> impl Iterator<Item = Disagreement<'a>> + Clone + use<'a> {
        self.trial().into_iter().flat_map(disagreements)
    }

    fn trial(&self) -> Option<Trial<'a>> {
        let ByPolicy { policy, .. } = self.by_policy?;
        let written = self.requests.preflight().and_then(|preflight| preflight.written());
        Some(Trial { policy, fetch: *self.fetch(), engine: self.engine(), written })
    }
}

/// Returns the headers that the browser does not send, each name as often as the page sets it.
fn dropped_headers<'a>(fetch: &'a Fetch<'a>, engine: Engine) -> impl Iterator<Item = HeaderName<'a>> + Clone {
    fetch.headers.iter().filter_map(move |header| {
        let alone = Fetch { headers: core::slice::from_ref(header), ..*fetch };
        let is_sent = alone.sent_headers(engine).next().is_some();
        (!is_sent).then(|| HeaderName::new(header.name()))
    })
}

/// The steps, then the obstacles with their near misses and fixes, then the engines that disagree, each in a line.
impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps()
            .enumerate()
            .try_for_each(|(index, step)| write!(f, "{}{step}", if index == 0 { "" } else { "\n" }))?;
        for obstacle in self.obstacles() {
            write!(f, "\nobstacle: {obstacle}")?;
            for miss in obstacle.near_misses() {
                write!(f, "\n  near miss: the page is {}, but the policy lists {miss}", miss.origin())?;
            }
            for (index, fix) in obstacle.fixes().enumerate() {
                write!(f, "\n  {}: {fix}", if index == 0 { "fix" } else { "or" })?;
            }
        }
        self.disagreements().try_for_each(|disagreement| write!(f, "\nnote: {disagreement}"))
    }
}
