//! A fetch through the browser's half and the server's: DESIGN's invariant, under "What this is".

use cors_core::browser::{CredentialsMode, Engine, Fetch, Header, Mode, Response};
use cors_core::{Decision, Denial, Policy};

/// Panics unless the fetch succeeds in the standard's browser exactly when the verdicts allow it.
pub fn check_halves(policy: &Policy<'_>, fetch: &Fetch<'_>) {
    let mut buffer = vec![0; 1 << 16];
    let preflight = fetch.preflight(Engine::Standard);
    let preflight = preflight.map(|preflight| preflight.request_in(&mut buffer).expect("room"));
    if fetch.check().is_err() {
        assert!(fetch.judge(Engine::Standard, &NO_ANSWER, &NO_ANSWER).is_err());
        return;
    }
    let request = fetch.request();
    let preflight_decision = preflight.as_ref().map(|request| policy.evaluate(request));
    let decision = policy.evaluate(&request);
    let preflight_headers = preflight_decision.as_ref().map(headers).unwrap_or_default();
    let response_headers = headers(&decision);
    let preflight_status = preflight_decision.and_then(|decision| decision.status()).unwrap_or(200);
    let outcome = fetch.judge(
        Engine::Standard,
        &Response { status: preflight_status, headers: &preflight_headers },
        &Response { status: 200, headers: &response_headers },
    );
    let is_ok = outcome.expect("a call that does not throw").is_ok();

    if fetch.check_address(Engine::Standard).is_err() {
        assert!(!is_ok);
        return;
    }
    if !fetch.is_cors() {
        assert_eq!(is_ok, !fetch.is_cross_origin() || fetch.mode == Mode::NoCors);
        return;
    }
    let verdicts_allow =
        decision.is_allowed() && preflight_decision.is_none_or(|decision| decision.is_allowed());
    let credentials_allow = fetch.credentials != CredentialsMode::Include || policy.allow_credentials();
    let denial = preflight_decision.and_then(|decision| decision.denial());
    if is_ok && denial == Some(Denial::HeadersTooLong) {
        return;
    }
    assert_eq!(is_ok, verdicts_allow && credentials_allow, "{decision:?} {preflight_decision:?}");
}

const NO_ANSWER: Response<'static> = Response { status: 200, headers: &[] };

fn headers<'a>(decision: &Decision<'a>) -> Vec<Header<'a>> {
    decision.fields().map(Header::from).collect()
}

/// Returns whether the fetch succeeds in that engine, by the two halves alone.
pub fn succeeds(policy: &Policy<'_>, fetch: &Fetch<'_>, engine: Engine) -> bool {
    let mut buffer = vec![0; 1 << 16];
    let preflight = fetch.preflight(engine).map(|preflight| preflight.request_in(&mut buffer).expect("room"));
    let request = fetch.request();
    let decision = policy.evaluate(&request);
    let response_headers = headers(&decision);
    let response = Response { status: 200, headers: &response_headers };
    let outcome = match preflight.as_ref().map(|request| policy.evaluate(request)) {
        None => fetch.judge(engine, &NO_ANSWER, &response),
        Some(decision) => {
            let headers = headers(&decision);
            let status = decision.status().expect("that of a preflight");
            let outcome = fetch.judge(engine, &Response { status, headers: &headers }, &response);
            return outcome.is_ok_and(|outcome| outcome.is_ok());
        }
    };
    outcome.is_ok_and(|outcome| outcome.is_ok())
}
