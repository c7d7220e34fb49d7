//! Readiness: of the instance that is called, and what preflights do to it.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use axum::body::Body;
use futures_util::future::poll_fn;
use http::{Request, Response};
use tower::limit::ConcurrencyLimit;
use tower::{Layer, Service, service_fn};

use crate::support::{PAGE, get, layer, preflight};

/// A service that is to be called only when it has said that it is ready.
#[derive(Default)]
struct Strict {
    is_ready: bool,
    polls: usize,
}

impl Clone for Strict {
    fn clone(&self) -> Self {
        Strict::default()
    }
}

impl Service<Request<Body>> for Strict {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    /// Ready at the second time.
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.polls += 1;
        self.is_ready = self.polls.is_multiple_of(2);
        if self.is_ready {
            return Poll::Ready(Ok(()));
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        assert!(self.is_ready, "called without being ready");
        self.is_ready = false;
        ready(Ok(Response::new(Body::empty())))
    }
}

#[tokio::test]
async fn the_instance_that_is_ready_is_called() {
    let mut service = layer().layer(Strict::default());
    for _ in 0..3 {
        let pending = futures_util::poll!(std::pin::pin!(poll_fn(|context| service.poll_ready(context))));
        assert!(pending.is_pending());
        poll_fn(|context| service.poll_ready(context)).await.unwrap();
        assert_eq!(service.call(get("/", PAGE)).await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_preflight_takes_no_place_from_requests() {
    let inner = service_fn(async |_: Request<Body>| Ok::<_, Infallible>(Response::new(Body::empty())));
    let mut service = layer().layer(ConcurrencyLimit::new(inner, 1));
    for _ in 0..3 {
        poll_fn(|context| service.poll_ready(context)).await.unwrap();
        let answer = service.call(preflight("/", PAGE, "PUT"));
        // Before the answer is even taken.
        poll_fn(|context| service.poll_ready(context)).await.unwrap();
        let response = service.call(get("/", PAGE));
        assert_eq!(answer.await.unwrap().status(), 204);
        assert_eq!(response.await.unwrap().status(), 200);
    }
}
