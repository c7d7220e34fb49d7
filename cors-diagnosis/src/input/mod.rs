//! What a developer has in hand: which of the inputs a text is, and the readers of each.
//!
//! In: a text. Out: a [`Case`](crate::Case), or several. Of values that may be secret (cookies, tokens, queries, bodies)
//! nothing is kept but names.

mod call;
mod curl;
mod encoding;
mod har;
mod head;
mod powershell;
mod script;
pub(crate) mod secret;

use serde::Serialize;

pub use call::{fetch_call, fetch_calls};
pub use curl::{curl, curls};
pub use encoding::decoded;
pub use har::{Certainty, Entry, har};
pub use head::{Head, RequestHead, heads, response_heads};
pub use powershell::powershell;
pub use secret::url as shown_url;

/// The kinds of inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Input {
    /// A console message, or anything that is not one of the others.
    Message,
    /// A HAR file, which developer tools write.
    Har,
    /// Command lines of curl, as developer tools copy them.
    Curl,
    /// A command of PowerShell, as developer tools copy it.
    PowerShell,
    /// Calls of `fetch`, as developer tools copy them.
    FetchCall,
    /// The head of a response, as `curl -i` prints it, or what `curl -v` prints.
    ResponseHead,
    /// An address alone.
    Address,
    /// A policy of this project.
    Policy,
}

impl Input {
    /// Returns the kind of a text by how it begins.
    ///
    /// ```
    /// use cors_diagnosis::input::Input;
    ///
    /// assert_eq!(Input::of("curl 'https://api.example.com/'"), Input::Curl);
    /// assert_eq!(Input::of("await fetch(\"https://api.example.com/\");"), Input::FetchCall);
    /// assert_eq!(Input::of("HTTP/1.1 200 OK\r\n\r\n"), Input::ResponseHead);
    /// assert_eq!(Input::of("allow_origins = [\"https://app.example.com\"]"), Input::Policy);
    /// assert_eq!(Input::of("TypeError: Failed to fetch"), Input::Message);
    /// ```
    pub fn of(text: &str) -> Input {
        let text = text.trim_start_matches('\u{feff}').trim();
        let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
        if begins(&["{"]) && beginning(text).contains("\"log\"") {
            Input::Har
        } else if begins(&["curl ", "curl.exe ", "$ curl "]) && !is_trace(text) {
            Input::Curl
        } else if begins(&["fetch(", "await fetch(", "window.fetch(", "fetch ("]) {
            Input::FetchCall
        } else if begins(&["HTTP/1.0 ", "HTTP/1.1 ", "HTTP/2 ", "HTTP/3 ", "HTTP/2.0 "])
            || is_trace(text)
            || head::is_fields(text)
        {
            Input::ResponseHead
        } else if begins(&["$session = ", "Invoke-WebRequest "]) && text.contains("Invoke-WebRequest") {
            Input::PowerShell
        } else if begins(&["http://", "https://"]) && !text.contains(char::is_whitespace) {
            Input::Address
        } else if is_policy(text) {
            Input::Policy
        } else {
            Input::Message
        }
    }
}

/// Returns as much of a text as tells what it is.
fn beginning(text: &str) -> &str {
    let len = (0..=text.len().min(4096)).rev().find(|&len| text.is_char_boundary(len)).unwrap_or_default();
    text.get(..len).unwrap_or_default()
}

/// True for what `curl -v` prints: lines with a `<` before a status line.
fn is_trace(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("< HTTP/"))
}

fn is_policy(text: &str) -> bool {
    let is_key = |line: &str| {
        let name = line.trim_start().trim_start_matches('"');
        ["allow_origins", "allow_methods", "allow_headers"].iter().any(|key| {
            let rest = name.strip_prefix(key).map(|rest| rest.trim_start_matches('"').trim_start());
            rest.is_some_and(|rest| rest.starts_with(['=', ':']))
        })
    };
    text.lines().any(is_key) || text.strip_prefix('{').is_some_and(is_key)
}

/// Returns the origin of an address, as a browser serializes it; nothing for an address without a host.
pub(crate) fn origin_of(url: &str) -> Option<String> {
    // A worker's or an image's own address has the origin of its page in it.
    let (scheme, rest) = url.strip_prefix("blob:").unwrap_or(url).split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?.to_ascii_lowercase();
    let scheme = scheme.to_ascii_lowercase();
    let default = match scheme.as_str() {
        "http" | "ws" => ":80",
        "https" | "wss" => ":443",
        _ => "",
    };
    let host =
        if default.is_empty() { &authority } else { authority.strip_suffix(default).unwrap_or(&authority) };
    (!host.is_empty()).then(|| format!("{scheme}://{host}"))
}

/// True for a header of a request that the browser sets, and not the page.
pub(crate) fn is_browsers_own(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_forbidden = ["sec-", "proxy-", ":"].iter().any(|prefix| name.starts_with(prefix));
    is_forbidden
        || matches!(
            name.as_str(),
            "accept"
                | "accept-charset"
                | "accept-encoding"
                | "accept-language"
                | "access-control-request-headers"
                | "access-control-request-method"
                | "cache-control"
                | "connection"
                | "content-length"
                | "cookie"
                | "date"
                | "dnt"
                | "expect"
                | "host"
                | "if-modified-since"
                | "if-none-match"
                | "keep-alive"
                | "origin"
                | "pragma"
                | "priority"
                | "referer"
                | "te"
                | "trailer"
                | "transfer-encoding"
                | "upgrade"
                | "upgrade-insecure-requests"
                | "user-agent"
                | "via"
                | "x-client-data"
        )
}
