//! The consoles' texts, one by one.

use cors_core::Origin;
use cors_core::browser::{
    Api, CorsError, CredentialsMode, Engine, ErrorKind, Fetch, FirefoxLine, Header, Mode, Response,
};

use cors_testing::failures::for_each_failure;

use crate::{PAGE, fetch};

const ALLOW: (&str, &str) = ("access-control-allow-origin", PAGE);

fn chromium(fetch: &Fetch<'_>, error: &CorsError<'_>) -> String {
    let mut text = String::new();
    error.chromium_message(&mut text, fetch).unwrap();
    text
}

fn firefox<'a>(fetch: &Fetch<'a>, error: &CorsError<'a>, response: &Response<'a>) -> String {
    let mut text = String::new();
    error.firefox_message(&mut text, fetch, response).unwrap();
    text
}

#[test]
fn texts_of_chromium() {
    const PREFLIGHT: &str = "Response to preflight request doesn't pass access control check: ";
    const VALID: &str = " Have the server send the header with a valid value.";
    const CREDENTIALS: &str = " The credentials mode of requests initiated by the XMLHttpRequest is controlled by \
                               the withCredentials attribute.";
    let mut seen = Vec::new();
    for_each_failure(|fetch, error, _| {
        let is_fetch = fetch.api == Api::Fetch;
        let (valid, credentials) = if is_fetch { (VALID, "") } else { ("", CREDENTIALS) };
        let (text, hint) = match error.kind() {
            ErrorKind::MissingAllowOriginHeader => {
                ("No 'Access-Control-Allow-Origin' header is present on the requested resource.", "")
            }
            ErrorKind::WildcardOriginNotAllowed => (
                "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' \
                 when the request's credentials mode is 'include'.",
                credentials,
            ),
            ErrorKind::MultipleAllowOriginValues => (
                "The 'Access-Control-Allow-Origin' header contains multiple values 'a, b', but only one is allowed.",
                valid,
            ),
            ErrorKind::InvalidAllowOriginValue => (
                "The 'Access-Control-Allow-Origin' header contains the invalid value 'app.example.com'.",
                valid,
            ),
            ErrorKind::AllowOriginMismatch => (
                "The 'Access-Control-Allow-Origin' header has a value 'https://other.example.com' that is not equal \
                 to the supplied origin.",
                valid,
            ),
            ErrorKind::InvalidAllowCredentials => (
                "The value of the 'Access-Control-Allow-Credentials' header in the response is 'yes' which must be \
                 'true' when the request's credentials mode is 'include'.",
                credentials,
            ),
            ErrorKind::PreflightInvalidStatus => ("It does not have HTTP ok status.", ""),
            ErrorKind::PreflightDisallowedRedirect => {
                ("Redirect is not allowed for a preflight request.", "")
            }
            ErrorKind::InvalidAllowMethodsPreflightResponse => {
                ("Cannot parse Access-Control-Allow-Methods response header field in preflight response.", "")
            }
            ErrorKind::InvalidAllowHeadersPreflightResponse => {
                ("Cannot parse Access-Control-Allow-Headers response header field in preflight response.", "")
            }
            ErrorKind::MethodDisallowedByPreflightResponse => {
                ("Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.", "")
            }
            ErrorKind::HeaderDisallowedByPreflightResponse => (
                "Request header field x-a is not allowed by Access-Control-Allow-Headers in preflight response.",
                "",
            ),
            ErrorKind::RedirectContainsCredentials => (
                "Redirect location '' contains a username and password, which is disallowed for cross-origin \
                 requests.",
                "",
            ),
            ErrorKind::DisallowedByMode => ("Cross origin requests are not allowed by request mode.", ""),
            other => panic!("{other:?} is new"),
        };
        let prefix = if error.name().starts_with("Preflight") { PREFLIGHT } else { "" };
        let kind = if is_fetch { "fetch" } else { "XMLHttpRequest" };
        let expected = if error == CorsError::DisallowedByMode {
            "Fetch API cannot load https://api.example.com/orders. Request mode is \"same-origin\" but the URL's \
             origin is not same as the request origin https://app.example.com."
                .to_owned()
        } else {
            format!(
                "Access to {kind} at 'https://api.example.com/orders' from origin 'https://app.example.com' has been \
             blocked by CORS policy: {prefix}{text}{hint}"
            )
        };
        assert_eq!(chromium(fetch, &error), expected);
        assert_eq!(error.to_string(), text);
        seen.push(error.kind());
    });
    let is_seen = |kind: &ErrorKind| seen.contains(kind) || kind.is_before_request();
    assert!(ErrorKind::ALL.iter().all(is_seen));
}

/// As seen in each browser: page, interface and address, Chromium's text, and Firefox's lines with their keys.
#[test]
#[allow(clippy::too_many_lines, reason = "it is a table")]
fn texts_of_what_comes_before_a_request() {
    const HTTPS: &str = "https://app.example.com";
    const HTTP: &str = "http://app.example.com";
    const MIXED: &str = "Mixed Content: The page at 'https://app.example.com/' was loaded over HTTPS, but requested an insecure";
    const SERVED: &str = "This request has been blocked; the content must be served over HTTPS.";
    const FAILED: &str = "CORSDidNotSucceed2";
    const BLOCKED: &str = "BlockMixedActiveContent";
    const NOT_HTTP: &str = "CORSRequestNotHttp";
    const UNSAFE_PORT: &str = "Failed to load resource: net::ERR_UNSAFE_PORT";
    let denied = |space| {
        format!(
            "blocked by CORS policy: Permission was denied for this request to access the `{space}` address space."
        )
    };
    for (page, api, url, chromium_text, firefox_keys) in [
        (
            HTTPS,
            Api::Fetch,
            "http://pub.example.net/x",
            format!("{MIXED} resource 'http://pub.example.net/x'. {SERVED}"),
            &[BLOCKED][..],
        ),
        (
            HTTPS,
            Api::XmlHttpRequest,
            "http://pub.example.net/x",
            format!("{MIXED} XMLHttpRequest endpoint 'http://pub.example.net/x'. {SERVED}"),
            &[BLOCKED],
        ),
        (
            HTTPS,
            Api::Script,
            "http://pub.example.net/js",
            format!("{MIXED} script 'http://pub.example.net/js'. {SERVED}"),
            &[BLOCKED],
        ),
        (HTTPS, Api::Fetch, "http://localhost:8080/x", denied("loopback"), &[FAILED]),
        (HTTPS, Api::XmlHttpRequest, "https://192.168.7.1/x", denied("local"), &[FAILED]),
        (
            HTTP,
            Api::Fetch,
            "http://127.0.0.1:8080/x",
            "blocked by CORS policy: The request client is not a secure context and the resource is in more-private address \
             space `loopback`."
                .to_owned(),
            &[FAILED],
        ),
        (HTTP, Api::Fetch, "http://api.example.net:6666/x", UNSAFE_PORT.to_owned(), &[]),
        (HTTP, Api::XmlHttpRequest, "http://127.0.0.1:6000/x", UNSAFE_PORT.to_owned(), &[]),
        (HTTPS, Api::Script, "https://api.example.net:10080/x", UNSAFE_PORT.to_owned(), &[]),
        (
            HTTPS,
            Api::Fetch,
            "localhost:3000/x",
            "Fetch API cannot load localhost:3000/x. URL scheme \"localhost\" is not supported.".to_owned(),
            &[NOT_HTTP],
        ),
        (
            HTTPS,
            Api::XmlHttpRequest,
            "localhost:3000/x",
            "blocked by CORS policy: Cross origin requests are only supported for protocol schemes: chrome, \
             chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, http, https, isolated-app."
                .to_owned(),
            &[NOT_HTTP],
        ),
        (
            HTTPS,
            Api::Fetch,
            "ftp://pub.example.net/x",
            "Fetch API cannot load ftp://pub.example.net/x. URL scheme \"ftp\" is not supported.".to_owned(),
            &[NOT_HTTP],
        ),
        (
            HTTPS,
            Api::Fetch,
            "file:///etc/hosts",
            "Not allowed to load local resource: file:///etc/hosts".to_owned(),
            &[],
        ),
        (
            HTTPS,
            Api::Fetch,
            "ws://pub.example.net/x",
            "Fetch API cannot load ws://pub.example.net/x. URL scheme \"ws\" is not supported.".to_owned(),
            &[],
        ),
        (HTTPS, Api::Fetch, "api.example.com/x", String::new(), &[]),
    ] {
        let origin = Origin::parse(page.as_bytes()).unwrap();
        let fetch = Fetch { api, ..Fetch::new(origin, url) };
        let response = Response { status: 200, headers: &[] };
        let outcome = fetch.judge(Engine::Chromium, &response, &response).unwrap();
        let mut text = String::new();
        outcome.chromium_message(&mut text).unwrap();
        let is_whole = !chromium_text.starts_with("blocked by");
        assert!(text.ends_with(&chromium_text) && (!is_whole || text == chromium_text), "{text}");
        assert!(is_whole || text.starts_with(&format!("Access to {} at '{url}' from origin '{page}' has been ", api.name())));
        assert!(!outcome.sends_request() && outcome.preflight().is_none(), "{url}");

        let outcome = fetch.judge(Engine::Firefox, &response, &response).unwrap();
        let lines: Vec<_> = outcome.firefox_lines().collect();
        assert!(lines.iter().map(FirefoxLine::key).eq(firefox_keys.iter().copied()), "{url} {lines:?}");
        let expected = match firefox_keys {
            [BLOCKED] => format!("Blocked loading mixed active content “{url}”"),
            [FAILED] => format!("at {url}. (Reason: CORS request did not succeed). Status code: (null)."),
            [NOT_HTTP] => format!("at {url}. (Reason: CORS request not http)."),
            _ => continue,
        };
        assert!(lines[0].to_string().ends_with(&expected), "{}", lines[0]);
    }
}

/// As seen in `tests/e2e`: the page's origin, though `null` is sent.
#[test]
fn chromium_after_a_redirect() {
    let response = Response { status: 200, headers: &[] };
    let fetch = fetch();
    let next = fetch.redirected(Engine::Chromium, 302, "https://cdn.example.net/orders");
    assert!(next.origin.is_opaque());
    let error = next.check_response(Engine::Chromium, &response).unwrap_err();
    assert_eq!(
        chromium(&next, &error),
        "Access to fetch at 'https://cdn.example.net/orders' (redirected from 'https://api.example.com/orders') from \
         origin 'https://app.example.com' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is \
         present on the requested resource."
    );
    let own = Fetch { mode: Mode::SameOrigin, url: "https://app.example.com/", ..fetch };
    let next = own.redirected(Engine::Chromium, 302, "https://api.example.com/orders");
    let error = next.check_response(Engine::Chromium, &response).unwrap_err();
    assert_eq!(
        chromium(&next, &error),
        "Unsafe attempt to load URL https://api.example.com/orders from frame with URL https://app.example.com/. \
         Domains, protocols and ports must match."
    );
}

/// DevTools' names: those of the CORS check begin with `Preflight` at that stage, the others are the same at both.
#[test]
fn names() {
    for_each_failure(|_, error, _| {
        let (name, debug) = (error.name(), format!("{:?}", error.kind()));
        assert_eq!(name.strip_prefix("Preflight").unwrap_or(name), debug.trim_start_matches("Preflight"));
        assert_eq!(name, error.kind().name(error.stage()));
        assert!(error.kind().stage().is_none_or(|stage| stage == error.stage()));
        assert!(format!("{error:?}").starts_with(&debug));
    });
}

#[test]
fn chromium_escapes_what_is_not_ascii() {
    for (value, written) in [
        (&b"\xe9t\xe9"[..], r"\u00E9t\u00E9"),
        ("é".as_bytes(), r"\u00C3\u00A9"),
        (b"a\tb", r"a\u0009b"),
        (b"a'b\"\\", r#"a'b"\"#),
        (b"\x7f", r"\u007F"),
    ] {
        let headers = [Header::new("access-control-allow-origin", value)];
        let response = Response { status: 200, headers: &headers };
        let error = fetch().check_response(Engine::Chromium, &response).unwrap_err();
        let expected = format!("the invalid value '{written}'.");
        assert!(chromium(&fetch(), &error).contains(&expected), "{error}");
    }
}

#[test]
fn texts_of_firefox() {
    let mut seen = Vec::new();
    for_each_failure(|fetch, error, response| {
        let (key, reason, status) = match error.kind() {
            ErrorKind::MissingAllowOriginHeader => (
                "CORSMissingAllowOrigin2",
                "CORS header ‘Access-Control-Allow-Origin’ missing",
                " Status code: 200.",
            ),
            ErrorKind::WildcardOriginNotAllowed => (
                "CORSNotSupportingCredentials",
                "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’",
                "",
            ),
            ErrorKind::MultipleAllowOriginValues => (
                "CORSMultipleAllowOriginNotAllowed",
                "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed",
                "",
            ),
            ErrorKind::InvalidAllowOriginValue => (
                "CORSAllowOriginNotMatchingOrigin",
                "CORS header ‘Access-Control-Allow-Origin’ does not match ‘app.example.com’",
                "",
            ),
            ErrorKind::AllowOriginMismatch => (
                "CORSAllowOriginNotMatchingOrigin",
                "CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://other.example.com’",
                "",
            ),
            ErrorKind::InvalidAllowCredentials => (
                "CORSMissingAllowCredentials",
                "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’",
                "",
            ),
            ErrorKind::PreflightInvalidStatus => (
                "CORSPreflightDidNotSucceed3",
                "CORS preflight response did not succeed",
                " Status code: 405.",
            ),
            ErrorKind::PreflightDisallowedRedirect => {
                ("CORSExternalRedirectNotAllowed", "CORS request external redirect not allowed", "")
            }
            ErrorKind::InvalidAllowMethodsPreflightResponse => (
                "CORSInvalidAllowMethod",
                "invalid token ‘P UT’ in CORS header ‘Access-Control-Allow-Methods’",
                "",
            ),
            ErrorKind::InvalidAllowHeadersPreflightResponse => (
                "CORSInvalidAllowHeader",
                "invalid token ‘x: a’ in CORS header ‘Access-Control-Allow-Headers’",
                "",
            ),
            ErrorKind::MethodDisallowedByPreflightResponse => (
                "CORSMethodNotFound",
                "Did not find method in CORS header ‘Access-Control-Allow-Methods’",
                "",
            ),
            ErrorKind::HeaderDisallowedByPreflightResponse => (
                "CORSMissingAllowHeaderFromPreflight2",
                "header ‘x-a’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight \
                 response",
                "",
            ),
            // Firefox shows nothing, or the line of a request that failed.
            ErrorKind::RedirectContainsCredentials | ErrorKind::DisallowedByMode => return,
            other => panic!("{other:?} is new"),
        };
        let url = "https://api.example.com/orders";
        let shown =
            if key == "CORSNotSupportingCredentials" { format!("‘{url}’") } else { url.to_owned() };
        let line = format!(
            "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {shown}. \
             (Reason: {reason}).{status}"
        );
        let lines: Vec<_> = error.firefox_lines(fetch, &response).collect();
        assert_eq!((lines[0].key(), lines[0].to_string()), (key, line));
        let joined: Vec<_> = lines.iter().map(ToString::to_string).collect();
        assert_eq!(firefox(fetch, &error, &response), joined.join("\n"));
        seen.push(key);
    });
    assert_eq!(seen.len(), 24 + 6);
}

/// The keys of the lines after a failed preflight or response.
#[test]
fn lines_of_firefox() {
    let put = Fetch { method: "PUT", ..fetch() };
    let keys = |is_preflight: bool, status, headers: &[(&str, &str)]| -> String {
        let headers: Vec<_> = headers.iter().copied().map(Header::from).collect();
        let response = Response { status, headers: &headers };
        let checked = if is_preflight {
            put.check_preflight(Engine::Firefox, &response)
        } else {
            put.check_response(Engine::Firefox, &response)
        };
        let lines = checked.unwrap_err().firefox_lines(&put, &response);
        let keys: Vec<_> = lines.map(|line| line.key().trim_start_matches("CORS")).collect();
        keys.join(" ")
    };
    let to = |location| [ALLOW, ("location", location)];
    for (expected, is_preflight, status, headers) in [
        ("MissingAllowOrigin2", false, 200, &[][..]),
        ("MissingAllowOrigin2 DidNotSucceed2", false, 302, &to("/x")[1..]),
        ("MissingAllowOrigin2", false, 200, &to("/x")[1..]),
        ("DidNotSucceed2", false, 302, &to("http://a@b/")),
        ("MissingAllowOrigin2 DidNotSucceed2", true, 200, &[]),
        ("MissingAllowOrigin2 DidNotSucceed2 DidNotSucceed2", true, 302, &to("/x")[1..]),
        ("PreflightDidNotSucceed3 DidNotSucceed2", true, 404, &[ALLOW]),
        (
            "ExternalRedirectNotAllowed PreflightDidNotSucceed3 DidNotSucceed2",
            true,
            302,
            &to("https://api.example.com/x"),
        ),
        ("ExternalRedirectNotAllowed PreflightDidNotSucceed3 DidNotSucceed2", true, 308, &to("x")),
        (
            "ExternalRedirectNotAllowed AllowOriginNotMatchingOrigin DidNotSucceed2",
            true,
            302,
            &to("https://other.example.com/"),
        ),
        (
            "ExternalRedirectNotAllowed PreflightDidNotSucceed3 DidNotSucceed2",
            true,
            302,
            &[("access-control-allow-origin", "*"), ("location", "https://other.example.com/")],
        ),
        ("DidNotSucceed2 DidNotSucceed2", true, 302, &to("data:,x")),
        ("DidNotSucceed2 DidNotSucceed2", true, 302, &to("https://a:b@api.example.com/")),
    ] {
        assert_eq!(keys(is_preflight, status, headers), expected, "{status} {headers:?}");
    }
}

#[test]
fn firefox_warns_of_wildcards_that_cover_authorization() {
    let sent = [Header::new("Authorization", "Bearer x")];
    let plain = Fetch { headers: &sent, ..fetch() };
    let including = Fetch { credentials: CredentialsMode::Include, ..plain };
    let without = fetch();
    for (fetch, engine, allowed, expected) in [
        (plain, Engine::Firefox, "*", true),
        (plain, Engine::Firefox, "*, Authorization", false),
        (plain, Engine::Firefox, "authorization", false),
        (plain, Engine::Chromium, "*", false),
        (including, Engine::Firefox, "*", false),
        (without, Engine::Firefox, "*", false),
    ] {
        let headers = [ALLOW, ("access-control-allow-headers", allowed)].map(Header::from);
        let response = Response { status: 200, headers: &headers };
        let warning = FirefoxLine::warning(engine, &fetch, &response);
        assert_eq!(warning.is_some(), expected, "{engine} {allowed}");
        if let Some(line) = warning {
            assert_eq!(line.key(), "CORSAllowHeaderFromPreflightDeprecation");
            assert_eq!(
                line.to_string(),
                "Cross-Origin Request Warning: The Same Origin Policy will disallow reading the remote resource at \
                 https://api.example.com/orders soon. (Reason: When the `Access-Control-Allow-Headers` is `*`, the \
                 `Authorization` header is not covered. To include the `Authorization` header, it must be \
                 explicitly listed in CORS header `Access-Control-Allow-Headers`)."
            );
        }
    }
}

/// As seen in Firefox 153: it takes the addresses of a `Location` that are the target's for what they are, however they are written.
#[test]
fn firefox_after_a_redirect_of_a_preflight() {
    let put = Fetch { method: "PUT", ..fetch() };
    for (location, key) in [
        ("/orders/", "CORSPreflightDidNotSucceed3"),
        ("https://api.example.com/orders/", "CORSPreflightDidNotSucceed3"),
        ("https://api.example.com:443/x", "CORSPreflightDidNotSucceed3"),
        ("HTTPS://API.example.com/x", "CORSPreflightDidNotSucceed3"),
        ("//api.example.com/x", "CORSPreflightDidNotSucceed3"),
        ("//other.example.com/x", "CORSAllowOriginNotMatchingOrigin"),
        ("http://api.example.com/x", "CORSAllowOriginNotMatchingOrigin"),
        ("https://app.example.com/x", "CORSAllowOriginNotMatchingOrigin"),
    ] {
        let headers = [Header::from(ALLOW), Header::new("location", location)];
        let response = Response { status: 301, headers: &headers };
        let error = put.check_preflight(Engine::Firefox, &response).unwrap_err();
        let keys: Vec<_> = error.firefox_lines(&put, &response).map(|line| line.key()).collect();
        assert_eq!(keys, ["CORSExternalRedirectNotAllowed", key, "CORSDidNotSucceed2"], "{location}");
    }
}
