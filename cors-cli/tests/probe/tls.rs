//! Over https: what this machine trusts is trusted, and nothing else.
#![cfg(target_os = "linux")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use cors_testing::program::program;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use cors_testing::sockets::server::{Server, send};

use crate::command::{PAGE, run};

/// See `tls/README.md`.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/probe/tls").join(name)
}

/// A server for `localhost`.
fn serve() -> Server {
    let certificate = CertificateDer::from_pem_file(file("localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(file("localhost.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    Server::start(move |stream, state| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        if state.read_head(&mut stream).is_some() {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n");
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
        state.answered();
        send(&mut stream.sock, b"");
    })
}

fn probe(server: &Server, host: &str, certificates: &Path) -> crate::command::Run {
    let url = format!("https://{host}:{}/", server.port());
    let mut command = Command::new(program(env!("CARGO_BIN_EXE_cors")));
    command.args(["probe", &url, "--origin", PAGE, "--json"]);
    // Where the system's certificates are.
    command.env("SSL_CERT_FILE", certificates).env_remove("SSL_CERT_DIR");
    run(&mut command)
}

#[test]
fn certificates() {
    let server = serve();
    let (own, other) = (file("authority.pem"), file("other-authority.pem"));
    let trusted = probe(&server, "localhost", &own);
    assert_eq!((trusted.code, trusted.verdict().as_str()), (0, "allowed"), "{}", trusted.stdout);
    assert!(server.heads()[0].contains(&format!("\r\nhost: localhost:{}\r\n", server.port())));

    for (host, certificates) in [("localhost", &other), ("127.0.0.1", &own)] {
        let refused = probe(&server, host, certificates);
        let (kind, message) = refused.failure();
        assert_eq!((refused.code, kind.as_str()), (2, "tls"), "{message}");
        assert!(
            message.contains("certificate") && message.contains("a browser would stop here, too"),
            "{message}"
        );
    }
    assert_eq!(server.heads().len(), 1);
}
