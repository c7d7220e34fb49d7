//! [`Cors`]: the service around another one.

use std::sync::Arc;
use std::task::{Context, Poll};

use http::Response;
use tower_service::Service;

use crate::future::ResponseFuture;
use crate::options::Options;
use crate::plan::Plan;

/// A service behind a [`CorsLayer`](crate::CorsLayer).
#[derive(Clone, Debug)]
pub struct Cors<S> {
    inner: S,
    options: Arc<Options>,
}

impl<S> Cors<S> {
    pub(crate) fn new(inner: S, options: Arc<Options>) -> Self {
        Cors { inner, options }
    }
}

impl<S, RequestBody, ResponseBody> Service<http::Request<RequestBody>> for Cors<S>
where
    S: Service<http::Request<RequestBody>, Response = Response<ResponseBody>>,
    ResponseBody: Default,
{
    type Response = Response<ResponseBody>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    #[inline]
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    #[inline]
    fn call(&mut self, request: http::Request<RequestBody>) -> Self::Future {
        match Plan::of(&self.options, &request) {
            Plan::Forward(addition) => ResponseFuture::inner(self.inner.call(request), addition),
            Plan::Answer(response) => ResponseFuture::answer(response),
        }
    }
}
