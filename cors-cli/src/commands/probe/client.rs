//! Sends requests, one at a time, to one address, and a bounded number of them.
//!
//! Redirects are not followed, cookies are not kept, and the environment's proxy is not used. Each request has a
//! connection of its own, which is closed once the response head is there: bodies are not read.

use std::thread;
use std::time::Duration;

use ureq::config::{AutoHeaderValue, Config};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::{Agent, http};
use url::Url;

use super::exchange::{Answer, Exchange, Request};
use super::failure::{Failure, Kind};
use super::tape::{MAX_HEAD_LEN, Tape};

/// The `User-Agent` of the requests, unless the page sets it.
pub(super) const USER_AGENT: &str = concat!("cors-cli/", env!("CARGO_PKG_VERSION"), " (cors probe)");

/// Asks one address.
pub(super) struct Client<'u> {
    url: &'u Url,
    agent: Agent,
    tape: Tape,
    /// The seconds that a request may take, from the lookup of the host's name to the end of the response head.
    timeout: u64,
    /// The pause before each request except the first.
    delay: Duration,
    sent: usize,
    max_requests: usize,
}

impl<'u> Client<'u> {
    pub(super) fn new(url: &'u Url, timeout: u64, delay: Duration, max_requests: usize) -> Self {
        let tape = Tape::default();
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Config::builder()
            .tls_config(tls)
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .max_idle_connections(0)
            .max_response_header_size(MAX_HEAD_LEN)
            .user_agent(AutoHeaderValue::None)
            .accept(AutoHeaderValue::None)
            .accept_encoding(AutoHeaderValue::None)
            .timeout_global(Some(Duration::from_secs(timeout)))
            .build();
        let agent = Agent::with_parts(config, tape.connector(), DefaultResolver::default());
        Client { url, agent, tape, timeout, delay, sent: 0, max_requests }
    }

    /// Returns the number of requests that were sent.
    pub(super) fn sent(&self) -> usize {
        self.sent
    }

    /// Sends a request with these fields and `Host`, and no others.
    pub(super) fn ask(&mut self, mut request: Request) -> Exchange {
        request.fields.0.insert(0, ("host".to_owned(), host(self.url).into_bytes()));
        request.target = target(self.url);
        let answer = self.answer(&request);
        Exchange { request, answer }
    }

    fn answer(&mut self, request: &Request) -> Result<Answer, Failure> {
        if self.sent >= self.max_requests {
            let sentence =
                format!("not sent: {} requests have been sent, which is the limit", self.max_requests);
            return Err(Failure::new(Kind::Unsendable, sentence));
        }
        if self.sent > 0 {
            thread::sleep(self.delay);
        }
        self.sent = self.sent.saturating_add(1);
        let mut builder = http::Request::builder().method(request.method.as_str()).uri(self.url.as_str());
        for (name, value) in &request.fields.0 {
            builder = builder.header(name, value.as_slice());
        }
        // The response is dropped, and the connection with it.
        let result = builder
            .body(())
            .map_err(ureq::Error::Http)
            .and_then(|request| self.agent.run(request).map(|_| ()));
        let recording = self.tape.take();
        match result {
            Ok(()) => Answer::parse(&recording.received),
            Err(error) => Err(Failure::of(&error, &recording, self.url, self.timeout)),
        }
    }
}

/// Returns the value of `Host`.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Returns the target in the request line.
fn target(url: &Url) -> String {
    let query = url.query().map(|query| format!("?{query}"));
    format!("{}{}", url.path(), query.unwrap_or_default())
}
