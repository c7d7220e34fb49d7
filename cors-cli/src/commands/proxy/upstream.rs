//! The target: one address, asked over HTTP/1.1 or HTTP/2.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Request, Response, Uri};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt;

use super::body::Upload;
use super::trouble::{Trouble, Unanswered};
use crate::exit::Failure;
use crate::server::MAX_HEAD_LEN;

pub(super) struct Upstream {
    target: Uri,
    timeout: Duration,
    client: Client<HttpsConnector<HttpConnector>, Upload>,
    /// The client for upgrades, which only HTTP/1.1 has.
    upgrading_client: Client<HttpsConnector<HttpConnector>, Upload>,
}

impl Upstream {
    pub(super) fn new(target: &Uri, timeout: Duration) -> Result<Self, Failure> {
        let tls = tls().map_err(|error| Failure::unusable("the certificates of this machine", error))?;
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(timeout));
        let connector = |tls| HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http();
        let any = connector(tls.clone()).enable_all_versions().wrap_connector(tcp.clone());
        let http1 = connector(tls).enable_http1().wrap_connector(tcp);
        Ok(Upstream {
            target: target.clone(),
            timeout,
            client: client().build(any),
            upgrading_client: client().build(http1),
        })
    }

    pub(super) fn target(&self) -> &Uri {
        &self.target
    }

    /// Forwards a request, and waits for the head of its response.
    ///
    /// A connection that was kept may end just when it is used again. A request that may be repeated is therefore sent once
    /// more (RFC 9110, section 9.2.2).
    pub(super) async fn ask(
        &self,
        request: Request<Upload>,
        upgrades: bool,
    ) -> Result<Response<Incoming>, Trouble> {
        let again = if request.method().is_safe() { again(&request) } else { None };
        match (self.ask_once(request, upgrades).await, again) {
            (Err(Unanswered::BrokenOff(_)), Some(request)) => self.ask_once(request, upgrades).await,
            (answer, _) => answer,
        }
        .map_err(Unanswered::into_trouble)
    }

    async fn ask_once(
        &self,
        request: Request<Upload>,
        upgrades: bool,
    ) -> Result<Response<Incoming>, Unanswered> {
        let progress = request.body().progress();
        let client = if upgrades { &self.upgrading_client } else { &self.client };
        match progress.wait(client.request(request), self.timeout).await {
            // hyper limits its buffer, which is not exact to the byte.
            Some(Ok(answer)) if head_len(answer.headers()) > MAX_HEAD_LEN => {
                Err(Unanswered::Other(Trouble::long_head(&self.target)))
            }
            Some(answer) => answer.map_err(|error| Unanswered::of(&error, &self.target, self.timeout)),
            None => Err(Unanswered::Other(Trouble::slow(&self.target, self.timeout))),
        }
    }
}

/// Returns a copy of a request that has no body.
fn again(request: &Request<Upload>) -> Option<Request<Upload>> {
    let mut copy = Request::new(request.body().again()?);
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    Some(copy)
}

/// Returns the length of the fields in HTTP/1.1.
fn head_len(headers: &HeaderMap) -> usize {
    let punctuation = ": \r\n".len();
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + punctuation).sum()
}

fn client() -> hyper_util::client::legacy::Builder {
    let mut builder = Client::builder(TokioExecutor::new());
    builder.pool_timer(TokioTimer::new()).timer(TokioTimer::new());
    builder.http1_max_buf_size(MAX_HEAD_LEN);
    if let Ok(len) = u32::try_from(MAX_HEAD_LEN) {
        builder.http2_max_header_list_size(len);
    }
    builder
}

/// Returns a configuration that trusts what this machine trusts, as the browsers on it do.
fn tls() -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_platform_verifier()?.with_no_client_auth())
}
