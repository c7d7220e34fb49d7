//! What a developer has in hand: which of the inputs a text is, and the readers of each.

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
