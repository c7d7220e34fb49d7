//! A client of a server on this machine, over HTTP/1.1 or HTTP/2.

use http::{HeaderMap, Request, Version};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

/// A whole response.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body, which has to be UTF-8.
    pub body: String,
}

impl Answer {
    /// Returns the values of the fields of that name.
    pub fn get(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// Returns the values of Access-Control-Allow-Origin.
    pub fn allow_origin(&self) -> Vec<&str> {
        self.get("access-control-allow-origin")
    }
}

/// The versions that [`send`] speaks.
pub const VERSIONS: [Version; 2] = [Version::HTTP_11, Version::HTTP_2];

/// Sends a request on a connection of its own. Its host is the server's address, or the value of the field `host`.
pub fn send(
    port: u16,
    version: Version,
    method: &str,
    path: &str,
    fields: &[(&str, &str)],
    body: &str,
) -> Answer {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stream = TokioIo::new(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
        let host = fields.iter().find(|(name, _)| *name == "host").map(|(_, value)| (*value).to_owned());
        let host = host.unwrap_or_else(|| format!("127.0.0.1:{port}"));
        let mut request = Request::builder().method(method);
        for (name, value) in fields.iter().filter(|(name, _)| *name != "host") {
            request = request.header(*name, *value);
        }
        let body = Full::<Bytes>::from(body.to_owned());
        let response = if version == Version::HTTP_2 {
            let request = request.uri(format!("http://{host}{path}")).body(body).unwrap();
            let (mut sender, connection) =
                hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.unwrap();
            tokio::spawn(connection);
            sender.send_request(request).await
        } else {
            let request = request.uri(path).header("host", host).body(body).unwrap();
            let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await.unwrap();
            tokio::spawn(connection);
            sender.send_request(request).await
        };
        let response = response.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    })
}

/// Sends a GET for `/` over HTTP/1.1.
pub fn get(port: u16, fields: &[(&str, &str)]) -> Answer {
    send(port, Version::HTTP_11, "GET", "/", fields, "")
}
