//! Response heads, as `curl -i` prints them, and as developer tools copy them.

use super::secret;
use crate::case::Response;

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
    let mut heads: Vec<Response> = Vec::new();
    let mut is_within = false;
    for line in text.lines() {
        // `curl -v` marks what it receives.
        let line = line.strip_prefix("< ").unwrap_or(line).trim_end();
        if let Some(status) = status(line) {
            // What a proxy says before the response, and informational responses.
            is_within = status >= 200;
            if is_within {
                heads.push(Response { status, headers: Vec::new() });
            }
        } else if line.is_empty() || line == "<" {
            is_within = false;
        } else if let (true, Some((name, value)), Some(head)) =
            (is_within, line.split_once(':'), heads.last_mut())
            && !name.trim().is_empty()
            && !name.contains(' ')
        {
            head.headers.push(secret::field(name, value.trim()));
        }
    }
    heads
}

fn status(line: &str) -> Option<u16> {
    let rest = line.strip_prefix("HTTP/")?;
    let status = rest.split(' ').nth(1)?.get(..3)?;
    status.parse().ok().filter(|status| (100..1000).contains(status))
}
