//! A line for each request: the method, path and origin, the verdict, and the status.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use anstyle::{AnsiColor, Style};
use cors_tower::{Decided, Kind, Verdict};
use http::header::ORIGIN;
use http::{Request, Response};
use hyper::body::Incoming;
use tower_service::Service;

use super::body::AnswerBody;
use super::trouble::Trouble;
use crate::diagnostics;
use crate::output::Output;
use crate::printable::Printable;

/// Prints the line of a request once the head of its response is there.
#[derive(Clone)]
pub(super) struct Log<S> {
    inner: S,
    output: Arc<Mutex<Output>>,
}

impl<S> Log<S> {
    pub(super) fn new(inner: S) -> Self {
        Log { inner, output: Arc::default() }
    }
}

impl<S> Service<Request<Incoming>> for Log<S>
where
    S: Service<Request<Incoming>, Response = Response<AnswerBody>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<AnswerBody>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let asked = asked(&request);
        let output = Arc::clone(&self.output);
        let answer = self.inner.call(request);
        Box::pin(async move {
            let answer = answer.await?;
            let line = format!("{asked}: {}\n", answered(&answer));
            let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
            if let Err(failure) = output.text(&line) {
                diagnostics::report(failure);
            }
            Ok(answer)
        })
    }
}

/// The most bytes that are printed of a path or an origin.
const MAX_SHOWN_LEN: usize = 256;

fn asked<B>(request: &Request<B>) -> String {
    let shown = |bytes: &[u8]| Printable(bytes.get(..MAX_SHOWN_LEN).unwrap_or(bytes)).to_string();
    let asked =
        format!("{} {}", shown(request.method().as_str().as_bytes()), shown(request.uri().path().as_bytes()));
    match request.headers().get(ORIGIN) {
        Some(origin) => format!("{asked} from {}", shown(origin.as_bytes())),
        None => asked,
    }
}

const ALLOWED: Style = AnsiColor::Green.on_default().bold();
const DENIED: Style = AnsiColor::Red.on_default().bold();

fn answered<B>(answer: &Response<B>) -> String {
    let status = answer.status().as_u16();
    let verdict = match answer.extensions().get() {
        None => String::new(),
        Some(Decided { kind: Kind::NotCors, .. }) => "not CORS; ".to_owned(),
        Some(Decided { kind, verdict }) => {
            let preflight = if *kind == Kind::Preflight { "preflight " } else { "" };
            match verdict {
                Verdict::Allowed => format!("{preflight}{ALLOWED}allowed{ALLOWED:#}; "),
                Verdict::Denied(denial) => format!("{preflight}{DENIED}denied{DENIED:#}, {denial}; "),
            }
        }
    };
    match answer.extensions().get::<Trouble>() {
        Some(trouble) => format!("{verdict}{status}, {}", trouble.sentence),
        None => format!("{verdict}{status}"),
    }
}
