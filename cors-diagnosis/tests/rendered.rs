//! Whatever cors-core renders of the consoles of Chromium and Firefox is told again (rule B3), as written and as pasted.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test's helpers may stop it, too")]

use cors_core::browser::{CorsError, Engine, ErrorKind, Fetch, Stage};
use cors_core::{Origin, OriginError};
use cors_diagnosis::message::{Cause, Message, Source, read};
use cors_testing::failures::{PAGE, for_each_failure};

/// Returns the one message of a text.
fn told(text: &str) -> Message {
    let messages = read(text);
    let [message] = &messages[..] else { panic!("{messages:?}: {text}") };
    message.clone()
}

/// Returns a text in the forms in which people paste it.
fn pasted(text: &str) -> [String; 5] {
    [
        text.to_owned(),
        format!("index.html:1 {text}\napp.js:12 GET https://api.example.com/orders net::ERR_FAILED\n"),
        format!("Hello,\r\n\r\nI get this:\r\n> {text}\r\n\r\nWhat is wrong?"),
        text.replace(['‘', '’'], "'"),
        text.replace(" from ", "\n    from ")
            .replace(" header ", "\nheader ")
            .replace(" (Reason", "\n(Reason"),
    ]
}

fn chromium(fetch: &Fetch<'_>, error: &CorsError<'_>) -> String {
    let mut text = String::new();
    error.chromium_message(&mut text, fetch).unwrap();
    text
}

#[test]
fn texts_of_chromium() {
    for_each_failure(|fetch, error, _| {
        let text = chromium(fetch, &error);
        let parameter = error.parameter().to_string();
        // Its text is another one than those of the network service.
        let is_of_mode = error == CorsError::DisallowedByMode;
        for text in pasted(&text) {
            let told = told(&text);
            assert_eq!((told.source, told.cause), (Source::Chromium, Cause::Error(error.kind())), "{text}");
            assert_eq!(told.stage, Some(error.stage()), "{text}");
            assert_eq!(told.kind.as_deref(), (!is_of_mode).then(|| fetch.api.name()), "{text}");
            assert_eq!(told.url.as_deref(), Some(fetch.url), "{text}");
            assert_eq!(told.origin.as_deref(), Some(PAGE), "{text}");
            assert_eq!((told.redirected_from, told.status), (None, None), "{text}");
            assert_eq!(told.parameter.unwrap_or_default(), parameter, "{text}");
        }
        // The last sentences alone do not have the request, and may not have the stage.
        if let Some((_, alone)) = text.split_once("CORS policy: ") {
            let told = told(alone);
            assert_eq!(told.cause, Cause::Error(error.kind()), "{alone}");
            assert_eq!(told.parameter.unwrap_or_default(), parameter, "{alone}");
            assert_eq!((told.kind, told.url, told.origin), (None, None, None), "{alone}");
        } else {
            assert!(is_of_mode, "{text}");
        }
    });
}

#[test]
fn texts_of_firefox() {
    for_each_failure(|fetch, error, response| {
        let Some(first) = error.firefox_lines(fetch, &response).next() else {
            assert_eq!(error, CorsError::DisallowedByMode);
            return;
        };
        let name = match (error.kind(), first.key()) {
            (_, "CORSDidNotSucceed2") => "did-not-succeed",
            (kind, _) => kind.name(error.stage()),
        };
        let is_preflight = error.stage() == Stage::Preflight;
        let mut text = String::new();
        error.firefox_message(&mut text, fetch, &response).unwrap();
        let has_status = first.to_string().ends_with(&format!(" Status code: {}.", response.status));
        for text in pasted(&text) {
            let messages = read(&text);
            // A preflight that is redirected has two lines with a cause.
            let is_redirected = error.kind() == ErrorKind::PreflightDisallowedRedirect;
            assert_eq!(messages.len(), if is_redirected { 2 } else { 1 }, "{text}");
            let told = messages.first().unwrap();
            assert_eq!((told.source, told.name()), (Source::Firefox, name), "{text}");
            assert_eq!(told.url.as_deref(), Some(fetch.url), "{text}");
            assert_eq!(told.origin, None, "{text}");
            assert_eq!(told.status, has_status.then_some(response.status), "{text}");
            assert_eq!(told.stage, is_preflight.then_some(Stage::Preflight), "{text}");
        }
    });
}

/// As seen in `tests/e2e`: the last line follows a preflight that fails, and a redirect of the request itself.
#[test]
fn a_redirect_that_fails_in_firefox() {
    for (status, stage) in
        [("302", None), ("307", None), ("200", Some(Stage::Preflight)), ("404", Some(Stage::Preflight))]
    {
        let line = |reason: &str, status: &str| {
            format!(
                "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at \
                 https://api.example.net/old. (Reason: {reason}). Status code: {status}.\n"
            )
        };
        let missing = line("CORS header ‘Access-Control-Allow-Origin’ missing", status);
        let text = format!("{missing}{}", line("CORS request did not succeed", "(null)"));
        let told = told(&text);
        assert_eq!(
            (told.cause, told.stage),
            (Cause::Error(ErrorKind::MissingAllowOriginHeader), stage),
            "{text}"
        );
    }
}

/// B4: what stops a request before it is sent, in both consoles.
#[test]
fn texts_of_what_comes_before_a_request() -> Result<(), OriginError> {
    for (page, url, expected) in [
        (PAGE, "http://api.example.com/orders", ErrorKind::MixedContent),
        (PAGE, "http://127.0.0.1:8080/", ErrorKind::LocalNetworkAccessPermissionDenied),
        ("http://app.example.com", "http://192.168.1.20/", ErrorKind::InsecureLocalNetwork),
        (PAGE, "localhost:8080/orders", ErrorKind::CorsDisabledScheme),
        (PAGE, "ftp://api.example.com/", ErrorKind::CorsDisabledScheme),
        (PAGE, "file:///home/x/data.json", ErrorKind::CorsDisabledScheme),
        (PAGE, "https://api.example.com:6667/", ErrorKind::UnsafePort),
    ] {
        let fetch = Fetch::new(Origin::parse(page.as_bytes())?, url);
        let error = fetch.check_address(Engine::Chromium).unwrap_err();
        assert_eq!(error.kind(), expected, "{url}");
        let text = chromium(&fetch, &error);
        for text in pasted(&text) {
            let told = told(&text);
            assert_eq!((told.cause, told.stage), (Cause::Error(expected), Some(Stage::Actual)), "{text}");
            // Chromium's line about a port names no address; the lines around it may.
            let is_named = expected != ErrorKind::UnsafePort;
            assert!(!is_named || told.url.as_deref() == Some(url), "{text}");
            assert!(!told.cause.is_cors(), "{text}");
        }
    }
    Ok(())
}

/// Reasons alone, without what stands around them.
#[test]
fn reasons_alone() {
    for (text, cause, parameter) in [
        ("(Reason: CORS header ‘Access-Control-Allow-Origin’ missing).", "MissingAllowOriginHeader", None),
        ("Reason: CORS header 'Access-Control-Allow-Origin' missing", "MissingAllowOriginHeader", None),
        (
            "CORS header “Access-Control-Allow-Origin” does not match “https://a.example.com”",
            "AllowOriginMismatch",
            Some("https://a.example.com"),
        ),
        (
            "CORS header ‘Access-Control-Allow-Origin’ does not match ‘(null)’",
            "InvalidAllowOriginValue",
            Some("(null)"),
        ),
        (
            "CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://a, https://b’",
            "MultipleAllowOriginValues",
            Some("https://a, https://b"),
        ),
        (
            "CORS header ‘Access-Control-Allow-Origin’ does not match ‘null’",
            "AllowOriginMismatch",
            Some("null"),
        ),
        ("It does not have HTTP ok status.", "PreflightInvalidStatus", None),
        ("CORS request did not succeed", "did-not-succeed", None),
        ("CORS request not http", "CorsDisabledScheme", None),
        // WebKit's.
        (
            "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
            "WildcardOriginNotAllowed",
            None,
        ),
        (
            "Access-Control-Allow-Origin cannot contain more than one origin.",
            "MultipleAllowOriginValues",
            None,
        ),
        (
            "Credentials flag is true, but Access-Control-Allow-Credentials is not \"true\".",
            "InvalidAllowCredentials",
            None,
        ),
        (
            "Method PUT is not allowed by Access-Control-Allow-Methods.",
            "MethodDisallowedByPreflightResponse",
            Some("PUT"),
        ),
        (
            "Request header field x-a is not allowed by Access-Control-Allow-Headers.",
            "HeaderDisallowedByPreflightResponse",
            Some("x-a"),
        ),
        (
            "Header Access-Control-Allow-Methods has an invalid value: P UT",
            "InvalidAllowMethodsPreflightResponse",
            Some("P UT"),
        ),
    ] {
        let told = told(text);
        assert_eq!((told.name(), told.parameter.as_deref()), (cause, parameter), "{text}");
    }
}

#[test]
fn a_redirected_request() {
    let text = "Access to XMLHttpRequest at 'https://other.example.com/b' (redirected from 'https://api.example.com/a') from \
                origin 'https://app.example.com' has been blocked by CORS policy: Response to preflight request doesn't pass \
                access control check: The 'Access-Control-Allow-Origin' header has a value 'https://app.example.com' that is \
                not equal to the supplied origin.";
    for text in pasted(text) {
        let told = told(&text);
        assert_eq!(
            (told.name(), told.stage),
            ("PreflightAllowOriginMismatch", Some(Stage::Preflight)),
            "{text}"
        );
        assert_eq!(told.kind.as_deref(), Some("XMLHttpRequest"), "{text}");
        assert_eq!(told.url.as_deref(), Some("https://other.example.com/b"), "{text}");
        assert_eq!(told.redirected_from.as_deref(), Some("https://api.example.com/a"), "{text}");
        assert_eq!((told.origin.as_deref(), told.parameter.as_deref()), (Some(PAGE), Some(PAGE)), "{text}");
    }
}

/// A line without a cause gives way to one with.
#[test]
fn a_line_without_a_cause() {
    let failed = "(Reason: CORS request did not succeed). Status code: (null).";
    let disallowed = "(Reason: header ‘x-a’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight \
                      response).";
    let both = told(&format!("{failed}\n{disallowed}"));
    assert_eq!(both.name(), "HeaderDisallowedByPreflightResponse");
    assert_eq!((told(failed).name(), told(failed).status), ("did-not-succeed", None));
    assert_eq!(told("(Reason: CORS request did not succeed). Status code: 503.").status, Some(503));
}
