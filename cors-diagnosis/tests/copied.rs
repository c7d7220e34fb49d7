//! What "Copy as cURL" and "Copy as fetch" gave in Chromium and Firefox, against the page's own call.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's helpers may stop it, too"
)]

use std::fs;
use std::path::Path;

use cors_core::browser::Mode;
use cors_diagnosis::input::{Input, curl, curls, fetch_call, fetch_calls};
use cors_diagnosis::{Besides, Case, Verdict, diagnose};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A copied request: the page's own call, the request's method, and how it was copied.
struct Copied {
    page: String,
    method: String,
    text: String,
}

fn copied(file: &str) -> Vec<Copied> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/copied").join(file);
    let mut found: Vec<Copied> = Vec::new();
    let mut page = String::new();
    for line in fs::read_to_string(path).unwrap().lines() {
        if let Some(call) = line.strip_prefix("page: ") {
            call.clone_into(&mut page);
        } else if let Some(title) = line.strip_prefix("--- ") {
            let method = title.split(' ').next().unwrap().to_owned();
            found.push(Copied { page: page.clone(), method, text: String::new() });
        } else if !line.starts_with("## ")
            && let Some(last) = found.last_mut()
        {
            last.text.push_str(line);
            last.text.push('\n');
        }
    }
    found.retain(|copied| Input::of(&copied.text) != Input::Message);
    found
}

fn case(text: &str) -> Case {
    match Input::of(text) {
        Input::Curl => curl(text).unwrap(),
        Input::FetchCall => fetch_call(text).unwrap(),
        other => panic!("{other:?}: {text}"),
    }
}

#[test]
fn requests_are_read_again() {
    for file in ["copy-chromium.txt", "copy-firefox.txt"] {
        let requests = copied(file);
        assert!(requests.len() >= 25, "{file}: {}", requests.len());
        for Copied { page, method, text } in requests {
            let case = case(&text);
            let fetch = case.fetch.unwrap();
            let path =
                page.split("https://api.example.com/").nth(1).unwrap().split(['\'', '?']).next().unwrap();
            assert!(
                fetch.url.starts_with(&format!("https://api.example.com/{path}")),
                "{page}: {text}\n{fetch:?}"
            );
            let names_page =
                ["referrer", "referer", "origin: "].iter().any(|name| text.to_lowercase().contains(name));
            assert_eq!(case.page.as_deref(), names_page.then_some("https://app.example.com"), "{text}");
            let asked = if method == "OPTIONS"
                && text.to_lowercase().contains("access-control-request-method: put")
            {
                "PUT"
            } else if method == "OPTIONS"
                && text.to_lowercase().contains("access-control-request-method: get")
            {
                "GET"
            } else {
                &method
            };
            assert_eq!(fetch.method, asked, "{text}");
            if page.contains("x-token") && method == "PUT" {
                let names: Vec<&str> = fetch.headers.iter().map(|(name, _)| name.as_str()).collect();
                assert!(names.contains(&"x-token") && names.contains(&"content-type"), "{names:?}: {text}");
                assert!(
                    fetch.headers.contains(&("content-type".to_owned(), b"application/json".to_vec())),
                    "{text}"
                );
            }
            assert!(
                !fetch.headers.iter().any(|(name, _)| name == "user-agent" || name.starts_with("sec-")),
                "{fetch:?}"
            );
            if text.to_lowercase().contains("sec-fetch-mode: no-cors") {
                assert_eq!(fetch.mode, Mode::NoCors, "{text}");
            }
        }
    }
}

#[test]
fn no_secret_of_a_request_is_kept() {
    for text in [
        "curl 'https://u:s3cr3t@api.example.com/a?token=s3cr3t#s3cr3t' -H 'Cookie: a=s3cr3t' -H 'authorization: Bearer s3cr3t' -b s3cr3t \
         -u me:s3cr3t --data-raw s3cr3t -H 'x-a: s3cr3t' -H 'content-type: multipart/form-data; boundary=s3cr3t' -o s3cr3t",
        "fetch('https://api.example.com/a?s3cr3t', {headers: {authorization: 's3cr3t', 'x-a': 's3cr3t'}, body: 's3cr3t', method: 'POST', \
         referrer: 'https://app.example.com/?s3cr3t', credentials: 'include'});",
    ] {
        let case = case(text);
        let kept = format!("{case:?}");
        assert!(!kept.contains("s3cr3t") && kept.contains("authorization"), "{kept}");
        let fetch = case.fetch.unwrap();
        assert!(fetch.has_body && fetch.method == "POST" && fetch.credentials == Some(true), "{fetch:?}");
    }
}

#[test]
fn what_is_no_request() {
    for text in ["", "curl", "curl --compressed", "wget https://a/", "curl 'unclosed"] {
        assert!(curl(text).is_err(), "{text}");
    }
    for text in ["", "fetch", "fetch()", "fetch(1)", "fetch(url)", "fetch(\"/relative\")"] {
        assert!(fetch_call(text).is_err(), "{text}");
    }
}

/// Returns the names of the headers of a call, and what it does not write out.
fn of_call(text: &str) -> (Vec<String>, Vec<&'static str>) {
    let fetch = fetch_call(text).unwrap().fetch.unwrap();
    (fetch.headers.into_iter().map(|(name, _)| name).collect(), fetch.unknown)
}

#[test]
fn headers_of_every_form_are_read_or_said_to_be_unknown() {
    for (options, names, unknown) in [
        ("{headers: {\"x-a\": \"1\"}}", vec!["x-a"], vec![]),
        ("{headers: [[\"x-c\", \"1\"], [\"x-d\", token]]}", vec!["x-c", "x-d"], vec![]),
        ("{headers: new Headers({\"x-b\": \"1\"})}", vec!["x-b"], vec![]),
        ("{headers: new Headers([[\"x-b\", \"1\"]]), method: 'PUT'}", vec!["x-b"], vec![]),
        ("{headers: new Headers()}", vec![], vec![]),
        ("{headers: myHeaders}", vec![], vec!["headers"]),
        ("{headers: myHeaders, method: m}", vec![], vec!["method", "headers"]),
        ("{headers}", vec![], vec!["headers"]),
        ("{headers: {...defaults, 'x-a': 1}}", vec!["x-a"], vec!["headers"]),
        ("{...options}", vec![], vec!["method", "headers"]),
        ("options", vec![], vec!["method", "headers"]),
        ("{method: \"GET\"}", vec![], vec![]),
        ("null", vec![], vec![]),
    ] {
        let text = format!("fetch(\"https://api.example.com/x\", {options})");
        let (found, not_written) = of_call(&text);
        assert_eq!(
            (found, not_written),
            (names.iter().map(|&name| name.to_owned()).collect(), unknown),
            "{text}"
        );
    }
}

#[test]
fn a_bracket_that_closes_what_was_not_opened() {
    for rest in ["}", "]", "{}}", "{a:b}, c}", "{headers: {}}]", "{headers: ]}}"] {
        let text = format!("fetch(\"https://api.example.com/x\", {rest}) fetch('https://api.example.com/y')");
        let error = fetch_call(&text).unwrap_err();
        assert!(error.contains("bracket"), "{text}: {error}");
        // What stands behind it is read.
        assert!(fetch_calls(&text).iter().any(Result::is_ok), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_of_a_call_ends(parts in vec(select(vec![
        "fetch(", "new Headers(", "\"", "'", "`", "(", ")", "[", "]", "{", "}", ",", ":", ";", "...", "a", "headers", "\\", "//", "/*", "*/",
        "\n", " ", "\u{e9}", "null", "https://a.example/",
    ]), 0..40)) {
        let text = parts.concat();
        let calls = fetch_calls(&text).len();
        prop_assert!(calls <= text.matches("fetch").count(), "{calls}");
        prop_assert!(curls(&text).is_empty());
    }
}

#[test]
fn no_secret_beside_a_request_or_in_a_response_is_kept() {
    let text = "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: https://u:s3cr3t@app.example.com/?s3cr3t\nVary: Origin\n\n";
    let besides = Besides {
        page: Some("https://app.example.com".to_owned()),
        headers: vec![
            ("authorization".to_owned(), b"s3cr3t".to_vec()),
            ("x-a".to_owned(), b"s3cr3t".to_vec()),
        ],
        ..Besides::default()
    };
    let diagnosis = diagnose(text.as_bytes(), &besides).unwrap();
    let kept = format!("{diagnosis:?}");
    assert!(!kept.contains("s3cr3t") && kept.contains("authorization"), "{kept}");
    assert_eq!(diagnosis.findings[0].verdict, Verdict::Blocked);
}

/// Returns the verdict on responses to a GET, and the name of the answer.
fn of_heads(text: &str) -> (Verdict, &'static str) {
    let besides = Besides {
        page: Some("https://app.example.com".to_owned()),
        url: Some("https://api.example.com/x".to_owned()),
        ..Besides::default()
    };
    let finding = diagnose(text.as_bytes(), &besides).unwrap().findings.remove(0);
    (finding.verdict, finding.answer.name)
}

#[test]
fn a_redirect_is_checked_and_followed() {
    let allow = "access-control-allow-origin: https://app.example.com\n";
    let redirect =
        |fields: &str, to: &str| format!("HTTP/1.1 301 Moved Permanently\nLocation: {to}\n{fields}\n");
    let end = format!("HTTP/1.1 200 OK\n{allow}\n");
    // The redirect itself has no fields.
    let heads = redirect("", "https://www.example.com/x") + &end;
    assert_eq!(of_heads(&heads), (Verdict::Blocked, "MissingAllowOriginHeader"));
    // It leads to another origin, and the browser sends `Origin: null` there.
    let heads = redirect(allow, "https://www.example.com/x") + &end;
    assert_eq!(of_heads(&heads), (Verdict::Blocked, "redirect"));
    let heads =
        redirect(allow, "https://www.example.com/x") + "HTTP/1.1 200 OK\naccess-control-allow-origin: *\n\n";
    assert_eq!(of_heads(&heads), (Verdict::Allowed, "passed"));
    // It stays at the server.
    assert_eq!(of_heads(&(redirect(allow, "/x/") + &end)), (Verdict::Allowed, "passed"));
    // Its end is not known.
    for to in ["/x/", "https://login.example.com/auth", "//login.example.com/auth"] {
        assert_eq!(of_heads(&redirect(allow, to)), (Verdict::Failed, "redirect"), "{to}");
    }
}

#[test]
fn methods_and_addresses_as_curl_takes_them() {
    for (arguments, method, has_body, url) in [
        ("-G https://api.example.com/x -d a=b", "GET", false, "https://api.example.com/x"),
        ("-sG https://api.example.com/x -d a=b", "GET", false, "https://api.example.com/x"),
        ("--get -X POST https://api.example.com/x -d a=b", "POST", false, "https://api.example.com/x"),
        ("https://api.example.com/x -T file", "PUT", true, "https://api.example.com/x"),
        ("https://api.example.com/x -d a=b", "POST", true, "https://api.example.com/x"),
        ("localhost:3000/x", "GET", false, "http://localhost:3000/x"),
        ("api.example.com/x", "GET", false, "http://api.example.com/x"),
    ] {
        let fetch = curl(&format!("curl {arguments}")).unwrap().fetch.unwrap();
        assert_eq!(
            (fetch.method.as_str(), fetch.has_body, fetch.url.as_str()),
            (method, has_body, url),
            "{arguments}"
        );
    }
}

/// A 304 lacks the fields that the copy in the browser's cache has; one that the page asked for itself, or that has another value, is
/// checked as it is.
#[test]
fn a_304_alone() {
    let of = |fields: &str, header: Option<&str>, credentials: bool| {
        let headers = header.into_iter().map(|name| (name.to_owned(), b"\"a\"".to_vec())).collect();
        let besides = Besides {
            page: Some("https://app.example.com".to_owned()),
            headers,
            credentials,
            ..Besides::default()
        };
        let diagnosis =
            diagnose(format!("HTTP/1.1 304 Not Modified\n{fields}\n").as_bytes(), &besides).unwrap();
        (diagnosis.findings[0].verdict, diagnosis.findings[0].answer.name)
    };
    let allow = "access-control-allow-origin: https://app.example.com\n";
    let other = "access-control-allow-origin: https://other.example.com\n";
    let unknown = (Verdict::Failed, "not-modified");
    assert_eq!(of("etag: 1\n", None, false), unknown);
    assert_eq!(of(allow, None, true), unknown);
    assert_eq!(of(allow, None, false), (Verdict::Allowed, "passed"));
    assert_eq!(of(other, None, false), (Verdict::Blocked, "AllowOriginMismatch"));
    let put = Besides {
        page: Some("https://app.example.com".to_owned()),
        method: Some("PUT".to_owned()),
        ..Besides::default()
    };
    let diagnosis = diagnose(b"HTTP/1.1 304 Not Modified\n\n", &put).unwrap();
    assert_eq!(diagnosis.findings[0].answer.name, "MissingAllowOriginHeader");
    assert_eq!(of("etag: 1\n", Some("If-None-Match"), false), (Verdict::Blocked, "MissingAllowOriginHeader"));
}

/// `fetch` throws for a body of a GET, and sends nothing.
#[test]
fn a_body_of_a_get() {
    let of = |options: &str| {
        let call = format!("fetch('https://api.example.com/', {options})");
        let besides = Besides { page: Some("https://app.example.com".to_owned()), ..Besides::default() };
        let diagnosis = diagnose(call.as_bytes(), &besides).unwrap();
        (diagnosis.findings[0].verdict, diagnosis.findings[0].answer.name)
    };
    let throws = (Verdict::Blocked, "get-with-body");
    assert_eq!(of("{method: 'GET', body: 'x'}"), throws);
    assert_eq!(of("{method: 'head', body: 'x'}"), throws);
    assert_eq!(of("{body: JSON.stringify(order)}"), throws);
    for options in [
        "{method: 'GET', body: null}",
        "{method: 'GET', body: undefined}",
        "{method: 'POST', body: 'x'}",
        "{method, body: 'x'}",
        "{...rest, body: 'x'}",
    ] {
        assert_eq!(of(options), (Verdict::Asked, "asked"), "{options}");
    }
}

/// Without the lines about the connection, the scheme of `curl -v` is told by the version of HTTP and by the page.
#[test]
fn the_scheme_of_a_trace() {
    for (told, origin, version, expected) in [
        ("", "https://app.example.com", "HTTP/2", "https"),
        ("", "http://app.example.com", "HTTP/2", "https"),
        ("", "https://app.example.com", "HTTP/1.1", "https"),
        ("", "http://app.example.com", "HTTP/1.1", "http"),
        (
            "* Connected to api.example.com (10.0.0.1) port 80\n",
            "https://app.example.com",
            "HTTP/1.1",
            "http",
        ),
        (
            "* Connected to api.example.com (10.0.0.1) port 443\n",
            "https://app.example.com",
            "HTTP/1.1",
            "https",
        ),
    ] {
        let text = format!(
            "{told}> GET /x HTTP/1.1\n> Host: api.example.com\n> Origin: {origin}\n>\n< {version} 200\n< vary: origin\n<\n"
        );
        let heads = cors_diagnosis::input::heads(&text);
        let url = heads[0].request.as_ref().unwrap().url.clone();
        assert_eq!(url, Some(format!("{expected}://api.example.com/x")), "{text}");
    }
}

/// Names of software are kept, and nothing else of their fields.
#[test]
fn names_of_software() {
    for (field, expected) in [
        ("Server: nginx/1.25.3 (Ubuntu s3cr3t)", "nginx/… …"),
        ("Server: Apache/2.4.6 OpenSSL/1.0.2k", "Apache/… OpenSSL/…"),
        ("Server: AmazonS3", "AmazonS3"),
        ("X-Powered-By: Phusion Passenger(R) 6.0.1", "Phusion Passenger(R) …"),
        ("X-Powered-By: Next.js", "Next.js"),
        ("Via: 1.1 proxy.internal.example.com:8080", "…"),
        ("Via: 2.0 Caddy", "… Caddy"),
    ] {
        let heads = cors_diagnosis::input::response_heads(&format!("HTTP/1.1 200 OK\n{field}\n\n"));
        assert_eq!(String::from_utf8_lossy(&heads[0].headers[0].1), expected, "{field}");
    }
}

/// A text without a request says what is missing in it.
#[test]
fn texts_without_a_request() {
    for (input, text, expected) in [
        (Input::Curl, "wget https://api.example.com/x", "there is not a command line of curl in it"),
        (
            Input::FetchCall,
            "axios.put('https://api.example.com/x', {a: 1})",
            "there is not a call of fetch in it",
        ),
    ] {
        let refusal = cors_diagnosis::diagnose_as(input, text, &Besides::default()).unwrap_err();
        assert_eq!(refusal.what, expected);
        assert_eq!(refusal.hints.len(), 2);
    }
}
