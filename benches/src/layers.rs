//! The layers for tower that are compared: cors-tower's, tower-http's, and the floor, which is the same response made by hand.

#![allow(clippy::missing_panics_doc, reason = "a benchmark may stop where its input is wrong")]

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use cors_tower::{CompiledPolicy, Config, CorsLayer};
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use tower_http::cors as peer;
use tower_service::Service;

const METHODS: [&str; 2] = ["PUT", "DELETE"];
const HEADERS: [&str; 4] = ["content-type", "authorization", "x-request-id", "x-api-key"];

/// Returns cors-tower's layer for these origins.
pub fn ours(origins: &[String]) -> CorsLayer {
    let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
    let policy = CompiledPolicy::compile(&Config {
        allow_origins: &origins,
        allow_methods: &METHODS,
        allow_headers: &HEADERS,
        expose_headers: &["x-total-count"],
        allow_credentials: true,
        max_age: Some(7200),
        ..Config::NEW
    });
    CorsLayer::new(policy.expect("the sample config compiles"))
}

/// Returns the peer's layer with the same policy, and the same fields in its answers.
pub fn peer(origins: &[String]) -> peer::CorsLayer {
    let values = origins.iter().map(|origin| HeaderValue::from_str(origin).expect("an origin"));
    peer::CorsLayer::new()
        .allow_origin(peer::AllowOrigin::list(values))
        .allow_methods([Method::PUT, Method::DELETE])
        .allow_headers(HEADERS.map(HeaderName::from_static))
        .expose_headers([HeaderName::from_static("x-total-count")])
        .allow_credentials(true)
        .max_age(Duration::from_secs(7200))
        .vary([header::ORIGIN])
}

/// A bare insertion of the fields into the response's map, or the bare answer to a preflight. There is no decision.
#[derive(Clone, Debug)]
pub struct Floor<S> {
    inner: S,
    fields: Vec<(HeaderName, HeaderValue)>,
    /// The status of an answer in place of the service's.
    answer: Option<StatusCode>,
}

impl<S> Floor<S> {
    /// Puts the fields around `inner` that `response` has, which answers a preflight or another request.
    pub fn new(inner: S, response: &Response<()>, is_preflight: bool) -> Self {
        let own = response.headers().iter().filter(|(name, _)| *name != header::CONTENT_TYPE);
        Floor {
            inner,
            fields: own.map(|(name, value)| (name.clone(), value.clone())).collect(),
            answer: is_preflight.then(|| response.status()),
        }
    }

    /// Returns the fields that are inserted.
    #[must_use]
    pub fn fields(&self) -> &[(HeaderName, HeaderValue)] {
        &self.fields
    }

    fn insert_into(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.fields {
            headers.insert(name, value.clone());
        }
    }
}

impl<S> Service<Request<()>> for Floor<S>
where
    S: Service<Request<()>, Response = Response<()>, Error = Infallible, Future = HandlerFuture>,
{
    type Response = Response<()>;
    type Error = Infallible;
    type Future = HandlerFuture;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<()>) -> HandlerFuture {
        if let Some(status) = self.answer {
            let mut response = Response::new(());
            *response.status_mut() = status;
            *response.headers_mut() = HeaderMap::with_capacity(self.fields.len());
            self.insert_into(response.headers_mut());
            return ready(Ok(response));
        }
        let mut response = self.inner.call(request).into_inner().unwrap_or_else(|never| match never {});
        self.insert_into(response.headers_mut());
        ready(Ok(response))
    }
}

/// What a handler returns that answers at once.
pub type HandlerFuture = Ready<Result<Response<()>, Infallible>>;

/// Returns what a service answers at once.
pub fn answer<S>(service: &mut S, request: Request<()>) -> Response<()>
where
    S: Service<Request<()>, Response = Response<()>, Error = Infallible>,
{
    let mut context = Context::from_waker(Waker::noop());
    assert!(service.poll_ready(&mut context).is_ready(), "the handler is always ready");
    match pin!(service.call(request)).poll(&mut context) {
        Poll::Ready(Ok(response)) => response,
        Poll::Ready(Err(never)) => match never {},
        Poll::Pending => unreachable!("the handler answers at once"),
    }
}
