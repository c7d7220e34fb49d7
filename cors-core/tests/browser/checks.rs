//! The checks of responses, rule by rule.

use cors_core::Origin;
use cors_core::browser::{Api, CredentialsMode, Engine, Fetch, Header, Mode, Response};

use crate::{PAGE, fetch};

type Headers<'h> = [(&'h str, &'h str)];

const ALLOW_ORIGIN: (&str, &str) = ("access-control-allow-origin", PAGE);
const ALLOW_CREDENTIALS: (&str, &str) = ("access-control-allow-credentials", "true");

/// Returns the result of the response's check: `ok`, or the name and the parameter of its error.
fn actual(fetch: &Fetch<'_>, engine: Engine, status: u16, headers: &Headers<'_>) -> String {
    let headers: Vec<_> = headers.iter().copied().map(Header::from).collect();
    match fetch.check_response(engine, &Response { status, headers: &headers }) {
        Ok(()) => "ok".to_owned(),
        Err(error) => format!("{} {}", error.name(), error.parameter()).trim_end().to_owned(),
    }
}

/// Returns the result of the preflight's check.
fn preflight(fetch: &Fetch<'_>, engine: Engine, status: u16, headers: &Headers<'_>) -> String {
    let headers: Vec<_> = headers.iter().copied().map(Header::from).collect();
    match fetch.check_preflight(engine, &Response { status, headers: &headers }) {
        Ok(()) => "ok".to_owned(),
        Err(error) => format!("{} {}", error.name(), error.parameter()).trim_end().to_owned(),
    }
}

fn with_credentials() -> Fetch<'static> {
    Fetch { credentials: CredentialsMode::Include, ..fetch() }
}

#[test]
fn allow_origin() {
    for (lines, expected) in [
        (&[][..], "MissingAllowOriginHeader"),
        (&[PAGE], "ok"),
        (&["*"], "ok"),
        (&[" \thttps://app.example.com\t "], "ok"),
        (&["HTTPS://app.example.com"], "AllowOriginMismatch HTTPS://app.example.com"),
        (&["https://App.example.com"], "AllowOriginMismatch https://App.example.com"),
        (&["https://app.example.com/"], "AllowOriginMismatch https://app.example.com/"),
        (&["https://app.example.com:443"], "AllowOriginMismatch https://app.example.com:443"),
        (&["http://app.example.com"], "AllowOriginMismatch http://app.example.com"),
        (&["null"], "AllowOriginMismatch null"),
        (&["mailto:me"], "AllowOriginMismatch mailto:me"),
        (&["NULL"], "InvalidAllowOriginValue NULL"),
        (&[""], "InvalidAllowOriginValue"),
        (&["app.example.com"], "InvalidAllowOriginValue app.example.com"),
        (&["https://*.example.com:x"], "InvalidAllowOriginValue https://*.example.com:x"),
        (&["'*'"], "InvalidAllowOriginValue '*'"),
        (&["**"], "InvalidAllowOriginValue **"),
        (&["*, *"], "MultipleAllowOriginValues *, *"),
        (&["*", "*"], "MultipleAllowOriginValues *, *"),
        (&[PAGE, PAGE], "MultipleAllowOriginValues https://app.example.com, https://app.example.com"),
        (&["https://app.example.com,"], "MultipleAllowOriginValues https://app.example.com,"),
        (&["a b"], "MultipleAllowOriginValues a b"),
        (&["a\tb"], "InvalidAllowOriginValue a\tb"),
        (&[PAGE, ""], "MultipleAllowOriginValues https://app.example.com,"),
    ] {
        let headers: Vec<_> = lines.iter().map(|line| ("Access-Control-Allow-Origin", *line)).collect();
        assert_eq!(actual(&fetch(), Engine::Standard, 200, &headers), expected, "{lines:?}");
        let as_preflight =
            if expected == "ok" { expected.to_owned() } else { format!("Preflight{expected}") };
        assert_eq!(preflight(&fetch(), Engine::Standard, 200, &headers), as_preflight, "{lines:?}");
    }
}

#[test]
fn opaque_origins_are_spelled_null() {
    let opaque = Fetch { origin: Origin::parse(b"null").unwrap(), ..fetch() };
    for (value, expected) in
        [("null", "ok"), ("*", "ok"), ("NULL", "InvalidAllowOriginValue NULL"), (PAGE, "AllowOriginMismatch")]
    {
        let verdict = actual(&opaque, Engine::Chromium, 200, &[("access-control-allow-origin", value)]);
        assert!(verdict.starts_with(expected), "{value}: {verdict}");
    }
}

#[test]
fn firefox_drops_empty_lines() {
    let headers = [("access-control-allow-origin", ""), ALLOW_ORIGIN];
    assert_eq!(actual(&fetch(), Engine::Firefox, 200, &headers), "ok");
    assert_eq!(
        actual(&fetch(), Engine::WebKit, 200, &headers),
        "MultipleAllowOriginValues , https://app.example.com"
    );
}

#[test]
fn allow_credentials() {
    for (lines, expected) in [
        (&["true"][..], "ok"),
        (&["\ttrue "], "ok"),
        (&[], "InvalidAllowCredentials"),
        (&[""], "InvalidAllowCredentials"),
        (&["True"], "InvalidAllowCredentials True"),
        (&["1"], "InvalidAllowCredentials 1"),
        (&["*"], "InvalidAllowCredentials *"),
        (&["true", "true"], "InvalidAllowCredentials true, true"),
    ] {
        let mut headers = vec![ALLOW_ORIGIN];
        headers.extend(lines.iter().map(|line| ("Access-Control-Allow-Credentials", *line)));
        for engine in Engine::ALL {
            assert_eq!(actual(&with_credentials(), engine, 200, &headers), expected, "{engine} {lines:?}");
            for credentials in [CredentialsMode::Omit, CredentialsMode::SameOrigin] {
                let fetch = Fetch { credentials, ..fetch() };
                assert_eq!(actual(&fetch, engine, 200, &headers), "ok", "{engine} {lines:?}");
            }
        }
    }
    let wildcard = [("access-control-allow-origin", "*"), ALLOW_CREDENTIALS];
    assert_eq!(actual(&with_credentials(), Engine::Standard, 200, &wildcard), "WildcardOriginNotAllowed");
    // The origin is checked first.
    let headers = [("access-control-allow-origin", "null")];
    assert_eq!(actual(&with_credentials(), Engine::Standard, 200, &headers), "AllowOriginMismatch null");
}

#[test]
fn statuses_matter_to_preflights_alone() {
    for (status, expected) in [
        (199, "PreflightInvalidStatus"),
        (200, "ok"),
        (204, "ok"),
        (299, "ok"),
        (300, "PreflightInvalidStatus"),
        (302, "PreflightInvalidStatus"),
        (405, "PreflightInvalidStatus"),
        (500, "PreflightInvalidStatus"),
    ] {
        assert_eq!(preflight(&fetch(), Engine::Standard, status, &[ALLOW_ORIGIN]), expected, "{status}");
        assert_eq!(actual(&fetch(), Engine::Standard, status, &[ALLOW_ORIGIN]), "ok", "{status}");
    }
    // The check of the origin comes first.
    assert_eq!(preflight(&fetch(), Engine::Standard, 405, &[]), "PreflightMissingAllowOriginHeader");
}

#[test]
fn redirects() {
    let to = |location| [ALLOW_ORIGIN, ("Location", location)];
    for status in [301, 302, 303, 307, 308] {
        for engine in Engine::ALL {
            assert_eq!(preflight(&fetch(), engine, status, &to("/x")), "PreflightDisallowedRedirect");
        }
    }
    for status in [300, 304, 305, 404] {
        assert_eq!(preflight(&fetch(), Engine::Chromium, status, &to("/x")), "PreflightInvalidStatus");
    }
    let alone = [("location", "/x")];
    assert_eq!(preflight(&fetch(), Engine::Chromium, 302, &alone), "PreflightDisallowedRedirect");
    assert_eq!(preflight(&fetch(), Engine::Standard, 302, &alone), "PreflightMissingAllowOriginHeader");
    assert_eq!(preflight(&fetch(), Engine::Chromium, 302, &to("")), "PreflightInvalidStatus");
    assert_eq!(preflight(&fetch(), Engine::Standard, 302, &to("")), "PreflightDisallowedRedirect");

    for (location, expected) in [
        ("https://other.example.com/", "ok"),
        ("/user@host", "ok"),
        ("https://other.example.com/a@b", "ok"),
        ("https://user@other.example.com/", "RedirectContainsCredentials"),
        ("https://user:secret@other.example.com/", "RedirectContainsCredentials"),
        ("//:secret@other.example.com/", "RedirectContainsCredentials"),
    ] {
        assert_eq!(actual(&fetch(), Engine::Standard, 302, &to(location)), expected, "{location}");
        assert_eq!(actual(&fetch(), Engine::Standard, 200, &to(location)), "ok", "{location}");
    }
}

/// A PUT with the headers `x-b` and `x-a`, checked against the lists of a preflight's answer.
#[test]
fn methods_and_headers() {
    let sent = [("X-B", "1"), ("x-a", "2")].map(Header::from);
    let plain = Fetch { method: "put", headers: &sent, ..fetch() };
    let with_credentials = Fetch { credentials: CredentialsMode::Include, ..plain };
    let no_method = "MethodDisallowedByPreflightResponse PUT";
    let no_header = "HeaderDisallowedByPreflightResponse x-a";
    let bad_methods = "InvalidAllowMethodsPreflightResponse";
    let bad_headers = "InvalidAllowHeadersPreflightResponse";
    for (methods, headers, expected, expected_with_credentials) in [
        ("PUT", "x-a,x-b", "ok", "ok"),
        ("GET, PUT\t,", ",,X-A ,\tX-B", "ok", "ok"),
        ("*", "*", "ok", no_method),
        ("PUT", "*", "ok", no_header),
        ("PUT", "*, x-a", "ok", "HeaderDisallowedByPreflightResponse x-b"),
        ("PUT", "x-b", no_header, no_header),
        ("put", "x-a, x-b", no_method, no_method),
        ("Put", "", no_method, no_method),
        ("", "x-a, x-b", no_method, no_method),
        ("PUTS", "x-a, x-b", no_method, no_method),
        ("PUT PATCH", "x-a, x-b", bad_methods, bad_methods),
        ("PUT, \"PATCH\"", "x-a, x-b", bad_methods, bad_methods),
        ("PUT", "x-a; x-b", bad_headers, bad_headers),
        ("PUT; a", "x-a; x-b", bad_methods, bad_methods),
        ("GET", "x-a; x-b", bad_headers, bad_headers),
        ("GET", "x-b", no_method, no_method),
        ("PUT", "x-a, x-b, \u{e9}", bad_headers, bad_headers),
    ] {
        let answer = [
            ALLOW_ORIGIN,
            ALLOW_CREDENTIALS,
            ("access-control-allow-methods", methods),
            ("access-control-allow-headers", headers),
        ];
        let context = format!("{methods:?} {headers:?}");
        assert_eq!(preflight(&plain, Engine::Standard, 200, &answer), expected, "{context}");
        let verdict = preflight(&with_credentials, Engine::Standard, 200, &answer);
        assert_eq!(verdict, expected_with_credentials, "{context}");
    }
    // Several lines are one list; Firefox checks the methods before it reads the headers.
    let answer = [
        ALLOW_ORIGIN,
        ("access-control-allow-methods", "GET"),
        ("Access-Control-Allow-Methods", "PUT"),
        ("access-control-allow-headers", "x-a"),
        ("access-control-allow-headers", "x-b"),
    ];
    assert_eq!(preflight(&plain, Engine::Standard, 200, &answer), "ok");
    let answer =
        [ALLOW_ORIGIN, ("access-control-allow-methods", "GET"), ("access-control-allow-headers", "x y")];
    assert_eq!(preflight(&plain, Engine::Firefox, 200, &answer), no_method);
    assert_eq!(preflight(&plain, Engine::WebKit, 200, &answer), bad_headers);
}

#[test]
fn safelisted_methods_need_not_be_listed_and_others_are_case_sensitive() {
    for (method, expected) in [
        ("GET", "ok"),
        ("head", "ok"),
        ("Post", "ok"),
        ("options", "MethodDisallowedByPreflightResponse OPTIONS"),
        ("PATCH", "MethodDisallowedByPreflightResponse PATCH"),
        ("patch", "ok"),
        ("Patch", "MethodDisallowedByPreflightResponse Patch"),
    ] {
        let answer = [ALLOW_ORIGIN, ("access-control-allow-methods", "patch")];
        assert_eq!(preflight(&Fetch { method, ..fetch() }, Engine::Standard, 200, &answer), expected);
    }
}

#[test]
fn authorization_is_not_covered_by_the_standards_wildcard() {
    let sent = [("Authorization", "Bearer x"), ("x-a", "1")].map(Header::from);
    let plain = Fetch { headers: &sent, ..fetch() };
    let missing = "HeaderDisallowedByPreflightResponse authorization";
    for (allowed, standard, engines) in [
        ("*", missing, "ok"),
        ("*, authorization", "ok", "ok"),
        ("AUTHORIZATION, x-a", "ok", "ok"),
        ("x-a", missing, missing),
    ] {
        let answer = [ALLOW_ORIGIN, ("access-control-allow-headers", allowed)];
        assert_eq!(preflight(&plain, Engine::Standard, 200, &answer), standard, "{allowed}");
        for engine in [Engine::Chromium, Engine::Firefox, Engine::WebKit] {
            assert_eq!(preflight(&plain, engine, 200, &answer), engines, "{engine} {allowed}");
        }
    }
    // The standard checks it before the others.
    let sent = [("a", "1"), ("authorization", "Bearer x")].map(Header::from);
    let plain = Fetch { headers: &sent, ..fetch() };
    assert_eq!(preflight(&plain, Engine::Standard, 200, &[ALLOW_ORIGIN]), missing);
    let first = "HeaderDisallowedByPreflightResponse a";
    assert_eq!(preflight(&plain, Engine::Firefox, 200, &[ALLOW_ORIGIN]), first);
}

#[test]
fn of_several_headers_chromium_names_one_by_its_hash() {
    let sent = [("x-c", "1"), ("x-requested-with", "1"), ("zz", "1")].map(Header::from);
    let plain = Fetch { headers: &sent, ..fetch() };
    for (engine, allowed, expected) in [
        (Engine::Standard, "", "x-c"),
        (Engine::Firefox, "", "x-c"),
        (Engine::WebKit, "x-c", "x-requested-with"),
        (Engine::Chromium, "", "zz"),
        (Engine::Chromium, "zz, x-c", "x-requested-with"),
    ] {
        let answer = [ALLOW_ORIGIN, ("access-control-allow-headers", allowed)];
        let expected = format!("HeaderDisallowedByPreflightResponse {expected}");
        assert_eq!(preflight(&plain, engine, 200, &answer), expected, "{engine} {allowed:?}");
    }
}

#[test]
fn modes() {
    let own = Fetch { url: "https://app.example.com/x", ..fetch() };
    let foreign = fetch();
    for (fetch, mode, expected) in [
        (own, Mode::Cors, "ok"),
        (own, Mode::SameOrigin, "ok"),
        (own, Mode::NoCors, "ok"),
        (foreign, Mode::Cors, "MissingAllowOriginHeader"),
        (foreign, Mode::NoCors, "ok"),
        (foreign, Mode::SameOrigin, "DisallowedByMode"),
    ] {
        let fetch = Fetch { mode, ..fetch };
        assert_eq!(actual(&fetch, Engine::Standard, 200, &[]), expected, "{} {mode:?}", fetch.url);
    }
}

/// Chromium names the header that comes first in its hash table, among those that need a preflight and are not allowed.
#[test]
fn headers_that_need_no_preflight_are_not_named() {
    const UNSAFE: [&str; 12] = [
        "a",
        "b",
        "zz",
        "x-a",
        "x-b",
        "x-c",
        "if-none-match",
        "authorization",
        "x-token",
        "etag",
        "range-x",
        "x-dpr",
    ];
    let safe = [
        ("accept", "text/html"),
        ("accept-language", "en"),
        ("content-language", "en"),
        ("content-type", "text/plain"),
    ];
    for allowed in UNSAFE {
        for missing in UNSAFE.iter().filter(|missing| **missing != allowed) {
            let listed = [("access-control-allow-headers", allowed), ALLOW_ORIGIN];
            let headers: Vec<_> =
                safe.into_iter().chain([(allowed, "1"), (*missing, "1")]).map(Header::from).collect();
            let fetch = Fetch { headers: &headers, ..fetch() };
            for engine in Engine::ALL {
                let expected = format!("HeaderDisallowedByPreflightResponse {missing}");
                assert_eq!(preflight(&fetch, engine, 200, &listed), expected, "{engine} {allowed}");
            }
        }
    }
}

/// If two names share a slot of Chromium's table, the first has it: `fetch()` inserts them sorted, `XMLHttpRequest` in the page's
/// order.
#[test]
fn names_that_share_a_slot() {
    for (first, second) in [("x-a", "x-c"), ("x-d", "x-w"), ("x-g", "x-m"), ("x-h", "x-i"), ("x-t", "x-v")] {
        for (written, api, named) in [
            ([first, second], Api::Fetch, first),
            ([second, first], Api::Fetch, first),
            ([first, second], Api::XmlHttpRequest, first),
            ([second, first], Api::XmlHttpRequest, second),
        ] {
            let headers = written.map(|name| Header::new(name, "1"));
            let fetch = Fetch { headers: &headers, api, ..fetch() };
            let expected = format!("HeaderDisallowedByPreflightResponse {named}");
            assert_eq!(
                preflight(&fetch, Engine::Chromium, 200, &[ALLOW_ORIGIN]),
                expected,
                "{written:?} {api:?}"
            );
        }
    }
}
