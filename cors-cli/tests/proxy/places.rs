//! Where it listens, for whom, and under which names.

use std::net::TcpListener;
use std::process::Command;

use cors_testing::program::program;
use cors_testing::sockets::client::{VERSIONS, send};
use cors_testing::sockets::server::Server;

use crate::process::{PAGE, POLICY, Proxy};

/// The exit status and what is said, of a proxy that does not start.
fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("shop.toml"), POLICY).unwrap();
    let output = Command::new(program(env!("CARGO_BIN_EXE_cors")))
        .arg("proxy")
        .args(arguments)
        .current_dir(&folder)
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"");
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn what_is_no_place() {
    let cases: [(&str, &str, &str); 9] = [
        ("https://api.example.com", "0.0.0.0:0", "add --expose-to-network if that is what you want"),
        ("https://api.example.com", "[::]:0", "other machines could use the proxy"),
        ("https://api.example.com", "192.0.2.1:0", "other machines could use the proxy"),
        (
            "https://api.example.com",
            "localhost:8787",
            "not an address with a port; write one such as 127.0.0.1:8787",
        ),
        ("https://api.example.com", "8787", "not an address with a port"),
        ("https://api.example.com/v1", "127.0.0.1:0", "a path; write https://api.example.com, since"),
        ("api.example.com", "127.0.0.1:0", "write https://api.example.com"),
        ("ftp://api.example.com", "127.0.0.1:0", "CORS is for http and https"),
        ("http://localhost:8787", "127.0.0.1:8787", "the target itself"),
    ];
    for (target, listen, expected) in cases {
        let (code, said) = refused(&["--target", target, "--policy", "shop.toml", "--listen", listen]);
        assert!(code == Some(2) && said.contains(expected), "{target} {listen}: {code:?} {said}");
    }
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let (code, said) =
        refused(&["--target", "https://api.example.com", "--policy", "shop.toml", "--listen", &listen]);
    assert!(code == Some(2) && said.contains("something listens there already"), "{said}");
    let (code, said) = refused(&["--target", "https://api.example.com", "--policy", "missing.toml"]);
    assert!(code == Some(2) && said.contains("there is no such file"), "{said}");
}

/// A page whose name leads here (DNS rebinding) is of the proxy's own origin to its browser.
#[test]
fn other_names_are_misdirected() {
    let target = Server::saying("HTTP/1.1 200 OK\nConnection: close\nContent-Length: 0\n\n");
    let proxy = Proxy::start(&target.url(""), POLICY, &["--host", "api.test"]);
    let open = Proxy::start(&target.url(""), POLICY, &["--expose-to-network"]);
    for version in VERSIONS {
        for (host, status) in
            [("localhost:1", 200), ("app.localhost", 200), ("api.test:8787", 200), ("evil.example", 421)]
        {
            let answer = send(proxy.port, version, "GET", "/", &[("host", host), ("origin", PAGE)], "");
            assert_eq!((answer.status, answer.allow_origin()), (status, vec![PAGE]), "{host}");
        }
        let answer = send(open.port, version, "GET", "/", &[("host", "evil.example")], "");
        assert_eq!(answer.status, 421, "it still listens on this machine alone");
    }
    proxy.stdout.wait("asked as evil.example, which is not a name of this machine");
}
