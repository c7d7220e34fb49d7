//! HAR files that Chromium's and Firefox's own developer tools wrote, against what a careful reader concludes and how surely.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's helpers may stop it, too"
)]
//! `tests/har/truth.json` has that, and what the browser itself said.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cors_diagnosis::Answer;
use cors_diagnosis::input::{Certainty, Entry, har};
use serde::Deserialize;

#[derive(Deserialize)]
struct Truth {
    reader: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/har")
}

/// Returns the name of the cause and the certainty that the reader's words mean; nothing for a request that is passed over.
fn meant(words: &str) -> Option<(&'static str, Certainty)> {
    use Certainty::{Ambiguous, ByElimination, Certain};
    let certainty = if words.contains("ambiguous") {
        Ambiguous
    } else if words.contains("by elimination") {
        ByElimination
    } else {
        Certain
    };
    let name = words.split([':', ' ']).next().unwrap();
    let cause = match name {
        "no-cors" => return None,
        "no" if words == "no entry" => return None,
        "ok" => "",
        "unknown" | "not" => "not-sent",
        "no" => "did-not-succeed",
        "network" => "no-answer",
        "aborted" => "aborted",
        "CORP" => "cross-origin-resource-policy",
        "PreflightUnanswered" => "preflight-unanswered",
        other => ERRORS.into_iter().find(|error| *error == other).unwrap_or_else(|| panic!("{words}")),
    };
    Some((cause, certainty))
}

const ERRORS: [&str; 9] = [
    "AllowOriginMismatch",
    "HeaderDisallowedByPreflightResponse",
    "InvalidAllowCredentials",
    "MethodDisallowedByPreflightResponse",
    "MissingAllowOriginHeader",
    "MultipleAllowOriginValues",
    "PreflightDisallowedRedirect",
    "PreflightMissingAllowOriginHeader",
    "WildcardOriginNotAllowed",
];

fn told(entry: &Entry) -> (&'static str, Certainty) {
    (entry.message().map_or("", |message| message.name()), entry.certainty)
}

#[test]
fn every_file_is_read_as_a_careful_reader_does() {
    let truth: BTreeMap<String, Truth> =
        serde_json::from_str(&fs::read_to_string(folder().join("truth.json")).unwrap()).unwrap();
    assert!(truth.len() >= 60, "{}", truth.len());
    for (name, Truth { reader }) in truth {
        let entries = har(&fs::read_to_string(folder().join(&name)).unwrap()).unwrap();
        let found: Vec<_> = entries.iter().map(told).collect();
        let expected: Vec<_> = reader.split("<br>").filter_map(meant).collect();
        assert_eq!(found, expected, "{name}: {reader}");
        for message in entries.iter().filter_map(Entry::message) {
            let answer = Answer::to_message(&message, None);
            assert!(!answer.act.is_empty() && !answer.act.contains("Origin: null"), "{name}: {answer:?}");
        }
    }
}

/// The page of a sandboxed frame.
#[test]
fn an_opaque_origin() {
    let entries = har(&fs::read_to_string(folder().join("chromium-null-origin-late.har")).unwrap()).unwrap();
    let found: Vec<_> = entries.iter().map(told).collect();
    assert_eq!(found, [("AllowOriginMismatch", Certainty::Certain)]);
    assert_eq!(entries[0].case.page.as_deref(), Some("null"));
}

/// Recorded by `tests/e2e/record-har.mjs`. Of the user name no more is kept than that there is one.
#[test]
fn a_redirect_with_a_user_name() {
    let name = "chromium-user-name-in-a-redirect.har";
    let entries = har(&fs::read_to_string(folder().join(name)).unwrap()).unwrap();
    let found: Vec<_> = entries.iter().map(told).collect();
    assert_eq!(found, [("RedirectContainsCredentials", Certainty::Certain)]);
    assert!(!format!("{entries:?}").contains("me@"), "{entries:?}");
}

/// Secrets in every place that a file has: none is kept.
#[test]
fn no_secret_is_kept() {
    let secret = "s3cr3tS3cr3tS3cr3t42";
    let text = fs::read_to_string(folder().join("chromium-method-not-allowed.har")).unwrap();
    let mut file: serde_json::Value = serde_json::from_str(&text).unwrap();
    plant(&mut file, secret, "");
    let planted = file.to_string();
    assert!(planted.matches(secret).count() > 100, "{}", planted.matches(secret).count());
    let entries = har(&planted).unwrap();
    assert!(!entries.is_empty());
    let kept = format!("{entries:?}");
    assert!(!kept.contains(secret), "{kept}");
    for message in entries.iter().filter_map(Entry::message) {
        let answer = format!("{message:?} {:?}", Answer::to_message(&message, None));
        assert!(!answer.contains(secret), "{answer}");
    }
}

/// Puts a secret into every string of a file, and more fields with it, so that the file still tells its requests.
fn plant(value: &mut serde_json::Value, secret: &str, key: &str) {
    use serde_json::{Value, json};
    match value {
        Value::Array(values) => {
            for value in values.iter_mut() {
                plant(value, secret, key);
            }
            if matches!(key, "headers" | "cookies" | "queryString" | "params") {
                for name in [
                    "Cookie",
                    "Set-Cookie",
                    "Authorization",
                    "X-Api-Key",
                    "Server",
                    "X-Trace",
                    "Proxy-Authorization",
                ] {
                    values.push(json!({"name": name, "value": format!("sid={secret}")}));
                }
            }
        }
        Value::Object(object) => {
            // The values that CORS compares stay.
            let name = object.get("name").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
            let stays =
                name.starts_with("access-control-") || matches!(name.as_str(), "origin" | "sec-fetch-mode");
            for (key, value) in object.iter_mut() {
                if !(stays && key == "value") {
                    plant(value, secret, key);
                }
            }
            object.insert("comment".to_owned(), json!(secret));
        }
        Value::String(text) => match key {
            "name" | "method" | "_resourceType" | "_error" | "startedDateTime" | "id" | "pageref"
            | "type" => {}
            "url" | "redirectURL" | "title" if text.contains("://") => {
                *text = format!(
                    "{}/{secret}?token={secret}&{secret}#{secret}",
                    text.replacen("://", &format!("://user:{secret}@"), 1)
                );
            }
            _ => text.push_str(secret),
        },
        _ => {}
    }
}

/// A copy that is still good (304) has no fields of its own, and passes.
#[test]
fn a_response_that_freshens_a_copy() {
    let entry = |status: u16, origin: &str| {
        serde_json::json!({
            "_resourceType": "fetch",
            "request": {"method": "GET", "url": "https://api.example.com/a",
                        "headers": [{"name": "Origin", "value": "https://app.example.com"}]},
            "response": {"status": status, "headers": [{"name": "Access-Control-Allow-Origin", "value": origin}]},
        })
    };
    let told = |mut entry: serde_json::Value, is_bare: bool| {
        if is_bare {
            entry["response"]["headers"] = serde_json::json!([]);
        }
        let file = serde_json::json!({"log": {"creator": {"name": "WebInspector"}, "entries": [entry]}});
        har(&file.to_string()).unwrap().iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(told(entry(304, ""), true), [("", Certainty::Certain)]);
    assert_eq!(told(entry(200, ""), true), [("MissingAllowOriginHeader", Certainty::Certain)]);
    let other = told(entry(304, "https://other.example.com"), false);
    assert_eq!(other, [("AllowOriginMismatch", Certainty::Certain)]);
}

/// A page that asks by a condition of its own gets the 304 as it is.
#[test]
fn a_304_that_the_page_asked_for() {
    let origin = serde_json::json!({"name": "Origin", "value": "https://app.example.com"});
    let allow = serde_json::json!([
        {"name": "Access-Control-Allow-Origin", "value": "https://app.example.com"},
        {"name": "Access-Control-Allow-Headers", "value": "if-none-match, x-a"}]);
    for (asked, expected) in [("if-none-match", "MissingAllowOriginHeader"), ("x-a", "")] {
        let file = serde_json::json!({"log": {"creator": {"name": "WebInspector"}, "entries": [
            {"_resourceType": "preflight",
             "request": {"method": "OPTIONS", "url": "https://api.example.com/a", "headers": [origin,
                {"name": "Access-Control-Request-Method", "value": "GET"},
                {"name": "Access-Control-Request-Headers", "value": asked}]},
             "response": {"status": 204, "headers": allow}},
            {"_resourceType": "fetch",
             "request": {"method": "GET", "url": "https://api.example.com/a", "headers": [origin]},
             "response": {"status": 304, "headers": []}}]}});
        let told: Vec<_> = har(&file.to_string()).unwrap().iter().map(told).collect();
        assert_eq!(told, [(expected, Certainty::Certain)], "{asked}");
    }
}

/// Where the browser's code names the reason, it is told: the local network, and redirects that no browser follows.
#[test]
fn codes_that_name_the_reason() {
    for (code, status, expected) in [
        ("net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS", 0, "LocalNetworkAccessPermissionDenied"),
        ("net::ERR_BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS", 0, "InsecureLocalNetwork"),
        ("net::ERR_INVALID_REDIRECT", 302, "invalid-redirect"),
        ("net::ERR_UNSAFE_REDIRECT", 302, "unsafe-redirect"),
    ] {
        let file = serde_json::json!({"log": {"creator": {"name": "WebInspector"}, "entries": [{
            "_resourceType": "fetch",
            "request": {"method": "GET", "url": "http://192.168.1.1/a",
                        "headers": [{"name": "Origin", "value": "https://app.example.com"}]},
            "response": {"status": status, "headers": [], "_error": code}}]}});
        let told: Vec<_> = har(&file.to_string()).unwrap().iter().map(told).collect();
        assert_eq!(told, [(expected, Certainty::Certain)], "{code}");
    }
}

/// A redirect to a login is answered by what to do about the login, not by a field on the redirect.
#[test]
fn a_redirect_to_a_login() {
    let file = serde_json::json!({"log": {"creator": {"name": "WebInspector"}, "entries": [{
        "_resourceType": "fetch",
        "request": {"method": "GET", "url": "https://api.example.com/a",
                    "headers": [{"name": "Origin", "value": "https://app.example.com"}]},
        "response": {"status": 302, "_error": "net::ERR_FAILED",
                     "headers": [{"name": "Location", "value": "https://login.example.net/auth?state=1"}]}}]}});
    let diagnosis =
        cors_diagnosis::diagnose(file.to_string().as_bytes(), &cors_diagnosis::Besides::default()).unwrap();
    let finding = &diagnosis.findings[0];
    assert!(
        finding.answer.act.starts_with(
            "Let https://api.example.com answer 401 in place of the redirect to https://login.example.net"
        ),
        "{}",
        finding.answer.act
    );
    assert!(finding.answer.wanted.is_none() && finding.snippet.is_none() && finding.proxy.is_none());
}

/// Of many requests each gets the preflight that is nearest to it, and reading them takes time that grows with their number.
#[test]
fn many_requests_of_one_address() {
    let count = 5_000;
    let mut entries = Vec::new();
    for index in 0..count {
        let origin = serde_json::json!({"name": "Origin", "value": "https://app.example.com"});
        entries.push(serde_json::json!({
            "_resourceType": "preflight",
            "request": {"method": "OPTIONS", "url": "https://api.example.com/a",
                        "headers": [origin, {"name": "Access-Control-Request-Method", "value": "PUT"}]},
            "response": {"status": if index % 2 == 0 { 204 } else { 404 }, "headers": [
                {"name": "Access-Control-Allow-Origin", "value": "https://app.example.com"},
                {"name": "Access-Control-Allow-Methods", "value": "PUT"}]},
        }));
        entries.push(serde_json::json!({
            "_resourceType": "fetch",
            "request": {"method": "PUT", "url": "https://api.example.com/a", "headers": [origin]},
            "response": {"status": 200, "headers": [
                {"name": "Access-Control-Allow-Origin", "value": "https://app.example.com"}]},
        }));
    }
    let file = serde_json::json!({"log": {"creator": {"name": "WebInspector"}, "entries": entries}});
    let told = har(&file.to_string()).unwrap();
    assert_eq!(told.len(), count);
    for (index, entry) in told.iter().enumerate() {
        assert_eq!(entry.is_blocked(), index % 2 == 1, "{index}");
    }
}
