//! Bodies, and a timeout for the response that does not run while an upload makes progress.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};

/// The body of a response.
pub(super) type AnswerBody = BoxBody<Bytes, hyper::Error>;

/// The body of a request, on its way to the target.
pub(super) struct Upload {
    body: Option<Incoming>,
    progress: Progress,
}

/// How many frames of an upload have been sent.
#[derive(Clone, Default)]
pub(super) struct Progress(Arc<AtomicU64>);

impl Upload {
    pub(super) fn new(body: Incoming) -> Self {
        Upload { body: Some(body), progress: Progress::default() }
    }

    /// Returns a copy of an upload that is empty.
    pub(super) fn again(&self) -> Option<Self> {
        self.is_end_stream().then(|| Upload { body: None, progress: self.progress() })
    }

    pub(super) fn progress(&self) -> Progress {
        self.progress.clone()
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = ready!(Pin::new(body).poll_frame(context));
        self.progress.0.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl Progress {
    /// Returns the output of `answer`; `None` if neither `answer` nor the upload made progress for as long as `timeout`.
    pub(super) async fn wait<F: Future>(&self, answer: F, timeout: Duration) -> Option<F::Output> {
        let mut answer = pin!(answer);
        loop {
            let frames = self.0.load(Ordering::Relaxed);
            if let Ok(answer) = tokio::time::timeout(timeout, answer.as_mut()).await {
                return Some(answer);
            }
            if self.0.load(Ordering::Relaxed) == frames {
                return None;
            }
        }
    }
}
