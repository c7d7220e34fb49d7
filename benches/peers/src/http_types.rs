//! Layers over the types of the crate `http`: tower-http's, and cors-core in the same place.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};
use std::time::Duration;

use cors_benches::CONFIG;
use cors_benches::requests::Sample;
use cors_core::{FieldOp, Policy};
use http::{HeaderName, HeaderValue, Request, Response};
use tower_http::cors::{AllowOrigin, Cors, CorsLayer};
use tower_layer::Layer;
use tower_service::Service;

/// The application: an empty response.
#[derive(Clone)]
pub struct Application;

impl Service<Request<()>> for Application {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        ready(Ok(Response::new(())))
    }
}

/// The application behind cors-core.
#[derive(Clone)]
pub struct Ours<'a>(pub Policy<'a>);

impl Service<Request<()>> for Ours<'_> {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Application.poll_ready(context)
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        let question = cors_core::Request::from_headers(request.method().as_str(), request.headers());
        let decision = self.0.evaluate(&question);
        let mut response = Response::new(());
        if let Some(status) = decision.status() {
            *response.status_mut() = status.try_into().expect("a status");
        }
        for field in decision.fields() {
            let name = HeaderName::from_static(field.name);
            let value = HeaderValue::from_bytes(field.value).expect("a field value");
            match field.op {
                FieldOp::Replace => _ = response.headers_mut().insert(name, value),
                FieldOp::Append => _ = response.headers_mut().append(name, value),
            }
        }
        ready(Ok(response))
    }
}

/// Returns the application behind tower-http's layer, with the same policy.
#[must_use]
pub fn tower_http(origins: &[String]) -> Cors<Application> {
    let origins = origins.iter().map(|origin| HeaderValue::from_str(origin).expect("a field value"));
    let names = |names: &[&str]| names.iter().map(|name| name.parse().expect("a name")).collect::<Vec<_>>();
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods(
            CONFIG.allow_methods.iter().map(|name| name.parse().expect("a method")).collect::<Vec<_>>(),
        )
        .allow_headers(names(CONFIG.allow_headers))
        .expose_headers(names(CONFIG.expose_headers))
        .allow_credentials(true)
        .max_age(Duration::from_secs(7200))
        .layer(Application)
}

/// Returns a sample as an HTTP request.
#[must_use]
pub fn request(sample: &Sample) -> Request<()> {
    let request = Request::builder().method(sample.method);
    sample
        .headers()
        .fold(request, |request, (name, value)| request.header(name, value))
        .body(())
        .expect("a request")
}
