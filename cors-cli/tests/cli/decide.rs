//! `cors decide`: what it prints, and what it makes of files that hold several heads or none.

use serde_json::Value;

use crate::support::{compile, cors, demo, folder, recorded_requests, stderr, stdout};

const POLICY: &str =
    "allow_origins = ['https://a.example']\nallow_methods = ['PUT']\nexpose_headers = ['etag']\n";

/// What it prints for heads from standard input, by `POLICY`.
#[track_caller]
fn assert_decided(heads: impl Into<Vec<u8>>, code: i32, expected_stdout: &str, expected_stderr: &str) {
    let folder = folder(&[("policy.toml", POLICY.as_bytes())]);
    let heads: Vec<u8> = heads.into();
    let assert =
        cors().current_dir(&folder).args(["decide", "policy.toml"]).write_stdin(heads).assert().code(code);
    assert.stdout(expected_stdout.to_owned()).stderr(expected_stderr.to_owned());
}

#[test]
fn a_preflight_is_answered_with_a_head() {
    let request = recorded_requests().join("chromium-preflight-put-json.http");
    let assert =
        cors().current_dir(demo()).args(["decide", "shop.toml"]).arg(request).assert().code(0).stderr("");
    let output = stdout(&assert);
    let (place, rest) = output.split_once('\n').unwrap();
    assert!(place.ends_with("chromium-preflight-put-json.http, request 1"));
    let expected = "\
OPTIONS /items/1 HTTP/1.1
Access-Control-Request-Method: PUT
Access-Control-Request-Headers: content-type
Origin: http://app.example.com
preflight: allowed
  HTTP/1.1 204 No Content
  access-control-allow-origin: http://app.example.com
  access-control-allow-credentials: true
  access-control-allow-methods: PUT, PATCH, DELETE
  access-control-allow-headers: content-type, authorization, if-none-match, x-requested-with, x-api-key, x-trace-id
  access-control-max-age: 7200
  vary: origin

";
    assert_eq!(rest, expected);
}

#[test]
fn several_heads_in_one_input() {
    // CRLF and LF, and empty lines between.
    let heads = "GET /1 HTTP/1.1\r\nHost: api.example\r\n\r\n\
        PUT /2 HTTP/1.0\nORIGIN:  https://a.example \n\n\r\n\n\
        OPTIONS * HTTP/1.1\nOrigin: https://b.example\nAccess-Control-Request-Method: PUT\n\n\
        OPTIONS /4 HTTP/1.1\nOrigin: https://a.example\nAccess-Control-Request-Method: DELETE\n\n\n\n";
    let expected = "\
standard input, request 1
GET /1 HTTP/1.1
not CORS: allowed
  append  vary: origin

standard input, request 2
PUT /2 HTTP/1.0
ORIGIN: https://a.example
actual request: allowed
  replace access-control-allow-origin: https://a.example
  replace access-control-expose-headers: etag
  append  vary: origin

standard input, request 3
OPTIONS * HTTP/1.1
Origin: https://b.example
Access-Control-Request-Method: PUT
preflight: denied: OriginNotAllowed: the policy does not allow this origin
  HTTP/1.1 403 Forbidden
  vary: origin

standard input, request 4
OPTIONS /4 HTTP/1.1
Origin: https://a.example
Access-Control-Request-Method: DELETE
preflight: denied: MethodNotAllowed: the policy does not allow this method
  HTTP/1.1 204 No Content
  access-control-allow-origin: https://a.example
  access-control-allow-methods: PUT
  vary: origin

";
    assert_decided(heads, 1, expected, "");
}

#[test]
fn a_public_policy_adds_the_same_to_all() {
    let folder = folder(&[("policy.json", br#"{"allow_origins": ["*"], "preflight_status": 299}"#)]);
    let heads = "GET / HTTP/1.1\n\nOPTIONS / HTTP/1.1\nOrigin: x\nAccess-Control-Request-Method: GET\n\n";
    let expected = "\
standard input, request 1
GET / HTTP/1.1
not CORS: allowed
  replace access-control-allow-origin: *

standard input, request 2
OPTIONS / HTTP/1.1
Origin: x
Access-Control-Request-Method: GET
preflight: allowed
  HTTP/1.1 299 
  access-control-allow-origin: *

";
    cors()
        .current_dir(&folder)
        .args(["decide", "policy.json", "-"])
        .write_stdin(heads)
        .assert()
        .code(0)
        .stdout(expected);
}

#[test]
fn nothing_of_a_request_reaches_the_terminal_unescaped() {
    let heads = b"GET /\xc3\xa9?\xe2\x80\xae HTTP/1.1\nOrigin: \xffhttps://\xc2\x9b31m\t\"x\\\"\n\n";
    let expected = r#"standard input, request 1
GET /\xc3\xa9?\xe2\x80\xae HTTP/1.1
Origin: \xffhttps://\xc2\x9b31m\t"x\"
actual request: denied: MalformedOrigin: the Origin field holds no serialized origin
  append  vary: origin

"#;
    assert_decided(heads, 1, expected, "");
}

#[test]
fn a_malformed_head_is_told_with_its_place() {
    let good = "GET / HTTP/1.1\nOrigin: https://a.example\n\n";
    let decided = "standard input, request 1\nGET / HTTP/1.1\nOrigin: https://a.example\nactual request: allowed\n  \
        replace access-control-allow-origin: https://a.example\n  replace access-control-expose-headers: etag\n  append  vary: origin\n\n";
    let cases: [(&str, &str); 12] = [
        ("GET / HTTP/1.1\nHost: a", "line 5, byte 64: the head is cut short; end it with an empty line"),
        ("GET / HTTP/1.1\nHost: a\n", "line 6, byte 65: the head is cut short; end it with an empty line"),
        ("GE", "line 4, byte 44: the head is cut short; end it with an empty line"),
        (
            "{\"id\": 1}\n",
            "line 4, byte 42: not a request line; write one such as `GET /path HTTP/1.1`, and leave bodies out",
        ),
        (
            "\x16\x03\x01\n",
            "line 4, byte 42: not a request line; write one such as `GET /path HTTP/1.1`, and leave bodies out",
        ),
        ("GET /a b HTTP/1.1\n\n", "line 4, byte 49: not an HTTP version that is read here; write HTTP/1.1"),
        ("GET / HTTP/2\n\n", "line 4, byte 53: not an HTTP version that is read here; write HTTP/1.1"),
        ("GET / HTTP/1.1\nA b: c\n\n", "line 5, byte 58: not a header name; write fields as `name: value`"),
        ("GET / HTTP/1.1\nno colon\n\n", "line 5, byte 59: not a header name; write fields as `name: value`"),
        (
            "GET / HTTP/1.1\nA: b\n folded\n\n",
            "line 6, byte 62: not a header name; write fields as `name: value`",
        ),
        (
            "GET / HTTP/1.1\nA: \x1b[31m\n\n",
            "line 5, byte 60: a header value may not contain this byte; remove it",
        ),
        ("GET / HTTP/1.1\rA: b\n\n", "line 4, byte 57: a line end is not CRLF or LF; write one of these"),
    ];
    for (bad, expected) in cases {
        let expected = format!("error: standard input: {expected}\n");
        assert_decided(format!("{good}{bad}"), 2, decided, &expected);
    }
}

#[test]
fn one_bad_file_does_not_hide_the_others() {
    let folder = folder(&[
        ("policy.toml", POLICY.as_bytes()),
        ("bad.http", b"nonsense\n\n"),
        ("empty.http", b"\n\n"),
        ("denied.http", b"GET / HTTP/1.1\nOrigin: https://b.example\n\n"),
        ("good.http", b"GET / HTTP/1.1\n\n"),
    ]);
    let files = ["bad.http", "empty.http", "missing.http", "denied.http", "good.http"];
    let assert =
        cors().current_dir(&folder).args(["decide", "policy.toml", "--json"]).args(files).assert().code(2);
    assert_eq!(
        stderr(&assert),
        "error: bad.http: line 1, byte 8: not a request line; write one such as `GET /path HTTP/1.1`, and leave bodies out\n\
         error: empty.http: it contains no request; write a head such as `GET / HTTP/1.1`, its fields, and an empty line\n\
         error: missing.http: there is no such file; check the path\n"
    );
    let files: Vec<Value> = stdout(&assert)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["file"].take())
        .collect();
    assert_eq!(files, ["denied.http", "good.http"]);
}

#[test]
fn json_has_every_member() {
    let folder = folder(&[("policy.toml", POLICY.as_bytes())]);
    let heads =
        "GET /\"x\" HTTP/1.1\n\nPUT / HTTP/1.1\nOrigin: https://a.example\nOrigin: https://a.example\n\n";
    let command = ["decide", "--json", "policy.toml"];
    let expected = r#"{"file":"-","index":0,"method":"GET","target":"/\"x\"","kind":"not-cors","verdict":"allowed","denial":null,"status":null,"fields":[{"name":"vary","value":"origin","op":"append"}]}
{"file":"-","index":1,"method":"PUT","target":"/","kind":"actual","verdict":"denied","denial":{"name":"MultipleOrigins","message":"the request has more than one Origin field"},"status":null,"fields":[{"name":"vary","value":"origin","op":"append"}]}
"#;
    cors().current_dir(&folder).args(command).write_stdin(heads).assert().code(1).stdout(expected).stderr("");
}

#[test]
fn an_image_decides_as_its_policy_does() {
    let folder = folder(&[("policy.toml", POLICY.as_bytes()), ("image", &compile(POLICY))]);
    let decide = |policy| {
        let requests = ["chromium-preflight-delete.http", "firefox-actual-get.http"]
            .map(|name| recorded_requests().join(name));
        cors().current_dir(&folder).args(["decide", policy]).args(requests).assert().code(1)
    };
    assert_eq!(stdout(&decide("image")), stdout(&decide("policy.toml")));
    // From standard input, too.
    let request = recorded_requests().join("chromium-navigation.http");
    cors().args(["decide", "-"]).arg(&request).write_stdin(compile(POLICY)).assert().code(0);
    cors().args(["decide", "-"]).arg(&request).write_stdin(POLICY).assert().code(0);
}

#[test]
fn a_policy_with_problems_decides_nothing() {
    let request = recorded_requests().join("chromium-navigation.http");
    let assert =
        cors().current_dir(demo()).args(["decide", "bad.toml"]).arg(request).assert().code(1).stdout("");
    assert!(stderr(&assert).ends_with("error: bad.toml: 4 problems and 1 risk\n"));
}

#[test]
fn standard_input_is_one_thing() {
    let expected =
        "error: standard input: cannot be both the policy and the requests; name a file for one of them\n";
    cors().args(["decide", "-"]).write_stdin(POLICY).assert().code(2).stdout("").stderr(expected);
    cors()
        .args(["decide", "-", "x.http", "-"])
        .write_stdin(POLICY)
        .assert()
        .code(2)
        .stdout("")
        .stderr(expected);
}

#[test]
fn heads_may_have_any_number_of_fields() {
    let fields = "a: b\n".repeat(10_000);
    let head = format!("GET / HTTP/1.1\n{fields}Origin: https://a.example\n\n");
    let folder = folder(&[("policy.toml", POLICY.as_bytes())]);
    let assert =
        cors().current_dir(&folder).args(["decide", "policy.toml"]).write_stdin(head).assert().code(0);
    assert!(stdout(&assert).contains("actual request: allowed"));
}
