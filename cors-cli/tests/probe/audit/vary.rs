//! A `Vary` that does not name the `Origin`, where the response depends on it.

use super::{assert_findings, response};
use cors_testing::sockets::server::{Head, Server};

use crate::command::PAGE;

/// A server that trusts the page, with these fields on every response and those on the ones for the page.
fn varying(always: &'static str, for_page: &'static str) -> Server {
    Server::answering(move |head: &Head| {
        let for_page = if head.origin() == Some(PAGE) {
            format!("Access-Control-Allow-Origin: {PAGE}\n{for_page}")
        } else {
            String::new()
        };
        response(&format!("HTTP/1.1 200 OK\n{always}{for_page}\n"))
    })
}

#[test]
fn a_missing_vary() {
    let cases: [(&str, &str, &[&str]); 9] = [
        ("", "", &["medium missing-vary"]),
        ("Vary: Accept-Encoding\n", "", &["medium missing-vary"]),
        ("Vary: X-Origin\n", "", &["medium missing-vary"]),
        // A cache keeps the response without the fields, and gives it to the page.
        ("", "Vary: Origin\n", &["low missing-vary"]),
        ("Vary: Origin\n", "", &[]),
        ("Vary: Accept\nvary: accept-encoding,ORIGIN\n", "", &[]),
        ("Vary: *\n", "", &[]),
        ("Cache-Control: private, no-store\n", "", &[]),
        ("Cache-Control: no-cache\n", "", &["medium missing-vary"]),
    ];
    for (always, for_page, expected) in cases {
        println!("{always}{for_page}");
        let run = assert_findings(&varying(always, for_page), PAGE, expected);
        if !expected.is_empty() {
            // What differs is shown side by side.
            assert_eq!(run.json()["findings"][0]["evidence"].as_array().unwrap().len(), 2);
        }
    }
    // The same for everybody: there is nothing to tell.
    let fixed = format!("HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: {PAGE}\n\n");
    assert_findings(&Server::saying(&fixed), PAGE, &[]);
}
