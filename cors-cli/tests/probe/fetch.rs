//! What the engines make of a server's answers, and what to change on it.

use cors_core::Config;
use cors_testing::sockets::server::{Head, Server};

use crate::command::{from_page, probe};
use crate::policy_server::{policy, serve};

#[test]
fn a_correct_server() {
    let server = serve(&policy());
    let run = from_page(&server.url("/"), &["--method", "PUT", "--send", "--credentials", "--json"]);
    assert_eq!(run.verdict(), "allowed");
    let engines = run.json()["engines"].clone();
    let kept: Vec<u64> =
        engines.as_array().unwrap().iter().map(|engine| engine["preflight_kept"].as_u64().unwrap()).collect();
    // Each engine has its own limit.
    assert_eq!(kept, [3600, 3600, 3600, 600]);
    for engine in engines.as_array().unwrap() {
        let mut exposed: Vec<&str> =
            engine["exposed_headers"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        exposed.sort_unstable();
        assert_eq!(exposed, ["content-length", "content-type", "etag"]);
    }
    assert_eq!(run.sentences("advice"), Vec::<String>::new());
}

#[test]
fn what_the_policy_denies_is_blocked() {
    let cases: [(&str, &[&str], &str, &str); 5] = [
        ("https://other.example.com", &[], "blocked MissingAllowOriginHeader", "on this response"),
        (
            "https://other.example.com",
            &["--method", "PUT"],
            "blocked PreflightMissingAllowOriginHeader",
            "carries no cookies and no Authorization",
        ),
        (
            "null",
            &[],
            "blocked MissingAllowOriginHeader",
            "Do not allow `null`: a page of any site can send that origin.",
        ),
        (
            "https://app.example.com",
            &["--method", "DELETE"],
            "blocked MethodDisallowedByPreflightResponse",
            "`Access-Control-Allow-Methods: DELETE`",
        ),
        (
            "https://app.example.com",
            &["--header", "x-b: 1", "--header", "x-a: 1"],
            "blocked HeaderDisallowedByPreflightResponse",
            "These are missing: x-a, x-b.",
        ),
    ];
    let server = serve(&policy());
    for (origin, arguments, expected, advice) in cases {
        let run = probe(&[&[&server.url("/"), "--origin", origin, "--json"], arguments].concat());
        assert_eq!((run.code, run.verdict().as_str()), (1, expected), "{origin} {arguments:?}");
        let sentences = run.sentences("advice");
        assert!(sentences.iter().any(|sentence| sentence.contains(advice)), "{sentences:?}");
    }
}

/// What a server sends beside its status, what comes of it, and what is said about it.
const ANSWERS: [(&str, &str, &str); 12] = [
    ("", "blocked MissingAllowOriginHeader", "Send `Access-Control-Allow-Origin: https://app.example.com`"),
    (
        "Access-Control-Allowed-Origin: *\n",
        "blocked MissingAllowOriginHeader",
        "It sends `Access-Control-Allowed-Origin`, which no browser knows: Access-Control-Allow-Origin was meant?",
    ),
    (
        "Access-Control-Allow-Origin: http://app.example.com\n",
        "blocked AllowOriginMismatch",
        "A near miss: http://app.example.com: the scheme differs.",
    ),
    (
        "Access-Control-Allow-Origin: https://app.example.com/\n",
        "blocked AllowOriginMismatch",
        "ends in a slash",
    ),
    (
        "Access-Control-Allow-Origin: https://app.example.com:8443\n",
        "blocked AllowOriginMismatch",
        "the port differs",
    ),
    (
        "Access-Control-Allow-Origin: https://example.net\n",
        "blocked AllowOriginMismatch",
        "instead of `https://example.net`",
    ),
    (
        "Access-Control-Allow-Origin: https://*.example.com\n",
        "blocked AllowOriginMismatch",
        "it is a pattern",
    ),
    ("Access-Control-Allow-Origin: app.example.com\n", "blocked InvalidAllowOriginValue", "it has no scheme"),
    (
        "Access-Control-Allow-Origin: *\nAccess-Control-Allow-Credentials: true\n",
        "blocked WildcardOriginNotAllowed",
        "or let the page fetch without credentials",
    ),
    (
        "Access-Control-Allow-Origin: https://app.example.com\n",
        "blocked InvalidAllowCredentials",
        "`Access-Control-Allow-Credentials: true`",
    ),
    (
        "Access-Control-Allow-Origin: *\nACCESS-CONTROL-ALLOW-ORIGIN: *\n",
        "blocked MultipleAllowOriginValues",
        "It comes in 2 lines, as when a proxy and the application both add it.",
    ),
    (
        "Access-Control-Allow-Origin: https://app.example.com\nAccess-Control-Allow-Credentials: true\n",
        "allowed",
        "",
    ),
];

#[test]
fn near_misses() {
    for (fields, expected, advice) in ANSWERS {
        let server = Server::saying(&format!("HTTP/1.1 200 OK\n{fields}Content-Length: 0\n\n"));
        let run = from_page(&server.url("/"), &["--credentials", "--json"]);
        assert_eq!(run.verdict(), expected, "{fields}");
        let sentences = run.sentences("advice");
        let is_said = sentences.iter().any(|sentence| sentence.contains(advice));
        assert_eq!(is_said, !advice.is_empty(), "{fields}: {sentences:?}");
    }
}

#[test]
fn statuses_that_tell_of_the_cause() {
    let put: &[&str] = &["--method", "PUT"];
    let cases: [(&str, &[&str], &str, &str); 6] = [
        ("401 Unauthorized", put, "blocked PreflightMissingAllowOriginHeader", "wants to know who asks"),
        ("404 Not Found", put, "blocked PreflightMissingAllowOriginHeader", "nothing there answers OPTIONS"),
        (
            "405 Nope\nAccess-Control-Allow-Origin: *",
            put,
            "blocked PreflightInvalidStatus",
            "405 Method Not Allowed",
        ),
        ("502 Bad Gateway", put, "blocked PreflightMissingAllowOriginHeader", "see its log"),
        (
            "500 Oh",
            &[],
            "blocked MissingAllowOriginHeader",
            "The server answers 500 Internal Server Error: see its log",
        ),
        ("404 Not Found", &[], "blocked MissingAllowOriginHeader", "its errors may lack the fields"),
    ];
    for (status, arguments, expected, advice) in cases {
        let server = Server::saying(&format!("HTTP/1.1 {status}\nContent-Length: 0\n\n"));
        let run = from_page(&server.url("/"), &[arguments, &["--json"]].concat());
        assert_eq!((run.code, run.verdict().as_str()), (1, expected), "{status}");
        let sentences = run.sentences("advice");
        assert!(sentences.iter().any(|sentence| sentence.contains(advice)), "{status}: {sentences:?}");
    }
    // The page reads an error that has the fields.
    let server = Server::saying("HTTP/1.1 503 Later\nAccess-Control-Allow-Origin: *\nContent-Length: 0\n\n");
    let run = from_page(&server.url("/"), &["--json"]);
    assert_eq!((run.code, run.verdict().as_str()), (0, "allowed"));
    assert!(run.sentences("notes")[0].contains("503"));
}

#[test]
fn lists_that_nearly_have_it() {
    let cases: [(&str, &[&str], &str); 5] = [
        (
            "Access-Control-Allow-Methods: PATCH",
            &["--method", "patch"],
            "It lists PATCH, the page asks for patch, and methods are case-sensitive.",
        ),
        (
            "Access-Control-Allow-Methods: *",
            &["--method", "PUT", "--credentials"],
            "It sends `*`, which is the name of a method",
        ),
        (
            "Access-Control-Allow-Headers: *",
            &["--header", "x-a: 1", "--credentials"],
            "It sends `*`, which is the name of a header",
        ),
        (
            "Access-Control-Allow-Headers: X_Key",
            &["--header", "x-key: 1"],
            "It lists X_Key, and the page sets x-key",
        ),
        ("Access-Control-Allow-Methods: PUT DELETE", &["--method", "PUT"], "`PUT DELETE` is not a name"),
    ];
    for (field, arguments, advice) in cases {
        let response = format!(
            "HTTP/1.1 204 No Content\nAccess-Control-Allow-Origin: https://app.example.com\n\
             Access-Control-Allow-Credentials: true\n{field}\n\n"
        );
        let server = Server::saying(&response);
        let run = from_page(&server.url("/"), &[arguments, &["--json"]].concat());
        assert_eq!(run.code, 1, "{field}");
        let sentences = run.sentences("advice");
        assert!(sentences.iter().any(|sentence| sentence.contains(advice)), "{field}: {sentences:?}");
    }
}

#[test]
fn engines_may_differ() {
    let public = Config { allow_origins: &["*"], allow_headers: &["*"], ..Config::NEW };
    let server = serve(&public);
    let arguments = ["--header", "authorization: x", "--json"];
    let run = from_page(&server.url("/"), &arguments);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.verdicts(),
        [
            "standard blocked HeaderDisallowedByPreflightResponse",
            "chromium preflight-passed",
            "firefox preflight-passed",
            "webkit preflight-passed"
        ]
    );
    let warning = &run.json()["engines"][2]["console"][0];
    assert!(warning.as_str().unwrap().contains("CORS header `Access-Control-Allow-Headers`"), "{warning}");
    let run = from_page(&server.url("/"), &[&arguments[..], &["--engine", "chromium"]].concat());
    assert_eq!((run.code, run.verdicts()), (0, vec!["chromium preflight-passed".to_owned()]));
}

#[test]
fn console_messages_are_those_of_the_browsers() {
    let spelled = "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Origin: *\n\n";
    let server = Server::saying(spelled);
    let url = server.url("/orders");
    let run = from_page(&url, &["--xhr", "--json"]);
    let engines = run.json()["engines"].clone();
    assert_eq!(
        engines[1]["console"][0],
        format!(
            "Access to XMLHttpRequest at '{url}' from origin 'https://app.example.com' has been blocked by CORS policy: \
             The 'Access-Control-Allow-Origin' header contains multiple values '*, *', but only one is allowed."
        )
    );
    // Firefox counts the lines that are spelled so: the head is judged as it came.
    let firefox = engines[2]["console"][0].as_str().unwrap();
    assert!(firefox.contains("Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed"), "{firefox}");
}

#[test]
fn interim_responses_are_passed_over() {
    let server = Server::saying(
        "HTTP/1.1 100 Continue\n\nHTTP/1.1 103 Early Hints\nAccess-Control-Allow-Origin: null\n\n\
         HTTP/1.0 204 Fine\nAccess-Control-Allow-Origin: *\n\n",
    );
    let run = from_page(&server.url("/"), &[]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(
        run.stdout.contains("\nHTTP/1.0 204 Fine\n  Access-Control-Allow-Origin: *\n\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_page_on_https_asks_no_http() {
    // The name leads nowhere, and need not.
    let run = from_page("http://api.invalid/", &["--json", "--timeout", "5"]);
    assert_eq!(run.code, 1);
    assert!(run.json()["engines"].as_array().unwrap().iter().all(|engine| engine["error"] == "MixedContent"));
    assert!(run.sentences("advice")[0].starts_with("Serve the address over https"));
    assert!(run.sentences("notes").is_empty());
    // An address of this machine is judged as if it were where it will be.
    let server =
        Server::answering(|_: &Head| b"HTTP/1.1 204 No\r\nAccess-Control-Allow-Origin: *\r\n\r\n".to_vec());
    let run = from_page(&server.url("/"), &["--json"]);
    assert_eq!(run.code, 0);
    assert!(run.sentences("notes")[0].starts_with("the address is one of this machine"));
}

#[test]
fn a_browser_asks_no_port_of_another_protocol() {
    let run = from_page("https://api.invalid:6667/", &["--json", "--timeout", "5"]);
    assert_eq!(run.code, 1);
    assert!(run.json()["engines"].as_array().unwrap().iter().all(|engine| engine["error"] == "UnsafePort"));
    assert!(run.sentences("advice")[0].starts_with("Let the server listen on another port"));
    assert!(run.sentences("notes").is_empty());
}

#[test]
fn the_lines_for_the_software_that_the_response_names() {
    let server = Server::answering(|_| {
        b"HTTP/1.1 200 OK\r\nServer: nginx\r\nX-Powered-By: Express\r\nContent-Length: 0\r\n\r\n".to_vec()
    });
    let run = from_page(&server.url("/"), &["--json"]);
    let snippet = run.json()["snippet"].clone();
    assert_eq!((snippet["stack"].as_str(), snippet["confidence"].as_str()), (Some("express"), Some("sure")));
    let lines = snippet["parts"][0]["text"].as_str().unwrap();
    assert!(lines.contains("origin: ['https://app.example.com'],"), "{lines}");

    let text = from_page(&server.url("/orders"), &["--method", "DELETE", "--stack", "django"]).stdout;
    assert!(text.contains("\nIn Django\n") && !text.contains("Express\n  $"), "{text}");
    assert!(text.contains("CORS_ALLOW_METHODS = [\"GET\", \"HEAD\", \"POST\", \"DELETE\"]"), "{text}");
    let proxy = format!(
        "cors proxy --policy policy.toml \\\n        --target 'http://127.0.0.1:{}'\n",
        server.port()
    );
    assert!(text.contains(&proxy), "{text}");

    // Where all is well, nothing is to be changed.
    let server = serve(&policy());
    let text = from_page(&server.url("/"), &[]).stdout;
    assert!(!text.contains("\nIn ") && !text.contains("cors proxy"), "{text}");
}

/// D4: what the page cannot read, and the field that opens it; and where to look further.
#[test]
fn the_field_that_opens_a_header_is_named() {
    let server = Server::answering(|_: &Head| {
        b"HTTP/1.1 204 No\r\nAccess-Control-Allow-Origin: *\r\nX-Total: 3\r\nETag: 1\r\nDate: now\r\n\r\n"
            .to_vec()
    });
    let run = from_page(&server.url("/"), &["--json"]);
    assert_eq!(
        run.sentences("notes")[0],
        "the page cannot read etag, x-total: `Access-Control-Expose-Headers: etag, x-total` opens what of it pages are to read"
    );
    let text = from_page(&server.url("/"), &[]).stdout;
    assert!(text.contains("`cors probe URL --audit`"), "{text}");
    let login = Server::answering(|_: &Head| {
        b"HTTP/1.1 302 Found\r\nLocation: https://login.example.net/\r\n\r\n".to_vec()
    });
    let notes = from_page(&login.url("/"), &["--json"]).sentences("notes");
    assert!(notes.iter().any(|note| note.contains("answer 401 in place of the redirect")), "{notes:?}");
}
