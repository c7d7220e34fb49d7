//! Fetches played through.

use cors_core::Origin;
use cors_core::browser::{CredentialsMode, Engine, Fetch, FetchError, Header, Mode, Outcome, Response};

use crate::{PAGE, fetch};

const ALLOW: (&str, &str) = ("access-control-allow-origin", PAGE);

/// A fetch judged, and what came of it in one line.
fn judge(fetch: &Fetch<'_>, engine: Engine, preflight: &[Header<'_>], response: &[Header<'_>]) -> String {
    let preflight = Response { status: 204, headers: preflight };
    let response = Response { status: 200, headers: response };
    summary(&fetch.judge(engine, &preflight, &response).expect("no exception"))
}

fn summary(outcome: &Outcome<'_>) -> String {
    let requests = match (outcome.preflight().is_some(), outcome.sends_request()) {
        (true, true) => "OPTIONS, request",
        (true, false) => "OPTIONS",
        (false, true) => "request",
        (false, false) => "nothing",
    };
    let names: Vec<_> = outcome.exposed_headers().map(|name| name.to_string()).collect();
    let error = outcome.error().map_or("", |error| error.name());
    assert_eq!(outcome.is_ok(), error.is_empty());
    assert_eq!(outcome.result().err(), outcome.error());
    let is_before = outcome.error().is_some_and(|error| error.kind().is_before_request());
    assert_eq!(outcome.failed_response().is_none(), outcome.is_ok() || is_before);
    format!(
        "{requests}: {} {error}[{}] kept {}",
        outcome.response_type(),
        names.join(","),
        outcome.preflight_kept()
    )
}

#[test]
fn simple_fetches() {
    let bare = [("content-type", "text/plain"), ("x-a", "1")].map(Header::from);
    let allowed = [ALLOW, ("content-type", "text/plain"), ("x-a", "1")].map(Header::from);
    let plain = fetch();
    let own = Fetch { url: "https://app.example.com/orders", ..plain };
    for (mode, fetch, response, expected) in [
        (Mode::Cors, plain, &allowed[..], "request: cors [content-type] kept 0"),
        (Mode::Cors, plain, &bare, "request: error MissingAllowOriginHeader[] kept 0"),
        (Mode::NoCors, plain, &bare, "request: opaque [] kept 0"),
        (Mode::SameOrigin, plain, &allowed, "nothing: error DisallowedByMode[] kept 0"),
        (Mode::Cors, own, &bare, "request: basic [content-type,x-a] kept 0"),
        (Mode::SameOrigin, own, &bare, "request: basic [content-type,x-a] kept 0"),
        (Mode::NoCors, own, &bare, "request: basic [content-type,x-a] kept 0"),
    ] {
        let fetch = Fetch { mode, ..fetch };
        for engine in Engine::ALL {
            assert_eq!(judge(&fetch, engine, &[], response), expected, "{engine} {fetch:?}");
        }
    }
}

#[test]
fn fetches_with_preflights() {
    let methods = ("access-control-allow-methods", "DELETE");
    let max_age = ("access-control-max-age", "1000");
    let answer = [ALLOW, methods, max_age].map(Header::from);
    let (allowed, bare) = ([Header::from(ALLOW)], []);
    let delete = Fetch { method: "delete", ..fetch() };
    for (engine, preflight, response, expected) in [
        (Engine::Standard, &answer[..], &allowed[..], "OPTIONS, request: cors [] kept 1000"),
        (Engine::WebKit, &answer, &allowed, "OPTIONS, request: cors [] kept 600"),
        (Engine::Standard, &answer[..2], &allowed, "OPTIONS, request: cors [] kept 5"),
        (
            Engine::Standard,
            &answer[..1],
            &allowed,
            "OPTIONS: error MethodDisallowedByPreflightResponse[] kept 0",
        ),
        (Engine::Chromium, &answer, &bare, "OPTIONS, request: error MissingAllowOriginHeader[] kept 1000"),
        (Engine::Firefox, &answer, &bare, "OPTIONS, request: error MissingAllowOriginHeader[] kept 0"),
    ] {
        assert_eq!(judge(&delete, engine, preflight, response), expected, "{engine}");
    }
    // Within the page's own origin and without CORS there is none.
    let own = Fetch { url: "https://app.example.com/orders", ..delete };
    assert_eq!(judge(&own, Engine::Standard, &[], &[]), "request: basic [] kept 0");
    let json = [Header::new("content-type", "application/json")];
    let no_cors = Fetch { headers: &json, mode: Mode::NoCors, ..fetch() };
    assert_eq!(judge(&no_cors, Engine::Standard, &[], &[]), "request: opaque [] kept 0");
}

#[test]
fn calls_that_throw_make_no_request() {
    let response = Response { status: 200, headers: &[] };
    let trace = Fetch { method: "trace", ..fetch() };
    let thrown = trace.judge(Engine::Chromium, &response, &response).unwrap_err();
    assert_eq!(thrown, FetchError::ForbiddenMethod);
}

#[test]
fn redirects_are_judged_step_by_step() {
    let headers = [ALLOW, ("location", "https://other.example.com/orders")].map(Header::from);
    let response = Response { status: 307, headers: &headers };
    let put = Fetch { method: "PUT", ..fetch() };
    let methods = [ALLOW, ("access-control-allow-methods", "PUT")].map(Header::from);
    let preflight = Response { status: 204, headers: &methods };
    let outcome = put.judge(Engine::Standard, &preflight, &response).unwrap();
    assert_eq!(outcome.location(), Some(&b"https://other.example.com/orders"[..]));

    // From one foreign origin to another the page's becomes opaque.
    let next = put.redirected(Engine::Standard, 307, "https://other.example.com/orders");
    assert_eq!(next.origin, Origin::parse(b"null").unwrap());
    let outcome = next.judge(Engine::Standard, &preflight, &preflight).unwrap();
    assert_eq!(summary(&outcome), "OPTIONS: error PreflightAllowOriginMismatch[] kept 0");
    assert_eq!(outcome.location(), None);

    let failing = Response { status: 307, headers: &headers[1..] };
    assert_eq!(fetch().judge(Engine::Standard, &preflight, &failing).unwrap().location(), None);
}

#[test]
fn what_a_policy_sees_is_what_the_browser_sends() {
    let sent = [("X-B", "1"), ("content-type", "application/json"), ("accept", "*/*")].map(Header::from);
    let put = Fetch { method: "put", headers: &sent, credentials: CredentialsMode::Include, ..fetch() };
    let mut buffer = [0; 64];
    let request = put.preflight(Engine::Chromium).unwrap().request_in(&mut buffer).unwrap();
    assert_eq!(request.method(), b"OPTIONS");
    assert_eq!(request.origin(), Some(PAGE.as_bytes()));
    assert_eq!(request.access_control_request_method(), Some(&b"PUT"[..]));
    assert_eq!(request.access_control_request_headers(), [b"content-type,x-b"]);
    assert_eq!(put.request().origin(), Some(PAGE.as_bytes()));
    assert_eq!(put.request().method(), b"PUT");

    let mut buffer = [0; 15];
    let error = put.preflight(Engine::Chromium).unwrap().request_in(&mut buffer).unwrap_err();
    assert_eq!(error.needed(), 16);
}
