//! The model's prediction for a recording.

use cors_core::Origin;
use cors_core::browser::{Api, CredentialsMode, Engine, Fetch, FirefoxLine, Header, Outcome, Response};

use crate::recording::{Observed, Recording, SentRequest};

/// The text that stands for the address in recorded console messages.
const URL: &str = "URL";

/// The fields that the test server's HTTP library added to every response.
const ADDED: [(&str, &str); 4] = [
    ("connection", "keep-alive"),
    ("date", "now"),
    ("keep-alive", "timeout=5"),
    ("transfer-encoding", "chunked"),
];

pub(crate) fn predict(case: &Recording, engine: Engine) -> Observed {
    let sent = owned(&case.headers, &[]);
    let preflight_answer = owned(&case.preflight_response.headers, &[]);
    let answer = owned(&case.response.headers, &ADDED);
    let (headers, preflight_headers, response_headers) =
        (borrowed(&sent), borrowed(&preflight_answer), borrowed(&answer));
    let fetch = Fetch {
        method: &case.method,
        headers: &headers,
        credentials: CredentialsMode::from_name(&case.credentials).expect("a credentials mode"),
        api: if case.api == "xhr" { Api::XmlHttpRequest } else { Api::Fetch },
        has_body: case.has_body,
        upload_listener: case.upload_listener,
        ..Fetch::new(Origin::parse(case.origin.as_bytes()).expect("an origin"), URL)
    };
    let preflight_response = Response { status: case.preflight_response.status, headers: &preflight_headers };
    let response = Response { status: case.response.status, headers: &response_headers };
    let mut observed = Observed { error: Some(Vec::new()), ..Observed::default() };
    let mut is_kept = false;
    for _ in 0..case.repeat.unwrap_or(1) {
        let Ok(outcome) = fetch.judge(engine, &preflight_response, &response) else {
            observed.outcome.push("error".to_owned());
            continue;
        };
        record(&outcome, is_kept, &response, &mut observed);
        is_kept = is_kept || outcome.preflight_kept() > case.pause;
    }
    observed
}

fn record(outcome: &Outcome<'_>, skips_preflight: bool, response: &Response<'_>, observed: &mut Observed) {
    let fetch = outcome.fetch();
    let origin = Some(fetch.origin.to_string());
    if let Some(preflight) = outcome.preflight().filter(|_| !skips_preflight) {
        observed.requests.push(SentRequest {
            method: "OPTIONS".to_owned(),
            origin: origin.clone(),
            request_method: Some(preflight.access_control_request_method().to_owned()),
            request_headers: preflight.access_control_request_headers().map(|headers| headers.to_string()),
        });
    }
    if outcome.sends_request() {
        observed.requests.push(SentRequest {
            method: fetch.method().to_owned(),
            origin,
            request_method: None,
            request_headers: None,
        });
    }
    match outcome.engine() {
        Engine::Chromium if !outcome.is_ok() => {
            let mut text = String::new();
            outcome.chromium_message(&mut text).expect("a string takes all");
            observed.messages.push(text);
        }
        Engine::Firefox => observed.messages.extend(outcome.firefox_lines().map(|line| render_line(&line))),
        _ => {}
    }
    observed.outcome.push(match outcome.error() {
        None => {
            let names: Vec<_> = outcome.exposed_headers().map(|name| name.to_string()).collect();
            format!("ok {} {} {}", response.status, outcome.response_type(), names.join(","))
        }
        Some(error) => {
            let errors = observed.error.get_or_insert_default();
            errors.push(format!("{}:{}", error.name(), error.parameter()));
            "error".to_owned()
        }
    });
}

fn render_line(line: &FirefoxLine<'_>) -> String {
    format!("{}|{line}", line.key())
}

/// Header values are strings of bytes, U+0000 to U+00FF.
fn owned(headers: &[(String, String)], added: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    let bytes =
        |value: &str| value.chars().map(|character| u8::try_from(character).expect("a byte")).collect();
    let added = added.iter().map(|(name, value)| ((*name).to_owned(), bytes(value)));
    headers.iter().map(|(name, value)| (name.clone(), bytes(value))).chain(added).collect()
}

fn borrowed(headers: &[(String, Vec<u8>)]) -> Vec<Header<'_>> {
    headers.iter().map(|(name, value)| Header::new(name, value)).collect()
}
