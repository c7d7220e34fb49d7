//! [`response`]: a browser reads the response of any server.

use cors_core::browser::{Engine, Fetch, Header, Outcome, Response};
use cors_diagnosis::message::read;

use crate::fetch_text::{OwnedResponse, fetch, response as response_of};
use crate::lines::paragraphs;

/// Reads a fetch, the answer to its preflight, and the response to the fetch.
pub fn response(input: &[u8]) {
    let paragraphs = paragraphs(input);
    let nothing = Vec::new();
    let paragraph = |index: usize| paragraphs.get(index).unwrap_or(&nothing);
    let (preflight, actual) = (response_of(paragraph(1)), response_of(paragraph(2)));
    let (preflight_headers, headers) = (headers(&preflight), headers(&actual));
    let preflight = Response { status: preflight.status, headers: &preflight_headers };
    let actual = Response { status: actual.status, headers: &headers };
    fetch(paragraph(0)).with(|fetch| {
        for engine in Engine::ALL {
            match fetch.judge(engine, &preflight, &actual) {
                Ok(outcome) => check_outcome(fetch, engine, &outcome, &actual),
                Err(error) => assert_eq!(fetch.check(), Err(error)),
            }
            let _ = fetch.preflight_kept(engine, &preflight);
        }
    });
}

fn headers(response: &OwnedResponse) -> Vec<Header<'_>> {
    response.headers.iter().map(|(name, value)| Header::new(name, value)).collect()
}

/// Checks that the console's message is told again, whatever the server sent.
fn check_outcome(fetch: &Fetch<'_>, engine: Engine, outcome: &Outcome<'_>, response: &Response<'_>) {
    if outcome.is_ok() {
        let exposed = fetch.exposed_headers(engine, response).count();
        assert!(exposed <= response.headers.len());
        return;
    }
    // What is refused before a request is told with the address as the page wrote it; that of a request has no white space.
    if !fetch.url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return;
    }
    let mut message = String::new();
    outcome.chromium_message(&mut message).expect("a string takes any text");
    assert!(message.is_empty() || !read(&message).is_empty(), "{message:?}");
    for line in outcome.firefox_lines() {
        let line = line.to_string();
        assert!(!read(&line).is_empty(), "{line:?}");
    }
}
