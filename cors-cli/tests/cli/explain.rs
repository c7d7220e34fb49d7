//! `cors explain`: the drawing, the verdict, the fix; JSON and Mermaid; messages from a console.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use predicates::prelude::*;
use serde_json::Value;

use crate::support::{cors, folder, stderr, stdout};

const POLICY: &str = "\
allow_origins = ['https://app.example.com']
allow_methods = ['PUT']
allow_headers = ['*']
expose_headers = ['etag']
max_age = 600
";

/// What the command prints of this policy, and its exit status.
fn explain(policy: &str, arguments: &[&str], status: i32) -> String {
    run(policy, arguments, status, &[])
}

/// The same in a terminal of a hundred columns.
fn explain_in_100_columns(policy: &str, arguments: &[&str], status: i32) -> String {
    run(policy, arguments, status, &[("COLUMNS", "100")])
}

fn run(policy: &str, arguments: &[&str], status: i32, variables: &[(&str, &str)]) -> String {
    let folder = folder(&[("shop.toml", policy.as_bytes())]);
    let mut command = cors();
    command.current_dir(&folder).args(["explain", "shop.toml"]).args(arguments);
    stdout(&command.envs(variables.iter().copied()).assert().code(status).stderr(""))
}

fn json(policy: &str, arguments: &[&str], status: i32) -> Value {
    serde_json::from_str(&explain(policy, &[arguments, &["--json"]].concat(), status)).unwrap()
}

const ALLOWED: &[&str] = &[
    "--origin",
    "https://app.example.com",
    "--url",
    "https://api.example.com/orders/1?full",
    "--method",
    "put",
];

#[test]
fn a_fetch_that_succeeds_is_drawn() {
    let expected = "\
page                               Chromium                                                server
https://app.example.com                                                   https://api.example.com
|                                  |                                                            |
| fetch()                          |                                                            |
| put /orders/1?full               |                                                            |
+--------------------------------->|                                                            |
|                                  |                                                            |
|                                  |* another origin than the page's                            |
|                                  |* has to ask first: the method is PUT, and only GET, HEAD   |
|                                  |    and POST need none                                      |
|                                  |                                                            |
|                                  | OPTIONS /orders/1?full                                     |
|                                  | origin: https://app.example.com                            |
|                                  | access-control-request-method: PUT                         |
|                                  +----------------------------------------------------------->|
|                                  |                                                            |
|                                  |                                       the policy: allowed *|
|                                  |                                                            |
|                                  | 204 No Content                                             |
|                                  | access-control-allow-origin: https://app.example.com       |
|                                  | access-control-allow-methods: PUT                          |
|                                  | access-control-allow-headers: *                            |
|                                  | access-control-max-age: 600                                |
|                                  | vary: origin                                               |
|                                  |<-----------------------------------------------------------+
|                                  |                                                            |
|                                  |* the answer passes the check                               |
|                                  |* keeps the answer for 600 s                                |
|                                  |                                                            |
|                                  | PUT /orders/1?full                                         |
|                                  | origin: https://app.example.com                            |
|                                  +----------------------------------------------------------->|
|                                  |                                                            |
|                                  |                                       the policy: allowed *|
|                                  |                                                            |
|                                  | 200 OK, or whatever the application says                   |
|                                  | access-control-allow-origin: https://app.example.com       |
|                                  | access-control-expose-headers: etag                        |
|                                  | vary: origin                                               |
|                                  |<-----------------------------------------------------------+
|                                  |                                                            |
|                                  |* the response passes the check                             |
|                                  |                                                            |
| the response                     |                                                            |
| readable: status, body, the      |                                                            |
|   safelisted headers, etag       |                                                            |
|<---------------------------------+                                                            |
|                                  |                                                            |

Allowed: the page gets the response.
";
    assert_eq!(
        explain_in_100_columns(POLICY, &[ALLOWED, &["--engine", "chromium", "--ascii"]].concat(), 0),
        expected
    );
    let drawn = explain_in_100_columns(POLICY, &[ALLOWED, &["--engine", "chromium"]].concat(), 0);
    let ascii: String = drawn
        .chars()
        .map(|character| match character {
            '│' => '|',
            '├' | '┤' => '+',
            '─' => '-',
            '▶' => '>',
            '◀' => '<',
            '·' => '*',
            other => other,
        })
        .collect();
    assert_eq!(ascii, expected);
}

#[test]
fn no_line_of_a_drawing_is_wider_than_100_columns() {
    let label = "a".repeat(63);
    let host = format!("{label}.{label}.{label}.example.com");
    let (origin, url) = (format!("https://{host}:12345"), format!("https://{host}/{}", "path/".repeat(100)));
    let header = format!("x-{}: {}", "name".repeat(40), "value".repeat(100));
    let arguments = ["--origin", &origin, "--url", &url, "--method", "DELETE", "--header", &header];
    for options in
        [&["--credentials"][..], &["--xhr", "--upload-listener"], &["--stream", "--engine", "firefox"]]
    {
        let text = explain_in_100_columns(POLICY, &[&arguments, options].concat(), 1);
        let (drawing, _) = text.split_once("\nBlocked").unwrap();
        let widest = drawing.lines().map(|line| line.chars().count()).max().unwrap();
        assert!((90..=100).contains(&widest), "{widest}\n{drawing}");
        let lifelines = drawing.lines().filter(|line| line.starts_with(['│', '├']));
        assert!(lifelines.clone().count() > 20);
        assert!(
            lifelines.clone().all(|line| line.ends_with(['│', '┤']) && line.chars().count() == 97),
            "{drawing}"
        );
    }
}

#[test]
fn every_obstacle_with_its_fixes() {
    let arguments =
        ["--origin", "https://www.app.example.com", "--method", "DELETE", "--credentials", "--brief"];
    let expected = "\
Blocked. In Firefox the page sees no response: PreflightMissingAllowOriginHeader

Firefox's console
  Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example.com/. \
(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 403.
  Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example.com/. \
(Reason: CORS request did not succeed). Status code: (null).

What to change: there are 3 obstacles, and all have to go
1. the policy does not list the page's origin, https://www.app.example.com
   near miss: the page is https://www.app.example.com, but the policy lists
   https://app.example.com: the page has `www.` in front
   fix: add https://www.app.example.com to allow_origins
   or:  open the page at https://app.example.com
2. the fetch is made with credentials, and the policy does not allow them
   fix: set allow_credentials = true
   or:  fetch without credentials: leave `credentials: \"include\"` out
3. the policy does not list the method DELETE
   fix: add DELETE to allow_methods
";
    assert_eq!(explain(POLICY, &[&arguments[..], &["--engine", "firefox"]].concat(), 1), expected);
}

#[test]
fn engines_disagree() {
    let arguments = ["--origin", "https://app.example.com", "--header", "authorization: Bearer x"];
    let verdict = |engine| {
        let object =
            json(POLICY, &[&arguments[..], &["--engine", engine]].concat(), i32::from(engine == "standard"));
        let others: Vec<String> = object["disagreements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|other| {
                format!("{} {}", other["engine"].as_str().unwrap(), other["verdict"].as_str().unwrap())
            })
            .collect();
        (object["verdict"].as_str().unwrap().to_owned(), others)
    };
    let (standard, others) = verdict("standard");
    assert_eq!(standard, "blocked");
    assert_eq!(others, ["chromium allowed", "firefox allowed", "webkit allowed"]);
    assert_eq!(verdict("chromium"), ("allowed".to_owned(), vec!["standard blocked".to_owned()]));
    let text = explain(POLICY, &[&arguments[..], &["--brief"]].concat(), 1);
    assert!(
        text.contains("Note\n- in Chromium the fetch succeeds: there `*` covers authorization\n"),
        "{text}"
    );
}

#[test]
fn json_tells_all_of_it() {
    let object = json(POLICY, &["--origin", "http://app.example.com", "--xhr", "--upload-listener"], 1);
    for (path, expected) in [
        ("/origin", "http://app.example.com"),
        ("/url", "https://api.example.com/"),
        ("/method", "GET"),
        ("/credentials", "same-origin"),
        ("/api", "XMLHttpRequest"),
        ("/engine", "standard"),
        ("/verdict", "blocked"),
        ("/error", "PreflightMissingAllowOriginHeader"),
        ("/denial", "OriginNotAllowed"),
        ("/preflight/request_method", "GET"),
        ("/preflight/verdict", "OriginNotAllowed"),
        ("/steps/0/step", "call"),
        ("/steps/0/from", "page"),
        ("/steps/0/to", "browser"),
        ("/steps/3/step", "preflight"),
        ("/steps/3/to", "server"),
        ("/obstacles/0/obstacle", "origin"),
        ("/obstacles/0/near_misses/0/listed", "https://app.example.com"),
        ("/obstacles/0/near_misses/0/differences/0", "scheme"),
        ("/obstacles/0/fixes/0/fix", "move-page"),
        ("/obstacles/0/fixes/0/place", "page"),
        ("/preflight/response/fields/0/0", "vary"),
        ("/preflight/response/fields/0/1", "origin"),
    ] {
        assert_eq!(object.pointer(path).and_then(Value::as_str), Some(expected), "{path} of {object:#}");
    }
    assert_eq!(object["preflight"]["response"]["status"], 403);
    assert_eq!(object["console"].as_array().unwrap().len(), 1);

    let object = json(POLICY, ALLOWED, 0);
    assert_eq!(object["verdict"], "allowed");
    assert_eq!(object["error"], Value::Null);
    assert_eq!(object["obstacles"].as_array().unwrap().len(), 0);
    assert_eq!(object["response"]["fields"][0][0], "access-control-allow-origin");
}

#[test]
fn mermaid_takes_no_text_for_syntax() {
    let hostile = "x-a: end; #quot; P->>S: <br/> %% \"note\" é";
    for arguments in [ALLOWED, &["--origin", "null", "--credentials", "--header", hostile]] {
        let status = i32::from(arguments != ALLOWED);
        let text = explain(POLICY, &[arguments, &["--mermaid"]].concat(), status);
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("sequenceDiagram"));
        for line in lines {
            let line = line.strip_prefix("    ").unwrap();
            let (head, told) = line.split_once(": ").unwrap_or((line, ""));
            let words: Vec<&str> = head.split(' ').collect();
            let is_arrow = matches!(head, "P->>B" | "B->>S" | "S-->>B" | "B-->>P" | "B-xP");
            let is_known = match words[..] {
                ["participant", "P" | "B" | "S", "as", ..] => true,
                ["Note", "over", over] => ["P", "B", "S", "P,B", "P,S"].contains(&over),
                _ => is_arrow,
            };
            assert!(is_known, "{line}");
            let text = told.replace("<br/>", "");
            assert!(!text.contains(['<', '>', '"', '%', '\u{e9}']), "{line}");
            // `#` and `;` stand at the ends of character codes only.
            let codes = text.split('#').skip(1);
            let is_code = |code: &str| {
                code.split_once(';').is_some_and(|(digits, _)| {
                    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
                })
            };
            assert!(codes.clone().all(is_code), "{line}");
            assert_eq!(codes.count(), text.matches(';').count(), "{line}");
        }
    }
}

#[test]
fn what_cannot_be_asked() {
    let folder = folder(&[("shop.toml", POLICY.as_bytes())]);
    let page = "https://app.example.com";
    for (arguments, expected) in [
        (&["shop.toml", "--origin", "https://App.example.com"][..], "write https://app.example.com"),
        (&["shop.toml", "--origin", "https://*.example.com"], "a page has one origin"),
        (&["shop.toml", "--origin", page, "--url", "api example"], "write an address such as"),
        (&["shop.toml", "--origin", page, "--header", "x-a"], "write 'name: value'"),
        (&["shop.toml", "--origin", page, "--header", "x-a: €"], "up to U+00FF"),
        (&["missing.toml", "--origin", page], "missing.toml"),
        (&["shop.toml"], "--origin"),
        (&["--origin", page], "nothing to explain"),
        (&["shop.toml", "--origin", page, "--stream", "--xhr"], "cannot be used with"),
        (&["shop.toml", "--origin", page, "--engine", "netscape"], "possible values"),
    ] {
        let assert = cors().current_dir(&folder).arg("explain").args(arguments).assert().code(2).stdout("");
        assert!(stderr(&assert).contains(expected), "{arguments:?}: {}", stderr(&assert));
    }
    // A call that throws is a blocked fetch: it has an obstacle with a fix.
    let text = explain(POLICY, &["--origin", page, "--method", "CONNECT", "--brief"], 1);
    assert!(text.starts_with("The call throws: ") && text.contains("fix: use another method"), "{text}");
}

#[test]
fn nothing_of_the_command_line_reaches_the_terminal_as_a_command() {
    let arguments = [
        "--origin",
        "https://app.example.com",
        "--header",
        "x-a: \u{1b}[31m\u{9b}1m",
        "--method",
        "\u{1b}]0;",
    ];
    for output in [&[][..], &["--brief"], &["--json"], &["--mermaid"]] {
        let text = explain(POLICY, &[&arguments[..], output].concat(), 1);
        assert!(text.chars().all(|character| character == '\n' || !character.is_control()), "{text:?}");
    }
}

#[test]
fn an_image_is_a_policy() {
    let folder = folder(&[("shop.cors", &crate::support::compile(POLICY))]);
    let arguments = ["explain", "shop.cors", "--origin", "https://app.example.com"];
    cors().current_dir(&folder).args(arguments).assert().code(0).stdout(predicate::str::contains("Allowed"));
}

/// B4: what stops a request before it is sent is a verdict, with a fix that does not lead into the next obstacle.
#[test]
fn what_comes_before_any_request() {
    const HTTPS: &str = "https://app.example.com";
    const HTTP: &str = "http://app.example.com";
    const MIXED: (&str, &str) =
        ("MixedContent", "serve the address over https, and ask https://api.example.com/");
    const LET: (&str, &str) =
        ("LocalNetworkAccessPermissionDenied", "let the page reach this machine when the browser asks");
    const PORT: (&str, &str) =
        ("UnsafePort", "let the server listen on another port, such as 8080, and ask it there");
    for (page, url, options, (error, fix)) in [
        (HTTPS, "http://api.example.com/", &[][..], MIXED),
        (HTTPS, "http://api.example.com/", &["--engine", "webkit"], MIXED),
        (HTTPS, "http://localhost:8080/", &[], LET),
        (HTTPS, "http://localhost:8080/", &["--local-network-permission"], ("", "")),
        (
            HTTPS,
            "http://localhost:8080/",
            &["--engine", "webkit"],
            (
                "MixedContent",
                "serve the address over https, and ask https://localhost:8080/, or the port at which it speaks TLS",
            ),
        ),
        (HTTPS, "https://api.example.com/", &["--address-space", "loopback"], LET),
        (
            HTTPS,
            "https://api.example.com/",
            &["--address-space", "local", "--page-address-space", "local"],
            ("", ""),
        ),
        (
            HTTP,
            "http://127.0.0.1:8080/",
            &["--engine", "chromium"],
            (
                "InsecureLocalNetwork",
                "serve the page over https, as https://app.example.com, and let the page reach this machine when the browser asks",
            ),
        ),
        (
            HTTP,
            "http://192.168.1.1/",
            &[],
            (
                "InsecureLocalNetwork",
                "serve the page over https, as https://app.example.com, and let it ask https://192.168.1.1/, and let the page \
                 reach a private network when the browser asks",
            ),
        ),
        (
            HTTPS,
            "api.example.com/orders",
            &[],
            ("MissingScheme", "write https://api.example.com/orders, if that server is meant"),
        ),
        (
            HTTPS,
            "localhost:3000/orders",
            &[],
            (
                "CorsDisabledScheme",
                "write http://localhost:3000/orders, if that server is meant, and let the page reach this machine when the \
                 browser asks",
            ),
        ),
        (HTTP, "http://api.example.com:6667/", &[], PORT),
        (HTTPS, "https://api.example.com:6000/", &[], PORT),
        (HTTPS, "http://localhost:10080/", &[], PORT),
        (HTTP, "http://api.example.com:4190/", &["--engine", "firefox"], PORT),
        (HTTPS, "api.example.com:6000/x", &[], ("CorsDisabledScheme", "ask an address that begins with")),
        (
            HTTPS,
            "file:///etc/hosts",
            &[],
            ("CorsDisabledScheme", "ask an address that begins with http:// or https://"),
        ),
    ] {
        let arguments = [&["--origin", page, "--url", url][..], options].concat();
        let is_ok = error.is_empty();
        let object = json(POLICY, &arguments, i32::from(!is_ok));
        assert_eq!(object["verdict"], if is_ok { "allowed" } else { "blocked" }, "{arguments:?}");
        assert_eq!(object["error"].as_str().unwrap_or_default(), error, "{arguments:?}");
        let fixes =
            object["obstacles"].as_array().unwrap().iter().flat_map(|each| each["fixes"].as_array().unwrap());
        let texts: Vec<_> = fixes.map(|fix| fix["text"].as_str().unwrap()).collect();
        assert!(texts.iter().any(|text| text.starts_with(fix)) || is_ok, "{arguments:?} {texts:?}");
        let text = explain(POLICY, &[&arguments[..], &["--brief"]].concat(), i32::from(!is_ok));
        assert_eq!(text.starts_with("Allowed"), is_ok, "{text}");
    }
}

/// A message of each kind that browsers were seen to print.
fn console_messages() -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/browser-cases.json");
    let cases: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut messages = BTreeMap::new();
    for case in cases.as_array().unwrap() {
        let url = "https://api.example.com/orders";
        for line in case.pointer("/observed/firefox/messages").and_then(Value::as_array).into_iter().flatten()
        {
            let (key, text) = line.as_str().unwrap().split_once('|').unwrap();
            messages.insert(format!("firefox {key}"), text.replace("URL", url));
        }
        let chromium = |field: &str| case.pointer("/observed/chromium")?.get(field)?.get(0)?.as_str();
        let variant = chromium("error").and_then(|error| error.split(':').next());
        let message = chromium("messages");
        if let (Some(variant), Some(message)) = (variant, message) {
            messages.insert(format!("chromium {variant}"), message.replace("URL", url));
        }
    }
    messages
}

#[test]
fn every_message_that_browsers_print_is_recognized() {
    let messages = console_messages();
    let engines = |engine| messages.keys().filter(|name| name.starts_with(engine)).count();
    assert!(engines("chromium") >= 15 && engines("firefox") >= 10, "{:?}", messages.keys());
    for (name, message) in messages {
        let assert = cors().args(["explain", "--json", "--message", &message]).assert().code(0).stderr("");
        let object: Value = serde_json::from_str(&stdout(&assert)).unwrap();
        let (engine, key) = name.split_once(' ').unwrap();
        assert_eq!(object["engine"], engine, "{message}");
        if engine == "chromium" {
            assert_eq!(object["error"], key, "{message}");
        }
        assert!(!object["meaning"].as_str().unwrap().is_empty());
        assert!(!object["advice"].as_str().unwrap().is_empty());
    }
}

const METHOD: &str = "Access to XMLHttpRequest at 'https://api.example.com/' from origin 'https://app.example.com' has \
                      been blocked by CORS policy: Method DELETE is not allowed by Access-Control-Allow-Methods in \
                      preflight response.";
const FIREFOX: &str = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at \
                       https://api.example.com/. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status \
                       code: 200.";

#[test]
fn a_message_with_a_policy_tells_what_to_change_there() {
    let expected = "\
Answer the preflight with DELETE in the field: `Access-Control-Allow-Methods:
DELETE`, with the other methods that pages use beside it. GET, HEAD and POST
need not be there.

MethodDisallowedByPreflightResponse, in Chromium
  page: https://app.example.com
  address: https://api.example.com/
  at fault: DELETE

What it means
The answer to the preflight does not have the page's method in
Access-Control-Allow-Methods. Methods are case-sensitive, and with credentials
`*` is not a wildcard.

What to change
- the policy does not list the method DELETE
   fix: add DELETE to allow_methods
";
    assert_eq!(explain(POLICY, &["--message", METHOD], 1), expected);
    let object = json(POLICY, &["--message", METHOD], 1);
    assert_eq!(object["explanation"]["obstacles"][0]["fixes"][0]["text"], "add DELETE to allow_methods");
    assert_eq!(object["explanation"]["api"], "XMLHttpRequest");

    // Firefox does not say which page it was.
    let folder = folder(&[("shop.toml", POLICY.as_bytes())]);
    let assert =
        cors().current_dir(&folder).args(["explain", "shop.toml", "--message", FIREFOX]).assert().code(2);
    assert!(stderr(&assert).contains("--origin: the message does not contain the page's origin; add it"));
    let text = explain(POLICY, &["--message", FIREFOX, "--origin", "https://app.example.com:8443"], 1);
    assert!(text.contains("near miss") && text.contains(": the port differs\n"), "{text}");
    let text = explain(POLICY, &["--message", FIREFOX, "--origin", "https://app.example.com"], 0);
    assert!(
        text.contains("The policy allows this fetch, so that the response came from something else"),
        "{text}"
    );
}

#[test]
fn a_message_is_read_from_standard_input_too() {
    let wrapped = METHOD.replace(' ', "\n");
    for arguments in [&["explain", "--message", "-"][..], &["explain"], &["explain", "-"]] {
        let mut command = cors();
        command.args(arguments).write_stdin(wrapped.clone());
        let told = stdout(&command.assert().code(0));
        assert!(told.contains("\nMethodDisallowedByPreflightResponse, in Chromium\n"), "{told}");
    }
    cors().args(["explain", "-", "--message", "-"]).write_stdin(METHOD).assert().code(2);
}

#[test]
fn a_message_is_written_as_it_is_or_lies_in_a_file() {
    let folder = folder(&[("pasted.txt", METHOD.as_bytes()), ("shop.toml", POLICY.as_bytes())]);
    for arguments in [&[METHOD][..], &["pasted.txt"], &["./pasted.txt"], &["--message", METHOD]] {
        let assert = cors().current_dir(&folder).arg("explain").args(arguments).assert().code(0);
        assert!(
            stdout(&assert).starts_with("Answer the preflight with DELETE in the field"),
            "{arguments:?}"
        );
    }
    let assert =
        cors().current_dir(&folder).args(["explain", METHOD, "--policy", "shop.toml"]).assert().code(1);
    assert!(stdout(&assert).contains("fix: add DELETE to allow_methods"));
    for (arguments, expected) in [
        (&["shop.toml"][..], "add --origin https://app.example.com"),
        (&["missing.toml"], "there is no such file"),
        (&["https://api.example.com/orders"], "cors probe 'https://api.example.com/orders'"),
        (&["x y z"], "Where to look"),
    ] {
        let assert = cors().current_dir(&folder).arg("explain").args(arguments).assert().code(2).stdout("");
        assert!(stderr(&assert).contains(expected), "{arguments:?}: {}", stderr(&assert));
    }
}

/// Several messages are all told, and the sentence about `no-cors` comes with the message that offers it.
#[test]
fn several_messages() {
    let text = format!("{METHOD}\n{FIREFOX}\nTypeError: Failed to fetch\n");
    let assert = cors().args(["explain", &text]).assert().code(0);
    let told = stdout(&assert);
    assert!(told.starts_with("1 of 2 messages\n") && told.contains("\n2 of 2 messages\n"), "{told}");
    let assert = cors().args(["explain", &text, "--json"]).assert().code(0);
    let object: Value = serde_json::from_str(&stdout(&assert)).unwrap();
    assert_eq!(object["cause"], "MethodDisallowedByPreflightResponse");
    assert_eq!(object["more"][0]["cause"], "MissingAllowOriginHeader");
    assert_eq!(object["more"][0]["status"], 200);
    let text =
        format!("{METHOD} If an opaque response serves your needs, set the request's mode to 'no-cors'.");
    cors().args(["explain", &text]).assert().code(0).stdout(predicate::str::contains("What does not help"));
}

#[test]
fn a_neighbour_is_told_as_such() {
    let assert = cors()
        .args(["explain", "GET https://ads.example.com/x.js net::ERR_BLOCKED_BY_CLIENT"])
        .assert()
        .code(0);
    let told = stdout(&assert);
    assert!(
        told.starts_with("Switch off the ad or content blocker") && told.contains("\nThis is not CORS.\n"),
        "{told}"
    );
    let assert = cors().args(["explain", "TypeError: Failed to fetch"]).assert().code(0);
    assert!(stdout(&assert).contains("does not show whether it is CORS"), "{}", stdout(&assert));
}

#[test]
fn a_text_that_is_no_message() {
    for (text, expected) in [
        ("", "the text is empty"),
        ("Uncaught ReferenceError: x is not defined", "nothing in this text is known to be about"),
    ] {
        let assert = cors().args(["explain", "--message", text]).assert().code(2).stdout("");
        let told = stderr(&assert);
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
        for part in [expected, "Access to fetch at", "cors probe"] {
            assert!(words(&told).contains(part), "{told}");
        }
        // Its lines fit the terminal, and only they differ.
        for columns in [60, 80, 100] {
            let mut command = cors();
            command.env("COLUMNS", columns.to_string()).args(["explain", "--message", text]);
            let fitting = stderr(&command.assert().code(2).stdout(""));
            assert_eq!(words(&fitting), words(&told));
            assert!(fitting.lines().all(|line| line.chars().count() <= columns), "{columns}: {fitting}");
        }
    }
}

/// A page that was opened as a file, and loads another file, or itself.
#[test]
fn a_page_from_a_file() {
    let text = "Unsafe attempt to load URL file:///home/x/page.html. 'file:' URLs are treated as unique security origins.";
    let assert = cors().args(["explain", text]).assert().code(0).stderr("");
    let told = stdout(&assert);
    assert!(told.starts_with("Serve the page over http from localhost"), "{told}");
    assert!(
        told.contains("address: file:///home/x/page.html\n") && told.contains("\nThis is not CORS.\n"),
        "{told}"
    );
    let object: Value =
        serde_json::from_str(&stdout(&cors().args(["explain", "--json", text]).assert())).unwrap();
    assert_eq!((&object["cause"], &object["about"]), (&"CorsDisabledScheme".into(), &"not-cors".into()));
}

#[test]
fn a_value_that_nearly_matches_is_told() {
    let message = "Access to fetch at 'https://api.example.com/' from origin 'https://app.example.com' has been blocked by \
                   CORS policy: The 'Access-Control-Allow-Origin' header has a value 'https://app.example.com/' that is \
                   not equal to the supplied origin.";
    cors()
        .args(["explain", "--message", message])
        .assert()
        .code(0)
        .stdout(predicate::str::contains("A near miss: the server sends https://app.example.com/: "));
}
