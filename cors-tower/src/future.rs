//! [`ResponseFuture`]: the response of a [`Cors`](crate::Cors) service.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_service::Service;

use crate::addition::Addition;
use crate::options::Options;
use crate::plan::{Plan, Question};

pin_project! {
    /// The response of a [`Cors`](crate::Cors) service around `S`.
    pub struct ResponseFuture<S, RequestBody>
    where
        S: Service<Request<RequestBody>>,
    {
        #[pin]
        step: Step<S, RequestBody>,
    }
}

pin_project! {
    #[project = StepProjection]
    enum Step<S, RequestBody>
    where
        S: Service<Request<RequestBody>>,
    {
        Inner {
            #[pin]
            future: S::Future,
            addition: Addition,
        },
        Answer {
            response: Option<Response<()>>,
        },
        // In a box, so that what most requests have is cheap to move.
        Waiting {
            waiting: Option<Box<Waiting<S, RequestBody>>>,
        },
    }
}

/// A request whose origin the application is asked about.
pub(crate) struct Waiting<S, RequestBody> {
    pub(crate) question: Question,
    pub(crate) options: Arc<Options>,
    pub(crate) request: Request<RequestBody>,
    /// The instance that was ready.
    pub(crate) inner: S,
}

impl<S, RequestBody> ResponseFuture<S, RequestBody>
where
    S: Service<Request<RequestBody>>,
{
    #[inline]
    pub(crate) fn inner(future: S::Future, addition: Addition) -> Self {
        ResponseFuture { step: Step::Inner { future, addition } }
    }

    pub(crate) fn answer(response: Response<()>) -> Self {
        ResponseFuture { step: Step::Answer { response: Some(response) } }
    }

    #[cold]
    pub(crate) fn waiting(waiting: Waiting<S, RequestBody>) -> Self {
        ResponseFuture { step: Step::Waiting { waiting: Some(Box::new(waiting)) } }
    }
}

impl<S, RequestBody> Waiting<S, RequestBody>
where
    S: Service<Request<RequestBody>>,
{
    /// Goes on with the answer.
    fn answered(mut self, allowed: bool) -> Step<S, RequestBody> {
        match Plan::answered(&self.options, &self.question, &self.request, allowed) {
            Plan::Forward(addition) => Step::Inner { future: self.inner.call(self.request), addition },
            Plan::Answer(response) => Step::Answer { response: Some(response) },
            Plan::Wait(question) => Step::Waiting { waiting: Some(Box::new(Waiting { question, ..self })) },
        }
    }
}

impl<S, RequestBody, B> Future for ResponseFuture<S, RequestBody>
where
    S: Service<Request<RequestBody>, Response = Response<B>>,
    B: Default,
{
    type Output = Result<Response<B>, S::Error>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            let next = match self.as_mut().project().step.project() {
                StepProjection::Inner { future, addition } => {
                    let mut poll = future.poll(context);
                    // There is no response to an error, and so nothing to put a field on.
                    if let Poll::Ready(Ok(response)) = &mut poll {
                        addition.apply(response);
                    }
                    return poll;
                }
                StepProjection::Answer { response } => {
                    return match response.take() {
                        Some(response) => Poll::Ready(Ok(response.map(|()| B::default()))),
                        // A future that has ended may do anything when it is polled again.
                        None => Poll::Pending,
                    };
                }
                StepProjection::Waiting { waiting } => {
                    let Some(asked) = waiting else { return Poll::Pending };
                    let Poll::Ready(allowed) = asked.question.answer.as_mut().poll(context) else {
                        return Poll::Pending;
                    };
                    let Some(asked) = waiting.take() else { return Poll::Pending };
                    asked.answered(allowed)
                }
            };
            self.as_mut().project().step.set(next);
        }
    }
}

impl<S, RequestBody> fmt::Debug for ResponseFuture<S, RequestBody>
where
    S: Service<Request<RequestBody>>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
