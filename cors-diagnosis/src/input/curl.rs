//! Command lines of curl, as developer tools copy them: for a shell of POSIX, and for cmd.

use cors_core::browser::Mode;

use super::secret;
use crate::case::{Case, Fetch};

/// What developer tools show of a request, without the credentials mode: curl has none.
pub(super) struct Copied {
    url: Option<String>,
    method: Option<String>,
    headers: Vec<(String, String)>,
    has_body: bool,
}

/// Reads a command line, the first where there are several. Returns a sentence that says what is wrong with one that is none.
pub fn curl(text: &str) -> Result<Case, String> {
    commands(text).into_iter().next().unwrap_or_else(|| command(Vec::new()))
}

/// Reads every command line of a text, as "Copy all as cURL" gives them.
pub fn curls(text: &str) -> Vec<Result<Case, String>> {
    commands(text)
}

fn commands(text: &str) -> Vec<Result<Case, String>> {
    let text = text.trim();
    let words =
        if text.contains("^\"") || text.contains(" ^\n") { cmd_words(text) } else { shell_words(text) };
    let is_end = |word: &String| matches!(word.as_str(), ";" | "&" | "&&" | "|" | "||");
    let commands =
        words.split(is_end).filter(|words| words.first().is_some_and(|word| is_curl(word) || word == "$"));
    commands.map(|words| command(words.to_vec())).collect()
}

fn is_curl(word: &str) -> bool {
    matches!(word.rsplit(['/', '\\']).next(), Some("curl" | "curl.exe"))
}

fn command(words: Vec<String>) -> Result<Case, String> {
    let mut words = words.into_iter();
    let first = words.next().unwrap_or_default();
    let first = if first == "$" { words.next().unwrap_or_default() } else { first };
    if !is_curl(&first) {
        return Err("not a command line of curl; copy the request as cURL in the network panel".to_owned());
    }
    let mut copied = Copied::empty();
    let (mut is_get, mut is_upload) = (false, false);
    while let Some(word) = words.next() {
        let (option, attached) = option_of(word);
        let mut value = || attached.clone().or_else(|| words.next()).unwrap_or_default();
        match option.as_str() {
            "-X" | "--request" => copied.method = Some(value()),
            "-H" | "--header" => {
                let header = value();
                if let Some((name, value)) = header.split_once([':', ';']) {
                    copied.headers.push((name.to_owned(), value.trim().to_owned()));
                }
            }
            "--url" => copied.url = Some(value()),
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii" | "--data-urlencode" | "-F"
            | "--form" | "--form-string" | "--json" | "-T" | "--upload-file" => {
                let _ = value();
                copied.has_body = true;
                is_upload |= matches!(option.as_str(), "-T" | "--upload-file");
                if option == "--json" {
                    copied.headers.push(("content-type".to_owned(), "application/json".to_owned()));
                }
            }
            "-G" | "--get" => is_get = true,
            "-I" | "--head" => copied.method = Some("HEAD".to_owned()),
            "-b" | "--cookie" => {
                let _ = value();
                copied.headers.push(("cookie".to_owned(), String::new()));
            }
            "-u" | "--user" => {
                let _ = value();
                copied.headers.push(("authorization".to_owned(), String::new()));
            }
            "-e" | "--referer" => {
                let referer = value();
                copied.headers.push(("referer".to_owned(), referer));
            }
            "-o" | "--output" | "-A" | "--user-agent" | "-x" | "--proxy" | "-m" | "--max-time"
            | "--connect-timeout" | "--resolve" | "--cacert" | "--cert" | "-w" | "--write-out" => {
                let _ = value();
            }
            option if !option.starts_with('-') && copied.url.is_none() => {
                copied.url = Some(option.to_owned());
            }
            _ => {}
        }
    }
    if is_get {
        // The data goes into the query.
        copied.has_body = false;
    } else if is_upload {
        copied.method.get_or_insert_with(|| "PUT".to_owned());
    }
    if let Some(url) = &mut copied.url
        && !url.contains("://")
        && url.split('/').next().is_some_and(|host| host == "localhost" || host.contains(['.', ':']))
    {
        // What curl takes it for.
        url.insert_str(0, "http://");
    }
    copied.case()
}

/// Splits a word into an option and the value in the same word. Of letters in one word, such as `-siX`, the last with a value counts.
fn option_of(word: String) -> (String, Option<String>) {
    const WITH_VALUES: &str = "XHdFTbueoAxmwEcKyYztrCQD";
    if let Some((option, value)) = word.split_once('=').filter(|(option, _)| option.starts_with("--")) {
        return (option.to_owned(), Some(value.to_owned()));
    }
    let Some(letters) = word.strip_prefix('-').filter(|rest| !rest.is_empty() && !rest.starts_with('-'))
    else {
        return (word, None);
    };
    if letters.contains('I') && letters.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return ("-I".to_owned(), None);
    }
    match letters.char_indices().find(|(_, letter)| WITH_VALUES.contains(*letter)) {
        Some((index, letter)) => {
            let value = letters.get(index.saturating_add(1)..).unwrap_or_default();
            (format!("-{letter}"), Some(value.to_owned()).filter(|value| !value.is_empty()))
        }
        None if letters.contains('G') => ("-G".to_owned(), None),
        None => (word, None),
    }
}

impl Copied {
    pub(super) fn empty() -> Self {
        Copied { url: None, method: None, headers: Vec::new(), has_body: false }
    }

    pub(super) fn new(url: String) -> Self {
        Copied { url: Some(url), ..Copied::empty() }
    }

    pub(super) fn url(&mut self, url: String) {
        self.url = Some(url);
    }

    pub(super) fn method(&mut self, method: String) {
        self.method = Some(method);
    }

    pub(super) fn header(&mut self, name: String, value: String) {
        self.headers.push((name, value));
    }

    pub(super) fn body(&mut self) {
        self.has_body = true;
    }

    /// Takes a call's body, which does not change its method.
    pub(super) fn call_body(&mut self) {
        self.method.get_or_insert_with(|| "GET".to_owned());
        self.has_body = true;
    }

    pub(super) fn case(self) -> Result<Case, String> {
        let url = self.url.filter(|url| url.contains("://"));
        let Some(url) = url else {
            return Err("no address in it; copy the request whole".to_owned());
        };
        let get = |name: &str| {
            self.headers
                .iter()
                .find(|(other, _)| other.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.trim())
        };
        let page = get("origin").map(str::to_owned).or_else(|| get("referer").and_then(super::origin_of));
        let method = self.method.unwrap_or_else(|| if self.has_body { "POST" } else { "GET" }.to_owned());
        // A copied preflight tells which request it was for.
        let asked = get("access-control-request-method").filter(|_| method.eq_ignore_ascii_case("OPTIONS"));
        let mut fetch = Fetch::new(secret::url(&url));
        fetch.has_body = self.has_body;
        fetch.credentials = get("cookie").map(|_| true);
        if get("sec-fetch-mode") == Some("no-cors") {
            fetch.mode = Mode::NoCors;
        }
        if let Some(asked) = asked {
            asked.clone_into(&mut fetch.method);
            let names = get("access-control-request-headers").unwrap_or_default();
            fetch.headers = names
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(|name| (name.to_ascii_lowercase(), secret::WITHHELD.to_vec()))
                .collect();
        } else {
            fetch.method = method;
            let own = self.headers.iter().filter(|(name, _)| !super::is_browsers_own(name));
            fetch.headers = own.map(|(name, value)| secret::field(name, value)).collect();
        }
        Ok(Case { page, fetch: Some(fetch), ..Case::default() })
    }
}

/// Splits a line of a POSIX shell, with `'…'`, `"…"`, `$'…'` and a backslash at a line's end.
pub(super) fn shell_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            character if character.is_whitespace() => words.extend(word.take()),
            '\\' => match characters.next() {
                Some('\n') | None => {}
                Some('\r') => {
                    characters.next_if_eq(&'\n');
                }
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            '\'' => {
                let quoted = word.get_or_insert_default();
                quoted.extend(characters.by_ref().take_while(|&character| character != '\''));
            }
            '$' if characters.peek() == Some(&'\'') => {
                characters.next();
                let quoted = word.get_or_insert_default();
                while let Some(character) = characters.next() {
                    match character {
                        '\'' => break,
                        '\\' => escape(&mut characters, quoted),
                        other => quoted.push(other),
                    }
                }
            }
            '"' => {
                let quoted = word.get_or_insert_default();
                while let Some(character) = characters.next() {
                    match character {
                        '"' => break,
                        '\\' => match characters.next() {
                            Some(escaped @ ('"' | '\\' | '$' | '`')) => quoted.push(escaped),
                            Some('\n') | None => {}
                            Some(other) => quoted.extend(['\\', other]),
                        },
                        other => quoted.push(other),
                    }
                }
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

/// Reads an escape of `$'…'`.
fn escape(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, quoted: &mut String) {
    let escaped = match characters.next() {
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('u') => hexadecimal(characters, 4),
        Some('x') => hexadecimal(characters, 2),
        Some(other) => other,
        None => return,
    };
    quoted.push(escaped);
}

/// Reads the character that up to so many hexadecimal digits name.
fn hexadecimal(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, most: usize) -> char {
    let mut number: u32 = 0;
    for _ in 0..most {
        let Some(digit) = characters.peek().and_then(|character| character.to_digit(16)) else { break };
        characters.next();
        number = number.saturating_mul(16).saturating_add(digit);
    }
    char::from_u32(number).unwrap_or('\u{fffd}')
}

/// Splits a line of cmd: `^` escapes the next character, and `"…"` quotes, with `\"` in it.
fn cmd_words(text: &str) -> Vec<String> {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '^' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            // A line's end.
            Some('\r') => {
                characters.next_if_eq(&'\n');
            }
            Some('\n') | None => {}
            Some(escaped) => plain.push(escaped),
        }
    }
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    let mut characters = plain.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if matches!(characters.peek(), Some('"' | '\\')) => {
                word.get_or_insert_default().extend(characters.next());
            }
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            character if character.is_whitespace() && !is_quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_shells() {
        assert_eq!(shell_words("a 'b c' \"d\\\"e\" f\\ g \\\n h"), ["a", "b c", "d\"e", "f g", "h"]);
        assert_eq!(shell_words("$'it\\'s \\u0021 \\n'"), ["it's ! \n"]);
        assert_eq!(cmd_words("a ^\"b c^\" ^\n  -H ^\"d: ^\\^\"e^\\^\"^\""), ["a", "b c", "-H", "d: \"e\""]);
    }
}
