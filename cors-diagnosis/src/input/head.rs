//! Response heads, as `curl -i` prints them, and as developer tools copy them; and requests with their responses, as `curl -v`
//! prints them.

use super::secret;
use crate::case::Response;

/// A response's head, and the request that it answers, where that is in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The request.
    pub request: Option<RequestHead>,
    /// The response.
    pub response: Response,
}

/// A request's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHead {
    /// The method.
    pub method: String,
    /// The address, as far as it is known, without what may be secret.
    pub url: Option<String>,
    /// The header fields, one for each line. Values that may be secret are not kept.
    pub headers: Vec<(String, Vec<u8>)>,
}

impl RequestHead {
    /// Returns the value of the first field of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other == name);
        found.and_then(|(_, value)| std::str::from_utf8(value).ok())
    }

    /// Takes the address to be one of https, where the lines about the connection are left out: by the version of HTTP, which browsers and
    /// curl speak by TLS alone from 2 on, or since a page of https asks no other.
    fn place(&mut self, status_line: &str, is_connection_told: bool) {
        let is_newer = ["HTTP/2", "HTTP/3"].iter().any(|version| status_line.starts_with(version));
        let is_of_https_page = self.get("origin").is_some_and(|origin| origin.starts_with("https://"));
        if is_connection_told || !(is_newer || is_of_https_page) {
            return;
        }
        if let Some(rest) = self.url.as_deref().and_then(|url| url.strip_prefix("http://")) {
            self.url = Some(format!("https://{rest}"));
        }
    }

    /// True for a preflight.
    pub fn is_preflight(&self) -> bool {
        self.method == "OPTIONS" && self.get("access-control-request-method").is_some()
    }
}

/// Reads the heads in a text: a status line, fields, and an empty line or the end. A body, and what curl writes besides, is
/// passed over.
///
/// ```
/// use cors_diagnosis::input::response_heads;
///
/// let heads = response_heads("HTTP/2 204 \naccess-control-allow-origin: *\n\nHTTP/1.1 200 OK\nSet-Cookie: a=b\n\n{}");
/// assert_eq!(heads.len(), 2);
/// assert_eq!(heads[0].status, 204);
/// assert_eq!(heads[0].headers[0], ("access-control-allow-origin".to_owned(), b"*".to_vec()));
/// ```
pub fn response_heads(text: &str) -> Vec<Response> {
    heads(text).into_iter().map(|head| head.response).collect()
}

/// Reads the heads in a text, with the requests that `curl -v` shows.
///
/// ```
/// use cors_diagnosis::input::heads;
///
/// let heads = heads("* using HTTP/1.1\n> GET /a?b=c HTTP/1.1\r\n> Host: api.example.com\r\n> \r\n< HTTP/1.1 200 OK\r\n< Vary: Origin\r\n< \r\n");
/// let request = heads[0].request.as_ref().unwrap();
/// assert_eq!(request.url.as_deref(), Some("http://api.example.com/a?b=…"));
/// assert_eq!(request.get("origin"), None);
/// ```
pub fn heads(text: &str) -> Vec<Head> {
    let mut reader = Reader::default();
    if is_fields(text) {
        reader.line("HTTP/1.1 200");
    }
    text.lines().for_each(|line| reader.line(line.trim_end()));
    reader.heads
}

/// True for fields without a status line, as developer tools copy those of a response: lines of a name and a value, and a field of CORS
/// among them.
pub(super) fn is_fields(text: &str) -> bool {
    let mut lines = text.trim().lines().map(str::trim_end).filter(|line| !line.is_empty());
    let name = |line: &str| line.split_once(':').map(|(name, _)| name.to_ascii_lowercase());
    let is_field = |line: &str| {
        name(line).is_some_and(|name| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        })
    };
    let is_cors = |line: &str| name(line).is_some_and(|name| name.starts_with("access-control-allow-"));
    lines.clone().count() >= 2 && lines.clone().any(is_cors) && lines.all(is_field)
}

#[derive(Default)]
struct Reader {
    heads: Vec<Head>,
    is_within: bool,
    is_tls: bool,
    /// Whether curl wrote of the connection, so that one without TLS is known to be so.
    is_connection_told: bool,
    request: Option<RequestHead>,
    target: String,
}

impl Reader {
    fn line(&mut self, line: &str) {
        if let Some(said) = line.strip_prefix('*') {
            self.is_connection_told |= said.contains("Connected to ") || said.contains(" port ");
            self.is_tls |=
                ["SSL connection using", "TLS handshake", " port 443"].iter().any(|sign| said.contains(sign));
            return;
        }
        if let Some(sent) = line.strip_prefix('>') {
            self.is_within = false;
            self.sent(sent.trim());
            return;
        }
        // `curl -v` marks what it receives.
        let line = line.strip_prefix("< ").unwrap_or(line);
        if let Some(status) = status(line) {
            // What a proxy says before the response, and informational responses.
            self.is_within = status >= 200;
            if let Some(request) = self.request.as_mut().filter(|_| !self.is_tls) {
                request.place(line, self.is_connection_told);
            }
            if self.is_within {
                let response = Response { status, headers: Vec::new() };
                self.heads.push(Head { request: self.request.take(), response });
            }
        } else if line.is_empty() || line == "<" {
            self.is_within = false;
        } else if let (true, Some((name, value)), Some(head)) =
            (self.is_within, line.split_once(':'), self.heads.last_mut())
            && is_name(name)
        {
            head.response.headers.push(secret::field(name, value.trim()));
        }
    }

    fn sent(&mut self, line: &str) {
        if let Some((method, target)) = request_line(line) {
            target.clone_into(&mut self.target);
            self.request = Some(RequestHead { method: method.to_owned(), url: None, headers: Vec::new() });
        } else if let (Some(request), Some((name, value))) = (&mut self.request, line.split_once(':'))
            && is_name(name)
        {
            if name.eq_ignore_ascii_case("host") {
                let scheme = if self.is_tls { "https" } else { "http" };
                request.url = Some(secret::url(&format!("{scheme}://{}{}", value.trim(), self.target)));
            }
            request.headers.push(secret::field(name, value.trim()));
        }
    }
}

fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && !name.contains(' ')
}

fn request_line(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    let is_request =
        version.starts_with("HTTP/") && method.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    is_request.then_some((method, target))
}

fn status(line: &str) -> Option<u16> {
    let rest = line.strip_prefix("HTTP/")?;
    let status = rest.split(' ').nth(1)?.get(..3)?;
    status.parse().ok().filter(|status| (100..1000).contains(status))
}
