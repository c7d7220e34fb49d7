//! Our peers and cors-core, each behind the same interface: it takes a request and returns the fields of the response.
//!
//! The engines take header values and return names and values. The layers take an HTTP request and return a response:
//! the cost of a layer is the time with it less the time without.

#![allow(clippy::missing_panics_doc, reason = "a benchmark may stop where its input is wrong")]

pub mod actix;
pub mod engines;
pub mod http_types;

/// Polls a future that is ready at once: every service here answers from memory.
pub fn ready<F: Future>(future: F) -> F::Output {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("a service that waits"),
    }
}
