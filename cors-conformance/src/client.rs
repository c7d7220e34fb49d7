//! [`Client`]: requests as bytes over TCP or TLS, each on a connection of its own unless told otherwise.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use rustls_platform_verifier::BuilderVerifierExt;
use url::Url;

use crate::exchange::{Answer, Request};

/// The most bytes of a head, and of a body, that are read.
const MAX_LEN: usize = 256 * 1024;

const USER_AGENT: &str = concat!("cors-conformance/", env!("CARGO_PKG_VERSION"));

/// Asks one server.
#[derive(Clone)]
pub(crate) struct Client {
    host: String,
    port: u16,
    /// The value of `Host`.
    authority: String,
    tls: Option<Arc<ClientConfig>>,
    timeout: Duration,
    /// What every request has besides, except preflights.
    fields: Vec<(String, String)>,
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

impl Client {
    pub(crate) fn new(url: &Url, timeout: Duration, fields: Vec<(String, String)>) -> Result<Self, String> {
        let host = url.host_str().ok_or("the address has no host")?.to_owned();
        let port = url.port_or_known_default().ok_or("the address has no port")?;
        let authority = url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"));
        let tls =
            if url.scheme() == "https" { Some(tls().map_err(|error| error.to_string())?) } else { None };
        Ok(Client { host, port, authority, tls, timeout, fields })
    }

    /// Sends a request and reads its response.
    pub(crate) fn ask(&self, request: &Request) -> Result<Answer, String> {
        let answers = self.ask_all(std::slice::from_ref(request))?;
        answers.into_iter().next().ok_or_else(|| "there was no response".to_owned())
    }

    /// Sends requests on one connection, each after the response to the one before.
    pub(crate) fn ask_all(&self, requests: &[Request]) -> Result<Vec<Answer>, String> {
        let mut stream = self.connect().map_err(|error| format!("{}:{}: {error}", self.host, self.port))?;
        let mut received = Vec::new();
        let mut answers = Vec::new();
        for (index, request) in requests.iter().enumerate() {
            let is_last = index.saturating_add(1) == requests.len();
            let began = Instant::now();
            // A server may answer and close before it has read a long request.
            let sent = stream.write_all(&self.bytes(request, is_last)).and_then(|()| stream.flush());
            match self.read(&mut stream, &mut received, request, began) {
                Ok(answer) => answers.push(answer),
                Err(error) => return Err(sent.err().map_or(error, |error| describe(&error))),
            }
        }
        Ok(answers)
    }

    fn connect(&self) -> io::Result<Box<dyn Stream>> {
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        let mut last = io::Error::new(ErrorKind::NotFound, "the name has no address");
        for address in (bare, self.port).to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, self.timeout) {
                Ok(stream) => return self.wrap(stream, bare),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn wrap(&self, stream: TcpStream, host: &str) -> io::Result<Box<dyn Stream>> {
        stream.set_read_timeout(Some(self.timeout))?;
        stream.set_write_timeout(Some(self.timeout))?;
        stream.set_nodelay(true)?;
        let Some(tls) = &self.tls else { return Ok(Box::new(stream)) };
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        let connection = ClientConnection::new(Arc::clone(tls), name).map_err(io::Error::other)?;
        Ok(Box::new(StreamOwned::new(connection, stream)))
    }

    fn bytes(&self, request: &Request, is_last: bool) -> Vec<u8> {
        let has = |name: &str| request.fields.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
        let mut bytes =
            format!("{} {} HTTP/1.1\r\nHost: {}\r\n", request.method, request.target, self.authority)
                .into_bytes();
        let mut line = |name: &str, value: &[u8]| {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        };
        line("Connection", if is_last { b"close" } else { b"keep-alive" });
        line("User-Agent", USER_AGENT.as_bytes());
        if !has("accept") {
            line("Accept", b"*/*");
        }
        // Fetch, "HTTP-network-or-cache fetch": these have a length also without a body.
        if matches!(request.method.as_str(), "POST" | "PUT" | "PATCH") && !has("content-length") {
            line("Content-Length", b"0");
        }
        for (name, value) in &request.fields {
            line(name, value);
        }
        // A browser sends none of a page's fields with a preflight.
        if !has("access-control-request-method") {
            for (name, value) in &self.fields {
                line(name, value.as_bytes());
            }
        }
        bytes.extend_from_slice(b"\r\n");
        bytes
    }

    /// Reads a response; what belongs to the next one stays in `received`.
    fn read(
        &self,
        stream: &mut dyn Stream,
        received: &mut Vec<u8>,
        request: &Request,
        began: Instant,
    ) -> Result<Answer, String> {
        let end = began.checked_add(self.timeout);
        let mut more = |received: &mut Vec<u8>| -> Result<bool, String> {
            if end.is_some_and(|end| Instant::now() > end) {
                return Err(format!("the response did not end in {} s", self.timeout.as_secs()));
            }
            let mut buffer = [0; 16 * 1024];
            let len = match stream.read(&mut buffer) {
                Ok(len) => len,
                // Servers that close a TLS connection without saying so.
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => 0,
                Err(error) => return Err(describe(&error)),
            };
            received.extend_from_slice(buffer.get(..len).unwrap_or_default());
            Ok(len > 0)
        };
        let (status, fields) = loop {
            if let Some((len, status, fields)) = head(received)? {
                received.drain(..len);
                // An interim response is not the response.
                if !(100..200).contains(&status) {
                    break (status, fields);
                }
                continue;
            }
            if received.len() > MAX_LEN {
                return Err(format!("the response head is longer than {MAX_LEN} bytes"));
            }
            if !more(received)? {
                let what =
                    if received.is_empty() { "without a response" } else { "within the response head" };
                return Err(format!("the server closed the connection {what}"));
            }
        };
        let head_after = began.elapsed();
        let mut answer =
            Answer { status, fields, body: Vec::new(), flaw: None, head_after, body_after: head_after };
        if request.method == "HEAD" || matches!(status, 204 | 304) {
            return Ok(answer);
        }
        let is_chunked =
            answer.elements("transfer-encoding").last().is_some_and(|coding| coding == "chunked");
        let mut lengths = answer.elements("content-length");
        lengths.dedup();
        if lengths.len() > 1 || lengths.iter().any(|length| length.parse::<usize>().is_err()) {
            answer.flaw = Some(format!("Content-Length is {}", lengths.join(" and ")));
        } else if is_chunked && !lengths.is_empty() {
            answer.flaw = Some("it has a Content-Length and is chunked".to_owned());
        }
        let length = lengths.first().and_then(|length| length.parse::<usize>().ok());
        loop {
            if is_chunked {
                if let Some((body, len)) = chunks(received)? {
                    received.drain(..len);
                    answer.body = body;
                    break;
                }
            } else if let Some(length) = length
                && received.len() >= length
            {
                answer.body = received.drain(..length).collect();
                break;
            }
            let is_long = received.len() > MAX_LEN;
            if is_long || !more(received)? {
                answer.body = std::mem::take(received);
                if !is_long && is_chunked {
                    answer.flaw = Some("the connection ends before the last chunk".to_owned());
                } else if let Some(length) = length.filter(|_| !is_long) {
                    let len = answer.body.len();
                    answer.flaw = Some(format!("Content-Length is {length}, and the body has {len} bytes"));
                }
                break;
            }
        }
        answer.body_after = began.elapsed();
        Ok(answer)
    }
}

type Head = (usize, u16, Vec<(String, Vec<u8>)>);

/// Returns the head at the front, its length first; `None` if it does not end yet.
fn head(received: &[u8]) -> Result<Option<Head>, String> {
    let mut fields = vec![httparse::EMPTY_HEADER; 256];
    let mut response = httparse::Response::new(&mut fields);
    match response.parse(received) {
        Ok(httparse::Status::Complete(len)) => {
            let fields = response.headers.iter().map(|field| (field.name.to_owned(), field.value.to_owned()));
            Ok(Some((len, response.code.unwrap_or_default(), fields.collect())))
        }
        Ok(httparse::Status::Partial) => Ok(None),
        Err(error) => Err(format!("the response head is malformed: {error}")),
    }
}

/// Returns the body in chunks at the front, and how many bytes it took; `None` if it does not end yet.
fn chunks(received: &[u8]) -> Result<Option<(Vec<u8>, usize)>, String> {
    let mut body = Vec::new();
    let mut at = 0_usize;
    loop {
        let rest = received.get(at..).unwrap_or_default();
        let (start, len) = match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete(read)) => read,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err("the response has a chunk without a length".to_owned()),
        };
        let len = usize::try_from(len).map_err(|_| "the response has a chunk that is too long".to_owned())?;
        let begin = at.saturating_add(start);
        let end = begin.saturating_add(len);
        if len == 0 {
            // Trailers are fields, and none is known here that matters.
            let rest = received.get(begin..).unwrap_or_default();
            if rest.starts_with(b"\r\n") {
                return Ok(Some((body, begin.saturating_add(2))));
            }
            let trailers = rest.windows(4).position(|window| window == b"\r\n\r\n");
            return Ok(trailers.map(|len| (body, begin.saturating_add(len).saturating_add(4))));
        }
        let Some(chunk) = received.get(begin..end) else { return Ok(None) };
        body.extend_from_slice(chunk);
        at = end.saturating_add(2);
    }
}

fn describe(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => "the server did not answer in time".to_owned(),
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted => {
            "the server closed the connection without a response".to_owned()
        }
        _ => match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(error) => of_tls(error),
            None => error.to_string(),
        },
    }
}

fn of_tls(error: &rustls::Error) -> String {
    use rustls::CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, UnknownIssuer,
    };
    match error {
        rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => {
            "the port does not seem to speak TLS: try http://".to_owned()
        }
        rustls::Error::InvalidCertificate(error) => {
            let why = match error {
                Expired | ExpiredContext { .. } => "it has expired",
                NotValidForName | NotValidForNameContext { .. } => "it is for another name",
                UnknownIssuer => "this machine does not know who issued it",
                // The verifier has no name of its own for this.
                other if format!("{other:?}").contains("CaUsedAsEndEntity") => {
                    "it is an authority's own, which is not for servers (basicConstraints CA:TRUE)"
                }
                _ => "it is not to be trusted",
            };
            format!(
                "the server's certificate is refused: {why}; SSL_CERT_FILE names a file of certificates to trust"
            )
        }
        error => error.to_string(),
    }
}

fn tls() -> Result<Arc<ClientConfig>, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunked_bodies() {
        let whole = b"4\r\nabcd\r\n2;x=y\r\nef\r\n0\r\n\r\nrest";
        assert_eq!(chunks(whole).unwrap(), Some((b"abcdef".to_vec(), whole.len() - "rest".len())));
        let trailers = b"1\r\na\r\n0\r\nx: y\r\n\r\n";
        assert_eq!(chunks(trailers).unwrap(), Some((b"a".to_vec(), trailers.len())));
        for len in 0..trailers.len() {
            assert_eq!(chunks(&trailers[..len]).unwrap(), None, "{len}");
        }
        assert!(chunks(b"x\r\n").is_err());
    }

    #[test]
    fn heads() {
        let (len, status, fields) =
            head(b"HTTP/1.1 200 OK\r\nVary: a\r\nvary: b\r\n\r\nbody").unwrap().unwrap();
        assert_eq!((len, status, fields.len()), (37, 200, 2));
        assert!(head(b"HTTP/1.1 200 OK\r\n").unwrap().is_none());
        assert!(head(b"SSH-2.0\r\n").is_err());
    }
}
