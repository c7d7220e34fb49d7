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
            "Let https://api.example.net answer 401 in place of the redirect to https://login.example.net, and",
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
        // What to do about a login stands first, whatever the request carried.
        assert_eq!(told.starts_with("Let https://api.example.net answer 401"), head == login, "{told}");
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

const MESSAGE: &str = "Access to fetch at 'https://u:s3cr3t@api.example.com/orders?token=s3cr3t#s3cr3t' from origin \
                       'https://app.example.com' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is \
                       present on the requested resource.";

/// What a file holds is told by its content, also beside `--origin`, and in UTF-16.
#[test]
fn what_is_in_hand_is_told_by_its_content() {
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(MESSAGE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let folder = folder(&[
        ("windows.txt", &utf16[..]),
        ("head", b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: https://app.example.com\r\n\r\n"),
        ("shop.toml", b"allow_origins = [\"https://app.example.com\"]\n"),
        ("shop", b"{\"allow_origins\": [\"https://app.example.com\"]}"),
    ]);
    let run = |arguments: &[&str], status: i32| {
        let assert = cors().current_dir(&folder).arg("explain").args(arguments).assert().code(status);
        stdout(&assert)
    };
    let page = ["--origin", "https://app.example.com"];
    assert!(run(&["windows.txt"], 0).contains("\nMissingAllowOriginHeader, in Chromium\n"));
    assert!(run(&["windows.txt", page[0], page[1]], 0).contains("\nMissingAllowOriginHeader, in Chromium\n"));
    assert!(run(&["head", page[0], page[1]], 0).starts_with("Nothing: these responses pass"));
    assert!(run(&["shop", page[0], page[1], "--brief"], 0).starts_with("Allowed"));
    assert!(run(&["shop.toml", page[0], page[1], "--brief"], 0).starts_with("Allowed"));
    let path = har("chromium-method-not-allowed.har");
    assert!(run(&[path.to_str().unwrap(), page[0], page[1]], 1).starts_with("  1  blocked: PUT"));
}

/// Secrets of an address are printed nowhere, and neither are those in options that cannot be used.
#[test]
fn no_secret_of_an_address_is_printed() {
    let secret = "https://u:s3cr3t@api.example.com/?token=s3cr3t";
    for arguments in [
        &[MESSAGE][..],
        &[MESSAGE, "--json"],
        &[MESSAGE, "--stack", "express"],
        &[secret],
        &["--stack", "express", "--url", secret, "--origin", "https://app.example.com"],
        &["--stack", "express", "--header", "authorization s3cr3t", "--origin", "https://app.example.com"],
        &[
            "--curl",
            "curl 'https://api.example.com/?token=s3cr3t' -u me:s3cr3t",
            "--origin",
            "https://app.example.com",
        ],
    ] {
        let assert = cors().arg("explain").args(arguments).assert();
        let printed = stdout(&assert) + &stderr(&assert);
        assert!(!printed.is_empty() && !printed.contains("s3cr3t"), "{arguments:?}: {printed}");
    }
}

/// Options beside an input complete it.
#[test]
fn options_complete_what_is_in_hand() {
    let preflight = "Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is \
                     present on the requested resource. Origin 'https://app.example.com' is therefore not allowed access.";
    let options = ["--method", "PUT", "--header", "X-Token: 1", "--credentials", "--stack", "express"];
    let assert = cors().arg("explain").args(options).write_stdin(preflight).assert().code(0);
    let told = stdout(&assert);
    for part in ["'PUT'],\n", "allowedHeaders: ['x-token'],\n", "credentials: true,\n"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    // Without them, the answer asks for them.
    let told = stdout(&cors().args(["explain", preflight]).assert().code(0));
    assert!(told.contains("`--method PUT`") && told.contains("`--header 'content-type"), "{told}");
    let assert = cors()
        .args(["explain", "--har"])
        .arg(har("chromium-acao-mismatch.har"))
        .args(options)
        .assert()
        .code(1);
    assert!(stdout(&assert).contains("allowedHeaders: ['x-token'],\n"), "{}", stdout(&assert));
    // Without a page's origin the lines have one to be replaced.
    let told = stdout(&cors().args(["explain", "--stack", "express"]).assert().code(0));
    assert!(
        told.contains("The page's origin is not known: write it in place of https://app.example.com"),
        "{told}"
    );
    // A question, and a login, for which there are no lines.
    let told = stdout(&cors().args(["explain", "How do I allow my front end?"]).assert().code(0));
    assert!(told.contains("  cors explain --stack express --origin 'https://app.example.com'\n"), "{told}");
    let login = "Access to fetch at 'https://login.example.net/' (redirected from 'https://api.example.com/') from origin \
                 'https://app.example.com' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the \
                 requested resource.";
    let told = stdout(&cors().args(["explain", "--stack", "express", login]).assert().code(0));
    assert!(told.contains("\nNo lines for --stack: ") && !told.contains("In Express"), "{told}");
}

/// What is no request by CORS, or stops before it.
#[test]
fn copied_requests_that_cors_does_not_stop() {
    for (request, status, act) in [
        (
            "curl 'http://api.example.com/x' -H 'Origin: https://app.example.com'",
            1,
            "Serve the address over https",
        ),
        ("curl 'http://192.168.1.4/x' -H 'Origin: http://app.example.com'", 1, "Serve the page over https"),
        (
            "curl 'ftp://api.example.com/x' -H 'Origin: https://app.example.com'",
            1,
            "Ask an address that begins with",
        ),
        ("curl 'wss://api.example.com/x' -H 'Origin: https://app.example.com'", 0, "Look at the handshake"),
        (
            "curl 'https://api.example.com/p.png' -H 'Origin: https://app.example.com' -H 'Sec-Fetch-Mode: no-cors'",
            0,
            "Leave it, if the page need not read the response",
        ),
        (
            "curl 'https://app.example.com/x' -H 'Origin: https://app.example.com'",
            0,
            "Nothing: the page and the address",
        ),
    ] {
        let told = stdout(&cors().args(["explain", request]).assert().code(status));
        assert!(told.starts_with(act), "{request}: {told}");
        assert!(!told.contains("The response has to have"), "{told}");
    }
}

#[test]
fn other_ways_to_copy_requests() {
    let powershell = "Invoke-WebRequest -UseBasicParsing -Uri \"https://api.example.com/x\" `\n-Method \"PUT\" `\n-Headers @{\n\
                      \"origin\"=\"https://app.example.com\"\n  \"x-token\"=\"s3cr3t\"\n}";
    let all = "curl 'https://api.example.com/a' -H 'Origin: https://app.example.com' ;\ncurl 'https://api.example.com/b' -X PUT -H \
               'Origin: https://app.example.com'";
    let trace = "* Connected to api.example.com (192.0.2.1) port 443\n> GET /a HTTP/1.1\n> Host: api.example.com\n> \n< HTTP/1.1 200 OK\n\
                 < Vary: Origin\n< \n";
    let call = "const response = await fetch('https://api.example.com/x', { method: 'PUT', body: JSON.stringify({ a: [1] }) });";
    let run = |arguments: &[&str], status: i32| {
        stdout(&cors().arg("explain").args(arguments).assert().code(status))
    };
    let told = run(&[powershell], 0);
    assert!(told.contains("address: PUT https://api.example.com/x\n") && told.contains("x-token"), "{told}");
    assert!(run(&[all], 0).contains("2 of 2 requests\n"));
    let page = ["--origin", "https://app.example.com"];
    let told = run(&[&["--fetch", call], &page[..]].concat(), 0);
    assert!(told.contains("address: PUT https://api.example.com/x\n"), "{told}");
    let line = "const rows = await fetch(`https://api.example.com/${id}`, { headers: { Authorization: 'Bearer ' + token } });";
    let told = run(&[&[line], &page[..]].concat(), 0).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("`Access-Control-Allow-Headers: authorization`"), "{told}");
    // The fields alone, as developer tools copy them.
    let fields = "access-control-allow-origin: https://other.example.com\nserver: nginx\n";
    let told = run(&[&[fields], &page[..]].concat(), 1);
    assert!(told.contains("\nAllowOriginMismatch\n"), "{told}");
    // The request that was made without an Origin says nothing of one that has it.
    let told = run(&[&[trace], &page[..]].concat(), 1);
    assert!(
        told.starts_with(
            "Ask again with `-H 'Origin: https://app.example.com'`: the request carried no\nOrigin."
        ),
        "{told}"
    );
}

#[test]
fn a_value_of_the_command_line_is_not_printed() {
    let head = b"HTTP/1.1 204 No Content\naccess-control-allow-origin: *\n\nHTTP/1.1 200 OK\naccess-control-allow-origin: *\n\n";
    let files = [("r.txt", &head[..]), ("p.toml", &b"allow_origins = [\"https://app.example.com\"]\n"[..])];
    for given in [&["--response", "r.txt"][..], &["p.toml"]] {
        for form in [&[][..], &["--json"], &["--mermaid"]] {
            let fetch = ["--origin", "https://app.example.com", "--header", "x-secret: s3cr3t"];
            let folder = folder(&files);
            let output = cors()
                .current_dir(&folder)
                .arg("explain")
                .args(given)
                .args(fetch)
                .args(form)
                .output()
                .unwrap();
            let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert!(
                printed.contains("x-secret") && !printed.contains("s3cr3t"),
                "{given:?} {form:?}: {printed}"
            );
        }
    }
}
