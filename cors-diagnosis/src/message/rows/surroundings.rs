//! What stands around a cause and gives its parts. Of several that fit, the one with the most letters is taken.

use crate::message::row::{Place, Surroundings};

const fn head(pattern: &'static str) -> Surroundings {
    Surroundings { pattern, place: Place::Head }
}

const fn tail(pattern: &'static str) -> Surroundings {
    Surroundings { pattern, place: Place::Tail }
}

const fn hint(pattern: &'static str) -> Surroundings {
    Surroundings { pattern, place: Place::Hint }
}

pub(crate) static SURROUNDINGS: &[Surroundings] = &[
    // Chromium since 2018, whole and without its beginning.
    head("Access to {kind} at {url} from origin {origin} has been blocked by CORS policy"),
    head(
        "Access to {kind} at {url} (redirected from {redirected_from}) from origin {origin} has been blocked by CORS policy",
    ),
    head("at {url} from origin {origin} has been blocked by CORS policy"),
    head("at {url} (redirected from {redirected_from}) from origin {origin} has been blocked by CORS policy"),
    head("redirected from {redirected_from}) from origin {origin} has been blocked by CORS policy"),
    head("from origin {origin} has been blocked by CORS policy"),
    head("origin {origin} has been blocked by CORS policy"),
    head("Access to {kind} at {url} from origin {origin}"),
    head("Access to {kind} at {url} (redirected from {redirected_from}) from origin {origin}"),
    // Blink before.
    head("XMLHttpRequest cannot load {url}"),
    head("Fetch API cannot load {url}"),
    head("EventSource cannot load {url}"),
    head("Failed to load {url}"),
    head("cannot load {url}"),
    head("Redirect from {redirected_from} to {url} has been blocked by CORS policy"),
    head("Redirect at {redirected_from} from origin {origin} has been blocked by CORS policy"),
    head("{kind} from origin {other} has been blocked from loading by Cross-Origin Resource Sharing policy"),
    head("Cross-origin redirection to {url} denied by Cross-Origin Resource Sharing policy"),
    // Firefox.
    head("disallows reading the remote resource at {url}"),
    head("will disallow reading the remote resource at {url}"),
    // WebKit, in front of its message.
    head("Failed to load resource:"),
    Surroundings {
        pattern: "Response to preflight request doesn't pass access control check",
        place: Place::Preflight,
    },
    tail("Origin {origin} is therefore not allowed access"),
    tail("Origin {origin} is not in the list, and is therefore not allowed access"),
    tail("The response had HTTP status code {status}"),
    tail("Status code: {status}"),
    tail("net::ERR_FAILED {status}"),
    // Chromium's offer, which does not help.
    hint(
        "If an opaque response serves your needs, set the request's mode to 'no-cors' to fetch the resource with CORS disabled",
    ),
    hint("opaque response serves your needs"),
    hint("set the request's mode to 'no-cors' to fetch the resource with CORS disabled"),
    hint("to fetch the resource with CORS disabled"),
];
