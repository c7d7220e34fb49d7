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
            .allow_origin(AllowOrigin::predicate(|origin, _| origin.to_str().is_ok_and(is_allowed)))
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
            .allow_origin(AllowOrigin::list(
                routes::tenants().iter().filter_map(|tenant| tenant.parse().ok()),
            ))
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

fn is_allowed(origin: &str) -> bool {
    ["https://app.example.com", "https://admin.example.com:8443"].contains(&origin)
        || routes::is_preview(origin)
}
