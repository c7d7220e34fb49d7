//! [`ResponseFuture`]: the response of a [`Cors`](crate::Cors) service.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Response;
use pin_project_lite::pin_project;

use crate::addition::Addition;

pin_project! {
    /// The response of a [`Cors`](crate::Cors) service.
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        step: Step<F>,
    }
}

pin_project! {
    #[project = StepProjection]
    #[derive(Debug)]
    enum Step<F> {
        Inner {
            #[pin]
            future: F,
            addition: Addition,
        },
        // In a box, so that the other variant, which most requests have, is cheap to move.
        Answer {
            response: Option<Box<Response<()>>>,
        },
    }
}

impl<F> ResponseFuture<F> {
    #[inline]
    pub(crate) fn inner(future: F, addition: Addition) -> Self {
        ResponseFuture { step: Step::Inner { future, addition } }
    }

    pub(crate) fn answer(response: Box<Response<()>>) -> Self {
        ResponseFuture { step: Step::Answer { response: Some(response) } }
    }
}

impl<F, B, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Default,
{
    type Output = Result<Response<B>, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().step.project() {
            StepProjection::Inner { future, addition } => {
                let mut poll = future.poll(context);
                // There is no response to an error, and so nothing to put a field on.
                if let Poll::Ready(Ok(response)) = &mut poll {
                    addition.apply(response);
                }
                poll
            }
            StepProjection::Answer { response } => match response.take() {
                Some(response) => Poll::Ready(Ok(response.map(|()| B::default()))),
                // A future that has ended may do anything when it is polled again.
                None => Poll::Pending,
            },
        }
    }
}
