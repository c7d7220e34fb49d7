//! Preflights that allow more than the server does.

use super::{assert_findings, response};
use cors_testing::sockets::server::{Head, Server};

use crate::command::PAGE;

/// A server that answers preflights with what `preflight` makes of them, and else as `trusting` the page does.
fn answering_preflights(preflight: fn(&Head) -> String) -> Server {
    Server::answering(move |head| {
        if head.is_preflight() {
            return response(&format!("HTTP/1.1 204 No Content\n{}\n", preflight(head)));
        }
        let trusted = head.origin().filter(|&origin| origin == PAGE);
        let fields =
            trusted.map_or_else(String::new, |origin| format!("Access-Control-Allow-Origin: {origin}\n"));
        response(&format!("HTTP/1.1 200 OK\nVary: Origin\n{fields}\n"))
    })
}

#[test]
fn careless_preflights() {
    fn echo(head: &Head, name: &str) -> String {
        head.get(name).unwrap_or_default().to_owned()
    }
    fn is_token(text: &str) -> bool {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    }
    type Preflight = fn(&Head) -> String;
    let cases: [(Preflight, &[&str]); 6] = [
        (
            |head| {
                format!(
                    "Access-Control-Allow-Origin: {}\nAccess-Control-Allow-Credentials: true\n",
                    echo(head, "origin")
                )
            },
            &["high preflight-any-origin"],
        ),
        (
            |head| format!("Access-Control-Allow-Origin: {}\n", echo(head, "origin")),
            &["low preflight-any-origin"],
        ),
        (
            |head| {
                let methods = echo(head, "access-control-request-method");
                format!("Access-Control-Allow-Origin: {PAGE}\nAccess-Control-Allow-Methods: {methods}\n")
            },
            &["low preflight-unvalidated"],
        ),
        (
            |head| {
                let headers = echo(head, "access-control-request-headers");
                format!(
                    "Access-Control-Allow-Origin: {PAGE}\nAccess-Control-Allow-Headers: accept, {headers}\n"
                )
            },
            &["low preflight-unvalidated"],
        ),
        (
            |head| {
                let headers = echo(head, "access-control-request-headers");
                let headers = if is_token(&headers) { headers } else { String::new() };
                format!("Access-Control-Allow-Origin: {PAGE}\nAccess-Control-Allow-Headers: {headers}\n")
            },
            &["info preflight-reflected"],
        ),
        (
            // What is sent back with a preflight that is denied anyway allows nothing.
            |head| {
                format!("Access-Control-Allow-Headers: {}\n", echo(head, "access-control-request-headers"))
            },
            &[],
        ),
    ];
    for (preflight, expected) in cases {
        assert_findings(&answering_preflights(preflight), PAGE, expected);
    }
}
