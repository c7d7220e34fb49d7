//! Targets that do not answer as servers do: the page sees a status and not a CORS error.

use std::io::Write;
use std::net::TcpListener;

use cors_testing::sockets::client::{VERSIONS, send as ask};
use cors_testing::sockets::server::{Server, send};

use crate::process::{PAGE, POLICY, Proxy};

#[track_caller]
fn assert_trouble(target: &str, arguments: &[&str], status: u16, sentence: &str) {
    let proxy = Proxy::start(target, POLICY, arguments);
    for version in VERSIONS {
        let answer = ask(proxy.port, version, "GET", "/", &[("origin", PAGE)], "");
        assert_eq!((answer.status, answer.allow_origin()), (status, vec![PAGE]), "{}", answer.body);
        assert!(answer.body.starts_with("cors proxy: ") && answer.body.contains(sentence), "{}", answer.body);
        let line = proxy.stdout.wait(sentence);
        assert!(line.starts_with(&format!("GET / from {PAGE}: allowed; {status}, ")), "{line}");
    }
}

#[test]
fn a_target_that_is_down() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_trouble(&url, &[], 502, "refuses connections; check the port, and that the server runs");
}

#[test]
fn a_target_that_takes_its_time() {
    let target = Server::start(|mut stream, state| {
        state.read_head(&mut stream);
        state.wait();
    });
    assert_trouble(
        &target.url(""),
        &["--timeout", "1"],
        504,
        "answered nothing in 1 s; try a longer --timeout",
    );
}

#[test]
fn a_target_that_leaves() {
    for start in ["", "HTTP/1.1 200 OK\r\nX-A"] {
        let target = Server::start(move |mut stream, state| {
            state.read_head(&mut stream);
            let _ = stream.write_all(start.as_bytes());
        });
        assert_trouble(&target.url(""), &[], 502, "broke the connection off");
    }
}

#[test]
fn a_target_that_speaks_something_else() {
    let target = Server::answering(|_| b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec());
    assert_trouble(&target.url(""), &[], 502, "did not answer in HTTP");
    let target = Server::start(|mut stream, _| send(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    assert_trouble(&target.url("").replace("http:", "https:"), &[], 502, "no TLS connection");
}

#[test]
fn a_head_without_end() {
    let target =
        Server::answering(|_| format!("HTTP/1.1 200 OK\r\nX-A: {}\r\n\r\n", "a".repeat(70_000)).into_bytes());
    assert_trouble(&target.url(""), &[], 502, "the response head is longer than 65536 bytes");
}

#[test]
fn a_body_that_breaks_off_breaks_off_for_the_page() {
    use std::io::Read;
    let target = Server::answering(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".to_vec());
    let proxy = Proxy::start(&target.url(""), POLICY, &[]);
    let mut page = std::net::TcpStream::connect(("127.0.0.1", proxy.port)).unwrap();
    page.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut read = Vec::new();
    // To the end or to a reset, whichever it is.
    let _ = page.read_to_end(&mut read);
    let text = String::from_utf8(read).unwrap();
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.contains("content-length: 10"), "{text}");
    assert!(!text.contains("cors proxy"), "{text}");
}

/// A kept connection that ends just then is no trouble for what may be repeated.
#[test]
fn a_connection_that_ends_when_it_is_used_again() {
    for (method, status) in [("GET", 200), ("POST", 502)] {
        let target = Server::start(|mut stream, state| {
            let first = state.heads() == 0;
            state.read_head(&mut stream).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
            if first {
                state.read_head(&mut stream).unwrap();
            }
        });
        let proxy = Proxy::start(&target.url(""), POLICY, &[]);
        assert_eq!(ask(proxy.port, VERSIONS[0], "GET", "/", &[], "").status, 200);
        assert_eq!(ask(proxy.port, VERSIONS[0], method, "/", &[], "").status, status, "{method}");
    }
}
