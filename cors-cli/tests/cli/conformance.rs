//! `cors conformance`: what it prints, writes and returns. What the checks find is tested in `cors-conformance`.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::support::{cors, folder, stderr, stdout};

const POLICY: &str = "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"PUT\"]\n";

/// Starts a server that answers every request alike, and returns its address.
fn server(answer: &'static str) -> String {
    recording_server(answer).0
}

/// Starts a server that answers every request alike; returns its address and the heads of the requests. It ends with the test's process.
fn recording_server(answer: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
    let requests = Arc::new(Mutex::new(Vec::new()));
    let recorded = Arc::clone(&requests);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/orders", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let recorded = Arc::clone(&recorded);
            thread::spawn(move || {
                let mut head = Vec::new();
                let mut buffer = [0; 4096];
                while !head.windows(4).any(|window| window == b"\r\n\r\n") {
                    match stream.read(&mut buffer) {
                        Ok(len @ 1..) => head.extend_from_slice(buffer.get(..len).unwrap_or_default()),
                        _ => return,
                    }
                }
                recorded.lock().unwrap().push(String::from_utf8_lossy(&head).into_owned());
                let _ = stream.write_all(answer.as_bytes());
            });
        }
    });
    (url, requests)
}

const STAR: &str = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n";
const BARE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

#[test]
fn a_server_that_lets_everybody_in() {
    let files = folder(&[("policy.toml", POLICY.as_bytes())]);
    let policy = files.path().join("policy.toml");
    let junit = files.path().join("junit.xml");
    let mut command = cors();
    command.args(["conformance", &server(STAR), "--policy"]).arg(&policy).arg("--junit").arg(&junit);
    let run = command.assert().code(1);
    let printed = stdout(&run);
    assert!(printed.contains("failed: origin-unlisted (security)\n"), "{printed}");
    assert!(printed.contains("lets a page of https://unlisted.invalid read the response"), "{printed}");
    assert!(
        printed
            .contains("  > Origin: https://unlisted.invalid\n  < 200\n  < Access-Control-Allow-Origin: *\n"),
        "{printed}"
    );
    assert!(!printed.contains("failed: origin-listed"), "{printed}");
    let written = std::fs::read_to_string(junit).unwrap();
    assert!(
        written.contains("<testcase classname=\"security\" name=\"origin-unlisted\"><failure"),
        "{written}"
    );
    assert!(written.contains("<testcase classname=\"must\" name=\"origin-listed\"/>"), "{written}");
}

#[test]
fn a_server_without_cors_grants_nothing() {
    let files = folder(&[("policy.toml", POLICY.as_bytes())]);
    let policy = files.path().join("policy.toml");
    let url = server(BARE);
    let with = |more: &[&str]| {
        let mut command = cors();
        command.args(["conformance", &url, "--policy"]).arg(&policy).args(more);
        command.assert()
    };
    with(&["--only", "security"]).code(0);
    with(&["--only", "must"]).code(1);
    let one = with(&["--check", "origin-null", "--json"]).code(0);
    let report: serde_json::Value = serde_json::from_str(&stdout(&one)).unwrap();
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
    assert_eq!(report["findings"][0]["outcome"], "passed");
    assert_eq!(report["findings"][0]["exchanges"][0]["request"][0], "GET /orders HTTP/1.1");
}

const MISSING: &str = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

#[test]
fn an_address_at_which_nothing_is_says_nothing_of_a_policy() {
    let files = folder(&[("policy.toml", POLICY.as_bytes())]);
    let mut command = cors();
    command
        .args(["conformance", &server(MISSING), "--only", "security", "--policy"])
        .arg(files.path().join("policy.toml"));
    let run = command.assert().code(2);
    assert!(stdout(&run).contains("0 failed"), "{}", stdout(&run));
    assert!(stderr(&run).contains("/orders answers 404"), "{}", stderr(&run));
}

#[test]
fn junit_fails_exactly_where_the_command_does() {
    let files = folder(&[("policy.toml", POLICY.as_bytes())]);
    let (policy, junit) = (files.path().join("policy.toml"), files.path().join("junit.xml"));
    let url = server(STAR);
    for class in ["must", "security", "should", "nice"] {
        let mut command = cors();
        command
            .args(["conformance", &url, "--only", class, "--policy"])
            .arg(&policy)
            .arg("--junit")
            .arg(&junit);
        let status = command.assert().get_output().status.code();
        let written = std::fs::read_to_string(&junit).unwrap();
        assert_eq!(status == Some(1), written.contains("<failure"), "{class}: {written}");
    }
    let mut command = cors();
    command.args(["conformance", &url, "--policy"]).arg(&policy).arg("--junit").arg(&junit).assert().code(1);
    let written = std::fs::read_to_string(&junit).unwrap();
    assert!(written.contains("&#10;&gt; GET /orders HTTP/1.1"), "{written}");
    assert!(written.contains("&#10;&lt; Access-Control-Allow-Origin: *"), "{written}");
    assert!(!written.contains("classname=\"nice\" name=\"denied-nothing-else\"><failure"), "{written}");
}

#[test]
fn a_field_goes_with_every_request_but_preflights_and_is_in_no_report() {
    let files = folder(&[("policy.toml", POLICY.as_bytes())]);
    let (url, requests) = recording_server(STAR);
    let mut command = cors();
    command
        .args(["conformance", &url, "--check", "origin-listed", "--check", "preflight-method", "--json"])
        .args(["--header", "x-key: secret-1", "--policy"])
        .arg(files.path().join("policy.toml"));
    let printed = stdout(&command.assert());
    assert!(!printed.contains("secret-1"), "{printed}");
    let requests = requests.lock().unwrap();
    let has_key = |request: &&String| request.contains("\r\nx-key: secret-1\r\n");
    let (preflights, others): (Vec<&String>, Vec<&String>) =
        requests.iter().partition(|request| request.starts_with("OPTIONS"));
    assert!(!preflights.is_empty() && preflights.iter().all(|request| !has_key(request)), "{preflights:?}");
    assert!(others.len() > 1 && others.iter().all(has_key), "{others:?}");
}

#[test]
fn the_configuration_of_another_program_is_a_policy() {
    let bucket = br#"[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]"#;
    let files = folder(&[("cors.json", bucket)]);
    let mut command = cors();
    command
        .args(["conformance", &server(STAR), "--check", "any-origin", "--policy"])
        .arg(files.path().join("cors.json"));
    let printed = stdout(&command.assert().code(0));
    assert!(printed.contains("any-origin: passed"), "{printed}");
}

#[test]
fn the_list_has_reasons_and_sources() {
    let printed = stdout(&cors().args(["conformance", "--list", "--only", "must"]).assert().success());
    assert!(printed.contains("preflight-unauthorized (must)\n"), "{printed}");
    assert!(
        printed.contains("Fetch, \"CORS-preflight\n    fetch\"") || printed.contains("CORS-preflight fetch"),
        "{printed}"
    );
    assert!(!printed.contains("(security)"), "{printed}");
}

#[test]
fn what_cannot_be_run() {
    let rules = br#"[{"AllowedOrigins": ["https://a.example"], "AllowedMethods": ["GET"]}, {"AllowedOrigins": ["https://b.example"], "AllowedMethods": ["PUT"], "ExposeHeaders": ["x-a"]}]"#;
    let files = folder(&[
        ("policy.toml", POLICY.as_bytes()),
        ("routes.json", b"{\"plain\": \"/a\", \"wirte\": \"/b\"}"),
        ("bucket.json", rules),
    ]);
    let path = |name: &str| files.path().join(name).to_string_lossy().into_owned();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{closed}/");
    for (arguments, part) in [
        (vec![url.as_str(), "--policy", &path("policy.toml")], "refused"),
        (vec![&url, "--policy", &path("policy.toml"), "--check", "origin-nul"], "origin-null was meant?"),
        (
            vec![&url, "--policy", &path("policy.toml"), "--routes", &path("routes.json")],
            "there is no route \"wirte\"",
        ),
        (vec![&url, "--policy", &path("bucket.json")], "cors import --rule"),
        (vec!["example.com", "--policy", &path("policy.toml")], "write https://example.com"),
        (vec![&url], "--policy"),
    ] {
        let run = cors().arg("conformance").args(&arguments).assert().code(2);
        let printed = stderr(&run);
        assert!(printed.contains(part), "{arguments:?}: {printed}");
    }
}
