//! Console messages recognized again, as written and as pasted.

use cors_core::browser::{Cause, CorsError, Engine, ErrorKind, Recognized, Stage, recognize};

use crate::messages::{chromium, firefox, for_each_failure};
use crate::{PAGE, fetch};

fn recognized(text: &str) -> Recognized<'_> {
    recognize(text).unwrap_or_else(|| panic!("not recognized: {text}"))
}

#[test]
fn texts_of_chromium() {
    for_each_failure(|fetch, error, _| {
        let text = chromium(fetch, &error);
        let parameter = error.parameter().to_string();
        let has_parameter = !parameter.is_empty() || error.kind() == ErrorKind::RedirectContainsCredentials;
        let expected = Recognized {
            engine: Engine::Chromium,
            cause: Cause::Error(error.kind()),
            stage: Some(error.stage()),
            kind: Some(fetch.api.name()),
            url: Some(fetch.url),
            redirected_from: None,
            origin: Some(PAGE),
            parameter: has_parameter.then_some(&parameter),
            status: None,
        };
        for text in pasted(&text) {
            assert_eq!(recognized(&text), expected, "{text}");
        }
        // The last sentences alone do not have the request, and may not have the stage.
        let Some((_, alone)) = text.split_once("CORS policy: ") else {
            assert_eq!(error, CorsError::DisallowedByMode, "{text}");
            return;
        };
        let alone = recognized(alone);
        assert_eq!((alone.cause, alone.parameter), (expected.cause, expected.parameter));
        assert_eq!((alone.kind, alone.url, alone.origin), (None, None, None));
    });
}

#[test]
fn texts_of_firefox() {
    for_each_failure(|fetch, error, response| {
        let text = firefox(fetch, &error, &response);
        let Some(first) = error.firefox_lines(fetch, &response).next() else {
            return;
        };
        let cause = match (error.kind(), first.key()) {
            (_, "CORSDidNotSucceed2") => Cause::DidNotSucceed,
            (kind, _) => Cause::Error(kind),
        };
        for text in pasted(&text) {
            let found = recognized(&text);
            assert_eq!((found.engine, found.cause), (Engine::Firefox, cause), "{text}");
            assert_eq!(found.url, Some(fetch.url), "{text}");
            assert_eq!((found.kind, found.origin), (None, None), "{text}");
            let has_status = first.to_string().ends_with(&format!(" Status code: {}.", response.status));
            assert_eq!(found.status, has_status.then_some(response.status), "{text}");
            if error.stage() == Stage::Preflight {
                assert_eq!(found.stage, Some(Stage::Preflight), "{text}");
            } else {
                assert_eq!(found.stage, None, "{text}");
            }
        }
    });
}

/// Returns a text in the forms in which people paste it.
fn pasted(text: &str) -> [String; 5] {
    let plain = text.replace(['‘', '’'], "'");
    [
        text.to_owned(),
        format!("index.html:1 {text}\napp.js:12 GET https://api.example.com/orders net::ERR_FAILED\n"),
        format!("Hello,\r\n\r\nI get this:\r\n> {text}\r\n\r\nWhat is wrong?"),
        plain,
        text.replace(" from ", "\n    from ")
            .replace(" header ", "\nheader ")
            .replace(" (Reason", "\n(Reason"),
    ]
}

#[test]
fn reasons_alone() {
    let error = |kind| Some(Cause::Error(kind));
    for (text, cause, parameter) in [
        (
            "(Reason: CORS header ‘Access-Control-Allow-Origin’ missing).",
            error(ErrorKind::MissingAllowOriginHeader),
            None,
        ),
        (
            "Reason: CORS header 'Access-Control-Allow-Origin' missing",
            error(ErrorKind::MissingAllowOriginHeader),
            None,
        ),
        (
            "CORS header “Access-Control-Allow-Origin” does not match “https://a.example.com”",
            error(ErrorKind::AllowOriginMismatch),
            Some("https://a.example.com"),
        ),
        (
            "CORS header ‘Access-Control-Allow-Origin’ does not match ‘(null)’",
            error(ErrorKind::InvalidAllowOriginValue),
            Some("(null)"),
        ),
        (
            "CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://a, https://b’",
            error(ErrorKind::MultipleAllowOriginValues),
            Some("https://a, https://b"),
        ),
        (
            "CORS header ‘Access-Control-Allow-Origin’ does not match ‘null’",
            error(ErrorKind::AllowOriginMismatch),
            Some("null"),
        ),
        ("It does not have HTTP ok status.", error(ErrorKind::PreflightInvalidStatus), None),
        ("CORS request did not succeed", Some(Cause::DidNotSucceed), None),
        ("CORS request not http", error(ErrorKind::CorsDisabledScheme), None),
        ("TypeError: Failed to fetch", None, None),
        ("TypeError: NetworkError when attempting to fetch resource.", None, None),
        ("net::ERR_CONNECTION_REFUSED", None, None),
        ("has been blocked by CORS policy:", None, None),
        ("", None, None),
    ] {
        let found = recognize(text);
        assert_eq!(found.map(|found| found.cause), cause, "{text}");
        assert_eq!(found.and_then(|found| found.parameter), parameter, "{text}");
    }
}

#[test]
fn redirected_requests() {
    let text = "Access to XMLHttpRequest at 'https://other.example.com/b' (redirected from \
                'https://api.example.com/a') from origin 'https://app.example.com' has been blocked by CORS policy: \
                Response to preflight request doesn't pass access control check: The \
                'Access-Control-Allow-Origin' header has a value 'https://app.example.com' that is not equal to the \
                supplied origin.";
    let expected = Recognized {
        engine: Engine::Chromium,
        cause: Cause::Error(ErrorKind::AllowOriginMismatch),
        stage: Some(Stage::Preflight),
        kind: Some("XMLHttpRequest"),
        url: Some("https://other.example.com/b"),
        redirected_from: Some("https://api.example.com/a"),
        origin: Some(PAGE),
        parameter: Some(PAGE),
        status: None,
    };
    for text in pasted(text) {
        assert_eq!(recognized(&text), expected, "{text}");
    }
}

#[test]
fn other_kinds_and_other_causes() {
    let text = "Access to font at 'https://cdn.example.com/a.woff2' from origin 'null' has been blocked by CORS policy: \
                No 'Access-Control-Allow-Origin' header is present on the requested resource.";
    let found = recognized(text);
    assert_eq!((found.kind, found.origin, found.stage), (Some("font"), Some("null"), Some(Stage::Actual)));

    // Older versions continue the text.
    let text = "Access to fetch at 'https://api.example.com/' from origin 'https://app.example.com' has been blocked by \
                CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource. If an \
                opaque response serves your needs, set the request's mode to 'no-cors' to fetch the resource with CORS \
                disabled.";
    assert_eq!(recognized(text).cause, Cause::Error(ErrorKind::MissingAllowOriginHeader));

    let text = "Access to script at 'file:///C:/app/main.js' from origin 'null' has been blocked by CORS policy: Cross \
                origin requests are only supported for protocol schemes: chrome, chrome-extension, data, http, https.";
    let found = recognized(text);
    assert_eq!((found.engine, found.cause), (Engine::Chromium, Cause::Error(ErrorKind::CorsDisabledScheme)));
    assert_eq!(found.url, Some("file:///C:/app/main.js"));
    assert_eq!(found.parameter, Some("chrome, chrome-extension, data, http, https"));

    let text = "Access to fetch at 'http://192.168.1.1/' from origin 'https://app.example.com' has been blocked by CORS \
                policy: Permission was denied for this request to access the `local` address space.";
    let found = recognized(text);
    assert_eq!(
        (found.cause, found.parameter),
        (Cause::Error(ErrorKind::LocalNetworkAccessPermissionDenied), Some("local"))
    );

    let text = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at \
                file:///a.json. (Reason: CORS request not http).";
    let found = recognized(text);
    assert_eq!((found.engine, found.cause), (Engine::Firefox, Cause::Error(ErrorKind::CorsDisabledScheme)));
    assert_eq!(found.url, Some("file:///a.json"));
}

#[test]
fn texts_of_webkit() {
    let error = Cause::Error;
    for (text, cause, parameter, status) in [
        (
            "Origin https://app.example.com is not allowed by Access-Control-Allow-Origin. Status code: 404",
            error(ErrorKind::AllowOriginMismatch),
            None,
            Some(404),
        ),
        (
            "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
            error(ErrorKind::WildcardOriginNotAllowed),
            None,
            None,
        ),
        (
            "Access-Control-Allow-Origin cannot contain more than one origin.",
            error(ErrorKind::MultipleAllowOriginValues),
            None,
            None,
        ),
        (
            "Credentials flag is true, but Access-Control-Allow-Credentials is not \"true\".",
            error(ErrorKind::InvalidAllowCredentials),
            None,
            None,
        ),
        (
            "Preflight response is not successful. Status code: 405",
            error(ErrorKind::PreflightInvalidStatus),
            None,
            Some(405),
        ),
        (
            "Method PUT is not allowed by Access-Control-Allow-Methods.",
            error(ErrorKind::MethodDisallowedByPreflightResponse),
            Some("PUT"),
            None,
        ),
        (
            "Request header field x-a is not allowed by Access-Control-Allow-Headers.",
            error(ErrorKind::HeaderDisallowedByPreflightResponse),
            Some("x-a"),
            None,
        ),
        (
            "Header Access-Control-Allow-Methods has an invalid value: P UT",
            error(ErrorKind::InvalidAllowMethodsPreflightResponse),
            Some("P UT"),
            None,
        ),
    ] {
        let found = recognized(text);
        assert_eq!(
            (found.engine, found.cause, found.parameter, found.status),
            (Engine::WebKit, cause, parameter, status),
            "{text}"
        );
        let with_load = format!(
            "[Error] {text}\n[Error] Fetch API cannot load https://api.example.com/orders due to access control \
             checks."
        );
        let found = recognized(&with_load);
        assert_eq!((found.cause, found.url), (cause, Some(fetch().url)), "{with_load}");
    }
    let found = recognized("Origin https://app.example.com is not allowed by Access-Control-Allow-Origin.");
    assert_eq!(found.origin, Some(PAGE));
    let found =
        recognized("XMLHttpRequest cannot load https://api.example.com/ due to access control checks.");
    assert_eq!((found.engine, found.cause), (Engine::WebKit, Cause::AccessControlChecks));
    assert_eq!((found.url, found.parameter), (Some("https://api.example.com/"), None));
}

/// A line without a cause gives way to one with.
#[test]
fn several_messages() {
    let lines = [
        "(Reason: CORS request did not succeed). Status code: (null).",
        "(Reason: header ‘x-a’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight \
         response).",
    ];
    let cause = Cause::Error(ErrorKind::HeaderDisallowedByPreflightResponse);
    assert_eq!(recognized(&lines.join("\n")).cause, cause);
    assert_eq!(recognized(lines[0]).cause, Cause::DidNotSucceed);
    assert_eq!(recognized(lines[0]).status, None);
    let failed = recognized("(Reason: CORS request did not succeed). Status code: 503.");
    assert_eq!(failed.status, Some(503));
}
