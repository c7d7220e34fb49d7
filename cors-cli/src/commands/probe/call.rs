//! The fetch of the command line.

use cors_core::Origin;
use cors_core::browser::{Api, CredentialsMode, Fetch, FetchError, Header};
use url::Url;

use crate::args::Probe;
use crate::exit::Failure;
use crate::printable::{Printable, printable};

/// Returns the page's fetch, unless the call throws.
pub(super) fn fetch<'a>(
    arguments: &'a Probe,
    origin: Origin<'a>,
    url: &'a Url,
    headers: &'a [Header<'a>],
) -> Result<Fetch<'a>, Failure> {
    let fetch = Fetch {
        method: arguments.call.method.as_deref().unwrap_or("GET"),
        headers,
        credentials: if arguments.call.credentials {
            CredentialsMode::Include
        } else {
            CredentialsMode::SameOrigin
        },
        api: if arguments.call.xhr { Api::XmlHttpRequest } else { Api::Fetch },
        ..Fetch::new(origin, url.as_str())
    };
    fetch.check().map(|()| fetch).map_err(|error| {
        let place = match error {
            FetchError::MalformedHeaderName { index } | FetchError::MalformedHeaderValue { index } => {
                let line = arguments.call.headers.get(index).map(String::as_str).unwrap_or_default();
                format!("--header {}", printable(line))
            }
            _ => format!("--method {}", Printable(fetch.method.as_bytes())),
        };
        let advice = match error {
            FetchError::MalformedHeaderName { .. } => {
                "write 'name: value', and a name of letters, digits and -"
            }
            FetchError::MalformedHeaderValue { .. } => "write the value in one line",
            FetchError::ForbiddenMethod => "name another method",
            _ => "write a method such as PUT",
        };
        Failure::unusable(place, format_args!("{error}; {advice}"))
    })
}
