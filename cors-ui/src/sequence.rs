//! An explanation's steps as messages and decisions, for a diagram of any kind.

use cors_core::browser::{Api, CredentialsMode, Fetch, Response};
use cors_core::explain::{Actor, Explanation, ReadableHeaders, Step};
use cors_core::{Decision, Verdict};
use http::StatusCode;

use crate::printable::{Printable, printable};

/// A message from one actor to another, or a decision of one actor.
pub struct Event {
    /// Who sends it, or decides.
    pub from: Actor,
    /// Who gets it.
    pub to: Actor,
    /// What is sent, or decided.
    pub lines: Vec<Line>,
    /// Whether it is for the fetch or against it.
    pub tone: Tone,
}

/// A line of text without control characters.
pub struct Line {
    /// The text.
    pub text: String,
    /// True for the line that stands for the whole: a request line, a status line.
    pub is_title: bool,
}

/// What an event means for the fetch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Neither.
    Plain,
    /// For the fetch.
    Good,
    /// Against it.
    Bad,
}

impl Tone {
    /// Returns the name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Good => "good",
            Tone::Bad => "bad",
        }
    }
}

impl Event {
    /// Returns true for a decision, which is not sent to anyone.
    pub fn is_decision(&self) -> bool {
        self.from == self.to
    }
}

/// Returns the events of an explanation, in their order.
pub fn events(explanation: &Explanation<'_>) -> Vec<Event> {
    explanation.steps().map(|step| event(&step, explanation)).collect()
}

/// Returns the event of a step.
pub fn event(step: &Step<'_>, explanation: &Explanation<'_>) -> Event {
    let (tone, lines) = described(step, explanation);
    Event { from: step.from(), to: step.to(), lines, tone }
}

fn described(step: &Step<'_>, explanation: &Explanation<'_>) -> (Tone, Vec<Line>) {
    let plain = |text: &str| (Tone::Plain, vec![line(text)]);
    let good = |text: &str| (Tone::Good, vec![line(text)]);
    let bad = |name: &str| (Tone::Bad, vec![line(&format!("blocked: {name}"))]);
    match step {
        Step::Call(fetch) => (Tone::Plain, call(fetch)),
        Step::Throw(error) => (Tone::Bad, vec![title("the call throws"), line(&error.to_string())]),
        Step::SameOrigin => good("the page's own origin: CORS does not apply"),
        Step::CrossOrigin(fetch) if fetch.origin.is_opaque() => {
            plain("another origin, as all are to an opaque one")
        }
        Step::CrossOrigin(_) => plain("another origin than the page's"),
        Step::Drop(name) => plain(&format!("drops {name}, which no page may set")),
        Step::NeedPreflight(reason) => plain(&format!("has to ask first: {reason}")),
        Step::NeedNoPreflight => plain("need not ask first"),
        Step::Upgrade => plain("asks by https: no https page loads an image by http"),
        Step::Preflight(preflight) => {
            let fetch = explanation.fetch();
            let method = preflight.access_control_request_method();
            let mut lines = vec![
                request_line("OPTIONS", fetch),
                field("origin", fetch.origin.as_bytes()),
                field("access-control-request-method", method.as_bytes()),
            ];
            lines.extend(
                preflight
                    .access_control_request_headers()
                    .map(|names| field("access-control-request-headers", names.to_string().as_bytes())),
            );
            (Tone::Plain, lines)
        }
        Step::PreflightDecision(decision) | Step::Decision(decision) => decided(decision),
        Step::PreflightResponse(response) => (Tone::Plain, response_lines(response, "")),
        Step::Response(response) => {
            // By a policy only its fields are known.
            let or = if explanation.decision().is_some() { ", or whatever the application says" } else { "" };
            (Tone::Plain, response_lines(response, or))
        }
        Step::PreflightCheck(None) => good("the answer passes the check"),
        Step::Check(None) => good("the response passes the check"),
        Step::PreflightCheck(Some(error)) | Step::Check(Some(error)) | Step::Refuse(error) => {
            bad(error.name())
        }
        Step::Keep(0) => plain("does not keep the answer: will ask again"),
        Step::Keep(seconds) => plain(&format!("keeps the answer for {seconds} s")),
        Step::Request(_) => (Tone::Plain, request(explanation)),
        Step::Deliver(headers) => (Tone::Good, delivered(headers)),
        Step::Fail { is_sent, .. } => {
            let mut lines = vec![title(step.failure().unwrap_or_default())];
            if *is_sent {
                lines.push(line("the server has had the request"));
            }
            (Tone::Bad, lines)
        }
        other => plain(&other.to_string()),
    }
}

fn call(fetch: &Fetch<'_>) -> Vec<Line> {
    let mut lines = vec![title(match fetch.api {
        Api::Fetch => "fetch()",
        Api::XmlHttpRequest => "XMLHttpRequest",
        Api::Script => "<script crossorigin>",
        Api::Image => "<img crossorigin>",
        Api::Font => "@font-face",
    })];
    lines.push(Line { is_title: false, ..request_line(fetch.method, fetch) });
    if fetch.credentials == CredentialsMode::Include {
        lines.push(line("with credentials"));
    }
    if fetch.upload_listener {
        lines.push(line("with a listener on its upload"));
    }
    if fetch.stream_body {
        lines.push(line("with a stream as its body"));
    }
    lines.extend(fetch.headers.iter().map(|header| of_page(header.name(), header.value())));
    lines
}

fn request(explanation: &Explanation<'_>) -> Vec<Line> {
    let fetch = explanation.fetch();
    let mut lines = vec![request_line(fetch.method(), fetch)];
    lines.extend(explanation.requests().request().origin().map(|origin| field("origin", origin)));
    if fetch.credentials == CredentialsMode::Include {
        lines.push(line("cookie: (what the browser has for this server)"));
    }
    let sent = fetch.sent_headers(explanation.engine());
    lines.extend(sent.map(|header| of_page(&header.name().to_ascii_lowercase(), header.value())));
    lines
}

fn decided(decision: &Decision<'_>) -> (Tone, Vec<Line>) {
    match decision.verdict() {
        Verdict::Allowed => (Tone::Good, vec![line("the policy: allowed")]),
        Verdict::Denied(denial) => (Tone::Bad, vec![line(&format!("denied: {denial}"))]),
    }
}

fn response_lines(response: &Response<'_>, remark: &str) -> Vec<Line> {
    let status = StatusCode::from_u16(response.status)
        .map_or_else(|_| response.status.to_string(), |status| status.to_string());
    let mut lines = vec![title(&format!("{status}{remark}"))];
    lines.extend(response.headers.iter().map(|header| field(header.name(), header.value())));
    lines
}

fn delivered(headers: &ReadableHeaders<'_>) -> Vec<Line> {
    let what = match headers {
        ReadableHeaders::Nothing => "opaque: the page can read none of it".to_owned(),
        headers => format!("readable: status, body, {headers}"),
    };
    vec![title("the response"), line(&what)]
}

fn request_line(method: &str, fetch: &Fetch<'_>) -> Line {
    let target = target(fetch.url);
    title(&format!("{method} {target}"))
}

/// Returns the address after its host.
fn target(url: &str) -> String {
    let Some((_, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.find(['/', '?', '#']).and_then(|start| rest.get(start..)) {
        None => "/".to_owned(),
        Some(target) if target.starts_with('/') => target.to_owned(),
        Some(target) => format!("/{target}"),
    }
}

fn field(name: &str, value: &[u8]) -> Line {
    // The mark for what was cut out of a value is no byte of the value.
    let shown = Printable(value).to_string().replace(r"\xe2\x80\xa6", "…");
    line(&format!("{name}: {shown}"))
}

/// True for a header of the page's whose value the browser looks at. Of the others the values may be secret, and are not shown.
pub(crate) fn is_shown(name: &str) -> bool {
    const SAFELISTED: [&str; 5] = ["accept", "accept-language", "content-language", "content-type", "range"];
    SAFELISTED.iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// Returns the line of a header that the page sets.
fn of_page(name: &str, value: &[u8]) -> Line {
    if is_shown(name) { field(name, value) } else { line(&format!("{name}: …")) }
}

fn title(text: &str) -> Line {
    Line { is_title: true, ..line(text) }
}

fn line(text: &str) -> Line {
    Line { text: printable(text), is_title: false }
}
