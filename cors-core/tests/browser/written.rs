//! How values of the browser's half are written, in a debugger and in messages.

use cors_core::browser::{CorsError, Engine, Fetch, FetchError, Header, Mode, Response};

use crate::fetch;

#[test]
fn engines() {
    assert_eq!(Engine::ALL.map(|engine| engine.to_string()), ["standard", "chromium", "firefox", "webkit"]);
}

#[test]
fn headers() {
    assert_eq!(format!("{:?}", Header::new("X-A", b"a\xff\tb")), "X-A: a\\xff\\tb");
}

#[test]
fn errors() {
    let headers = [Header::new("x-a", "1")];
    let fetch = Fetch { headers: &headers, ..fetch() };
    let answer = |fields: &[(&str, &str)]| {
        let fields: Vec<_> = fields.iter().copied().map(Header::from).collect();
        format!("{:?}", fetch.check_preflight(Engine::Standard, &Response { status: 200, headers: &fields }))
    };
    let allow = ("access-control-allow-origin", "https://app.example.com");
    assert_eq!(
        answer(&[("access-control-allow-origin", "a"), ("access-control-allow-origin", "\"b\"")]),
        "Err(MultipleAllowOriginValues { stage: Preflight, value: \"a, \\\"b\\\"\" })"
    );
    assert_eq!(
        answer(&[allow, ("access-control-allow-headers", "x-b, a\tb")]),
        "Err(InvalidAllowHeadersPreflightResponse { element: \"a\\tb\" })"
    );
    assert_eq!(answer(&[allow]), "Err(HeaderDisallowedByPreflightResponse { name: \"x-a\" })");
}

/// Values are equal if their joined lines are; names are equal in any case.
#[test]
fn comparisons() {
    let headers = [Header::new("x-a", "1")];
    let fetch = Fetch { headers: &headers, ..fetch() };
    let origins = |values: &[&'static str]| {
        let fields: Vec<_> =
            values.iter().map(|value| Header::new("access-control-allow-origin", *value)).collect();
        let fields: &'static [Header<'static>] = fields.leak();
        match fetch.check_response(Engine::Standard, &Response { status: 200, headers: fields }) {
            Err(CorsError::MultipleAllowOriginValues { value, .. }) => value,
            other => panic!("{other:?}"),
        }
    };
    let two = origins(&["https://a.example", "https://b.example"]);
    assert_eq!(two, origins(&["https://a.example, https://b.example"]));
    assert_ne!(two, origins(&["https://b.example, https://a.example"]));
    assert!(two == *"https://a.example, https://b.example" && two != *"https://a.example");

    let allow = [Header::new("access-control-allow-origin", "*")];
    match fetch.check_preflight(Engine::Standard, &Response { status: 200, headers: &allow }) {
        Err(CorsError::HeaderDisallowedByPreflightResponse { name }) => {
            assert!(name == *"X-A" && name == "x-a" && name != *"x-b");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn fetches_that_throw() {
    let headers =
        |name: &'static str, value: &'static [u8]| [Header::new("x-a", "1"), Header::new(name, value)];
    let (no_name, two_lines) = (headers("x a", b"1"), headers("x-b", b"1\n2"));
    let plain = fetch();
    let no_cors = Fetch { mode: Mode::NoCors, has_body: true, ..plain };
    for (fetch, error, text) in [
        (Fetch { method: "P UT", ..plain }, FetchError::MalformedMethod, "the method is not a token"),
        (
            Fetch { method: "trace", ..plain },
            FetchError::ForbiddenMethod,
            "no page can send CONNECT, TRACE or TRACK",
        ),
        (
            Fetch { headers: &no_name, ..plain },
            FetchError::MalformedHeaderName { index: 1 },
            "the name of header 1 is not a token",
        ),
        (
            Fetch { headers: &two_lines, ..plain },
            FetchError::MalformedHeaderValue { index: 1 },
            "the value of header 1 has a line break or NUL in it",
        ),
        (
            Fetch { method: "PUT", ..no_cors },
            FetchError::MethodNeedsCors,
            "in the mode no-cors the method is GET, HEAD or POST",
        ),
        (
            Fetch { method: "POST", stream_body: true, ..no_cors },
            FetchError::StreamNeedsCors,
            "in the mode no-cors the body is not a stream",
        ),
    ] {
        assert_eq!(fetch.check(), Err(error));
        assert_eq!(error.to_string(), text);
    }
    for fetch in [
        plain,
        Fetch { method: "post", ..no_cors },
        Fetch { method: "PUT", has_body: true, stream_body: true, ..plain },
    ] {
        assert_eq!(fetch.check(), Ok(()), "{fetch:?}");
    }
}
