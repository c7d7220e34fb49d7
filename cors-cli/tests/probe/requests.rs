//! Which requests are sent, to the byte, and how many.

use cors_testing::sockets::server::Server;

use crate::command::{PAGE, from_page, probe};
use crate::policy_server::{policy, serve};

fn user_agent() -> String {
    format!("cors-cli/{} (cors probe)", env!("CARGO_PKG_VERSION"))
}

#[test]
fn a_preflight_to_the_byte() {
    let server = serve(&policy());
    let arguments = [
        "--method",
        "put",
        "--header",
        "X-Request-ID: 1",
        "--header",
        "Content-Type: application/json",
        "--header",
        "accept: text/html",
        "--header",
        "Cookie: a=b",
        "--credentials",
    ];
    let run = from_page(&server.url("/orders/1?x=%20#part"), &arguments);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let expected = format!(
        "OPTIONS /orders/1?x=%20 HTTP/1.1\r\n\
         host: 127.0.0.1:{}\r\n\
         accept: */*\r\n\
         access-control-request-method: PUT\r\n\
         access-control-request-headers: content-type,x-request-id\r\n\
         origin: https://app.example.com\r\n\
         user-agent: {}\r\n\r\n",
        server.port(),
        user_agent()
    );
    assert_eq!(server.heads(), [expected]);
}

#[test]
fn the_request_itself_to_the_byte() {
    let server = serve(&policy());
    let arguments = [
        "--method",
        "PUT",
        "--header",
        "X-Request-ID: 1",
        "--header",
        "x-request-id:2",
        "--engine",
        "chromium",
        "--header",
        "Accept: text/html",
        "--send",
    ];
    let run = from_page(&server.url("/"), &arguments);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let heads = server.heads();
    assert_eq!(heads.len(), 2);
    let expected = format!(
        "PUT / HTTP/1.1\r\n\
         host: 127.0.0.1:{}\r\n\
         content-length: 0\r\n\
         x-request-id: 1, 2\r\n\
         accept: text/html\r\n\
         origin: https://app.example.com\r\n\
         user-agent: {}\r\n\r\n",
        server.port(),
        user_agent()
    );
    assert_eq!(heads[1], expected);
    assert_eq!(server.most_at_once(), 1);
}

#[test]
fn what_is_sent_and_what_is_not() {
    // Arguments, the methods that the server sees, the exit status.
    let cases: [(&[&str], &[&str], i32); 13] = [
        (&[], &["GET"], 0),
        (&["--method", "head"], &["HEAD"], 0),
        (&["--credentials", "--xhr"], &["GET"], 0),
        (&["--header", "authorization: x"], &["OPTIONS"], 0),
        (&["--header", "authorization: x", "--send"], &["OPTIONS", "GET"], 0),
        (&["--method", "POST"], &[], 2),
        (&["--method", "POST", "--send"], &["POST"], 0),
        (&["--method", "PUT"], &["OPTIONS"], 0),
        (&["--method", "PUT", "--send"], &["OPTIONS", "PUT"], 0),
        (&["--method", "patch", "--send"], &["OPTIONS"], 1),
        (&["--method", "DELETE", "--send"], &["OPTIONS"], 1),
        (&["--header", "x-other: 1", "--send"], &["OPTIONS"], 1),
        (&["--method", "GET", "--send"], &["GET"], 0),
    ];
    for (arguments, expected, code) in cases {
        let server = serve(&policy());
        let run = from_page(&server.url("/"), arguments);
        let heads = server.heads();
        let methods: Vec<&str> = heads.iter().map(|head| head.split(' ').next().unwrap()).collect();
        assert_eq!(methods, expected, "{arguments:?}");
        assert_eq!(run.code, code, "{arguments:?}: {}{}", run.stdout, run.stderr);
        assert_eq!(run.stderr, "", "{arguments:?}");
        assert_eq!(server.connections(), heads.len());
    }
}

#[test]
fn engines_that_ask_otherwise_are_asked_for() {
    // A client hint needs no preflight in Chromium, and `BYTES=` none in WebKit.
    let arguments = ["--header", "dpr: 2", "--header", "range: BYTES=0-", "--json"];
    let server = serve(&policy());
    let run = from_page(&server.url("/"), &arguments);
    let asked: Vec<Option<String>> = server
        .heads()
        .iter()
        .map(|head| {
            let line = head.lines().find_map(|line| line.strip_prefix("access-control-request-headers: "))?;
            Some(line.to_owned())
        })
        .collect();
    assert_eq!(asked, [Some("dpr,range".to_owned()), Some("range".to_owned()), Some("dpr".to_owned())]);
    let exchanges = run.json()["exchanges"].clone();
    let engines: Vec<&serde_json::Value> =
        exchanges.as_array().unwrap().iter().map(|exchange| &exchange["engines"]).collect();
    assert_eq!(
        engines,
        [
            &serde_json::json!(["standard", "firefox"]),
            &serde_json::json!(["chromium"]),
            &serde_json::json!(["webkit"])
        ]
    );

    let server = serve(&policy());
    let run = from_page(&server.url("/"), &["--header", "dpr: 2", "--engine", "chromium", "--json"]);
    assert_eq!((run.code, server.heads().len()), (0, 1));
    assert_eq!(run.verdicts(), ["chromium allowed"]);
    assert!(server.heads()[0].contains("\r\ndpr: 2\r\n"));
}

#[test]
fn the_page_sets_its_own_user_agent_where_it_may() {
    let config = cors_core::Config { allow_headers: &["user-agent"], ..policy() };
    for (engine, expected) in [("firefox", "Page/1".to_owned()), ("chromium", user_agent())] {
        let server = serve(&config);
        let arguments = ["--header", "User-Agent: Page/1", "--send", "--engine", engine];
        assert_eq!(from_page(&server.url("/"), &arguments).code, 0);
        let heads = server.heads();
        let agents: Vec<&str> =
            heads.last().unwrap().lines().filter_map(|line| line.strip_prefix("user-agent: ")).collect();
        assert_eq!(agents, [expected], "{engine}");
    }
}

#[test]
fn nothing_is_sent_within_an_origin() {
    let server = serve(&policy());
    let url = server.url("/");
    let run = probe(&[&url, "--origin", url.trim_end_matches('/'), "--send", "--method", "PUT"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("same origin"), "{}", run.stdout);
    assert_eq!(server.connections(), 0);
}

#[test]
fn command_lines_of_no_use() {
    let server = Server::saying("HTTP/1.1 200 OK\n\n");
    let url = server.url("/");
    let cases: [(&[&str], &str); 20] = [
        (&["", "--origin", PAGE], "URL: empty"),
        (&[&url], "--origin <ORIGIN>"),
        (&[&url, "--origin", "app.example.com"], "add the scheme: https://app.example.com"),
        (&[&url, "--origin", "https://App.example.com/"], "write https://app.example.com"),
        (&[&url, "--origin", "https://*.example.com"], "a page has one origin"),
        (&[&url, "--origin", "\u{1b}[31m"], "--origin \\u{1b}[31m: "),
        (&["api.example.com/orders", "--origin", PAGE], "write https://api.example.com/orders"),
        (&["localhost:3000/x", "--origin", PAGE], "write http://localhost:3000/x"),
        (&["//api.example.com", "--origin", PAGE], "write https://api.example.com"),
        (&["ftp://api.example.com", "--origin", PAGE], "CORS is for http and https, not ftp"),
        (&["https://u:p@api.example.com", "--origin", PAGE], "a user name or a password"),
        (&["http://[::1", "--origin", PAGE], "not a URL"),
        (&[&url, "--origin", PAGE, "--method", "TRACE"], "--method TRACE: no page can send"),
        (&[&url, "--origin", PAGE, "--method", "GET /"], "--method GET /: the method is not a token"),
        (&[&url, "--origin", PAGE, "--header", "no-colon"], "--header no-colon: not a header"),
        (&[&url, "--origin", PAGE, "--header", "a b: 1"], "--header a b: 1: the name of header 0"),
        (&[&url, "--origin", PAGE, "--timeout", "0"], "--timeout"),
        (&[&url, "--audit", "--credentials"], "cannot be used with"),
        (&[&url, "--audit", "--method", "POST"], "--method POST: an audit changes nothing"),
        (
            &[&url, "--audit", "--origin", "null"],
            "--origin null: the opaque origin cannot be a model for others",
        ),
    ];
    for (arguments, expected) in cases {
        let run = probe(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(run.stderr.contains(expected), "{arguments:?}: {}", run.stderr);
    }
    assert_eq!(server.connections(), 0);
}
