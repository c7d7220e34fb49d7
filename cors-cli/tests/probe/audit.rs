//! `cors probe --audit`: a correct server has no findings, and each misconfiguration is found as what it is.

mod preflights;
mod vary;

use cors_core::Config;
use cors_testing::sockets::server::Server;

use crate::command::{PAGE, Run, from_page, probe};
use crate::policy_server::{policy, serve};

/// A server that trusts the origins that `trusts` says, and otherwise does all as it should.
fn trusting(with_credentials: bool, trusts: impl Fn(&str) -> bool + Send + Sync + 'static) -> Server {
    Server::answering(move |head| {
        let origin = head.origin().filter(|origin| trusts(origin));
        let credentials = origin
            .map_or("", |_| if with_credentials { "Access-Control-Allow-Credentials: true\n" } else { "" });
        let allow_origin =
            origin.map_or_else(String::new, |origin| format!("Access-Control-Allow-Origin: {origin}\n"));
        let status = if head.is_preflight() && origin.is_none() { 403 } else { 200 };
        response(&format!(
            "HTTP/1.1 {status} Answer\nVary: Accept-Encoding, Origin\n{allow_origin}{credentials}\
             Access-Control-Allow-Methods: PUT\nContent-Length: 0\n\n"
        ))
    })
}

fn response(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

/// Each finding as `severity class`.
fn findings(run: &Run) -> Vec<String> {
    let object = run.json();
    let findings = object["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            format!("{} {}", finding["severity"].as_str().unwrap(), finding["class"].as_str().unwrap())
        })
        .collect()
}

#[track_caller]
fn assert_findings(server: &Server, origin: &str, expected: &[&str]) -> Run {
    let run = probe(&[&server.url("/"), "--audit", "--json", "--origin", origin]);
    assert_eq!(findings(&run), expected, "{}", run.stdout);
    assert_eq!(run.code, i32::from(!expected.is_empty()));
    assert_bounded(server, &run);
    run
}

/// As many requests as it says, not more than documented, one at a time, and none that changes anything.
#[track_caller]
fn assert_bounded(server: &Server, run: &Run) {
    let requests = server.heads();
    assert_eq!(run.json()["requests"], requests.len());
    assert!(requests.len() <= 28, "{}", requests.len());
    assert_eq!(server.connections(), requests.len());
    assert_eq!(server.most_at_once(), 1);
    for head in requests {
        assert!(["GET ", "HEAD ", "OPTIONS "].iter().any(|method| head.starts_with(method)), "{head}");
        assert!(head.contains("\r\nuser-agent: cors-cli/"), "{head}");
    }
}

#[test]
fn correct_servers_have_no_findings() {
    let origins = [
        "https://app.example.com",
        "https://app.shop.co.uk",
        "http://localhost:3000",
        "https://me.github.io",
    ];
    for origin in origins {
        let allow_origins = [origin];
        let risks = [cors_core::Risk::InsecureOrigin];
        let config = Config { allow_origins: &allow_origins, accept_risks: &risks, ..policy() };
        let run = assert_findings(&serve(&config), origin, &[]);
        assert_eq!((run.code, run.sentences("notes")), (0, vec![]), "{origin}");
        let run = assert_findings(&serve(&Config { allow_credentials: false, ..config }), origin, &[]);
        assert_eq!(run.code, 0);
    }
    let public =
        Config { allow_origins: &["*"], allow_methods: &["*"], allow_headers: &["*"], ..Config::NEW };
    let run = assert_findings(&serve(&public), PAGE, &[]);
    assert_eq!(run.json()["requests"], 6, "where all get `*`, no origin is made up");
    assert_findings(&serve(&Config::NEW), PAGE, &[]);
    // No CORS at all.
    assert_findings(&Server::saying("HTTP/1.1 404 Not Found\nContent-Length: 0\n\n"), PAGE, &[]);
}

#[test]
fn the_most_requests_are_those_that_are_documented() {
    for (origin, expected) in [
        ("https://app.shop.co.uk", 28),
        (PAGE, 26),
        ("https://example.com", 22),
        ("http://localhost:3000", 19),
    ] {
        let allow_origins = [origin];
        let risks = [cors_core::Risk::InsecureOrigin];
        let server = serve(&Config { allow_origins: &allow_origins, accept_risks: &risks, ..policy() });
        let run = assert_findings(&server, origin, &[]);
        assert_eq!(run.json()["requests"], expected, "{origin}");
    }
}

#[test]
fn careless_comparisons() {
    type Trusts = fn(&str) -> bool;
    let cases: [(&str, Trusts, &[&str]); 19] = [
        ("any", |_| true, &["high any-origin"]),
        ("null", |origin| origin == PAGE || origin == "null", &["high null-origin"]),
        ("substring", |origin| origin.contains("app.example.com"), &["high substring"]),
        ("substring of the domain", |origin| origin.contains("example.com"), &["high substring"]),
        ("prefix", |origin| origin.starts_with(PAGE), &["high prefix"]),
        (
            "prefix like the domain",
            |origin| origin == PAGE || origin.starts_with("https://example.com"),
            &["high prefix"],
        ),
        ("suffix", |origin| origin.ends_with("example.com"), &["high suffix"]),
        (
            "suffix like the host",
            |origin| origin.strip_prefix("https://").is_some_and(|host| host.ends_with("app.example.com")),
            &["medium host-suffix"],
        ),
        (
            "unescaped dot",
            |origin| {
                origin.len() == PAGE.len()
                    && origin.starts_with("https://app")
                    && origin.ends_with("example.com")
            },
            &["high unescaped-dot"],
        ),
        ("underscore", |origin| ends_at(origin, "_"), &["high special-character"]),
        ("backtick", |origin| ends_at(origin, "`"), &["high special-character"]),
        ("brace", |origin| ends_at(origin, "{"), &["high special-character"]),
        ("exclamation mark", |origin| ends_at(origin, "!"), &["high special-character"]),
        ("escape", |origin| ends_at(origin, "%60"), &["high special-character"]),
        ("user info", |origin| ends_at(origin, "@"), &["low user-info"]),
        (
            "any subdomain",
            |origin| origin.strip_prefix("https://").is_some_and(|host| host.ends_with(".example.com")),
            &["medium any-subdomain"],
        ),
        (
            "any subdomain of the host",
            |origin| origin == PAGE || origin.ends_with(".app.example.com"),
            &["medium any-subdomain"],
        ),
        ("http", |origin| origin == PAGE || origin == "http://app.example.com", &["medium insecure-scheme"]),
        (
            "any port",
            |origin| {
                let rest = origin.strip_prefix(PAGE);
                rest.is_some_and(|rest| {
                    rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
                })
            },
            &["low any-port"],
        ),
    ];
    for (name, trusts, expected) in cases {
        println!("{name}");
        let run = assert_findings(&trusting(true, trusts), PAGE, expected);
        let finding = &run.json()["findings"][0];
        assert_eq!(finding["with_credentials"], true);
        assert!(!finding["fix"].as_str().unwrap().is_empty());
        // The evidence is what was sent back.
        let evidence = &finding["evidence"][0];
        let sent =
            evidence["request"].as_array().unwrap().iter().find(|field| field["name"] == "origin").unwrap();
        let received = evidence["response"].as_array().unwrap();
        assert!(received.iter().any(|field| {
            field["name"] == "Access-Control-Allow-Origin" && field["value"] == sent["value"]
        }));
        assert_ne!(sent["value"], PAGE);

        // Without credentials it is less.
        let run = assert_without_credentials(&trusting(false, trusts));
        assert_eq!(run.len(), expected.len(), "{name}: {run:?}");
        assert!(
            run.iter().all(|finding| finding.starts_with("low ") || finding.starts_with("info ")),
            "{run:?}"
        );
    }
}

/// A pattern such as `^https://app\.example\.com([^.a-z].*)?$`.
fn ends_at(origin: &str, character: &str) -> bool {
    origin.strip_prefix(PAGE).is_some_and(|rest| rest.is_empty() || rest.starts_with(character)) || {
        let after_user = origin.split_once("://").map_or("", |(_, rest)| rest);
        character == "@" && after_user.starts_with("app.example.com@")
    }
}

fn assert_without_credentials(server: &Server) -> Vec<String> {
    findings(&probe(&[&server.url("/"), "--audit", "--json", "--origin", PAGE]))
}

#[test]
fn a_public_suffix() {
    let server = trusting(true, |origin| origin.starts_with("https://") && origin.ends_with(".github.io"));
    assert_findings(&server, "https://me.github.io", &["high public-suffix"]);
}

#[test]
fn without_an_origin_others_are_made_after_the_servers_own() {
    let server = trusting(true, |origin| origin.starts_with("http://127.0.0.1"));
    let run = probe(&[&server.url("/"), "--audit", "--json"]);
    assert_eq!(findings(&run), ["high prefix"]);
    assert_eq!(run.json()["trusted_origin"], format!("http://127.0.0.1:{}", server.port()));
    assert_bounded(&server, &run);

    let server = trusting(true, |origin| origin == "https://elsewhere.example");
    let run = probe(&[&server.url("/"), "--audit", "--json"]);
    assert_eq!(run.code, 0);
    assert!(run.sentences("notes")[0].contains("name one that it allows with --origin"));
}

#[test]
fn a_wildcard_with_credentials() {
    let server = Server::answering(|_| {
        response(
            "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Credentials: true\n\n",
        )
    });
    assert_findings(&server, PAGE, &["low wildcard-with-credentials"]);
}

#[test]
fn several_findings_the_worst_first() {
    let server = Server::answering(|head| {
        let origin = head.origin().unwrap_or("*");
        response(&format!(
            "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: {origin}\nAccess-Control-Allow-Credentials: true\n\
             Access-Control-Allow-Methods: {}\n\n",
            head.get("access-control-request-method").unwrap_or_default()
        ))
    });
    let expected = ["high any-origin", "medium missing-vary", "low preflight-unvalidated"];
    let run = assert_findings(&server, PAGE, &expected);
    assert_eq!(run.json()["requests"], 4);

    let run = from_page(&server.url("/"), &["--audit"]);
    let authority = format!("127.0.0.1:{}", server.port());
    assert!(!run.stdout.contains(&authority));
    let start = "\
high any-origin: any origin is trusted: the server sends back whatever Origin it
  gets (with credentials)
  GET
    origin: https://evil.example
  → 200 OK
    Access-Control-Allow-Origin: https://evil.example
    Access-Control-Allow-Credentials: true
    Access-Control-Allow-Methods:\u{20}
  fix: compare the Origin with a list of whole origins; for what anyone may
       read, send `*` and no Access-Control-Allow-Credentials

";
    assert!(run.stdout.starts_with(start), "{}", run.stdout);
    let end = "3 findings (1 high, 1 medium, 1 low): 4 requests, with origins made up after\n  \
               https://app.example.com\n";
    assert!(run.stdout.ends_with(end), "{}", run.stdout);
}

#[test]
fn the_page_may_set_headers_and_ask_by_head() {
    let server = serve(&policy());
    let arguments = ["--audit", "--method", "HEAD", "--header", "Authorization: Bearer x", "--delay", "1"];
    let run = from_page(&server.url("/"), &arguments);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stdout.starts_with("no findings: 26 requests, with origins made up after"), "{}", run.stdout);
    for head in server.heads() {
        let is_head = head.starts_with("HEAD / HTTP/1.1\r\n");
        assert!(is_head || head.starts_with("OPTIONS / HTTP/1.1\r\n"));
        assert_eq!(head.contains("\r\nauthorization: Bearer x\r\n"), is_head, "{head}");
    }
}
