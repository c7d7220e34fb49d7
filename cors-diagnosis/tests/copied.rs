//! What "Copy as cURL" and "Copy as fetch" gave in Chromium and Firefox, against the page's own call.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test's helpers may stop it, too"
)]

use std::fs;
use std::path::Path;

use cors_core::browser::Mode;
use cors_diagnosis::Case;
use cors_diagnosis::input::{Input, curl, fetch_call};

/// A copied request: the page's own call, the request's method, and how it was copied.
struct Copied {
    page: String,
    method: String,
    text: String,
}

fn copied(file: &str) -> Vec<Copied> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/copied").join(file);
    let mut found: Vec<Copied> = Vec::new();
    let mut page = String::new();
    for line in fs::read_to_string(path).unwrap().lines() {
        if let Some(call) = line.strip_prefix("page: ") {
            call.clone_into(&mut page);
        } else if let Some(title) = line.strip_prefix("--- ") {
            let method = title.split(' ').next().unwrap().to_owned();
            found.push(Copied { page: page.clone(), method, text: String::new() });
        } else if !line.starts_with("## ")
            && let Some(last) = found.last_mut()
        {
            last.text.push_str(line);
            last.text.push('\n');
        }
    }
    found.retain(|copied| Input::of(&copied.text) != Input::Message);
    found
}

fn case(text: &str) -> Case {
    match Input::of(text) {
        Input::Curl => curl(text).unwrap(),
        Input::FetchCall => fetch_call(text).unwrap(),
        other => panic!("{other:?}: {text}"),
    }
}

#[test]
fn requests_are_read_again() {
    for file in ["copy-chromium.txt", "copy-firefox.txt"] {
        let requests = copied(file);
        assert!(requests.len() >= 25, "{file}: {}", requests.len());
        for Copied { page, method, text } in requests {
            let case = case(&text);
            let fetch = case.fetch.unwrap();
            let path =
                page.split("https://api.example.com/").nth(1).unwrap().split(['\'', '?']).next().unwrap();
            assert!(
                fetch.url.starts_with(&format!("https://api.example.com/{path}")),
                "{page}: {text}\n{fetch:?}"
            );
            let names_page =
                ["referrer", "referer", "origin: "].iter().any(|name| text.to_lowercase().contains(name));
            assert_eq!(case.page.as_deref(), names_page.then_some("https://app.example.com"), "{text}");
            let asked = if method == "OPTIONS"
                && text.to_lowercase().contains("access-control-request-method: put")
            {
                "PUT"
            } else if method == "OPTIONS"
                && text.to_lowercase().contains("access-control-request-method: get")
            {
                "GET"
            } else {
                &method
            };
            assert_eq!(fetch.method, asked, "{text}");
            if page.contains("x-token") && method == "PUT" {
                let names: Vec<&str> = fetch.headers.iter().map(|(name, _)| name.as_str()).collect();
                assert!(names.contains(&"x-token") && names.contains(&"content-type"), "{names:?}: {text}");
                assert!(
                    fetch.headers.contains(&("content-type".to_owned(), b"application/json".to_vec())),
                    "{text}"
                );
            }
            assert!(
                !fetch.headers.iter().any(|(name, _)| name == "user-agent" || name.starts_with("sec-")),
                "{fetch:?}"
            );
            if text.to_lowercase().contains("sec-fetch-mode: no-cors") {
                assert_eq!(fetch.mode, Mode::NoCors, "{text}");
            }
        }
    }
}

#[test]
fn no_secret_of_a_request_is_kept() {
    for text in [
        "curl 'https://u:s3cr3t@api.example.com/a?token=s3cr3t#s3cr3t' -H 'Cookie: a=s3cr3t' -H 'authorization: Bearer s3cr3t' -b s3cr3t \
         -u me:s3cr3t --data-raw s3cr3t -H 'x-a: s3cr3t' -H 'content-type: multipart/form-data; boundary=s3cr3t' -o s3cr3t",
        "fetch('https://api.example.com/a?s3cr3t', {headers: {authorization: 's3cr3t', 'x-a': 's3cr3t'}, body: 's3cr3t', method: 'POST', \
         referrer: 'https://app.example.com/?s3cr3t', credentials: 'include'});",
    ] {
        let case = case(text);
        let kept = format!("{case:?}");
        assert!(!kept.contains("s3cr3t") && kept.contains("authorization"), "{kept}");
        let fetch = case.fetch.unwrap();
        assert!(fetch.has_body && fetch.method == "POST" && fetch.credentials == Some(true), "{fetch:?}");
    }
}

#[test]
fn what_is_no_request() {
    for text in ["", "curl", "curl --compressed", "wget https://a/", "curl 'unclosed"] {
        assert!(curl(text).is_err(), "{text}");
    }
    for text in ["", "fetch", "fetch()", "fetch(1)", "fetch(url)", "fetch(\"/relative\")"] {
        assert!(fetch_call(text).is_err(), "{text}");
    }
}
