//! What reaches the target, what reaches the page, and what is printed.

use std::io::{Read, Write};
use std::net::TcpStream;

use cors_testing::sockets::client::{VERSIONS, send};
use cors_testing::sockets::server::{Server, send as send_all};

use crate::process::{PAGE, POLICY, Proxy};

/// A target with a mistake of its own, and fields of its connection.
const ANSWER: &str = "HTTP/1.1 201 Created
Access-Control-Allow-Origin: *
Access-Control-Allow-Origin: https://other.example
Access-Control-Max-Age: 5
Connection: X-Hop, close
X-Hop: 1
Keep-Alive: timeout=5
Vary: Accept
ETag: \"1\"
Content-Length: 5

hello";

#[test]
fn a_request_and_its_answer() {
    let target = Server::start(|stream, state| {
        let mut stream = ByBytes(stream);
        state.read_head(&mut stream).unwrap();
        let mut body = [0; 2];
        stream.0.read_exact(&mut body).unwrap();
        assert_eq!(&body, b"{}");
        state.answered();
        send_all(&mut stream.0, ANSWER.replace('\n', "\r\n").as_bytes());
    });
    let proxy = Proxy::start(&target.url(""), POLICY, &[]);
    for version in VERSIONS {
        let fields =
            [("origin", PAGE), ("x-own", "Yes"), ("content-type", "application/json"), ("te", "trailers")];
        let answer = send(proxy.port, version, "PUT", "/orders/1?page=%202", &fields, "{}");
        assert_eq!((answer.status, answer.body.as_str()), (201, "hello"));
        let mut lines: Vec<String> = answer
            .headers
            .iter()
            .filter(|(name, _)| *name != "date")
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        lines.sort();
        assert_eq!(
            lines,
            [
                "access-control-allow-origin: https://app.example.com",
                "access-control-expose-headers: etag",
                "content-length: 5",
                "etag: \"1\"",
                "vary: Accept, origin",
            ]
        );
        let mut head: Vec<String> =
            target.heads().last().unwrap().trim_end().lines().map(str::to_ascii_lowercase).collect();
        head[1..].sort();
        assert_eq!(
            head,
            [
                "put /orders/1?page=%202 http/1.1".to_owned(),
                "content-length: 2".to_owned(),
                "content-type: application/json".to_owned(),
                format!("host: 127.0.0.1:{}", target.port()),
                "origin: https://app.example.com".to_owned(),
                "te: trailers".to_owned(),
                "x-own: yes".to_owned(),
            ]
        );
    }
}

/// Reads no further than the head when a head is read.
struct ByBytes(TcpStream);

impl Read for ByBytes {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let len = buffer.len().min(1);
        self.0.read(&mut buffer[..len])
    }
}

#[test]
fn preflights_do_not_reach_the_target() {
    let target = Server::saying(ANSWER);
    let proxy = Proxy::start(&target.url(""), POLICY, &[]);
    for version in VERSIONS {
        let fields = [("origin", PAGE), ("access-control-request-method", "PUT")];
        let answer = send(proxy.port, version, "OPTIONS", "/orders", &fields, "");
        assert_eq!(
            (answer.status, answer.allow_origin(), answer.get("access-control-allow-methods")),
            (204, vec![PAGE], vec!["PUT"])
        );
        let fields = [("origin", "https://evil.example"), ("access-control-request-method", "PUT")];
        let answer = send(proxy.port, version, "OPTIONS", "/orders", &fields, "");
        assert_eq!((answer.status, answer.allow_origin()), (403, vec![]));
    }
    assert_eq!(target.connections(), 0);
}

#[test]
fn a_line_for_each_request() {
    let target = Server::saying(ANSWER);
    let proxy = Proxy::start(&target.url(""), POLICY, &[]);
    let evil = "https://evil.example";
    let asked: [(&str, &[(&str, &str)]); 6] = [
        ("GET", &[]),
        ("GET", &[("origin", PAGE)]),
        ("GET", &[("origin", evil)]),
        ("OPTIONS", &[("origin", PAGE), ("access-control-request-method", "PUT")]),
        ("OPTIONS", &[("origin", PAGE), ("access-control-request-method", "DELETE")]),
        ("OPTIONS", &[("origin", evil), ("access-control-request-method", "PUT")]),
    ];
    for (method, fields) in asked {
        send(proxy.port, VERSIONS[0], method, "/a?secret", fields, "");
    }
    proxy.stdout.wait("does not allow this origin; 403");
    assert_eq!(
        proxy.stdout.all(),
        [
            "GET /a: not CORS; 201",
            "GET /a from https://app.example.com: allowed; 201",
            "GET /a from https://evil.example: denied, the policy does not allow this origin; 201",
            "OPTIONS /a from https://app.example.com: preflight allowed; 204",
            "OPTIONS /a from https://app.example.com: preflight denied, the policy does not allow this method; 204",
            "OPTIONS /a from https://evil.example: preflight denied, the policy does not allow this origin; 403",
        ]
    );
}

/// The length that chunks override does not reach the page (RFC 9112, 6.3).
#[test]
fn chunks_override_a_length() {
    for fields in
        ["Transfer-Encoding: chunked\nContent-Length: 1", "Content-Length: 1\nTransfer-Encoding: chunked"]
    {
        let target = Server::saying(&format!(
            "HTTP/1.1 200 OK\nConnection: close\n{fields}\n\n3\n{{\"a\n4\n\":1}}\n0\n\n"
        ));
        let proxy = Proxy::start(&target.url(""), POLICY, &[]);
        for version in VERSIONS {
            let answer = send(proxy.port, version, "GET", "/", &[("origin", PAGE)], "");
            assert_eq!(
                (answer.body.as_str(), answer.get("content-length")),
                ("{\"a\":1}", vec![]),
                "{fields}"
            );
        }
    }
}

/// What two readers may take in two ways goes no further: codings whose name is not passed on, several lengths, several hosts.
#[test]
fn what_is_ambiguous_is_passed_on_neither_way() {
    for fields in [
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: gzip\nTransfer-Encoding: chunked",
        "Content-Length: 2, 2",
        "Content-Length: 2\nContent-Length: 2",
    ] {
        let target = Server::saying(&format!("HTTP/1.1 200 OK\nConnection: close\n{fields}\n\n2\nab\n0\n\n"));
        let proxy = Proxy::start(&target.url(""), POLICY, &[]);
        assert_eq!(
            send(proxy.port, VERSIONS[0], "GET", "/", &[("origin", PAGE)], "").status,
            502,
            "{fields}"
        );
    }
    let target = Server::saying(ANSWER);
    let proxy = Proxy::start(&target.url(""), POLICY, &[]);
    for (fields, status) in [
        ("Host: localhost\r\nTransfer-Encoding: gzip, chunked", "501"),
        ("Host: localhost\r\nContent-Length: 2, 2", "400"),
        ("Host: localhost\r\nHost: localhost", "400"),
        ("Host: localhost\r\nHost: evil.example", "400"),
    ] {
        let mut stream = TcpStream::connect(("127.0.0.1", proxy.port)).unwrap();
        let head = format!("POST / HTTP/1.1\r\n{fields}\r\nConnection: close\r\n\r\n0\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(String::from_utf8_lossy(&answer), format!("HTTP/1.1 {status}"), "{fields}");
    }
    assert_eq!(target.connections(), 0);
}

/// Bytes of an origin that are not visible ASCII, as a terminal would obey or hide them.
#[test]
fn what_is_printed_is_escaped() {
    let target = Server::saying(ANSWER);
    let proxy = Proxy::start(&target.url(""), POLICY, &["--enforce"]);
    let hidden = ["\u{9b}", "\u{61c}", "\u{feff}", "\u{2060}", "\u{ad}", "\u{e0041}", "\u{202e}"];
    for text in hidden.map(str::as_bytes).into_iter().chain([&b"\xff"[..]]) {
        let mut stream = TcpStream::connect(("127.0.0.1", proxy.port)).unwrap();
        let head =
            [b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nOrigin: ", text, b"31m\r\n\r\n"];
        stream.write_all(&head.concat()).unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
        let escaped: String = text.iter().map(|byte| byte.escape_ascii().to_string()).collect();
        assert_eq!(
            proxy.stdout.wait(&escaped),
            format!("GET / from {escaped}31m: denied, the Origin field holds no serialized origin; 403")
        );
    }
}

#[test]
fn enforce_passes_no_denied_request_on() {
    let target = Server::saying(ANSWER);
    let proxy = Proxy::start(&target.url(""), POLICY, &["--enforce"]);
    let denied = send(proxy.port, VERSIONS[0], "POST", "/", &[("origin", "https://evil.example")], "");
    assert_eq!((denied.status, target.connections()), (403, 0));
    assert_eq!(send(proxy.port, VERSIONS[0], "POST", "/", &[("origin", PAGE)], "").status, 201);
}

/// Each side gets a part before the other sends its next.
#[test]
fn bodies_stream_both_ways() {
    fn read_until(stream: &mut TcpStream, read: &mut Vec<u8>, end: &str) {
        let mut byte = [0];
        while !read.ends_with(end.as_bytes()) {
            stream.read_exact(&mut byte).unwrap();
            read.push(byte[0]);
        }
    }
    let target = Server::start(|mut stream, state| {
        state.read_head(&mut stream).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
        for part in ["one", "two"] {
            read_until(&mut stream, &mut Vec::new(), part);
            stream.write_all(format!("5\r\n{part}..\r\n").as_bytes()).unwrap();
        }
        stream.write_all(b"0\r\n\r\n").unwrap();
        state.answered();
        read_until(&mut stream, &mut Vec::new(), "0\r\n\r\n");
    });
    let proxy = Proxy::start(&target.url(""), POLICY, &[]);
    let mut page = TcpStream::connect(("127.0.0.1", proxy.port)).unwrap();
    let head =
        format!("POST / HTTP/1.1\r\nHost: localhost\r\nOrigin: {PAGE}\r\nTransfer-Encoding: chunked\r\n\r\n");
    page.write_all(head.as_bytes()).unwrap();
    let mut read = Vec::new();
    read_until(&mut page, &mut read, "\r\n\r\n");
    assert!(String::from_utf8(read).unwrap().contains("access-control-allow-origin"));
    for part in ["one", "two"] {
        page.write_all(format!("3\r\n{part}\r\n").as_bytes()).unwrap();
        read_until(&mut page, &mut Vec::new(), &format!("{part}..\r\n"));
    }
    page.write_all(b"0\r\n\r\n").unwrap();
    read_until(&mut page, &mut Vec::new(), "0\r\n\r\n");
}
