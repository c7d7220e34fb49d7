//! A correct server: the engine's own decisions, over HTTP.

use cors_core::{Config, Policy, Request};
use cors_testing::sockets::server::{Head, Server};

/// A server with this policy, whose application has a JSON document.
pub(crate) fn serve(config: &Config<'_>) -> Server {
    let mut image = vec![0; config.image_len()];
    config.compile_into(&mut image).unwrap();
    Server::answering(move |head| answer(&Policy::from_bytes(&image).unwrap(), head))
}

/// A policy for the page.
pub(crate) fn policy() -> Config<'static> {
    Config {
        allow_origins: &["https://app.example.com"],
        allow_methods: &["PUT", "PATCH"],
        allow_headers: &["content-type", "authorization", "x-request-id"],
        expose_headers: &["etag"],
        allow_credentials: true,
        max_age: Some(3600),
        ..Config::NEW
    }
}

fn answer(policy: &Policy<'_>, head: &Head) -> Vec<u8> {
    let fields = head.fields.iter().map(|(name, value)| (name.as_str(), value.as_slice()));
    let request = Request::from_headers(&head.method, fields);
    let decision = policy.evaluate(&request);
    let mut response = match decision.status() {
        Some(status) => format!("HTTP/1.1 {status} Decided\r\n").into_bytes(),
        None => b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"1\"\r\n".to_vec(),
    };
    for field in decision.fields() {
        response.extend_from_slice(field.name.as_bytes());
        response.extend_from_slice(b": ");
        response.extend_from_slice(field.value);
        response.extend_from_slice(b"\r\n");
    }
    if decision.status().is_none() {
        response.extend_from_slice(b"Content-Length: 2\r\n\r\n{}");
    } else {
        response.extend_from_slice(b"\r\n");
    }
    response
}
