//! What to ask, from the command line: the address, the page, its method and its headers.

use cors_core::browser::{Api, CredentialsMode, Fetch, FetchError, Header};
use cors_core::{Origin, OriginPattern};
use url::Url;

use crate::args::Probe;
use crate::exit::Failure;
use crate::printable::{Printable, printable};

/// The address, as a browser takes it: `http` or `https`, canonical, without a fragment.
pub(super) fn url(text: &str) -> Result<Url, Failure> {
    if text.is_empty() {
        return Err(Failure::unusable(
            "URL",
            "empty; write an address such as https://api.example.com/orders",
        ));
    }
    let unusable = |what: String| Failure::unusable(printable(text), what);
    let add_scheme = || {
        let host = text.trim_start_matches('/');
        let is_local = ["localhost", "127.", "[::1]"].iter().any(|local| host.starts_with(local));
        let scheme = if is_local { "http" } else { "https" };
        unusable(format!("a URL begins with its scheme; write {scheme}://{}", printable(host)))
    };
    let mut url = Url::parse(text).map_err(|error| {
        if text.contains("://") { unusable(format!("no URL: {error}")) } else { add_scheme() }
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

/// The page's origin.
pub(super) fn origin(text: &str) -> Result<Origin<'_>, Failure> {
    Origin::parse(text.as_bytes()).map_err(|error| {
        let what = match OriginPattern::parse(text) {
            Ok(_) => "a page has one origin; write one that the pattern is to allow".to_owned(),
            Err(pattern_error) => match pattern_error.advice() {
                Some(advice) => format!("no origin as a browser sends it; {advice}"),
                None => format!("no origin as a browser sends it: {error}"),
            },
        };
        Failure::unusable(format_args!("--origin {}", printable(text)), printable(&what))
    })
}

/// The headers that the page sets.
pub(super) fn headers(lines: &[String]) -> Result<Vec<Header<'_>>, Failure> {
    lines
        .iter()
        .map(|line| match line.split_once(':') {
            Some((name, value)) if !name.trim().is_empty() => Ok(Header::new(name.trim(), value)),
            _ => {
                let what = "no header; write 'name: value', such as 'content-type: application/json'";
                Err(Failure::unusable(format_args!("--header {}", printable(line)), what))
            }
        })
        .collect()
}

/// The page's call, if it does not throw.
pub(super) fn fetch<'a>(
    arguments: &'a Probe,
    origin: Origin<'a>,
    url: &'a Url,
    headers: &'a [Header<'a>],
) -> Result<Fetch<'a>, Failure> {
    let fetch = Fetch {
        method: arguments.method.as_deref().unwrap_or("GET"),
        headers,
        credentials: if arguments.credentials {
            CredentialsMode::Include
        } else {
            CredentialsMode::SameOrigin
        },
        api: if arguments.xhr { Api::XmlHttpRequest } else { Api::Fetch },
        ..Fetch::new(origin, url.as_str())
    };
    fetch.check().map(|()| fetch).map_err(|error| {
        let place = match error {
            FetchError::MalformedHeaderName { index } | FetchError::MalformedHeaderValue { index } => {
                let line = arguments.headers.get(index).map(String::as_str).unwrap_or_default();
                format!("--header {}", printable(line))
            }
            _ => format!("--method {}", Printable(fetch.method.as_bytes())),
        };
        let advice = match error {
            FetchError::MalformedHeaderName { .. } => {
                "write 'name: value', and a name of letters, digits and -"
            }
            FetchError::MalformedHeaderValue { .. } => "write the value in a line",
            FetchError::ForbiddenMethod => "name another method",
            _ => "write a method such as PUT",
        };
        Failure::unusable(place, format_args!("{error}; {advice}"))
    })
}
