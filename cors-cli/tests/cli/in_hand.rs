//! `cors explain` with what developer tools save and copy: HAR files, requests, response heads.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{cors, folder, stderr, stdout};

fn har(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/har").join(name)
}

#[test]
fn a_har_file() {
    let path = har("chromium-method-not-allowed.har");
    let assert = cors().arg("explain").arg("--har").arg(&path).assert().code(1).stderr("");
    let told = stdout(&assert);
    let expected = "  1  blocked: PUT https://api.example.com/method-not-allowed:\n     \
                    MethodDisallowedByPreflightResponse (PUT); certain\n\nRequest 1\nAnswer the preflight with PUT in the \
                    field: `Access-Control-Allow-Methods: PUT`,\n";
    assert!(told.starts_with(expected), "{told}");
    assert!(
        told.contains("  status of the preflight: 204\n") && told.contains("│ OPTIONS /method-not-allowed"),
        "{told}"
    );
    // Its content tells what it is.
    let same = cors().arg("explain").arg(&path).assert().code(1);
    assert_eq!(stdout(&same), told);
    let same = cors().arg("explain").write_stdin(fs::read_to_string(&path).unwrap()).assert().code(1);
    assert_eq!(stdout(&same), told);

    let assert = cors().args(["explain", "--json", "--har"]).arg(&path).assert().code(1);
    let object: Value = serde_json::from_str(&stdout(&assert)).unwrap();
    let request = &object["requests"][0];
    assert_eq!(request["verdict"], "blocked");
    assert_eq!(request["cause"], "MethodDisallowedByPreflightResponse");
    assert_eq!(request["certainty"], "certain");
    assert_eq!((&request["preflight_status"], &request["status"]), (&Value::from(204), &Value::Null));
    assert_eq!(object["passed"], 0);
}

#[test]
fn a_har_file_in_which_all_passed() {
    let assert = cors().arg("explain").arg("--har").arg(har("chromium-ok-preflight.har")).assert().code(0);
    assert_eq!(stdout(&assert), "1 request of another origin passed.\n");
    let assert =
        cors().arg("explain").arg("--har").arg(har("firefox-wildcard-credentials.har")).assert().code(0);
    let told = stdout(&assert);
    assert!(
        told.starts_with("  1  lucky: GET ") && told.contains("if the page asks with credentials"),
        "{told}"
    );
    let assert = cors()
        .args(["explain", "--entry", "7", "--har"])
        .arg(har("firefox-wildcard-credentials.har"))
        .assert()
        .code(2);
    assert!(stderr(&assert).contains("there is no request 7; there are 1"));
    for (bytes, expected) in
        [("{\"log\": {}}", "not a HAR file"), ("{\"log\": {\"entries\": [", "not JSON, or cut")]
    {
        let assert = cors().args(["explain", "--har", "-"]).write_stdin(bytes).assert().code(2).stdout("");
        assert!(stderr(&assert).contains(expected), "{}", stderr(&assert));
    }
}

/// Secrets in every place of a HAR file: nothing of them is printed.
#[test]
fn no_secret_of_a_har_file_is_printed() {
    let secret = "s3cr3tS3cr3tS3cr3t42";
    for name in
        ["chromium-method-not-allowed.har", "chromium-wildcard-credentials.har", "firefox-acao-mismatch.har"]
    {
        let mut file: Value = serde_json::from_str(&fs::read_to_string(har(name)).unwrap()).unwrap();
        for entry in file["log"]["entries"].as_array_mut().unwrap() {
            for (side, part) in [
                ("request", "headers"),
                ("response", "headers"),
                ("request", "cookies"),
                ("response", "cookies"),
                ("request", "queryString"),
            ] {
                let Some(fields) = entry[side][part].as_array_mut() else { continue };
                for field in
                    ["Cookie", "Set-Cookie", "Authorization", "X-Token", "Server", "X-Powered-By", "Referer"]
                {
                    fields.push(serde_json::json!({"name": field, "value": format!("a={secret}")}));
                }
            }
            for side in ["request", "response"] {
                entry[side]["comment"] = secret.into();
                entry[side]["content"]["text"] = secret.into();
                entry[side]["postData"] = serde_json::json!({"mimeType": secret, "text": secret});
            }
            for pointer in ["/request/url", "/response/redirectURL"] {
                if let Some(url) =
                    entry.pointer_mut(pointer).filter(|url| url.as_str().is_some_and(|url| !url.is_empty()))
                {
                    *url = format!("{}/{secret}?token={secret}#{secret}", url.as_str().unwrap()).into();
                }
            }
        }
        for options in [&[][..], &["--json"], &["--ascii"], &["--brief"], &["--stack", "express"]] {
            let assert =
                cors().args(["explain", "--har", "-"]).args(options).write_stdin(file.to_string()).assert();
            let printed = stdout(&assert) + &stderr(&assert);
            assert!(
                printed.contains("https://api.example.com/") && !printed.contains(secret),
                "{name}: {printed}"
            );
        }
    }
}

const CURL: &str = "curl 'https://api.example.com/orders?token=s3cr3t' \\\n  -X 'PUT' \\\n  -H 'Origin: https://app.example.com' \\\n  \
                    -H 'authorization: Bearer s3cr3t' \\\n  -H 'content-type: application/json' \\\n  --data-raw '{}'";

#[test]
fn a_copied_request() {
    let assert = cors().args(["explain", CURL]).assert().code(0).stderr("");
    let told = stdout(&assert).replace('\n', " ");
    for part in [
        "The response has to have `Access-Control-Allow-Origin: https://app.example.com`",
        "`Access-Control-Allow-Methods: PUT`",
        "authorization, content-type",
        "cors probe 'https://api.example.com/orders?token=…' --origin 'https://app.example.com' --method PUT",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("s3cr3t"), "{told}");
    let call = "await fetch(\"https://api.example.com/orders\", {\n  \"headers\": {\"x-a\": \"1\"}, \"referrer\": \"https://app.example.com/\"});";
    for arguments in [&["--fetch", call][..], &["--fetch", "-"], &[call], &[]] {
        let assert = cors().arg("explain").args(arguments).arg("--json").write_stdin(call).assert().code(0);
        let object: Value = serde_json::from_str(&stdout(&assert)).unwrap();
        assert_eq!(object["needs_preflight"], true, "{arguments:?}");
        assert_eq!(object["allow_headers"][0], "x-a");
    }
    let folder = folder(&[
        ("shop.toml", b"allow_origins = [\"https://app.example.com\"]\n"),
        ("copied.txt", CURL.as_bytes()),
    ]);
    for arguments in [
        &["--curl", CURL, "shop.toml"][..],
        &[CURL, "--policy", "shop.toml"],
        &["copied.txt", "--policy", "shop.toml"],
    ] {
        let assert =
            cors().current_dir(&folder).arg("explain").args(arguments).arg("--brief").assert().code(1);
        let told = stdout(&assert);
        assert!(told.contains("fix: add PUT to allow_methods") && !told.contains("s3cr3t"), "{told}");
    }
    cors().args(["explain", "--curl", "wget https://a/"]).assert().code(2);
    let assert = cors().args(["explain", "curl https://api.example.com/"]).assert().code(2);
    assert!(stderr(&assert).contains("--origin"), "{}", stderr(&assert));
}

#[test]
fn a_response_head() {
    let head = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nSet-Cookie: a=s3cr3t\r\n\r\n{}";
    let assert = cors()
        .args(["explain", "--response", "-", "--origin", "https://app.example.com", "--credentials"])
        .write_stdin(head)
        .assert()
        .code(1);
    let told = stdout(&assert);
    assert!(told.starts_with("Send `Access-Control-Allow-Origin: https://app.example.com`"), "{told}");
    assert!(told.contains("WildcardOriginNotAllowed") && !told.contains("s3cr3t"), "{told}");
    cors()
        .args(["explain", "--response", "-", "--origin", "https://app.example.com"])
        .write_stdin(head)
        .assert()
        .code(0);
    // The answer to the preflight, and the response.
    let heads = "HTTP/2 204 \naccess-control-allow-origin: https://app.example.com\naccess-control-allow-methods: PUT\n\
                 access-control-allow-headers: authorization, content-type\n\nHTTP/2 404 \n\n";
    let folder = folder(&[("heads.txt", heads.as_bytes())]);
    let assert =
        cors().current_dir(&folder).args(["explain", CURL, "--response", "heads.txt"]).assert().code(1);
    let told = stdout(&assert);
    assert!(
        told.contains("MissingAllowOriginHeader") && told.contains("· the answer passes the check"),
        "{told}"
    );
    let assert = cors().current_dir(&folder).args(["explain", "heads.txt"]).assert().code(2);
    assert!(stderr(&assert).contains("--origin"));
    let assert = cors()
        .args(["explain", "--response", "-", "--origin", "https://a.example.com"])
        .write_stdin("{}")
        .assert()
        .code(2);
    assert!(stderr(&assert).contains("no response head in it"));
}

/// D4: what a response shows beyond the fields of CORS, as `probe` prints it.
#[test]
fn clues_of_a_response_head() {
    let cached = "HTTP/1.1 200 OK\r\nAge: 120\r\nX-Cache: HIT\r\nAccess-Control-Allow-Origin: https://other.example.com\r\n\r\n";
    let cookie = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: https://app.example.com\r\nAccess-Control-Allow-Credentials: \
                  true\r\nSet-Cookie: sid=s3cr3t; Path=/; SameSite=Lax\r\nX-Total-Count: 7\r\n\r\n";
    let login = "HTTP/1.1 302 Found\r\nLocation: https://login.example.net/?token=s3cr3t\r\n\r\n";
    for (head, status, clues, sentence) in [
        (cached, 1, &["cache"][..], "A cache gave this response"),
        (cookie, 0, &["unexposed-header", "withheld-cookie"], "sets the cookie sid for its own site alone"),
        (
            login,
            1,
            &["login-redirect"],
            "The response redirects to https://login.example.net, another origin",
        ),
    ] {
        let run = |option: &[&str]| {
            let asked =
                ["explain", "--response", "-", "--origin", "https://app.example.com", "--credentials"];
            let url = ["--url", "https://api.example.net/orders"];
            let assert = cors().args(asked).args(url).args(option).write_stdin(head).assert().code(status);
            let printed = stdout(&assert);
            assert!(!printed.contains("s3cr3t"), "{printed}");
            printed
        };
        let told = run(&[]).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(told.matches(sentence).count(), 1, "{told}");
        let object: Value = serde_json::from_str(&run(&["--json"])).unwrap();
        let names: Vec<_> =
            object["clues"].as_array().unwrap().iter().map(|clue| clue["clue"].as_str().unwrap()).collect();
        for clue in clues {
            assert!(names.contains(clue), "{names:?}");
        }
        for clue in object["clues"].as_array().unwrap() {
            assert!(
                !clue["text"].as_str().unwrap().is_empty() && !clue["advice"].as_str().unwrap().is_empty()
            );
        }
    }
    // A policy has no responses.
    let folder = folder(&[("shop.toml", b"allow_origins = [\"https://app.example.com\"]\n")]);
    let arguments = ["explain", "shop.toml", "--origin", "https://app.example.com", "--json"];
    let assert = cors().current_dir(&folder).args(arguments).assert().code(0);
    assert_eq!(serde_json::from_str::<Value>(&stdout(&assert)).unwrap().get("clues"), None);
}

#[test]
fn clues_of_a_har_file() {
    let name = "chromium-wildcard-credentials.har";
    let mut file: Value = serde_json::from_str(&fs::read_to_string(har(name)).unwrap()).unwrap();
    for entry in file["log"]["entries"].as_array_mut().unwrap() {
        let fields = entry["response"]["headers"].as_array_mut().unwrap();
        fields.push(serde_json::json!({"name": "Age", "value": "120"}));
    }
    let run = |option: &[&str]| {
        let arguments = ["explain", "--har", "-"];
        stdout(&cors().args(arguments).args(option).write_stdin(file.to_string()).assert().code(1))
    };
    let told = run(&[]).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(told.matches("A cache gave this response").count(), 1, "{told}");
    let object: Value = serde_json::from_str(&run(&["--json"])).unwrap();
    let clue = &object["requests"][0]["clues"][0];
    assert_eq!((&clue["clue"], &clue["stage"]), (&"cache".into(), &"actual".into()));
    assert!(clue["advice"].as_str().unwrap().starts_with("send `Vary: Origin`"), "{clue}");
}
