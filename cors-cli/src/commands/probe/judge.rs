//! The judgement of each engine on the answers.

use cors_core::browser::{
    AddressSpace, CorsError, Engine, Fetch, FirefoxLine, Header, HeaderName, Response, Stage,
};

use cors_core::explain::{Clue, clues};

use super::exchange::{Answer, Exchange};
use super::requests::Asked;
use crate::exit::Exit;

/// The answers, as engines take them. A [`Judgement`] borrows from this.
pub(super) struct Answers<'x> {
    preflights: Vec<(&'x [Engine], Received<'x>)>,
    request: Option<Received<'x>>,
    is_withheld: bool,
}

struct Received<'x> {
    answer: Option<&'x Answer>,
    headers: Vec<Header<'x>>,
}

/// How the fetch ends in an engine.
pub(super) struct Judgement<'a> {
    pub(super) engine: Engine,
    pub(super) verdict: Verdict<'a>,
    /// A warning of Firefox, which goes on.
    pub(super) warning: Option<FirefoxLine<'a>>,
}

pub(super) enum Verdict<'a> {
    /// The page gets the response, and may read these headers of it.
    Allowed { status: u16, exposed: Vec<HeaderName<'a>>, preflight_kept: Option<u32> },
    /// The preflight passes, and the request itself was not sent.
    PreflightPassed { preflight_kept: u32 },
    /// The browser keeps the response from the page.
    Blocked { error: CorsError<'a>, response: Response<'a> },
    /// The response passes, and points to another address.
    Redirected { status: u16, location: &'a [u8] },
    /// The request needs no preflight, and was not sent.
    Withheld,
    /// There was no answer to judge.
    Unanswered,
    /// Not asked, since an earlier request had no answer.
    NotReached,
}

impl<'x> Answers<'x> {
    pub(super) fn new(asked: &'x Asked) -> Self {
        let received = |exchange: &'x Exchange| Received {
            answer: exchange.answer.as_ref().ok(),
            headers: exchange.answer.as_ref().map_or_else(|_| Vec::new(), |answer| answer.fields.headers()),
        };
        Answers {
            preflights: asked
                .preflights
                .iter()
                .map(|(engines, exchange)| (engines.as_slice(), received(exchange)))
                .collect(),
            request: asked.request.as_ref().map(received),
            is_withheld: asked.is_withheld,
        }
    }

    /// Returns what the answers show beyond the fields of CORS.
    pub(super) fn clues<'a>(&'a self, fetch: &'a Fetch<'a>, engine: Engine) -> Vec<Clue<'a>> {
        let asked = self.preflights.iter().find(|(engines, _)| engines.contains(&engine));
        let preflight = asked.and_then(|(_, received)| received.response());
        let response = self.request.as_ref().and_then(Received::response);
        clues(fetch, engine, preflight.as_ref(), response.as_ref()).collect()
    }

    /// Returns how the fetch ends in one engine.
    pub(super) fn judge<'a>(&'a self, fetch: &Fetch<'a>, engine: Engine) -> Judgement<'a> {
        let mut warning = None;
        let verdict = self.verdict(fetch, engine, &mut warning);
        Judgement { engine, verdict, warning }
    }

    fn verdict<'a>(
        &'a self,
        fetch: &Fetch<'a>,
        engine: Engine,
        warning: &mut Option<FirefoxLine<'a>>,
    ) -> Verdict<'a> {
        // Of a near address only the answers are judged: it is not where it will be for those who open the page.
        match fetch.check_address(engine) {
            Err(error @ CorsError::UnsafePort { .. }) => {
                return Verdict::Blocked { error, response: NO_RESPONSE };
            }
            Err(error @ CorsError::MixedContent) if !is_near(fetch) => {
                return Verdict::Blocked { error, response: NO_RESPONSE };
            }
            _ => {}
        }
        let mut preflight_kept = None;
        if fetch.preflight(engine).is_some() {
            let asked = self.preflights.iter().find(|(engines, _)| engines.contains(&engine));
            let response = match asked.map(|(_, received)| received.response()) {
                None => return Verdict::NotReached,
                Some(None) => return Verdict::Unanswered,
                Some(Some(response)) => response,
            };
            if let Err(error) = fetch.check_preflight(engine, &response) {
                return Verdict::Blocked { error, response };
            }
            *warning = FirefoxLine::warning(engine, fetch, &response);
            preflight_kept = Some(fetch.preflight_kept(engine, &response));
        }
        let response = match (self.request.as_ref().map(Received::response), preflight_kept) {
            (Some(Some(response)), _) => response,
            (Some(None), _) => return Verdict::Unanswered,
            (None, Some(preflight_kept)) if self.is_withheld => {
                return Verdict::PreflightPassed { preflight_kept };
            }
            (None, _) if self.is_withheld => return Verdict::Withheld,
            (None, _) => return Verdict::NotReached,
        };
        if let Err(error) = fetch.check_response(engine, &response) {
            return Verdict::Blocked { error, response };
        }
        match response.location() {
            Some(location) => Verdict::Redirected { status: response.status, location },
            None => Verdict::Allowed {
                status: response.status,
                exposed: fetch.exposed_headers(engine, &response).collect(),
                preflight_kept,
            },
        }
    }
}

/// That of a request that is not made.
const NO_RESPONSE: Response<'static> = Response { status: 0, headers: &[] };

fn is_near(fetch: &Fetch<'_>) -> bool {
    let space = fetch.target_origin().and_then(|origin| AddressSpace::of(&origin));
    matches!(space, Some(AddressSpace::Local | AddressSpace::Loopback))
}

impl Judgement<'_> {
    /// Returns true if the browser keeps the response from the page.
    pub(super) fn is_blocked(&self) -> bool {
        matches!(self.verdict, Verdict::Blocked { .. })
    }
}

impl Received<'_> {
    fn response(&self) -> Option<Response<'_>> {
        self.answer.map(|answer| answer.response(&self.headers))
    }
}

impl Verdict<'_> {
    /// Returns true if the engine sends the request itself.
    pub(super) fn sends_request(&self) -> bool {
        let is_sent =
            |error: &CorsError<'_>| error.stage() == Stage::Actual && !error.kind().is_before_request();
        !matches!(self, Verdict::Blocked { error, .. } if !is_sent(error))
    }

    pub(super) fn exit(&self) -> Exit {
        match self {
            Verdict::Allowed { .. } | Verdict::PreflightPassed { .. } => Exit::Ok,
            Verdict::Blocked { .. } => Exit::Problem,
            Verdict::Redirected { .. } | Verdict::Withheld | Verdict::Unanswered | Verdict::NotReached => {
                Exit::Unusable
            }
        }
    }

    /// Returns the name, as in JSON.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Verdict::Allowed { .. } => "allowed",
            Verdict::PreflightPassed { .. } => "preflight-passed",
            Verdict::Blocked { .. } => "blocked",
            Verdict::Redirected { .. } => "redirected",
            Verdict::Withheld => "not-sent",
            Verdict::Unanswered | Verdict::NotReached => "no-answer",
        }
    }
}
