//! What a developer has in hand: which of the inputs a text is, and the readers of each.
//!
//! In: a text. Out: a [`Case`](crate::Case), or several. Of values that may be secret (cookies, tokens, queries, bodies)
//! nothing is kept but names.

mod call;
mod curl;
mod har;
mod head;
mod secret;

pub use call::fetch_call;
pub use curl::curl;
pub use har::{Certainty, Entry, har};
pub use head::response_heads;
pub use secret::url as shown_url;

/// The kinds of inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A console message, or anything that is not one of the others.
    Message,
    /// A HAR file, which developer tools write.
    Har,
    /// A command line of curl, as developer tools copy it.
    Curl,
    /// A call of `fetch`, as developer tools copy it.
    FetchCall,
    /// The head of a response, as `curl -i` prints it.
    ResponseHead,
    /// An address alone.
    Address,
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
    /// assert_eq!(Input::of("TypeError: Failed to fetch"), Input::Message);
    /// ```
    pub fn of(text: &str) -> Input {
        let text = text.trim_start_matches('\u{feff}').trim();
        let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
        if text.starts_with('{') && text.get(..text.len().min(4096)).unwrap_or(text).contains("\"log\"") {
            Input::Har
        } else if begins(&["curl ", "curl.exe ", "$ curl "]) {
            Input::Curl
        } else if begins(&["fetch(", "await fetch(", "window.fetch(", "fetch ("]) {
            Input::FetchCall
        } else if begins(&["HTTP/1.0 ", "HTTP/1.1 ", "HTTP/2 ", "HTTP/3 ", "HTTP/2.0 "]) {
            Input::ResponseHead
        } else if begins(&["http://", "https://"]) && !text.contains(char::is_whitespace) {
            Input::Address
        } else {
            Input::Message
        }
    }
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
