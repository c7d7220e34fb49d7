//! The application behind the policy: the target.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use cors_tower::PolicyHandle;
use http::header::{CONNECTION, HOST, UPGRADE};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, Version};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::upgrade::{self, OnUpgrade};
use hyper_util::rt::TokioIo;
use tower_service::Service;

use super::body::{AnswerBody, Upload};
use super::fields::{Credentials, has_known_coding, has_one_length, remove_hop_by_hop};
use super::trouble::Trouble;
use super::upstream::Upstream;
use crate::printable::printable;
use crate::server::{Hosts, authority};

/// Forwards requests to one target.
#[derive(Clone)]
pub(super) struct Forward {
    upstream: Arc<Upstream>,
    hosts: Arc<Hosts>,
    policies: PolicyHandle,
}

impl Forward {
    pub(super) fn new(upstream: Arc<Upstream>, hosts: Hosts, policies: PolicyHandle) -> Self {
        Forward { upstream, hosts: Arc::new(hosts), policies }
    }

    /// Returns the request to the target.
    fn request(
        &self,
        request: Request<Incoming>,
        credentials: Credentials,
    ) -> Result<Request<Upload>, Trouble> {
        let authority =
            authority(&request).ok_or_else(|| bad_request("the request names no host, or several"))?;
        if !has_known_coding(request.headers()) {
            let sentence = "the request has a transfer coding besides chunked, which is not passed on";
            return Err(Trouble::new(StatusCode::NOT_IMPLEMENTED, sentence));
        }
        if !has_one_length(request.headers()) {
            return Err(bad_request("the request has no single Content-Length"));
        }
        if !self.hosts.contain(&authority) {
            let host = printable(authority.host());
            let sentence = format!(
                "asked as {host}, which is not a name of this machine; ask for localhost, or start the proxy with --host {host}"
            );
            return Err(Trouble::new(StatusCode::MISDIRECTED_REQUEST, sentence));
        }
        let mut target = self.upstream.target().clone().into_parts();
        let path = request.uri().path_and_query().filter(|path| path.as_str().starts_with('/'));
        target.path_and_query = Some(path.cloned().ok_or_else(|| bad_request("the request names no path"))?);
        let mut request = request.map(Upload::new);
        *request.uri_mut() = Uri::from_parts(target).map_err(|error| bad_request(&error.to_string()))?;
        // The version is that of the connection to the target.
        *request.version_mut() = Version::HTTP_11;
        let headers = request.headers_mut();
        let upgrades = is_web_socket(headers);
        remove_hop_by_hop(headers);
        headers.remove(HOST);
        credentials.filter_request(headers);
        if upgrades {
            add_upgrade(headers);
        }
        Ok(request)
    }

    async fn answer(self, mut request: Request<Incoming>, credentials: Credentials) -> Response<AnswerBody> {
        let upgrade = is_web_socket(request.headers()).then(|| upgrade::on(&mut request));
        let answer = match self.request(request, credentials) {
            Ok(request) => self.upstream.ask(request, upgrade.is_some()).await,
            Err(trouble) => Err(trouble),
        };
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(trouble) => return trouble.response(),
        };
        // The version is that of the connection to the page.
        *answer.version_mut() = Version::HTTP_11;
        let upgrades = answer.status() == StatusCode::SWITCHING_PROTOCOLS;
        match (upgrades, upgrade) {
            (true, Some(page)) => drop(tokio::spawn(join(page, upgrade::on(&mut answer)))),
            (true, None) => {
                return Trouble::new(
                    StatusCode::BAD_GATEWAY,
                    "the target changed the protocol although nobody asked for it",
                )
                .response();
            }
            (false, _) => {}
        }
        let fault = if !has_known_coding(answer.headers()) {
            Some("the target's response has a transfer coding besides chunked, which is not passed on")
        } else if !has_one_length(answer.headers()) {
            Some("the target's response has no single Content-Length")
        } else {
            None
        };
        if let Some(sentence) = fault {
            return Trouble::new(StatusCode::BAD_GATEWAY, sentence).response();
        }
        remove_hop_by_hop(answer.headers_mut());
        credentials.filter_response(answer.headers_mut());
        if upgrades {
            add_upgrade(answer.headers_mut());
        }
        answer.map(BodyExt::boxed)
    }
}

impl Service<Request<Incoming>> for Forward {
    type Response = Response<AnswerBody>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let policies = self.policies.load();
        // The proxy has one policy for every path.
        let credentials =
            policies.find("/").map_or(Credentials::NONE, |policy| Credentials::of(&policy.policy()));
        let this = self.clone();
        Box::pin(async move { Ok(this.answer(request, credentials).await) })
    }
}

fn bad_request(what: &str) -> Trouble {
    Trouble::new(StatusCode::BAD_REQUEST, what)
}

/// Returns true for the one upgrade that pages ask for.
fn is_web_socket(headers: &HeaderMap) -> bool {
    headers.get(UPGRADE).is_some_and(|protocol| protocol.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

fn add_upgrade(headers: &mut HeaderMap) {
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
}

/// Carries bytes both ways until either side ends.
async fn join(page: OnUpgrade, target: OnUpgrade) {
    if let (Ok(page), Ok(target)) = tokio::join!(page, target) {
        // The page sees the end of the connection; there is nobody else to report an error to.
        let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(page), &mut TokioIo::new(target)).await;
    }
}
