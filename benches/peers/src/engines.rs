//! The engines: cors-core, and the crate of that name in the registry.

use std::hint::black_box;
use std::time::Duration;

use cors_benches::CONFIG;
use cors_benches::requests::Sample;
use cors_core::{Policy, Request};
use registry_cors_core::{AllowHeaders, AllowOrigin, Cors};

/// The fields of a request that CORS reads, already found.
pub struct Fields<'a> {
    pub method: &'a str,
    pub origin: Option<&'a str>,
    pub request_method: Option<&'a str>,
    pub request_headers: Option<&'a str>,
}

impl<'a> Fields<'a> {
    #[must_use]
    pub fn of(sample: &'a Sample) -> Self {
        let get = |name| sample.headers().find(|header| header.0 == name).map(|header| header.1);
        Fields {
            method: sample.method,
            origin: get("origin"),
            request_method: get("access-control-request-method"),
            request_headers: get("access-control-request-headers"),
        }
    }
}

/// Evaluates with cors-core, and reads every field of the response.
pub fn ours(policy: &Policy<'_>, fields: &Fields<'_>) {
    let mut request = Request::new(fields.method);
    let given = [
        ("origin", fields.origin),
        ("access-control-request-method", fields.request_method),
        ("access-control-request-headers", fields.request_headers),
    ];
    for (name, value) in given {
        if let Some(value) = value {
            request.add_header(name.as_bytes(), value.as_bytes());
        }
    }
    for field in policy.evaluate(&request).fields() {
        black_box((field.name, field.value));
    }
}

/// Returns the same policy for the registry's crate.
#[must_use]
pub fn registry(origins: &[String]) -> Cors {
    Cors::builder()
        .allow_origin(AllowOrigin::exact(origins))
        .allow_methods(CONFIG.allow_methods)
        .allow_headers(AllowHeaders::list(CONFIG.allow_headers))
        .expose_headers(CONFIG.expose_headers)
        .allow_credentials(true)
        .max_age(Duration::from_secs(7200))
        .build()
        .expect("the sample config")
}

/// Evaluates with the registry's crate, and reads every field of the response.
pub fn theirs(cors: &Cors, fields: &Fields<'_>) {
    let decision = cors.evaluate(
        fields.method.as_bytes(),
        fields.origin.map(str::as_bytes),
        fields.request_method.map(str::as_bytes),
        fields.request_headers.map(str::as_bytes),
        false,
    );
    for (name, value) in decision.headers().into_iter().flatten() {
        black_box((name, value));
    }
}
