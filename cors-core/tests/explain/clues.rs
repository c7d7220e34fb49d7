//! What responses show beyond the fields of CORS.

use cors_core::browser::{CredentialsMode, Engine, Fetch, Header, Response};
use cors_core::explain::{Clue, clues};

use crate::{PAGE, fetch};

const ALLOW: (&str, &str) = ("access-control-allow-origin", PAGE);

/// Returns the names of the clues in a response to this fetch, or in the answer to its preflight.
fn names(fetch: &Fetch<'_>, is_preflight: bool, status: u16, fields: &[(&str, &str)]) -> Vec<&'static str> {
    let headers: Vec<_> = fields.iter().copied().map(Header::from).collect();
    let answer = Response { status, headers: &headers };
    let (preflight, response) = if is_preflight { (Some(&answer), None) } else { (None, Some(&answer)) };
    let found: Vec<_> = clues(fetch, Engine::Standard, preflight, response).collect();
    for clue in &found {
        let (text, advice) = (clue.to_string(), clue.advice().to_string());
        assert!(
            !text.is_empty() && !advice.is_empty() && !text.contains("secret") && !advice.contains("secret")
        );
    }
    found.iter().map(Clue::name).collect()
}

#[test]
fn of_responses() {
    let plain = fetch(PAGE);
    let slash = Fetch { url: "https://api.example.net/orders/", ..plain };
    let http = Fetch { url: "http://api.example.net/orders", ..fetch("http://app.example.com") };
    let tls = Fetch { url: "http://api.example.net:8443/", ..http };
    let include = Fetch { credentials: CredentialsMode::Include, ..plain };
    let credentials = ("access-control-allow-credentials", "true");
    let login = ("location", "https://login.example.org/?return_to=secret");
    for (fetch, status, fields, expected) in [
        (plain, 200, &[][..], &[][..]),
        (plain, 200, &[ALLOW], &[]),
        // Caches.
        (plain, 200, &[("age", "120")], &["cache"]),
        (plain, 200, &[("x-cache", "Hit from cloudfront")], &["cache"]),
        (plain, 200, &[("CF-Cache-Status", "HIT"), ("vary", "accept")], &["cache"]),
        (plain, 200, &[("age", "120"), ("vary", "accept, Origin")], &[]),
        (plain, 200, &[("age", "0")], &[]),
        (plain, 200, &[("x-cache", "Miss from cloudfront")], &[]),
        (plain, 200, &[ALLOW, ("age", "120"), ("x-total", "3")], &["unexposed-header", "unexposed-header"]),
        // Redirects.
        (plain, 302, &[login], &["login-redirect"]),
        (plain, 302, &[ALLOW, login], &["login-redirect"]),
        (plain, 201, &[ALLOW, ("location", "/orders/7")], &["unexposed-header"]),
        (plain, 301, &[("location", "/orders/")], &["slash-redirect"]),
        (plain, 301, &[("location", "https://api.example.net/orders/?a=b")], &["slash-redirect"]),
        (slash, 301, &[("location", "/orders")], &["slash-redirect"]),
        (plain, 301, &[("location", "/invoices/")], &[]),
        (http, 301, &[("location", "https://api.example.net/orders")], &["https-redirect"]),
        (plain, 200, &[login], &[]),
        // Other layers.
        (plain, 403, &[("cf-mitigated", "challenge")], &["other-layer"]),
        (plain, 503, &[("server", "awselb/2.0")], &["other-layer"]),
        (plain, 522, &[("server", "cloudflare")], &["other-layer"]),
        (plain, 404, &[("server", "cloudflare")], &[]),
        (plain, 404, &[("server", "nginx")], &[]),
        (plain, 200, &[ALLOW, ALLOW], &["several-layers"]),
        // Headers, but those that pages have no use for.
        (
            plain,
            200,
            &[
                ALLOW,
                ("ETag", "1"),
                ("x-total", "1"),
                ("etag", "2"),
                ("Date", "now"),
                ("content-type", "a/b"),
            ],
            &["unexposed-header", "unexposed-header"],
        ),
        (plain, 200, &[ALLOW, ("x-total", "1"), ("access-control-expose-headers", "X-Total")], &[]),
        // Cookies.
        (include, 200, &[ALLOW, credentials, ("set-cookie", "id=secret; HttpOnly")], &["withheld-cookie"]),
        (
            include,
            200,
            &[ALLOW, credentials, ("set-cookie", "id=secret; SameSite=None")],
            &["withheld-cookie"],
        ),
        (include, 200, &[ALLOW, credentials, ("set-cookie", "id=secret; samesite=none; Secure")], &[]),
        (plain, 200, &[ALLOW, ("set-cookie", "id=secret")], &[]),
        (tls, 400, &[], &["tls-port"]),
        (http, 400, &[], &[]),
    ] {
        assert_eq!(names(&fetch, false, status, fields), expected, "{status} {fields:?}");
    }
    // One site has one cookie.
    let own_site = Fetch { url: "https://api.example.com/", ..include };
    assert_eq!(names(&own_site, false, 200, &[ALLOW, credentials, ("set-cookie", "id=secret")]), [""; 0]);
}

#[test]
fn of_answers_to_preflights() {
    let put = Fetch { method: "PUT", ..fetch(PAGE) };
    let login = ("location", "https://login.example.org/?return_to=secret");
    for (status, fields, expected) in [
        (302, &[login][..], &["login-redirect"][..]),
        (308, &[("location", "/orders/")], &["slash-redirect"]),
        (403, &[("x-amzn-errortype", "ForbiddenException")], &["other-layer"]),
        (204, &[ALLOW, ALLOW], &["several-layers"]),
        // No cache keeps it.
        (204, &[("age", "120")], &[]),
    ] {
        assert_eq!(names(&put, true, status, fields), expected, "{status} {fields:?}");
    }
}

#[test]
fn sentences() {
    let fields = [("x-total", "3"), ALLOW].map(Header::from);
    let fetch = fetch(PAGE);
    let response = Response { status: 200, headers: &fields };
    let clue = clues(&fetch, Engine::Firefox, None, Some(&response)).next().unwrap();
    assert_eq!(
        clue.to_string(),
        "the response has x-total, which the page may not read: the server does not expose it"
    );
    assert_eq!(
        clue.advice().to_string(),
        "send `Access-Control-Expose-Headers: x-total`, if pages are to read it"
    );
    let fields = [("location", "https://login.example.org/?return_to=secret")].map(Header::from);
    let response = Response { status: 302, headers: &fields };
    let clue = clues(&fetch, Engine::Firefox, None, Some(&response)).next().unwrap();
    assert_eq!(
        clue.to_string(),
        "the response redirects to https://login.example.org, another origin, as servers do when a session has ended or a \
         request comes without credentials"
    );
}
