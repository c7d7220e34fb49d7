//! The answers that the page gets for a case.

use assert_cmd::Command;
use cors_testing::program::program;
use serde_json::{Value, json};

use crate::process::Served;

const POLICY: &str = "\
allow_origins = ['https://app.example.com', 'https://*.example.org']
allow_methods = ['PUT']
allow_headers = ['content-type', 'x-a']
expose_headers = ['etag']
allow_credentials = true
";

/// What `cors explain --json` prints.
fn explained(policy: &str, arguments: &[&str]) -> Value {
    let mut command = Command::new(program(env!("CARGO_BIN_EXE_cors")));
    command.args(["explain", "-", "--json"]).args(arguments).write_stdin(policy);
    serde_json::from_slice(&command.output().unwrap().stdout).unwrap()
}

#[test]
fn it_is_what_explain_prints() {
    let page = Served::sample();
    let app = "https://app.example.com";
    let cases: [(&str, &[&str], Value); 12] = [
        (POLICY, &["--origin", app], json!({ "origin": app })),
        (
            POLICY,
            &["--origin", app, "--method", "put", "--credentials", "--engine", "chromium"],
            json!({ "origin": app, "method": "put", "credentials": true, "engine": "chromium" }),
        ),
        (
            POLICY,
            &[
                "--origin", app, "--method", "PATCH", "--header", "X-A: 1", "--header", "x-b: é", "--engine",
                "firefox",
            ],
            json!({ "origin": app, "method": "PATCH", "headers": ["X-A: 1", "x-b: é"], "engine": "firefox" }),
        ),
        (
            POLICY,
            &[
                "--origin",
                "http://www.example.org",
                "--url",
                "http://api.example.com/a?b#c",
                "--engine",
                "webkit",
            ],
            json!({ "origin": "http://www.example.org", "url": "http://api.example.com/a?b#c", "engine": "webkit" }),
        ),
        (
            POLICY,
            &["--origin", app, "--xhr", "--upload-listener", "--method", "POST"],
            json!({ "origin": app, "api": "XMLHttpRequest", "upload_listener": true, "method": "POST" }),
        ),
        (
            POLICY,
            &["--origin", app, "--stream", "--method", "POST"],
            json!({ "origin": app, "api": "fetch", "stream": true, "method": "POST" }),
        ),
        (
            POLICY,
            &["--origin", "null", "--element", "script", "--credentials"],
            json!({ "origin": "null", "api": "script", "credentials": true }),
        ),
        (
            POLICY,
            &["--origin", "https://example.org", "--element", "font", "--engine", "chromium"],
            json!({ "origin": "https://example.org", "api": "font", "engine": "chromium" }),
        ),
        (
            // What an image has not is left aside.
            POLICY,
            &["--origin", "https://example.org", "--element", "image"],
            json!({
                "origin": "https://example.org", "api": "image", "method": "PUT", "headers": ["x-b: 1"],
                "stream": true, "upload_listener": true,
            }),
        ),
        (POLICY, &["--origin", app, "--method", "CONNECT"], json!({ "origin": app, "method": "CONNECT" })),
        (
            POLICY,
            &["--origin", app, "--url", "https://app.example.com/own"],
            json!({ "origin": app, "url": "https://app.example.com/own" }),
        ),
        (
            "allow_origins = ['*']\nallow_headers = ['*']\n",
            &["--origin", app, "--header", "authorization: Bearer x"],
            json!({ "origin": app, "headers": ["authorization: Bearer x"] }),
        ),
    ];
    for (policy, arguments, fetch) in cases {
        let answer = page.explain(&json!({ "policy": policy, "fetch": fetch }));
        assert_eq!(answer["explanation"], explained(policy, arguments), "{arguments:?}");
        assert_eq!((&answer["problems"], &answer["wrong"]), (&json!([]), &Value::Null));
    }
}

#[test]
fn steps_have_the_lines_of_the_drawing() {
    let page = Served::sample();
    let fetch = json!({ "origin": "https://app.example.com", "method": "PATCH", "engine": "chromium" });
    let answer = page.explain(&json!({ "policy": POLICY, "fetch": fetch }));
    let steps = answer["explanation"]["steps"].as_array().unwrap();
    let step = |name: &str| {
        let step = steps.iter().find(|step| step["step"] == name).unwrap();
        (step["tone"].as_str().unwrap(), &step["lines"])
    };
    assert_eq!(
        step("preflight"),
        (
            "plain",
            &json!(["OPTIONS /", "origin: https://app.example.com", "access-control-request-method: PATCH"])
        )
    );
    assert_eq!(step("preflight-check"), ("bad", &json!(["blocked: MethodDisallowedByPreflightResponse"])));
    assert_eq!(step("fail"), ("bad", &json!(["TypeError: Failed to fetch"])));
    assert_eq!(answer["explanation"]["console_of"], "Chromium's console");
    assert_eq!(
        answer["summary"],
        "allows 1 origin and 1 pattern of origins; GET, HEAD, POST, PUT; 2 headers; credentials"
    );
}

/// Each problem in a line: `2:5+3 what is wrong; what to write`.
fn problems(answer: &Value) -> Vec<String> {
    let problem = |problem: &Value| {
        let place = match (&problem["line"], &problem["column"], &problem["length"]) {
            (Value::Null, Value::Null, Value::Null) => "-".to_owned(),
            (line, column, length) => format!("{line}:{column}+{length}"),
        };
        let risk = problem["risk"].as_str().map(|risk| format!(" [{risk}]")).unwrap_or_default();
        let help = problem["help"].as_str().map(|help| format!("; {help}")).unwrap_or_default();
        format!("{place}{risk} {}{help}", problem["text"].as_str().unwrap())
    };
    answer["problems"].as_array().unwrap().iter().map(problem).collect()
}

#[test]
fn problems_have_their_places() {
    let page = Served::sample();
    let cases: [(&str, &[&str]); 7] = [
        (
            "# é\u{1f600}\nallow_origins = [\n  'https://Shop.example.com:443/', \"https://*.github.io\",\n]\nallow_credentials = true\n",
            &[
                "3:3+31 allow_origins: not in the form that a browser sends, so it would never match; write https://shop.example.com",
                "3:36+21 [PublicSuffix] allow_origins: anyone can register a name under it and read as a signed-in user; \
                 write your own names under it, or add PublicSuffix to accept_risks",
            ],
        ),
        // Characters, not bytes.
        (
            "allow_origins = ['é\u{1f600}.example', 'x.example']",
            &[
                "1:18+12 allow_origins: an origin begins with its scheme; add the scheme: https://xn--9ca2767w.example",
                "1:32+11 allow_origins: an origin begins with its scheme; add the scheme: https://x.example",
            ],
        ),
        (
            "allow_method = ['PUT']\r\nmax_age = '2h'\r\n",
            &[
                "1:1+12 unknown field `allow_method`; did you mean `allow_methods`?",
                "2:11+4 max_age: a string where a whole number of seconds should be; write it like 7200",
            ],
        ),
        // Of an entry that goes over several lines, the part in its first.
        (
            "max_age = '''\na\n'''",
            &["1:11+3 max_age: a string where a whole number of seconds should be; write it like 7200"],
        ),
        ("{ \"allow_origin\": [] }", &["1:3+14 unknown field `allow_origin`; did you mean `allow_origins`?"]),
        (" \n", &["- empty; a policy begins with allow_origins = [\"https://app.example.com\"]"]),
        ("a\0", &["- neither a text nor an image: byte 1 is NUL; save the policy as UTF-8 text"]),
    ];
    for (policy, expected) in cases {
        let answer =
            page.explain(&json!({ "policy": policy, "fetch": { "origin": "https://app.example.com" } }));
        assert_eq!(problems(&answer), expected, "{policy:?}");
        assert_eq!(
            (&answer["explanation"], &answer["wrong"], &answer["summary"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
    }
}

#[test]
fn what_cannot_be_asked_has_its_part() {
    let page = Served::sample();
    let app = "https://app.example.com";
    let cases = [
        (json!({}), "origin", ""),
        (json!({ "origin": "https://App.example.com" }), "origin", "https://App.example.com"),
        (json!({ "origin": app, "url": "" }), "url", ""),
        (json!({ "origin": app, "url": "https://a b" }), "url", "https://a b"),
        (json!({ "origin": app, "headers": ["x-a: 1", "x-b"] }), "headers", "x-b"),
        (json!({ "origin": app, "headers": ["x-a: €"] }), "headers", "x-a: €"),
        (json!({ "origin": app, "api": "font", "credentials": true }), "credentials", ""),
    ];
    for (fetch, part, value) in cases {
        let answer = page.explain(&json!({ "policy": POLICY, "fetch": fetch }));
        assert_eq!(
            (&answer["wrong"]["part"], &answer["wrong"]["value"]),
            (&json!(part), &json!(value)),
            "{fetch}"
        );
        assert_eq!((&answer["explanation"], &answer["problems"]), (&Value::Null, &json!([])));
        // Told along with the problems of the policy.
        let answer = page.explain(&json!({ "policy": "x = 1", "fetch": fetch }));
        assert_eq!((&answer["wrong"]["part"], problems(&answer).len()), (&json!(part), 1));
    }
}
