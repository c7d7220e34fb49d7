//! [`Requests`]: the requests of one connection that are being answered, without which the connection is idle.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::service::Service;
use tokio::sync::watch;

use super::room::Room;

/// The number of a connection's requests that are being answered.
#[derive(Clone, Default)]
pub(super) struct Requests(Arc<watch::Sender<usize>>);

impl Requests {
    /// Returns `service`, whose requests are counted until their responses have been sent.
    pub(super) fn counted<S>(&self, service: S) -> Counted<S> {
        Counted { service, requests: self.clone() }
    }

    /// Waits until there has been no request for as long as `limit`, or until `room` calls an idle connection to leave.
    pub(super) async fn idle(&self, limit: Duration, room: &Room) {
        let mut count = self.0.subscribe();
        loop {
            let is_idle = *count.borrow_and_update() == 0;
            tokio::select! {
                biased;
                _ = count.changed() => {}
                () = room.called(), if is_idle => return,
                () = tokio::time::sleep(limit), if is_idle => return,
            }
        }
    }

    fn begin(&self) -> Answering {
        self.0.send_modify(|count| *count = count.saturating_add(1));
        Answering(self.clone())
    }
}

/// A request, until this is dropped.
struct Answering(Requests);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

#[derive(Clone)]
pub(super) struct Counted<S> {
    service: S,
    requests: Requests,
}

impl<S, B> Service<Request<Incoming>> for Counted<S>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    S::Future: Send + 'static,
    B: 'static,
{
    type Response = Response<CountedBody<B>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let answering = self.requests.begin();
        let response = self.service.call(request);
        Box::pin(async move { Ok(response.await?.map(|body| CountedBody { body, _answering: answering })) })
    }
}

/// The body of a response; its request counts until the body is dropped.
pub(super) struct CountedBody<B> {
    body: B,
    _answering: Answering,
}

impl<B: Body + Unpin> Body for CountedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
