//! Targets over https: what this machine trusts is trusted, and HTTP/2 is spoken where the target does.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cors_testing::sockets::client::get;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::process::{PAGE, POLICY, Proxy};

/// See `../probe/tls/README.md`.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/probe/tls").join(name)
}

/// A server for `localhost` that answers with the version it was asked in.
async fn serve(protocols: &[&str]) -> u16 {
    let certificate = CertificateDer::from_pem_file(file("localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(file("localhost.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // A client that trusts nobody here leaves.
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let answer = service_fn(async |request: Request<Incoming>| {
                    let told = format!("{:?} {}", request.version(), request.uri().authority().is_some());
                    Ok::<_, std::convert::Infallible>(Response::new(told))
                });
                let builder = auto::Builder::new(TokioExecutor::new());
                let _ = builder.serve_connection(TokioIo::new(stream), answer).await;
            });
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_and_certificates() {
    let cases: [(&[&str], &str, &str, u16, &str); 4] = [
        (&["h2", "http/1.1"], "localhost", "authority.pem", 200, "HTTP/2.0 true"),
        (&["http/1.1"], "localhost", "authority.pem", 200, "HTTP/1.1 false"),
        (&["h2"], "localhost", "other-authority.pem", 502, "no TLS connection"),
        (&["h2"], "127.0.0.1", "authority.pem", 502, "no TLS connection"),
    ];
    for (protocols, host, authority, status, body) in cases {
        let target = format!("https://{host}:{}", serve(protocols).await);
        let answer = tokio::task::spawn_blocking(move || {
            let proxy = Proxy::with(&target, POLICY, &[], |command| {
                command.env("SSL_CERT_FILE", file(authority)).env_remove("SSL_CERT_DIR")
            });
            get(proxy.port, &[("origin", PAGE)])
        });
        let answer = answer.await.unwrap();
        assert_eq!((answer.status, answer.allow_origin()), (status, vec![PAGE]), "{}", answer.body);
        assert!(answer.body.contains(body), "{}", answer.body);
    }
}
