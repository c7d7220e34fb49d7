//! tower-http's layer with the four policies, as its documentation has it.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, Any, CorsLayer};

/// Returns the layer of a policy.
pub(crate) fn layer(policy: &str) -> CorsLayer {
    const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
    const REQUESTED_WITH: HeaderName = HeaderName::from_static("x-requested-with");
    let simple = [Method::GET, Method::HEAD, Method::POST, Method::PUT];
    let kept = Duration::from_secs(600);
    match policy {
        "credentials" => CorsLayer::new()
            .allow_origin(AllowOrigin::predicate(|origin, _| is_allowed(origin.as_bytes())))
            .allow_methods([
                Method::GET,
                Method::HEAD,
                Method::POST,
                Method::PUT,
                Method::PATCH,
                Method::DELETE,
            ])
            .allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION, REQUESTED_WITH])
            .expose_headers([REQUEST_ID])
            .allow_credentials(true)
            .max_age(kept),
        "public" => CorsLayer::new()
            .allow_origin(Any)
            .allow_methods(simple)
            .allow_headers([header::CONTENT_TYPE])
            .expose_headers([REQUEST_ID])
            .max_age(kept),
        "thousand" => CorsLayer::new()
            .allow_origin(AllowOrigin::list((0..1000).filter_map(tenant)))
            .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE])
            .allow_headers([header::CONTENT_TYPE])
            .allow_credentials(true)
            .max_age(kept),
        _ => CorsLayer::new()
            .allow_origin(HeaderValue::from_static("https://app.example.com"))
            .allow_methods(simple)
            .allow_headers([header::CONTENT_TYPE]),
    }
}

fn tenant(number: u32) -> Option<HeaderValue> {
    format!("https://tenant-{number}.example.com").parse().ok()
}

fn is_allowed(origin: &[u8]) -> bool {
    let listed: [&[u8]; 2] = [b"https://app.example.com", b"https://admin.example.com:8443"];
    let below = origin.strip_prefix(b"https://").and_then(|host| host.strip_suffix(b".preview.example.org"));
    let is_label =
        |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    listed.contains(&origin) || below.is_some_and(|labels| !labels.is_empty() && labels.iter().all(is_label))
}
