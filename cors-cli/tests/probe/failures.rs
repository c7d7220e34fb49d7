//! Servers that do not answer as servers do: each failure is reported with its cause, and nothing panics.

use std::io::Write;
use std::net::{TcpListener, TcpStream};

use cors_testing::sockets::server::{Server, State, send};

use crate::command::{Run, from_page};

/// A server that sends these bytes to whoever asks.
fn sending(bytes: impl Into<Vec<u8>>) -> Server {
    let bytes = bytes.into();
    Server::answering(move |_| bytes.clone())
}

#[track_caller]
fn assert_fails(run: &Run, kind: &str, sentence: &str) {
    assert_eq!((run.code, run.stderr.as_str()), (2, ""), "{}", run.stdout);
    assert_eq!(run.verdict(), "no-answer");
    let (found, message) = run.failure();
    assert_eq!(found, kind, "{message}");
    assert!(message.contains(sentence), "{message}");
}

fn get(url: &str) -> Run {
    from_page(url, &["--json", "--timeout", "60"])
}

#[test]
fn a_server_that_takes_its_time() {
    let server = Server::start(|mut stream, state| {
        state.read_head(&mut stream);
        state.wait();
    });
    let run = from_page(&server.url("/"), &["--json", "--timeout", "1"]);
    assert_fails(&run, "timeout", "nothing was answered in 1 s; try a longer --timeout");

    let server = Server::start(|mut stream, state| {
        state.read_head(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nX-Slow: 1\r\n");
        state.wait();
    });
    let run = from_page(&server.url("/"), &["--json", "--timeout", "1"]);
    assert_fails(&run, "timeout", "the response head did not end in 1 s");
}

#[test]
fn a_server_that_closes_early() {
    let server = Server::start(|mut stream, state| {
        state.read_head(&mut stream);
    });
    assert_fails(&get(&server.url("/")), "closed", "closed the connection without an answer");

    // Unread, so that the connection is reset.
    let server = Server::start(|stream, _| drop(stream));
    assert_fails(&get(&server.url("/")), "closed", "closed the connection without an answer");

    let server = sending("HTTP/1.1 200 OK\r\nContent-");
    assert_fails(&get(&server.url("/")), "closed", "in the middle of the response head, after 25 bytes");
}

#[test]
fn a_preflight_without_an_answer_is_the_last_request() {
    let server = Server::start(|mut stream, state| {
        state.read_head(&mut stream);
    });
    let arguments =
        ["--json", "--method", "PUT", "--send", "--header", "dpr: 1", "--header", "range: BYTES=0-"];
    let run = from_page(&server.url("/"), &arguments);
    assert_eq!((run.code, run.failure().0.as_str()), (2, "closed"));
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_server_that_speaks_something_else() {
    let cases: [(&[u8], &str); 8] = [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "with \"SSH-2.0-OpenSSH_9.6\\r\\n\"; check the port"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "it seems to speak TLS: try https://"),
        (b"220 mail.example.com ESMTP\x1b[31m\r\n", "220 mail.example.com ESMTP\\x1b[31m"),
        (b"HTTP/2.0 200 OK\r\n\r\n", "did not answer in HTTP/1.1 but with \"HTTP/2.0 200 OK"),
        (b"hi", "with \"hi\""),
        (b"HTTP/1.1 two hundred\r\n\r\n", "a malformed response head"),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "a malformed response head"),
        (b"HTTP/1.1 099 Low\r\n\r\n", "a malformed response head"),
    ];
    for (bytes, sentence) in cases {
        let server = sending(bytes);
        assert_fails(&get(&server.url("/")), "not-http", sentence);
    }
}

#[test]
fn heads_that_are_too_large() {
    let long = format!("HTTP/1.1 200 OK\r\nX-Long: {}\r\n\r\n", "x".repeat(80_000));
    assert_fails(&get(&sending(long).url("/")), "head-too-large", "longer than 65536 bytes");
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(200));
    assert_fails(&get(&sending(many).url("/")), "head-too-large", "longer than 128 fields");
    // One that never ends is no longer read either.
    let server =
        endless(b"HTTP/1.1 200 OK\r\n", b"X-Endless: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n");
    let (kind, _) = get(&server.url("/")).failure();
    assert_eq!(kind, "head-too-large");
    let fits = format!(
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n{}\r\n",
        format!("X: {}\r\n", "y".repeat(500)).repeat(120)
    );
    assert_eq!(get(&sending(fits).url("/")).verdict(), "allowed");
}

#[test]
fn a_body_that_never_ends_is_not_read() {
    let server = endless(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n", &[b'x'; 4096]);
    let run = get(&server.url("/"));
    assert_eq!((run.code, run.verdict().as_str()), (0, "allowed"));
    let server = endless(
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"1\r\nx\r\n",
    );
    assert_eq!(get(&server.url("/")).code, 0);
}

/// A server that sends `first` and then `rest` again and again, as long as anyone reads.
fn endless(first: &'static [u8], rest: &'static [u8]) -> Server {
    Server::start(move |mut stream: TcpStream, state: &State| {
        state.read_head(&mut stream);
        state.answered();
        if stream.write_all(first).is_ok() {
            while !state.ends() && stream.write_all(rest).is_ok() {}
        }
    })
}

#[test]
fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let run = get(&format!("http://{address}/"));
    assert_fails(&run, "refused", &format!("{address} refuses connections; check the port"));

    let run = from_page(&format!("http://{address}/"), &["--audit", "--json"]);
    assert_eq!((run.code, run.json()["complete"].as_bool()), (2, Some(false)));
    assert!(run.sentences("notes")[0].contains("refuses connections"));
    let run = from_page(&format!("http://{address}/"), &["--audit"]);
    assert!(run.stdout.contains("The audit is not complete."), "{}", run.stdout);
}

#[test]
fn a_name_that_is_nobodys() {
    let (kind, message) = from_page("http://cors-probe.invalid/", &["--json", "--timeout", "10"]).failure();
    // A name server that does not answer at all is reported as such.
    assert!(["lookup", "timeout"].contains(&kind.as_str()), "{kind}");
    assert!(message.contains("cors-probe.invalid"), "{message}");
}

#[test]
fn a_server_without_tls() {
    let server = Server::start(|mut stream, state| {
        let mut hello = [0; 16];
        let _ = std::io::Read::read(&mut stream, &mut hello);
        state.answered();
        send(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let url = server.url("/").replace("http:", "https:");
    assert_fails(&get(&url), "tls", "the port does not seem to speak TLS: try http://");
}

#[test]
fn an_audit_of_a_server_that_gives_up() {
    // It answers twice, and then no more.
    let server = Server::start(|mut stream, state| {
        state.read_head(&mut stream);
        state.answered();
        if state.heads() <= 2 {
            send(&mut stream, b"HTTP/1.1 200 OK\r\nVary: Origin\r\n\r\n");
        }
    });
    let run = from_page(&server.url("/"), &["--audit", "--json"]);
    assert_eq!((run.code, run.json()["requests"].as_u64()), (2, Some(4)));
    assert_eq!(server.connections(), 4);

    let server = Server::saying("HTTP/1.1 429 Too Many Requests\nVary: Origin\n\n");
    let run = from_page(&server.url("/"), &["--audit", "--json"]);
    assert_eq!((run.code, run.json()["requests"].as_u64()), (2, Some(1)));
    assert!(run.sentences("notes").iter().any(|note| note.contains("429")));
}
