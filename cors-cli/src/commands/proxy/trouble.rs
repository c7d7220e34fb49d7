//! The response to the page, and the sentence for the developer, if the target does not answer.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter;
use std::time::Duration;

use http::{Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy;

use super::body::AnswerBody;
use crate::printable::printable;
use crate::server::MAX_HEAD_LEN;

/// A status and a sentence on what happened and what to try.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    pub(super) status: StatusCode,
    pub(super) sentence: String,
}

impl Trouble {
    pub(super) fn new(status: StatusCode, sentence: impl Into<String>) -> Self {
        Trouble { status, sentence: sentence.into() }
    }

    pub(super) fn slow(target: &Uri, timeout: Duration) -> Self {
        let sentence =
            format!("{} answered nothing in {} s; try a longer --timeout", place(target), timeout.as_secs());
        Trouble::new(StatusCode::GATEWAY_TIMEOUT, sentence)
    }

    pub(super) fn long_head(target: &Uri) -> Self {
        let sentence = format!("{}: the response head is longer than {MAX_HEAD_LEN} bytes", place(target));
        Trouble::new(StatusCode::BAD_GATEWAY, sentence)
    }

    pub(super) fn response(&self) -> Response<AnswerBody> {
        let body =
            Full::from(format!("cors proxy: {}\n", self.sentence)).map_err(|never| match never {}).boxed();
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        let text = http::HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(http::header::CONTENT_TYPE, text);
        response.extensions_mut().insert(self.clone());
        response
    }
}

/// Why the target did not answer a request.
pub(super) enum Unanswered {
    /// The connection ended after the request, or part of it, was sent.
    BrokenOff(Trouble),
    Other(Trouble),
}

impl Unanswered {
    pub(super) fn of(error: &legacy::Error, target: &Uri, timeout: Duration) -> Self {
        let place = place(target);
        let io_kind = causes(error).find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
        let tls = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>());
        let text = causes(error).last().map(ToString::to_string).unwrap_or_default();
        let bad = |sentence: String| Unanswered::Other(Trouble::new(StatusCode::BAD_GATEWAY, sentence));
        if let Some(tls) = tls {
            return bad(format!(
                "{place}: no TLS connection ({tls}); check its certificate, and that it speaks TLS"
            ));
        }
        if error.is_connect() {
            return match io_kind {
                Some(ErrorKind::TimedOut) => Unanswered::Other(Trouble::new(
                    StatusCode::GATEWAY_TIMEOUT,
                    format!(
                        "{place}: no connection in {} s; check the address and the port",
                        timeout.as_secs()
                    ),
                )),
                Some(ErrorKind::ConnectionRefused) => {
                    bad(format!("{place} refuses connections; check the port, and that the server runs"))
                }
                _ => bad(format!("{place} cannot be reached ({text}); check its name, and the network")),
            };
        }
        let hyper = causes(error).find_map(|cause| cause.downcast_ref::<hyper::Error>());
        if hyper.is_some_and(hyper::Error::is_parse_too_large) {
            return Unanswered::Other(Trouble::long_head(target));
        }
        if hyper.is_some_and(hyper::Error::is_parse) {
            return bad(format!("{place} did not answer in HTTP ({text}); check the port and the scheme"));
        }
        let sentence = format!(
            "{place} broke the connection off ({text}); look into the server's log, and check the port and the scheme"
        );
        Unanswered::BrokenOff(Trouble::new(StatusCode::BAD_GATEWAY, sentence))
    }

    pub(super) fn into_trouble(self) -> Trouble {
        match self {
            Unanswered::BrokenOff(trouble) | Unanswered::Other(trouble) => trouble,
        }
    }
}

/// Returns the error and its causes.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>() {
        // `io::Error::source()` skips the error it wraps; `get_ref()` returns it.
        Some(error) => error.get_ref().map(|held| held as &(dyn Error + 'static)),
        None => error.source(),
    })
}

/// Returns host and port, as they may be printed.
fn place(target: &Uri) -> String {
    printable(target.authority().map_or("", http::uri::Authority::as_str))
}
