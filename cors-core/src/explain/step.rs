//! [`Step`]: one thing that happens in a fetch.

use core::fmt;

use crate::browser::{Api, CorsError, CredentialsMode, Engine, Fetch, FetchError, Header, HeaderName};
use crate::browser::{Preflight, PreflightReason, Response};
use crate::named;
use crate::policy::Policy;
use crate::policy::decision::Decision;

/// One thing that happens in a fetch: something sent [from](Self::from) one actor [to](Self::to) another, or decided by
/// one.
///
/// [`Display`](fmt::Display) writes it in one line.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Step<'a> {
    /// The page calls `fetch()` or `send()`.
    Call(&'a Fetch<'a>),
    /// The call throws, and that is all.
    Throw(FetchError),
    /// The page and the server have the same origin: CORS does not apply.
    SameOrigin,
    /// The server is of another origin.
    CrossOrigin(&'a Fetch<'a>),
    /// The browser drops a header that pages may not set.
    Drop(HeaderName<'a>),
    /// A reason for a preflight.
    NeedPreflight(PreflightReason<'a>),
    /// Nothing needs a preflight.
    NeedNoPreflight,
    /// The browser asks by https for an image that an https page asks for by http.
    Upgrade,
    /// The browser makes no request at all.
    Refuse(CorsError<'a>),
    /// The browser sends the preflight.
    Preflight(Preflight<'a>),
    /// The policy decides the request.
    PreflightDecision(Decision<'a>),
    /// The server answers the preflight.
    PreflightResponse(Response<'a>),
    /// The browser checks the answer: nothing, or what is wrong with it.
    PreflightCheck(Option<CorsError<'a>>),
    /// The browser keeps the answer for this number of seconds.
    Keep(u32),
    /// The browser sends the request itself.
    Request(&'a Fetch<'a>),
    /// The policy decides the request.
    Decision(Decision<'a>),
    /// The server responds.
    Response(Response<'a>),
    /// The browser checks the response: nothing, or what is wrong with it.
    Check(Option<CorsError<'a>>),
    /// The page gets the response, or the part that it may read.
    Deliver(ReadableHeaders<'a>),
    /// The page gets an error, and nothing of a response.
    Fail {
        /// The fetch.
        fetch: &'a Fetch<'a>,
        /// Whose error it is.
        engine: Engine,
        /// Whether the server has received the request itself.
        is_sent: bool,
    },
}

named! {
    /// Who takes part in a fetch.
    pub enum Actor {
        /// The script of the page.
        Page, "page";
        /// The browser.
        Browser, "browser";
        /// The server, with its policy.
        Server, "server";
    }
    /// Returns the name in lower case: `page`, `browser` or `server`.
    fn name;
}

impl<'a> Step<'a> {
    /// Returns who does it.
    pub fn from(&self) -> Actor {
        match self {
            Step::Call(_) => Actor::Page,
            Step::PreflightDecision(_)
            | Step::PreflightResponse(_)
            | Step::Decision(_)
            | Step::Response(_) => Actor::Server,
            _ => Actor::Browser,
        }
    }

    /// Returns to whom it is sent; the same as [`from`](Self::from) if nothing is sent.
    pub fn to(&self) -> Actor {
        match self {
            Step::Preflight(_) | Step::Request(_) | Step::PreflightDecision(_) | Step::Decision(_) => {
                Actor::Server
            }
            Step::Throw(_) | Step::Deliver(_) | Step::Fail { .. } => Actor::Page,
            _ => Actor::Browser,
        }
    }

    /// Returns the name, as in JSON: `need-preflight`.
    pub fn name(&self) -> &'static str {
        match self {
            Step::Call(_) => "call",
            Step::Throw(_) => "throw",
            Step::SameOrigin => "same-origin",
            Step::CrossOrigin(_) => "cross-origin",
            Step::Drop(_) => "drop",
            Step::NeedPreflight(_) => "need-preflight",
            Step::NeedNoPreflight => "need-no-preflight",
            Step::Upgrade => "upgrade",
            Step::Refuse(_) => "refuse",
            Step::Preflight(_) => "preflight",
            Step::PreflightDecision(_) => "preflight-decision",
            Step::PreflightResponse(_) => "preflight-response",
            Step::PreflightCheck(_) => "preflight-check",
            Step::Keep(_) => "keep",
            Step::Request(_) => "request",
            Step::Decision(_) => "decision",
            Step::Response(_) => "response",
            Step::Check(_) => "check",
            Step::Deliver(_) => "deliver",
            Step::Fail { .. } => "fail",
        }
    }

    /// Returns what the page sees of a fetch that [fails](Step::Fail): the reason is hidden from it.
    pub fn failure(&self) -> Option<&'static str> {
        match self {
            Step::Fail { fetch, engine, .. }
                if fetch.check_address(*engine) == Err(CorsError::MissingScheme) =>
            {
                Some("an answer of its own server, mostly 404")
            }
            Step::Fail { fetch, engine, .. } => Some(engine.network_error(fetch.api)),
            _ => None,
        }
    }

    /// Returns what is wrong with a response that the browser checks.
    pub fn error(&self) -> Option<CorsError<'a>> {
        match self {
            Step::PreflightCheck(error) | Step::Check(error) => *error,
            Step::Refuse(error) => Some(*error),
            _ => None,
        }
    }
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Call(fetch) => write_call(f, fetch),
            Step::Throw(error) => write!(f, "the call throws: {error}"),
            Step::SameOrigin => f.write_str("the server is of the page's own origin: CORS does not apply"),
            Step::CrossOrigin(fetch) => {
                f.write_str("the server is of another origin")?;
                f.write_str(if fetch.origin.is_opaque() { ", as all are to an opaque one" } else { "" })
            }
            Step::Drop(name) => write!(f, "the browser drops the header {name}, which the page may not set"),
            Step::NeedPreflight(reason) => write!(f, "the browser has to ask first: {reason}"),
            Step::NeedNoPreflight => f.write_str("the browser need not ask first"),
            Step::Upgrade => f.write_str("the browser asks by https instead: an https page loads no image by http"),
            Step::Refuse(CorsError::MissingScheme) => {
                f.write_str("the browser takes the address for a path of the page's own server, and asks that: MissingScheme")
            }
            Step::Refuse(error) => write!(f, "the browser makes no request: {}", error.name()),
            Step::Preflight(preflight) => write_preflight(f, preflight),
            Step::PreflightDecision(decision) | Step::Decision(decision) => {
                write!(f, "the policy: {}", decision.verdict())
            }
            Step::PreflightResponse(response) => {
                write!(f, "the server answers {}", response.status)?;
                write_fields(f, response.headers)
            }
            Step::PreflightCheck(None) => f.write_str("the browser accepts the answer"),
            Step::PreflightCheck(Some(error)) => {
                write!(f, "the browser refuses the answer: {}", error.name())
            }
            Step::Keep(0) => f.write_str("the browser does not keep the answer, and will ask again"),
            Step::Keep(seconds) => write!(f, "the browser keeps the answer for {seconds} seconds"),
            Step::Request(fetch) => write_request(f, fetch),
            Step::Response(response) => {
                write!(f, "the server responds {}", response.status)?;
                write_fields(f, response.headers)
            }
            Step::Check(None) => f.write_str("the browser accepts the response"),
            Step::Check(Some(error)) => {
                write!(f, "the browser keeps the response from the page: {}", error.name())
            }
            Step::Deliver(ReadableHeaders::Nothing) => {
                f.write_str("the page gets an opaque response, of which it can read nothing")
            }
            Step::Deliver(headers) => write!(f, "the page reads the status, the body and {headers}"),
            Step::Fail { is_sent, .. } => {
                write!(f, "the page gets {}", self.failure().unwrap_or_default())?;
                f.write_str(if *is_sent { ", although the server has had the request" } else { "" })
            }
        }
    }
}

impl Engine {
    /// Returns what a script sees of a failed fetch: the reason is hidden from it.
    pub fn network_error(self, api: Api) -> &'static str {
        match (api, self) {
            (Api::XmlHttpRequest, _) => "an error event, and the status 0",
            (Api::Fetch, Engine::Standard) => "a TypeError",
            (Api::Fetch, Engine::Chromium) => "TypeError: Failed to fetch",
            (Api::Fetch, Engine::Firefox) => "TypeError: NetworkError when attempting to fetch resource.",
            (Api::Fetch, Engine::WebKit) => "TypeError: Load failed",
            (Api::Script | Api::Image, _) => "an error event",
            (Api::Font, _) => "no font",
        }
    }
}

fn write_call(f: &mut fmt::Formatter<'_>, fetch: &Fetch<'_>) -> fmt::Result {
    write!(f, "the page at {} calls {}: {} {}", fetch.origin, fetch.api.name(), fetch.method, fetch.url)?;
    if fetch.credentials == CredentialsMode::Include {
        f.write_str(", with credentials")?;
    }
    if fetch.upload_listener {
        f.write_str(", with a listener on its upload")?;
    }
    if fetch.stream_body {
        f.write_str(", with a stream as its body")?;
    }
    write_fields(f, fetch.headers)
}

fn write_preflight(f: &mut fmt::Formatter<'_>, preflight: &Preflight<'_>) -> fmt::Result {
    let method = preflight.access_control_request_method();
    write!(f, "the browser asks: OPTIONS, access-control-request-method: {method}")?;
    match preflight.access_control_request_headers() {
        Some(headers) => write!(f, ", access-control-request-headers: {headers}"),
        None => Ok(()),
    }
}

fn write_request(f: &mut fmt::Formatter<'_>, fetch: &Fetch<'_>) -> fmt::Result {
    write!(f, "the browser sends the request: {}", fetch.method())?;
    if fetch.request().origin().is_some() {
        write!(f, ", origin: {}", fetch.origin)?;
    }
    let has_cookies = match fetch.credentials {
        CredentialsMode::Omit => false,
        CredentialsMode::SameOrigin => !fetch.is_cross_origin(),
        CredentialsMode::Include => true,
    };
    f.write_str(if has_cookies { ", with the server's cookies" } else { "" })
}

fn write_fields(f: &mut fmt::Formatter<'_>, headers: &[Header<'_>]) -> fmt::Result {
    headers.iter().try_for_each(|header| write!(f, ", {header:?}"))
}

/// The headers of a response that a page may read. [`Display`](fmt::Display) writes them in words.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ReadableHeaders<'a> {
    /// None.
    Nothing,
    /// All except `set-cookie` and `set-cookie2`, which no page reads.
    All,
    /// The headers that are always readable, and the policy's `expose_headers`.
    Exposed(Policy<'a>),
    /// The headers of this response that [`Fetch::exposed_headers`] returns.
    Of(&'a Fetch<'a>, Engine, Response<'a>),
}

impl fmt::Display for ReadableHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadableHeaders::Nothing => f.write_str("no header"),
            ReadableHeaders::All => f.write_str("all headers"),
            ReadableHeaders::Exposed(policy) => {
                f.write_str("the safelisted headers")?;
                policy.expose_headers().try_for_each(|name| write!(f, ", {name}"))
            }
            ReadableHeaders::Of(fetch, engine, response) => {
                f.write_str("these headers:")?;
                fetch
                    .exposed_headers(*engine, response)
                    .enumerate()
                    .try_for_each(|(index, name)| write!(f, "{}{name}", if index == 0 { " " } else { ", " }))
            }
        }
    }
}
