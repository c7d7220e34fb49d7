//! Plays a case through, from address to address where it is redirected.

use std::collections::HashMap;

use cors_core::browser::{Api, Engine, Fetch, Header, Outcome, Response};
use cors_core::explain::{Explanation, Requests};
use cors_core::{Decision, Policy};

use super::case::{Case, Hop, Prediction, SentRequest};

type Policies<'p> = HashMap<&'p str, Policy<'p>>;

pub(crate) fn predict(case: &Case, policies: &Policies<'_>) -> Result<Prediction, String> {
    let headers: Vec<Header<'_>> =
        case.headers.iter().map(|(name, value)| Header::new(name, value)).collect();
    let fetch = case.fetch(&headers)?;
    let room = headers.iter().map(|header| header.name().len() + 1).sum();
    let mut run =
        Run { engine: case.engine()?, policies, room, prediction: Prediction::default(), kept: Vec::new() };
    run.prediction.console = (run.engine != Engine::WebKit).then(Vec::new);
    for _ in 0..case.repeat {
        let outcome = run.follow(&fetch, &case.hops)?;
        run.prediction.outcome.push(outcome);
    }
    Ok(run.prediction)
}

struct Run<'p> {
    engine: Engine,
    policies: &'p Policies<'p>,
    /// For the names of a preflight.
    room: usize,
    prediction: Prediction,
    /// The addresses whose answer to the preflight is kept from an earlier repetition.
    kept: Vec<String>,
}

impl Run<'_> {
    fn follow(&mut self, fetch: &Fetch<'_>, hops: &[Hop]) -> Result<String, String> {
        let (hop, rest) =
            hops.split_first().ok_or("a redirect leads to an address that the case does not have")?;
        let mut buffer = vec![0; self.room];
        let requests = Requests::of(fetch, self.engine, &mut buffer).map_err(|error| error.to_string())?;
        let policy = match &hop.policy {
            // Only what is of another origin has a policy to ask.
            Some(name) => Some(self.policies.get(name.as_str()).ok_or_else(|| format!("no policy: {name}"))?),
            None => None,
        };
        let own: Vec<Header<'_>> = hop.fields.iter().map(|(name, value)| Header::new(name, value)).collect();
        let by_policy = policy.map(|policy| requests.explain(policy));
        let of_application = || (hop.status, own.clone());
        let (preflight_status, preflight_headers) = by_policy
            .as_ref()
            .and_then(Explanation::preflight_decision)
            .map_or_else(of_application, |decision| answer(&decision, &[], hop.status));
        let (status, headers) = by_policy
            .as_ref()
            .and_then(Explanation::decision)
            .map_or_else(of_application, |decision| answer(&decision, &own, hop.status));
        let preflight_response = Response { status: preflight_status, headers: &preflight_headers };
        let response = Response { status, headers: &headers };
        let explanation = requests.explain_responses(&preflight_response, &response);
        self.tell(by_policy.as_ref().unwrap_or(&explanation));

        let Ok(outcome) = explanation.outcome() else { return Ok("error".to_owned()) };
        self.record(&outcome, hop);
        // By the policy alone and by whole responses it has to come to the same.
        if by_policy.as_ref().is_some_and(|by_policy| by_policy.is_ok() != outcome.is_ok()) {
            return Err(format!("{}: the policy and its responses are not of one mind", hop.url));
        }
        if !outcome.is_ok() {
            return Ok("error".to_owned());
        }
        let Some(location) = outcome.location() else { return Ok(seen(&outcome, hop)) };
        let next = rest.first().map(|next| next.url.as_str()).unwrap_or_default();
        if location != next.as_bytes() {
            return Err(format!("{}: redirects elsewhere than to {next}", hop.url));
        }
        let redirected = fetch.redirected(self.engine, status, next);
        let kept: Vec<_> = redirected.kept_headers().collect();
        self.follow(&Fetch { headers: &kept, ..redirected }, rest)
    }

    fn tell(&mut self, explanation: &Explanation<'_>) {
        self.prediction.story.extend(explanation.steps().map(|step| step.to_string()));
    }

    fn record(&mut self, outcome: &Outcome<'_>, hop: &Hop) {
        let fetch = outcome.fetch();
        let sent = |method: &str, origin: Option<String>| SentRequest {
            url: hop.url.clone(),
            method: method.to_owned(),
            origin,
            request_method: None,
            request_headers: None,
            own_headers: Vec::new(),
        };
        let path = hop.url.splitn(4, '/').nth(3).unwrap_or_default();
        if let Some(preflight) = outcome.preflight().filter(|_| !self.kept.contains(&hop.url)) {
            self.prediction.requests.push(SentRequest {
                request_method: Some(preflight.access_control_request_method().to_owned()),
                request_headers: preflight.access_control_request_headers().map(|names| names.to_string()),
                ..sent("OPTIONS", Some(preflight.origin().to_string()))
            });
            if hop.is_application && hop.policy.is_none() {
                self.prediction.application.push(format!("OPTIONS /{path}"));
            }
        }
        if outcome.sends_request() {
            let origin = fetch.request().origin().map(|origin| String::from_utf8_lossy(origin).into_owned());
            let mut own_headers: Vec<_> =
                fetch.sent_headers(self.engine).map(|header| header.name().to_ascii_lowercase()).collect();
            own_headers.sort();
            self.prediction.requests.push(SentRequest { own_headers, ..sent(fetch.method(), origin) });
            if hop.is_application {
                let line = format!("{} /{path}", fetch.method());
                self.prediction.application.extend(std::iter::repeat_n(line, hop.times));
            }
        }
        if outcome.preflight_kept() > 0 {
            self.kept.push(hop.url.clone());
        }
        self.prediction.errors.extend(outcome.error().map(|error| error.name().to_owned()));
        let Some(console) = &mut self.prediction.console else { return };
        if self.engine == Engine::Firefox {
            console.extend(outcome.firefox_lines().map(|line| line.to_string()));
        } else {
            let mut text = String::new();
            // Writing to a string does not fail.
            let _ = outcome.chromium_message(&mut text);
            console.extend(Some(text).filter(|text| !text.is_empty()));
        }
    }
}

/// The application's response with the decision's fields, in place of its own (A3).
fn answer<'a>(decision: &Decision<'a>, own: &[Header<'a>], status: u16) -> (u16, Vec<Header<'a>>) {
    let is_cors = |header: &&Header<'_>| header.name().to_ascii_lowercase().starts_with("access-control-");
    let kept = own.iter().filter(|header| !is_cors(header)).copied();
    (decision.status().unwrap_or(status), kept.chain(decision.fields().map(Header::from)).collect())
}

/// What the page sees of a response: for what it loads, only that.
fn seen(outcome: &Outcome<'_>, hop: &Hop) -> String {
    let fetch = outcome.fetch();
    let is_own = |name: &String| hop.fields.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
    let names: Vec<_> = outcome.exposed_headers().map(|name| name.to_string()).filter(is_own).collect();
    let status = if outcome.response_type() == "opaque" { 0 } else { hop.status };
    match fetch.api {
        Api::Fetch => format!("{} {status} {}", outcome.response_type(), names.join(",")),
        Api::XmlHttpRequest => format!("{status} {}", names.join(",")),
        _ => "loaded".to_owned(),
    }
}
