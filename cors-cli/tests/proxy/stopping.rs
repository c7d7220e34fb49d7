//! It ends when it is told to, and what has begun ends first.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use cors_testing::sockets::server::{Server, send};

use crate::process::{PAGE, POLICY, Proxy};

#[test]
fn responses_end_first() {
    for signal in ["-TERM", "-INT"] {
        let target = Server::start(|mut stream, state| {
            state.read_head(&mut stream);
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf").unwrap();
            // The other half when a second connection says so.
            if state.heads() == 1 {
                while state.heads() < 2 {
                    std::thread::yield_now();
                }
            }
            state.answered();
            send(&mut stream, b"half");
        });
        let mut proxy = Proxy::start(&target.url(""), POLICY, &[]);
        let mut page = TcpStream::connect(("127.0.0.1", proxy.port)).unwrap();
        page.write_all(format!("GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: {PAGE}\r\n\r\n").as_bytes())
            .unwrap();
        let mut first = [0; 12];
        page.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
        assert!(Command::new("kill").args([signal, &proxy.id().to_string()]).status().unwrap().success());
        // It takes no more connections.
        while TcpStream::connect(("127.0.0.1", proxy.port)).is_ok() {}
        let mut release = TcpStream::connect(("127.0.0.1", target.port())).unwrap();
        release.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        release.read_to_end(&mut Vec::new()).unwrap();
        let mut rest = String::new();
        page.read_to_string(&mut rest).unwrap();
        assert!(rest.ends_with("\r\n\r\nhalfhalf"), "{rest}");
        assert_eq!(proxy.ended(), Some(0), "{signal}");
    }
}
