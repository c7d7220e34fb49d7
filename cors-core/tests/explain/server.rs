//! The advice for a server about a failure.

use cors_core::browser::{CredentialsMode, Engine, ErrorKind, Fetch, Header, Response, Stage};
use cors_core::explain::ServerAdvice;

use crate::{PAGE, fetch};

const ALLOW: (&str, &str) = ("access-control-allow-origin", PAGE);

/// Returns the advice and the meaning of a failure: the preflight's if there is one, else the response's.
fn advice(fetch: &Fetch<'_>, status: u16, fields: &[(&str, &str)]) -> (String, &'static str) {
    let fields: Vec<_> = fields.iter().copied().map(Header::from).collect();
    let response = Response { status, headers: &fields };
    let checked = match fetch.preflight(Engine::Standard) {
        Some(_) => fetch.check_preflight(Engine::Standard, &response),
        None => fetch.check_response(Engine::Standard, &response),
    };
    let advice = ServerAdvice::for_error(&checked.unwrap_err(), fetch);
    (advice.to_string(), advice.meaning())
}

#[test]
#[allow(clippy::too_many_lines, reason = "it is a table")]
fn of_errors() {
    let plain = fetch(PAGE);
    let put = Fetch { method: "PUT", ..plain };
    let patch = Fetch { method: "patch", ..plain };
    let with_credentials = Fetch { credentials: CredentialsMode::Include, ..plain };
    let headers = [Header::new("x-a", "1")];
    let with_header = Fetch { headers: &headers, ..plain };
    let headers = [Header::new("Access-Control-Allow-Methods", "1")];
    let with_response_header = Fetch { headers: &headers, ..plain };
    let send = "`Access-Control-Allow-Origin: https://app.example.com` (with `Vary: Origin`)";
    for (fetch, status, fields, expected, meaning) in [
        (
            plain,
            500,
            &[][..],
            format!("Send {send} on this response, and on errors and redirects as well. The status was 500."),
            "The response has no Access-Control-Allow-Origin",
        ),
        (
            put,
            204,
            &[],
            format!(
                "Send {send} in answer to the preflight, an OPTIONS request, which has to come before authentication. \
                 The status was 204."
            ),
            "The response has no Access-Control-Allow-Origin",
        ),
        (
            with_credentials,
            200,
            &[("access-control-allow-origin", "*")],
            format!(
                "Send {send} instead of `*`, and `Access-Control-Allow-Credentials: true`, if that origin may act as the user; or let \
                 the page fetch without credentials."
            ),
            "The page sends credentials",
        ),
        (
            plain,
            200,
            &[("access-control-allow-origin", "https://a.example, https://b.example")],
            format!(
                "Look for the request's Origin in your list, and if it is there send {send}, that one value. Add the \
                 field in one place only."
            ),
            "Access-Control-Allow-Origin has several values",
        ),
        (
            plain,
            200,
            &[("access-control-allow-origin", "app.example.com")],
            format!("Send {send} instead of `app.example.com`."),
            "The value of Access-Control-Allow-Origin is not an origin",
        ),
        (
            plain,
            200,
            &[("access-control-allow-origin", "")],
            format!("Send {send}."),
            "The value of Access-Control-Allow-Origin is not an origin",
        ),
        (
            plain,
            200,
            &[("access-control-allow-origin", "https://b.example")],
            format!("Send {send} instead of `https://b.example`."),
            "Access-Control-Allow-Origin does not name the page's origin",
        ),
        (
            with_credentials,
            200,
            &[ALLOW],
            "Send `Access-Control-Allow-Credentials: true`, in lower case, on the answer to the preflight and on the \
             response, if that origin may act as the user; or let the page fetch without credentials."
                .to_owned(),
            "The page sends credentials",
        ),
        (
            put,
            405,
            &[ALLOW],
            "Answer OPTIONS at this address with status 204 and the CORS fields, before routing and authentication. The \
             status was 405."
                .to_owned(),
            "Before this request the browser sends a preflight, an OPTIONS request, and its answer",
        ),
        (
            put,
            302,
            &[ALLOW, ("location", "/login")],
            "Answer OPTIONS before any redirect; or let the page fetch the last address at once.".to_owned(),
            "Before this request the browser sends a preflight, an OPTIONS request, which was redirected",
        ),
        (
            put,
            200,
            &[ALLOW, ("access-control-allow-methods", "[PUT]")],
            "Send names with commas between them, as in `Access-Control-Allow-Methods: PUT, DELETE`, without quotation \
             marks or brackets. `[PUT]` is not a name."
                .to_owned(),
            "Access-Control-Allow-Methods in the answer",
        ),
        (
            put,
            200,
            &[ALLOW, ("access-control-allow-headers", "\"x-a\"")],
            "Send names with commas between them, as in `Access-Control-Allow-Headers: Content-Type, Authorization`, \
             without quotation marks or brackets. `\"x-a\"` is not a name."
                .to_owned(),
            "Access-Control-Allow-Headers in the answer",
        ),
        (
            put,
            200,
            &[ALLOW],
            "Answer the preflight with PUT in the field: `Access-Control-Allow-Methods: PUT`, with the other methods that \
             pages use beside it. GET, HEAD and POST need not be there."
                .to_owned(),
            "The answer to the preflight does not have the page's method",
        ),
        (
            patch,
            200,
            &[ALLOW],
            "Answer the preflight with patch in the field: `Access-Control-Allow-Methods: patch`, with the other methods \
             that pages use beside it. GET, HEAD and POST need not be there. Most likely the page has to write it in \
             upper case."
                .to_owned(),
            "The answer to the preflight does not have the page's method",
        ),
        (
            with_header,
            200,
            &[ALLOW],
            "Answer the preflight with x-a in the field: `Access-Control-Allow-Headers: x-a`, with the other headers that \
             pages set beside it. The browser names only the first that is missing."
                .to_owned(),
            "The page sets a header",
        ),
        (
            with_response_header,
            200,
            &[ALLOW],
            "Nothing. Take access-control-allow-methods out of the fetch: it is for the server to send, in its response."
                .to_owned(),
            "The page sets a header",
        ),
        (
            plain,
            302,
            &[ALLOW, ("location", "https://me@b.example/")],
            "Redirect to an address without them.".to_owned(),
            "The response redirects to an address with a user name",
        ),
    ] {
        let (text, got) = advice(&fetch, status, fields);
        assert_eq!(text, expected, "{status} {fields:?}");
        assert!(got.starts_with(meaning), "{got}");
    }
}

/// A name counts as a response's only if it begins as one of those.
#[test]
fn of_headers_that_look_alike() {
    for (name, is_of_responses) in [
        ("Access-Control-Allow-Methods", true),
        ("access-control-expose-headers", true),
        ("Access-Control-Max-Age", true),
        ("access-control-max", false),
        ("access-control", false),
        ("x-a-name-of-more-letters-than-that", false),
    ] {
        let headers = [Header::new(name, "1")];
        let (text, _) = advice(&Fetch { headers: &headers, ..fetch(PAGE) }, 200, &[ALLOW]);
        assert_eq!(text.starts_with("Nothing. Take "), is_of_responses, "{text}");
    }
}

/// A pasted message has less in it.
#[test]
fn of_kinds() {
    let missing = ServerAdvice::for_kind(ErrorKind::MissingAllowOriginHeader, Some(Stage::Actual));
    let mismatch = ServerAdvice::for_kind(ErrorKind::AllowOriginMismatch, None);
    for (advice, expected) in [
        (
            missing.with_status(404),
            "Send `Access-Control-Allow-Origin: (the page's origin)` (with `Vary: Origin`) on this \
             response, and on errors and redirects as well. The status was 404.",
        ),
        (
            missing.with_origin(PAGE),
            "Send `Access-Control-Allow-Origin: https://app.example.com` (with `Vary: Origin`) on this response, and on errors \
             and redirects as well.",
        ),
        (
            ServerAdvice::for_kind(ErrorKind::MissingAllowOriginHeader, Some(Stage::Preflight))
                .with_origin(PAGE),
            "Send `Access-Control-Allow-Origin: https://app.example.com` (with `Vary: Origin`) in answer to the preflight, an \
             OPTIONS request, which has to come before authentication.",
        ),
        (mismatch, "Send `Access-Control-Allow-Origin: (the page's origin)` (with `Vary: Origin`)."),
        (
            mismatch.with_origin(PAGE).with_parameter("https://other.example.com"),
            "Send `Access-Control-Allow-Origin: https://app.example.com` (with `Vary: Origin`) instead of \
             `https://other.example.com`.",
        ),
        (
            ServerAdvice::for_kind(ErrorKind::HeaderDisallowedByPreflightResponse, None),
            "Answer the preflight with `Access-Control-Allow-Headers` and all headers that pages set.",
        ),
        (
            ServerAdvice::for_kind(ErrorKind::CorsDisabledScheme, None),
            "Nothing. Serve the page over http from localhost, and write the address with http:// or https:// in front.",
        ),
    ] {
        assert_eq!(advice.to_string(), expected);
        assert!(!advice.meaning().is_empty());
    }
}

/// B5: a redirect to a login is not mended at the login, and one within the host by asking for the last address.
#[test]
fn of_redirects() {
    let once = "at once, or take the redirect away: after a redirect from one origin to another a page counts as `null`, which \
                no server should allow.";
    for (from, to, origin, expected) in [
        (
            "https://api.example.com/orders",
            "https://login.example.net/?return_to=secret",
            PAGE,
            "Let https://api.example.com answer 401 in place of the redirect to https://login.example.net, and let the page go to \
             the login itself: mostly the session has ended, or the request came without credentials. Add no CORS fields to a \
             login page. If the answer is meant to come from https://login.example.net, let the page ask for \
             https://login.example.net/ at once."
                .to_owned(),
        ),
        (
            "http://api.example.com/orders",
            "https://api.example.com/orders",
            PAGE,
            format!("Let the page ask for https://api.example.com/orders {once}"),
        ),
        (
            "https://api.example.com/orders",
            "https://api.example.com/orders/?token=secret",
            "null",
            format!("Let the page ask for https://api.example.com/orders/ {once}"),
        ),
        (
            "https://api.example.com/orders",
            "https://api.example.com/orders/",
            PAGE,
            "Send `Access-Control-Allow-Origin: https://app.example.com` (with `Vary: Origin`) on this response, and on errors \
             and redirects as well."
                .to_owned(),
        ),
    ] {
        let missing = ServerAdvice::for_kind(ErrorKind::MissingAllowOriginHeader, Some(Stage::Actual));
        assert_eq!(missing.with_origin(origin).with_redirect(from, to).to_string(), expected);
        // By a fetch it comes to the same.
        let first = Fetch::new(crate::origin(origin), from);
        let next = first.redirected(Engine::Standard, 302, to);
        let error = next.check_response(Engine::Standard, &Response { status: 200, headers: &[] }).unwrap_err();
        assert!(ServerAdvice::for_error(&error, &next).to_string().starts_with(expected.trim_end_matches('.')));
    }
}

/// B5: an origin that any site or file can send is never to be allowed, nor one of http with credentials.
#[test]
fn of_origins_that_no_server_should_allow() {
    let response = Response { status: 200, headers: &[Header::new("access-control-allow-origin", "*")] };
    for (page, expected) in [
        (
            "null",
            "Do not allow `null`: a page of any site can send that origin. Serve the page over http or https, not from a file; \
             give a sandboxed frame allow-same-origin, if you trust what is in it; let no redirect lead from one origin to another.",
        ),
        (
            "file://",
            "Do not allow `file://`: any file that a person opens can send that origin. Serve the page over http or https, not \
             from a file; give a sandboxed frame allow-same-origin, if you trust what is in it; let no redirect lead from one origin to another.",
        ),
        (
            "http://app.example.com",
            "Serve the page over https first. Send `Access-Control-Allow-Origin: https://app.example.com` (with `Vary: Origin`) \
             instead of `*`, and `Access-Control-Allow-Credentials: true`, if that origin may act as the user; or let the page fetch without \
             credentials.",
        ),
        (
            "http://localhost:3000",
            "Send `Access-Control-Allow-Origin: http://localhost:3000` (with `Vary: Origin`) instead of `*`, and \
             `Access-Control-Allow-Credentials: true`, if that origin may act as the user; or let the page fetch without \
             credentials.",
        ),
    ] {
        let fetch = Fetch { credentials: CredentialsMode::Include, ..fetch(page) };
        let error = fetch.check_response(Engine::Standard, &response).unwrap_err();
        assert_eq!(ServerAdvice::for_error(&error, &fetch).to_string(), expected);
    }
}
