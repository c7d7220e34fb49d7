//! What values of the browser's half say of themselves, in a debugger and in messages.

use cors_core::browser::{Engine, Fetch, Header, Response};

use crate::fetch;

#[test]
fn engines() {
    assert_eq!(Engine::ALL.map(|engine| engine.to_string()), ["standard", "chromium", "firefox", "webkit"]);
}

#[test]
fn headers() {
    assert_eq!(format!("{:?}", Header::new("X-A", b"a\xff\r\n")), "X-A: a\\xff\\r\\n");
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
