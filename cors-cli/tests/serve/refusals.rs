//! Requests that are refused, and the fields of every response.

use serde_json::{Value, json};

use cors_testing::sockets::client::{Answer, VERSIONS, send};

use crate::process::Served;

const LIMIT: usize = 256 * 1024;

fn case() -> Value {
    json!({ "policy": "allow_origins = []", "fetch": { "origin": "https://app.example.com" } })
}

fn error(answer: &Answer) -> String {
    let object: Value = serde_json::from_str(&answer.body).unwrap();
    object["error"].as_str().unwrap().to_owned()
}

#[test]
fn only_the_page_itself_may_ask() {
    let page = Served::sample();
    let json = "application/json";
    let own = format!("http://127.0.0.1:{}", page.port);
    let named = format!("localhost:{}", page.port);
    let by_name = format!("http://{named}");
    let other_port = "http://127.0.0.1:1".to_owned();
    let https = format!("https://127.0.0.1:{}", page.port);
    let cases: [(&[(&str, &str)], u16); 15] = [
        (&[("origin", &own), ("content-type", json)], 200),
        (&[("origin", &own), ("content-type", "Application/JSON; charset=utf-8")], 200),
        (&[("host", &named), ("origin", &by_name), ("content-type", json)], 200),
        (&[("host", &named), ("origin", &own), ("content-type", json)], 403),
        (&[("content-type", json)], 403),
        (&[("origin", "null"), ("content-type", json)], 403),
        (&[("origin", "https://evil.example"), ("content-type", json)], 403),
        (&[("origin", &other_port), ("content-type", json)], 403),
        (&[("origin", &https), ("content-type", json)], 403),
        (&[("origin", &own), ("origin", "https://evil.example"), ("content-type", json)], 403),
        (&[("origin", &own)], 415),
        (&[("origin", &own), ("content-type", "text/plain")], 415),
        (&[("origin", &own), ("content-type", "application/json-seq")], 415),
        (&[("host", "evil.example"), ("origin", "http://evil.example"), ("content-type", json)], 421),
        (&[("host", "127.0.0.1.evil.example"), ("origin", &own), ("content-type", json)], 421),
    ];
    for version in VERSIONS {
        for (fields, status) in cases {
            let answer = send(page.port, version, "POST", "/explain", fields, &case().to_string());
            assert_eq!(answer.status, status, "{version:?} {fields:?}: {}", answer.body);
            assert!(status == 200 || !error(&answer).is_empty());
            assert!(answer.allow_origin().is_empty(), "no other page may read it");
        }
        for path in ["/", "/case", "/page.js"] {
            let answer = send(page.port, version, "GET", path, &[("host", "evil.example")], "");
            assert_eq!(answer.status, 421, "{path}");
            assert!(
                error(&answer).contains("evil.example, which is not a name of this machine"),
                "{}",
                answer.body
            );
        }
    }
}

#[test]
fn the_number_of_headers_is_bounded() {
    let page = Served::sample();
    let own = format!("http://127.0.0.1:{}", page.port);
    let fields = [("origin", own.as_str()), ("content-type", "application/json")];
    for (number, status) in [(0, 200), (256, 200), (257, 400), (14_000, 400)] {
        let headers: Vec<String> = (0..number).map(|index| format!("x-{index}: 1")).collect();
        let mut case = case();
        case["fetch"]["headers"] = headers.into();
        let answer = send(page.port, VERSIONS[0], "POST", "/explain", &fields, &case.to_string());
        assert_eq!(answer.status, status, "{number}: {:.200}", answer.body);
        if status != 200 {
            let expected = format!("a fetch has at most 256 headers here, and this one has {number}");
            assert_eq!(error(&answer), expected);
        }
    }
}

#[test]
fn what_is_not_a_case() {
    let page = Served::sample();
    let own = format!("http://127.0.0.1:{}", page.port);
    let fields = [("origin", own.as_str()), ("content-type", "application/json")];
    let padded = |len: usize| {
        let policy = |padding: usize| {
            json!({ "policy": format!("allow_origins = [] #{}", "x".repeat(padding)), "fetch": { "origin": "null" } }).to_string()
        };
        policy(len - policy(0).len())
    };
    for (body, status, expected) in [
        (case().to_string(), 200, ""),
        (padded(LIMIT), 200, ""),
        (padded(LIMIT + 1), 413, "a case has at most 262144 bytes; shorten it"),
        ("x".repeat(8 * LIMIT), 413, "at most 262144 bytes"),
        (String::new(), 400, "not a case: EOF"),
        ("{".to_owned(), 400, "not a case: EOF"),
        ("\"\\ud800\"".to_owned(), 400, "not a case: "),
        (json!([]).to_string(), 400, "not a case: "),
        (json!({ "policy": "" }).to_string(), 400, "missing field `fetch`"),
        (json!({ "policy": 1, "fetch": {} }).to_string(), 400, "expected a string"),
        (json!({ "policy": "", "fetch": {}, "x": 1 }).to_string(), 400, "unknown field `x`"),
        (json!({ "policy": "", "fetch": { "metod": "PUT" } }).to_string(), 400, "unknown field `metod`"),
        (json!({ "policy": "", "fetch": { "api": "beacon" } }).to_string(), 400, "unknown variant `beacon`"),
        (
            json!({ "policy": "", "fetch": { "engine": "netscape" } }).to_string(),
            400,
            "unknown variant `netscape`",
        ),
        (format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000)), 400, "not a case: "),
    ] {
        let answer = send(page.port, VERSIONS[0], "POST", "/explain", &fields, &body);
        assert_eq!(answer.status, status, "{:.80}: {:.200}", body, answer.body);
        assert!(status == 200 || error(&answer).contains(expected), "{:.80}: {}", body, answer.body);
    }
}

#[test]
fn methods_and_paths() {
    let page = Served::sample();
    for (method, path, status, allow) in [
        ("GET", "/", 200, None),
        ("HEAD", "/", 200, None),
        ("GET", "/?x", 200, None),
        ("POST", "/", 405, Some("GET, HEAD")),
        ("DELETE", "/case", 405, Some("GET, HEAD")),
        ("GET", "/explain", 405, Some("POST")),
        ("OPTIONS", "/explain", 405, Some("POST")),
        ("GET", "/page.html", 404, None),
        ("GET", "/../Cargo.toml", 404, None),
        ("GET", "//", 404, None),
    ] {
        let answer = send(page.port, VERSIONS[0], method, path, &[], "");
        assert_eq!((answer.status, answer.get("allow")), (status, Vec::from_iter(allow)), "{method} {path}");
        assert_eq!(answer.body.is_empty(), method == "HEAD", "{method} {path}");
    }
}

#[test]
fn fields_of_every_response() {
    let page = Served::sample();
    for (path, status, content_type) in [
        ("/", 200, "text/html; charset=utf-8"),
        ("/page.css", 200, "text/css; charset=utf-8"),
        ("/page.js", 200, "text/javascript; charset=utf-8"),
        ("/icon.svg", 200, "image/svg+xml"),
        ("/case", 200, "application/json"),
        ("/explain", 405, "application/json"),
        ("/nothing", 404, "application/json"),
    ] {
        let answer = page.get(path);
        assert_eq!((answer.status, answer.get("content-type")), (status, vec![content_type]), "{path}");
        assert_eq!(
            answer.get("content-security-policy"),
            ["default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                 base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
                 trusted-types 'none'"]
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.get(name), [value], "{path}");
        }
    }
}
