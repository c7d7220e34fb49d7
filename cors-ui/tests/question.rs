//! Questions of the page, and their answers.

#![allow(clippy::unwrap_used, reason = "a test's helpers may stop it, too")]

use cors_ui::question::answer;
use serde_json::{Value, json};

fn ask(question: &Value) -> Value {
    serde_json::from_str(&answer(question.to_string().as_bytes())).unwrap()
}

#[test]
fn a_policy_and_a_fetch() {
    let question = json!({
        "ask": "explain",
        "policy": "allow_origins = [\"https://app.example.com\"]\n",
        "fetch": {"origin": "https://app.example.com", "url": "https://api.example.com/a", "method": "PUT", "engine": "chromium"},
    });
    let answer = ask(&question);
    assert_eq!(answer["problems"], json!([]));
    assert_eq!(answer["explanation"]["error"], "MethodDisallowedByPreflightResponse");
    let fix = &answer["explanation"]["obstacles"][0]["fixes"][0];
    assert_eq!(fix["changes"], json!([{"field": "allow_methods", "add": ["PUT"]}]));
    assert!(answer["mermaid"].as_str().unwrap().starts_with("sequenceDiagram\n"));
}

#[test]
fn a_policy_with_a_problem_and_a_page_with_none() {
    let question = json!({
        "ask": "explain",
        "policy": "allow_origins = [\"https://Example.com\"]",
        "fetch": {"origin": "https://app.example.com/", "url": "https://api.example.com/"},
    });
    let answer = ask(&question);
    assert_eq!(answer["problems"][0]["column"], 18);
    assert_eq!(answer["problems"][0]["length"], 21);
    assert_eq!(answer["wrong"]["part"], "origin");
    assert!(answer["wrong"]["text"].as_str().unwrap().ends_with("write https://app.example.com"), "{answer}");
}

#[test]
fn a_message_with_a_stack() {
    let text = "Access to fetch at 'https://api.example.com/?key=hidden' from origin 'https://app.example.com' has been blocked by CORS \
                policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.";
    let answer = ask(&json!({"ask": "diagnose", "text": text, "stack": "express"}));
    assert_eq!(answer["input"], "message");
    let finding = &answer["findings"][0];
    assert_eq!(finding["verdict"], "blocked");
    assert_eq!(finding["answer"]["name"], "MissingAllowOriginHeader");
    assert_eq!(finding["snippet"]["stack"], "express");
    assert!(!answer.to_string().contains("hidden"), "{answer}");
}

#[test]
fn what_nobody_knows_is_refused() {
    let answer = ask(&json!({"ask": "diagnose", "text": "it does not work"}));
    assert!(answer["refusal"]["what"].is_string());
    assert_eq!(answer["findings"], json!([]));
    let answer = ask(&json!({"ask": "diagnose", "text": "allow_origins = []\n"}));
    assert_eq!(answer["refusal"]["input"], "policy");
}

#[test]
fn requests_of_a_log_are_told_whether_they_passed_or_not() {
    let entry = |path: &str, fields: Value| {
        json!({
            "startedDateTime": "2026-11-30T10:00:00.000Z",
            "request": {"method": "GET", "url": format!("https://api.example.com/{path}"), "httpVersion": "http/1.1",
                "headers": [{"name": "Origin", "value": "https://app.example.com"}]},
            "response": {"status": 200, "statusText": "OK", "httpVersion": "http/1.1", "headers": fields},
        })
    };
    let allowed = json!([
        {"name": "Access-Control-Allow-Origin", "value": "https://app.example.com"},
        {"name": "Access-Control-Allow-Credentials", "value": "true"},
    ]);
    let log = json!({"log": {"creator": {"name": "WebInspector"}, "entries": [entry("a", allowed), entry("b", json!([]))]}});
    let answer = ask(&json!({"ask": "requests", "text": log.to_string()}));
    let verdicts: Vec<&Value> =
        answer["findings"].as_array().unwrap().iter().map(|finding| &finding["verdict"]).collect();
    assert_eq!(verdicts, ["allowed", "blocked"]);
}

#[test]
fn lines_for_a_stack() {
    let question = json!({"ask": "lines", "stack": "nginx", "origins": ["https://app.example.com"], "url": "https://api.example.com/"});
    let answer = ask(&question);
    assert_eq!(answer["snippet"]["stack"], "nginx");
    assert!(answer["proxy"].as_str().unwrap().contains("cors proxy"), "{answer}");
    let wrong = ask(&json!({"ask": "lines", "stack": "nginx", "origins": ["app.example.com"]}));
    assert_eq!(wrong["wrong"]["value"], "app.example.com");
    assert_eq!(wrong["snippet"], Value::Null);
    let stacks = ask(&json!({"ask": "stacks"}));
    assert!(stacks["stacks"].as_array().unwrap().contains(&json!({"name": "express", "title": "Express"})));
}

#[test]
fn what_is_not_a_question() {
    for text in ["", "{}", "[", "{\"ask\": \"everything\"}", "{\"ask\": \"explain\"}", "\u{0}"] {
        let answer: Value = serde_json::from_str(&answer(text.as_bytes())).unwrap();
        assert!(answer["error"].as_str().unwrap().starts_with("not a question"), "{answer}");
    }
}
