//! [`Cors`]: the service around another one.

use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Response;
use tower_service::Service;

use crate::future::{ResponseFuture, Waiting};
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
    S: Service<http::Request<RequestBody>, Response = Response<ResponseBody>> + Clone,
    ResponseBody: Default,
{
    type Response = Response<ResponseBody>;
    type Error = S::Error;
    type Future = ResponseFuture<S, RequestBody>;

    #[inline]
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    #[inline]
    fn call(&mut self, request: http::Request<RequestBody>) -> Self::Future {
        match Plan::of(&self.options, &request) {
            Plan::Forward(addition) => ResponseFuture::inner(self.inner.call(request), addition),
            Plan::Answer(response) => ResponseFuture::answer(response),
            Plan::Wait(question) => {
                let clone = self.inner.clone();
                // The instance that was ready goes with the request: a clone would have to be asked again.
                let inner = mem::replace(&mut self.inner, clone);
                let options = Arc::clone(&self.options);
                ResponseFuture::waiting(Waiting { question, options, request, inner })
            }
        }
    }
}
