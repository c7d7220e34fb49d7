//! An explanation as JSON. The fields are stable: new ones may come, none goes. `docs/json.md` describes them.

use cors_core::Decision;
use cors_core::browser::{CorsError, Fetch, Header, Response};
use cors_core::explain::{Explanation, Fix, NearMiss, Obstacle, Step};
use cors_diagnosis::{Finding, Verdict};
use serde::Serialize;

use crate::console::console;
use crate::printable::Printable;
use crate::sequence::{event, is_shown};

/// What comes of a fetch, and why.
#[derive(Serialize)]
pub struct ExplanationObject {
    origin: String,
    url: String,
    method: String,
    credentials: &'static str,
    api: &'static str,
    engine: &'static str,
    verdict: &'static str,
    /// The name in Chromium's DevTools.
    error: Option<&'static str>,
    /// The value, method or name that is at fault.
    parameter: Option<String>,
    /// Why the policy denies the preflight, or else the request.
    denial: Option<&'static str>,
    steps: Vec<StepObject>,
    preflight: Option<PreflightObject>,
    response: ResponseObject,
    /// The browser whose console it is.
    console_of: Option<&'static str>,
    console: Vec<String>,
    obstacles: Vec<ObstacleObject>,
    disagreements: Vec<DisagreementObject>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct StepObject {
    step: &'static str,
    from: &'static str,
    to: &'static str,
    text: String,
    /// The lines of the drawing. If something is sent, the first line stands for the whole.
    lines: Vec<String>,
    tone: &'static str,
}

#[derive(Serialize)]
struct PreflightObject {
    request_method: String,
    request_headers: Option<String>,
    verdict: Option<&'static str>,
    response: Option<ResponseObject>,
}

#[derive(Serialize)]
struct ResponseObject {
    status: u16,
    fields: Vec<[String; 2]>,
}

#[derive(Serialize)]
struct ObstacleObject {
    obstacle: &'static str,
    text: String,
    near_misses: Vec<NearMissObject>,
    fixes: Vec<FixObject>,
}

#[derive(Serialize)]
struct NearMissObject {
    listed: String,
    differences: Vec<&'static str>,
    text: String,
}

#[derive(Serialize)]
struct FixObject {
    fix: &'static str,
    place: &'static str,
    text: String,
    /// What it changes in the policy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<ChangeObject>,
}

/// A change of one setting.
#[derive(Serialize)]
struct ChangeObject {
    field: &'static str,
    /// Texts that come into the list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    add: Vec<String>,
    /// Texts that go.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remove: Vec<String>,
    /// The value of a setting that is no list.
    #[serde(skip_serializing_if = "Option::is_none")]
    set: Option<bool>,
}

#[derive(Serialize)]
struct DisagreementObject {
    engine: &'static str,
    verdict: &'static str,
    text: String,
}

impl ExplanationObject {
    /// Describes an explanation; the notes are those of who asks.
    pub fn new(explanation: &Explanation<'_>, notes: &[String]) -> Self {
        ExplanationObject {
            obstacles: explanation.obstacles().map(|obstacle| ObstacleObject::new(&obstacle)).collect(),
            disagreements: explanation
                .disagreements()
                .map(|disagreement| DisagreementObject {
                    engine: disagreement.engine().name(),
                    verdict: verdict(disagreement.is_ok()),
                    text: disagreement.to_string(),
                })
                .collect(),
            notes: notes.to_vec(),
            ..Self::of_responses(explanation)
        }
    }

    /// Describes an explanation by responses, which has neither obstacles nor disagreements. What is written by policies is not in it:
    /// the module of wasm that reads no policy does without.
    pub fn of_responses(explanation: &Explanation<'_>) -> Self {
        let fetch = explanation.fetch();
        let error = explanation.error();
        let (console_of, console) = explanation.outcome().map_or((None, Vec::new()), |outcome| {
            let (whose, lines) = console(&outcome);
            (Some(whose), lines)
        });
        ExplanationObject {
            origin: fetch.origin.to_string(),
            url: fetch.url.to_owned(),
            method: fetch.method().to_owned(),
            credentials: fetch.credentials.name(),
            api: fetch.api.name(),
            engine: explanation.engine().name(),
            verdict: match explanation.outcome() {
                Err(_) => "throws",
                Ok(outcome) => verdict(outcome.is_ok()),
            },
            error: error.as_ref().map(CorsError::name),
            parameter: error.map(|error| error.parameter().to_string()).filter(|text| !text.is_empty()),
            denial: explanation.denial().map(cors_core::Denial::name),
            steps: explanation.steps().map(|step| StepObject::new(&step, explanation)).collect(),
            preflight: preflight(explanation),
            response: ResponseObject::new(&explanation.response()),
            console_of,
            console,
            obstacles: Vec::new(),
            disagreements: Vec::new(),
            notes: Vec::new(),
        }
    }
}

impl ExplanationObject {
    /// Takes over the verdict of a finding, which knows which responses are known.
    pub fn set_verdict(&mut self, finding: &Finding) {
        let is_blocked = finding.verdict == Verdict::Blocked;
        self.verdict = if finding.verdict == Verdict::Failed { "unknown" } else { verdict(!is_blocked) };
        self.error = Some(finding.answer.name).filter(|_| is_blocked);
        self.parameter.clone_from(&finding.parameter);
    }
}

/// Returns a step in words, without the values of the page's headers that may be secret.
fn text(step: &Step<'_>) -> String {
    let Step::Call(fetch) = step else { return step.to_string() };
    let headers: Vec<Header<'_>> = fetch
        .headers
        .iter()
        .map(|header| {
            Header::new(header.name(), if is_shown(header.name()) { header.value() } else { b"..." })
        })
        .collect();
    Step::Call(&Fetch { headers: &headers, ..**fetch }).to_string()
}

impl StepObject {
    fn new(step: &Step<'_>, explanation: &Explanation<'_>) -> Self {
        let event = event(step, explanation);
        StepObject {
            step: step.name(),
            from: step.from().name(),
            to: step.to().name(),
            text: text(step),
            lines: event.lines.into_iter().map(|line| line.text).collect(),
            tone: event.tone.name(),
        }
    }
}

fn verdict(is_ok: bool) -> &'static str {
    if is_ok { "allowed" } else { "blocked" }
}

fn preflight(explanation: &Explanation<'_>) -> Option<PreflightObject> {
    let preflight = explanation.requests().preflight()?;
    Some(PreflightObject {
        request_method: preflight.access_control_request_method().to_owned(),
        request_headers: preflight.access_control_request_headers().map(|names| names.to_string()),
        verdict: explanation.preflight_decision().as_ref().map(decided),
        response: explanation.preflight_response().as_ref().map(ResponseObject::new),
    })
}

fn decided(decision: &Decision<'_>) -> &'static str {
    decision.denial().map_or("allowed", cors_core::Denial::name)
}

impl ResponseObject {
    fn new(response: &Response<'_>) -> Self {
        let field = |header: &Header<'_>| [header.name().to_owned(), Printable(header.value()).to_string()];
        ResponseObject { status: response.status, fields: response.headers.iter().map(field).collect() }
    }
}

impl ObstacleObject {
    fn new(obstacle: &Obstacle<'_>) -> Self {
        let near_miss = |miss: NearMiss<'_>| NearMissObject {
            listed: miss.text().to_owned(),
            differences: miss.differences().map(cors_core::explain::Difference::name).collect(),
            text: miss.to_string(),
        };
        let fix = |fix: Fix<'_>| FixObject {
            fix: fix.name(),
            place: fix.place().name(),
            text: fix.to_string(),
            changes: changes(&fix),
        };
        ObstacleObject {
            obstacle: obstacle.kind().name(),
            text: obstacle.to_string(),
            near_misses: obstacle.near_misses().map(near_miss).collect(),
            fixes: obstacle.fixes().map(fix).collect(),
        }
    }
}

/// Returns what a fix changes in the policy; nothing where a person has to choose texts.
fn changes(fix: &Fix<'_>) -> Vec<ChangeObject> {
    let list = |field, add: Vec<String>, remove: Option<&str>| ChangeObject {
        field,
        add,
        remove: remove.map(str::to_owned).into_iter().collect(),
        set: None,
    };
    match fix {
        Fix::AllowOrigin { origin } => vec![list("allow_origins", vec![origin.to_string()], None)],
        Fix::AllowMethod { method, in_place_of } => {
            vec![list("allow_methods", vec![(*method).to_owned()], *in_place_of)]
        }
        Fix::AllowHeaders(missing) => {
            vec![list("allow_headers", missing.names().map(|name| name.to_string()).collect(), None)]
        }
        Fix::AllowCredentials { in_place_of_any_origin, exposes_any_header: false } => {
            let set = ChangeObject { set: Some(true), ..list("allow_credentials", Vec::new(), None) };
            let origin = in_place_of_any_origin
                .as_ref()
                .map(|origin| list("allow_origins", vec![origin.to_string()], Some("*")));
            [set].into_iter().chain(origin).collect()
        }
        _ => Vec::new(),
    }
}
