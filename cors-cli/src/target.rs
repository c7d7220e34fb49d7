//! Parts of a fetch, from the command line: the address, the page and its headers.

use cors_core::browser::{CorsError, Engine, Fetch, Header};
use cors_core::{Origin, OriginPattern, is_printable};
use cors_diagnosis::input::shown_url;
use url::Url;

use crate::exit::Failure;
use crate::printable::printable;

/// A part of a fetch that cannot be asked.
pub(crate) struct Wrong {
    pub(crate) part: Part,
    /// The part as it was given, printable.
    pub(crate) value: String,
    /// What is wrong with the part and what to write, in one sentence.
    pub(crate) what: String,
}

/// The parts of a fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Origin,
    Url,
    Headers,
    Credentials,
}

impl Wrong {
    pub(crate) fn new(part: Part, value: &str, what: impl Into<String>) -> Self {
        Wrong { part, value: printable(value), what: what.into() }
    }
}

impl From<Wrong> for Failure {
    fn from(Wrong { part, value, what }: Wrong) -> Self {
        match part {
            Part::Origin => Failure::unusable(format_args!("--origin {value}"), what),
            Part::Url if value.is_empty() => Failure::unusable("URL", what),
            // What may be secret in it is not printed.
            Part::Url => Failure::unusable(shown_url(&value), what),
            Part::Headers if value.is_empty() => Failure::unusable("the headers of the page", what),
            Part::Credentials => Failure::unusable("--credentials", what),
            Part::Headers => {
                let name = value.split([':', ' ', '=']).next().unwrap_or_default();
                let rest = if name.len() < value.len() { " …" } else { "" };
                Failure::unusable(format_args!("--header {name}{rest}"), what)
            }
        }
    }
}

/// Returns the address as a browser takes it: `http` or `https`, canonical, without a fragment.
pub(crate) fn url(text: &str) -> Result<Url, Wrong> {
    let unusable = |what: String| Wrong::new(Part::Url, text, what);
    if text.is_empty() {
        return Err(unusable("empty; write an address such as https://api.example.com/orders".to_owned()));
    }
    let add_scheme = || {
        let rest = text.trim_start_matches('/');
        let is_local = Url::parse(&format!("http://{rest}")).is_ok_and(|url| is_loopback(&url));
        let meant = format!("{}://{rest}", if is_local { "http" } else { "https" });
        unusable(match url(&meant) {
            Ok(_) => format!("a URL begins with its scheme; write {}", printable(&shown_url(&meant))),
            Err(_) => "not a URL; write an address such as https://api.example.com/orders".to_owned(),
        })
    };
    let mut url = Url::parse(text).map_err(|error| {
        if text.contains("://") { unusable(format!("not a URL: {error}")) } else { add_scheme() }
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(if text.contains("://") {
            let scheme = printable(url.scheme());
            unusable(format!("CORS is for http and https, not {scheme}; write https://…"))
        } else {
            add_scheme()
        });
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unusable(
            "fetch() refuses a URL with a user name or a password; leave them out".to_owned(),
        ));
    }
    url.set_fragment(None);
    Ok(url)
}

/// Returns the address that a page asks, which a browser may take otherwise than it is meant: one [`url()`] accepts, or one without a
/// scheme or with another, for which it makes no request to that server.
pub(crate) fn asked(text: &str) -> Result<String, Wrong> {
    url(text).map(String::from).or_else(|wrong| {
        let is_text = !text.contains(char::is_whitespace) && text.chars().all(is_printable);
        if is_text && is_taken_otherwise(text) { Ok(text.to_owned()) } else { Err(wrong) }
    })
}

fn is_taken_otherwise(text: &str) -> bool {
    let stopped = Origin::parse(b"null").map(|page| Fetch::new(page, text).check_address(Engine::Standard));
    matches!(stopped, Ok(Err(CorsError::MissingScheme | CorsError::CorsDisabledScheme { .. })))
}

/// Returns the page's origin.
pub(crate) fn origin(text: &str) -> Result<Origin<'_>, Wrong> {
    Origin::parse(text.as_bytes()).map_err(|error| {
        let what = match OriginPattern::parse(text)
            .map_err(|error| error.advice().map(|advice| advice.to_string()))
        {
            Err(Some(advice)) if !advice.contains('*') => {
                format!("not an origin as a browser sends it; {advice}")
            }
            Err(None) => format!("not an origin as a browser sends it: {error}"),
            // A pattern, or advice to write one.
            Ok(_) | Err(Some(_)) => {
                "a page has one origin; write one that the pattern is to allow".to_owned()
            }
        };
        Wrong::new(Part::Origin, text, printable(&what))
    })
}

/// Returns the headers that the page sets.
pub(crate) fn headers(lines: &[String]) -> Result<Vec<Header<'_>>, Wrong> {
    lines
        .iter()
        .map(|line| match line.split_once(':') {
            Some((name, value)) if !name.trim().is_empty() => Ok(Header::new(name.trim(), value)),
            _ => {
                let what = "not a header; write 'name: value', such as 'content-type: application/json'";
                Err(Wrong::new(Part::Headers, line, what))
            }
        })
        .collect()
}

/// Returns true for an address of this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let origin = url.origin().ascii_serialization();
    Origin::parse(origin.as_bytes()).is_ok_and(|origin| origin.is_local())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every combination of the parts, as text.
    fn combinations<const N: usize>(parts: [&[&str]; N]) -> Vec<String> {
        parts.iter().fold(vec![String::new()], |texts, part| {
            texts.iter().flat_map(|text| part.iter().map(move |end| format!("{text}{end}"))).collect()
        })
    }

    /// Returns what a sentence says to write; `None` for a sentence with a placeholder.
    fn advised(sentence: &str) -> Option<&str> {
        let marks = ["such as ", "add the scheme: ", "write "];
        let (_, text) = marks.iter().find_map(|mark| sentence.rsplit_once(mark))?;
        (!text.contains([' ', '…'])).then_some(text)
    }

    const HOSTS: &[&str] = &[
        "api.example.com",
        "API.Example.com",
        "a.example.",
        "a..example",
        "b\u{fc}cher.example",
        "xn--f.example",
        "*.a.example",
        "*.A.example",
        "*",
        "localhost",
        "127.1",
        "[::1]",
        "[0:0::1]",
        "a b",
        "a<b",
        "",
    ];
    const PORTS: &[&str] = &["", ":443", ":80", ":8443", ":*", ":", ":65536", ":x"];
    const TAILS: &[&str] = &["", "/", "/orders?page=1#top", "/*", "?", " "];

    #[test]
    fn advice_for_a_url_is_accepted() {
        const SCHEMES: &[&str] = &[
            "",
            "//",
            "/",
            "https:",
            "https://",
            "HTTP://",
            "https://user@",
            "ftp://",
            "file:///",
            "javascript:",
        ];
        let mut followed = 0;
        for text in combinations([SCHEMES, HOSTS, PORTS, TAILS]) {
            let Err(wrong) = url(&text) else { continue };
            let Some(advice) = advised(&wrong.what) else { continue };
            followed += 1;
            let again = url(advice).err().map(|wrong| wrong.what);
            assert_eq!(again, None, "{text:?}: {}", wrong.what);
        }
        assert!(followed > 100, "{followed}");
    }

    #[test]
    fn advice_for_an_origin_is_accepted() {
        const SCHEMES: &[&str] =
            &["", "//", "https:", "https://", "HTTPS://", "http://", "wss://", "file://"];
        let mut followed = 0;
        for text in combinations([SCHEMES, HOSTS, PORTS, TAILS]) {
            let Err(wrong) = origin(&text) else { continue };
            let Some(advice) = advised(&wrong.what) else { continue };
            followed += 1;
            let again = origin(advice).err().map(|wrong| wrong.what);
            assert_eq!(again, None, "{text:?}: {}", wrong.what);
        }
        assert!(followed > 100, "{followed}");
    }
}
