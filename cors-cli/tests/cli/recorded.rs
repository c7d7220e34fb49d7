//! `cors decide` on the requests that real browsers sent, by the sample policy.
//!
//! The page is `http://app.example.com`, which the policy allows, with PUT, PATCH, DELETE and the headers that the page
//! sets. What `tests/requests/README.md` says of each request is the reason for its row.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::support::{cors, demo, recorded_requests, stdout};

/// What was sent, the kind, and the reason of the denial if it is denied.
const EXPECTED: [(&str, &str, Option<&str>); 27] = [
    // No Origin field.
    ("navigation", "not-cors", None),
    ("same-origin-get", "not-cors", None),
    ("no-cors-image", "not-cors", None),
    // Origin, and no preflight: the method does not matter, not even OPTIONS.
    ("same-origin-post", "actual", None),
    ("actual-get", "actual", None),
    ("actual-get-credentials", "actual", None),
    ("actual-post-text", "actual", None),
    ("actual-post-json", "actual", None),
    ("actual-put-json", "actual", None),
    ("actual-delete", "actual", None),
    ("actual-patch", "actual", None),
    ("actual-patch-lowercase", "actual", None),
    ("actual-many-headers", "actual", None),
    ("actual-options", "actual", None),
    ("crossorigin-script", "actual", None),
    // `null`, and a page under the same domain, are not listed.
    ("sandboxed-iframe-null", "actual", Some("OriginNotAllowed")),
    ("actual-put-sandboxed-iframe-null", "actual", Some("OriginNotAllowed")),
    ("actual-unlisted-subdomain", "actual", Some("OriginNotAllowed")),
    ("preflight-sandboxed-iframe-null", "preflight", Some("OriginNotAllowed")),
    ("preflight-unlisted-subdomain", "preflight", Some("OriginNotAllowed")),
    // The methods listed, and POST and GET, which need not be.
    ("preflight-put-json", "preflight", None),
    ("preflight-delete", "preflight", None),
    ("preflight-patch", "preflight", None),
    ("preflight-post-json", "preflight", None),
    ("preflight-many-headers", "preflight", None),
    // Methods are case-sensitive, and a page's own OPTIONS is a method like any other.
    ("preflight-patch-lowercase", "preflight", Some("MethodNotAllowed")),
    ("preflight-options", "preflight", Some("MethodNotAllowed")),
];

#[test]
fn every_recorded_request() {
    let names = EXPECTED
        .iter()
        .flat_map(|&(what, ..)| ["chromium", "firefox"].map(|engine| format!("{engine}-{what}.http")));
    let recorded: BTreeSet<String> = fs::read_dir(recorded_requests())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "http"))
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(names.clone().collect::<BTreeSet<_>>(), recorded, "a row for each file");

    let assert = cors()
        .current_dir(recorded_requests())
        .arg("decide")
        .arg(demo().join("shop.toml"))
        .args(names.clone())
        .arg("--json")
        .assert()
        .code(1)
        .stderr("");
    let output = stdout(&assert);
    let decisions: Vec<Value> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(decisions.len(), recorded.len());
    let rows = EXPECTED.iter().flat_map(|row| [row, row]);
    for ((decision, name), &(what, kind, denial)) in decisions.iter().zip(names).zip(rows) {
        assert_eq!(decision["file"], name);
        assert_eq!(decision["index"], 0);
        assert_eq!(decision["kind"], kind, "{name}");
        assert_eq!(decision["verdict"], if denial.is_some() { "denied" } else { "allowed" }, "{name}");
        assert_eq!(decision["denial"]["name"].as_str(), denial, "{name}");
        assert_eq!(decision["status"], expected_status(kind, denial), "{name}");
        assert_eq!(decision["fields"], expected_fields(kind, denial), "{name}");
        let asked_for_patch = what.ends_with("patch-lowercase") && kind == "actual";
        assert!(!asked_for_patch || decision["method"] == "patch", "{name}");
    }
}

fn expected_status(kind: &str, denial: Option<&str>) -> Value {
    match (kind, denial) {
        ("preflight", Some("OriginNotAllowed")) => 403.into(),
        ("preflight", _) => 204.into(),
        _ => Value::Null,
    }
}

/// Of a preflight the whole lists, whatever it asks for (E5); of a denied origin nothing but `vary`.
fn expected_fields(kind: &str, denial: Option<&str>) -> Value {
    let replace = |name: &str, value: &str| json!({"name": name, "value": value, "op": "replace"});
    let mut fields = Vec::new();
    if kind != "not-cors" && denial != Some("OriginNotAllowed") {
        fields.push(replace("access-control-allow-origin", "http://app.example.com"));
        fields.push(replace("access-control-allow-credentials", "true"));
        if kind == "preflight" {
            fields.push(replace("access-control-allow-methods", "PUT, PATCH, DELETE"));
            let headers =
                "content-type, authorization, if-none-match, x-requested-with, x-api-key, x-trace-id";
            fields.push(replace("access-control-allow-headers", headers));
            fields.push(replace("access-control-max-age", "7200"));
        } else {
            fields.push(replace("access-control-expose-headers", "etag, x-request-id"));
        }
    }
    fields.push(json!({"name": "vary", "value": "origin", "op": "append"}));
    fields.into()
}
