//! Connections that occupy a server without a request, with limits made short.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::service::service_fn;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

use super::*;

/// Long enough for any machine: a test waits for as long only if it fails.
const NEVER: Duration = Duration::from_secs(600);

/// What a connection may send without a request: nothing, half a head, and HTTP/2's preface (RFC 9113, 3.4) without and
/// with an empty SETTINGS frame.
const SILENT: [&[u8]; 4] = [
    b"",
    b"GET / HTTP/1.1\r\nHost: local",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
];

/// Calls `test` with the port of a server that answers `hello`.
fn with_server(connections: usize, idle: Duration, test: impl AsyncFnOnce(u16)) {
    Runtime::new().unwrap().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let service = service_fn(async |_| {
            Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"hello"))))
        });
        let limits = Limits { connections, idle, grace: Duration::ZERO };
        tokio::select! {
            () = serve(listener, limits, service, async || std::future::pending().await) => panic!("it ended"),
            () = test(port) => {}
        }
    });
}

async fn connect(port: u16, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream
}

/// Waits until the server closes the connection. What it sends before, such as SETTINGS, does not count.
async fn closed(stream: &mut TcpStream) {
    let mut buffer = [0; 1024];
    while stream.read(&mut buffer).await.is_ok_and(|len| len > 0) {}
}

/// Asks once, on a connection that stays open.
async fn ask(port: u16) -> TcpStream {
    let mut stream = connect(port, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let mut read = Vec::new();
    while !read.ends_with(b"hello") {
        assert_ne!(stream.read_buf(&mut read).await.unwrap(), 0, "closed without an answer");
    }
    stream
}

#[test]
fn a_connection_without_a_request_is_closed() {
    with_server(64, Duration::from_millis(20), async |port| {
        for bytes in SILENT {
            closed(&mut connect(port, bytes).await).await;
        }
        closed(&mut ask(port).await).await;
    });
}

#[test]
fn silent_connections_give_way() {
    with_server(4, NEVER, async |port| {
        let mut open = Vec::new();
        for _ in 0..10 {
            for bytes in SILENT {
                open.push(connect(port, bytes).await);
            }
            open.push(ask(port).await);
        }
        // The oldest went first.
        for stream in &mut open[..40] {
            closed(stream).await;
        }
        ask(port).await;
    });
}

#[test]
fn a_request_keeps_its_place() {
    Runtime::new().unwrap().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (begun, mut beginnings) = tokio::sync::mpsc::unbounded_channel();
        let (release, released) = tokio::sync::watch::channel(false);
        let service = service_fn(move |_| {
            let (begun, mut released) = (begun.clone(), released.clone());
            async move {
                begun.send(()).unwrap();
                released.wait_for(|released| *released).await.unwrap();
                Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"hello"))))
            }
        });
        let limits = Limits { connections: 2, idle: Duration::from_millis(20), grace: Duration::ZERO };
        let test = async {
            let first = tokio::spawn(ask(port));
            beginnings.recv().await.unwrap();
            // Others come and are closed, while the first waits for longer than a silent connection may.
            for _ in 0..4 {
                closed(&mut connect(port, b"").await).await;
            }
            release.send(true).unwrap();
            first.await.unwrap();
        };
        tokio::select! {
            () = serve(listener, limits, service, async || std::future::pending().await) => panic!("it ended"),
            () = test => {}
        }
    });
}
