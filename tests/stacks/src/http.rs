//! HTTP/1.1 by hand, so that fields are sent and seen as they are.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use cors_core::browser::Header;

/// A response's head.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) fields: Vec<(String, String)>,
}

impl Answer {
    /// Returns the fields as the browser's half takes them.
    pub(crate) fn headers(&self) -> Vec<Header<'_>> {
        self.fields.iter().map(|(name, value)| Header::new(name, value)).collect()
    }

    /// Returns the values of a field, one for each line.
    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        let is_named = |(other, _): &&(String, String)| other.eq_ignore_ascii_case(name);
        self.fields.iter().filter(is_named).map(|(_, value)| value.as_str()).collect()
    }
}

/// Sends a request and reads the head of its response.
pub(crate) fn ask(port: u16, method: &str, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
    for (name, value) in fields {
        head.extend([name, ": ", value, "\r\n"]);
    }
    if ["PUT", "POST", "DELETE", "PATCH"].contains(&method) {
        head.push_str("Content-Length: 2\r\n\r\n{}");
    } else {
        head.push_str("\r\n");
    }
    stream.write_all(head.as_bytes())?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| io::Error::other(format!("no status line: {line:?}")))?;
    let mut answer = Answer { status, fields: Vec::new() };
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => answer.fields.push((name.to_owned(), value.trim().to_owned())),
            None => break,
        }
    }
    Ok(answer)
}

/// Starts the application behind gateways, and returns its port.
///
/// It sends fields of CORS for any origin, which have to give way.
pub(crate) fn application() -> io::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || respond(stream));
        }
    });
    Ok(port)
}

fn respond(mut stream: TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let (mut length, mut is_authorized) = (0, false);
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        let field = line.to_ascii_lowercase();
        is_authorized |= field.starts_with("authorization:");
        if let Some(value) = field.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    io::copy(&mut reader.take(length), &mut io::sink())?;
    let status = match path.as_str() {
        "/item" => "200 OK",
        "/broken" => "500 Internal Server Error",
        "/private" if is_authorized => "200 OK",
        "/private" => "401 Unauthorized",
        _ => "404 Not Found",
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nX-Total: 3\r\nVary: Accept-Encoding\r\nAccess-Control-Allow-Origin: *\r\n\
         Access-Control-Allow-Credentials: true\r\nAccess-Control-Expose-Headers: x-total\r\nContent-Length: 2\r\n\
         Connection: close\r\n\r\n[]"
    );
    stream.write_all(head.as_bytes())
}
