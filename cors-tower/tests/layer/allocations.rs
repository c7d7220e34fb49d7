//! The hot path allocates nothing of its own.

use std::convert::Infallible;
use std::future::{Future, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use cors_tower::{Config, CorsLayer};
use http::{HeaderMap, Request, Response};
use tower::{Layer, Service, service_fn};

use crate::support::{CONFIG, PAGE, compile};

#[test]
fn none_on_the_hot_path() {
    let public = Config { allow_origins: &["*"], expose_headers: &["x-total"], ..Config::NEW };
    for (config, origin) in [
        (CONFIG, Some(PAGE)),
        (CONFIG, Some("https://evil.example")),
        (CONFIG, None),
        (Config { allow_origins: &["https://*.example.com"], ..CONFIG }, Some(PAGE)),
        (public, Some(PAGE)),
    ] {
        let layer = CorsLayer::new(compile(&config));
        let mut service = layer.layer(service_fn(|request: Request<HeaderMap>| {
            // With room for what comes: a map that grows does so by itself.
            let mut response = Response::new(());
            *response.headers_mut() = request.into_body();
            ready(Ok::<_, Infallible>(response))
        }));
        let ask = |service: &mut dyn FnMut(Request<HeaderMap>) -> HeaderMap| {
            let mut request = Request::new(HeaderMap::with_capacity(8));
            if let Some(origin) = origin {
                // As hyper makes them: a part of the head, which is shared.
                let value = http::HeaderValue::from_str(origin).unwrap();
                drop(value.clone());
                request.headers_mut().insert("origin", value);
            }
            let mut headers = None;
            let counted = allocation_counter::measure(|| headers = Some(service(request)));
            (counted.count_total, headers.unwrap().len())
        };
        let mut call = |request: Request<HeaderMap>| {
            let mut context = Context::from_waker(Waker::noop());
            match pin!(service.call(request)).poll(&mut context) {
                Poll::Ready(Ok(response)) => response.into_parts().0.headers,
                Poll::Pending => panic!("the application answers at once"),
            }
        };
        // The first request finds values that nobody has shared yet.
        ask(&mut call);
        let (allocations, fields) = ask(&mut call);
        assert_eq!(allocations, 0, "{origin:?}");
        assert!(fields > 0);
    }
}
