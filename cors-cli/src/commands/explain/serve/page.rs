//! [`Page`]: the files of the page, and the answers to what it asks.

use std::time::Duration;

use cors_ui::page::FILES;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::uri::Authority;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};

use super::answer::answer;
use super::case::EditedCase;
use super::refusal::Refusal;
use super::response::{JSON, response};
use super::same_origin;
use super::work::Work;
use crate::json;
use crate::printable::printable;
use crate::server::{Hosts, authority};

/// The most bytes of a case.
const MAX_BODY_LEN: usize = 256 * 1024;

/// The most bytes of a text, which may be a HAR file.
const MAX_TEXT_LEN: usize = 64 * 1024 * 1024;

/// The most headers of a fetch. Browsers send at most about a hundred.
const MAX_HEADERS: usize = 256;

/// How long the body of a request may take.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// The fields of every response. The page takes nothing from elsewhere, and no text in it becomes a document or a script.
const FIELDS: [(HeaderName, &str); 6] = [
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    // Another version of the command may be the next that listens here.
    (CACHE_CONTROL, "no-store"),
];

pub(super) struct Page {
    hosts: Hosts,
    first_case: String,
    work: Work,
}

impl Page {
    pub(super) fn new(hosts: Hosts, first_case: &EditedCase) -> Self {
        Page { hosts, first_case: json::object(first_case), work: Work::new() }
    }

    pub(super) async fn respond(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let mut response = self.answer(request).await.unwrap_or_else(Refusal::response);
        for (name, value) in FIELDS {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Refusal> {
        let authority = authority(&request)
            .ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "the request names no host, or several"))?;
        if !self.hosts.contain(&authority) {
            let host = printable(authority.host());
            let sentence = format!("asked as {host}, which is not a name of this machine; ask for localhost");
            return Err(Refusal::new(StatusCode::MISDIRECTED_REQUEST, sentence));
        }
        match request.uri().path() {
            "/explain" => return self.explain(request, &authority).await,
            "/answer" => return self.answer_question(request, &authority).await,
            _ => {}
        }
        let response = match request.uri().path() {
            "/case" => response(JSON, self.first_case.clone().into()),
            path => match FILES.iter().find(|file| file.path == path) {
                Some(file) => response(file.content_type, file.text.into()),
                None => return Err(Refusal::new(StatusCode::NOT_FOUND, "there is only the page, at /")),
            },
        };
        match *request.method() {
            Method::GET | Method::HEAD => Ok(response),
            _ => Err(Refusal::of_the_method("GET, HEAD")),
        }
    }

    async fn explain(
        &self,
        request: Request<Incoming>,
        authority: &Authority,
    ) -> Result<Response<Full<Bytes>>, Refusal> {
        let body = question(request, authority, MAX_BODY_LEN).await?;
        let case: EditedCase = serde_json::from_slice(&body)
            .map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, format!("not a case: {error}")))?;
        let headers = case.fetch.headers();
        if headers > MAX_HEADERS {
            let sentence =
                format!("a fetch has at most {MAX_HEADERS} headers here, and this one has {headers}");
            return Err(Refusal::new(StatusCode::BAD_REQUEST, sentence));
        }
        let answer = self.work.run(|client| answer(case, client).map(|answer| json::object(&answer))).await;
        let answer = answer.flatten().ok_or_else(|| {
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "the explanation was given up; ask again")
        })?;
        Ok(response(JSON, answer.into()))
    }

    /// Answers what is not about a policy: a text of any kind, the lines for a server's software.
    async fn answer_question(
        &self,
        request: Request<Incoming>,
        authority: &Authority,
    ) -> Result<Response<Full<Bytes>>, Refusal> {
        let body = question(request, authority, MAX_TEXT_LEN).await?;
        let answer = self.work.run(move |_| cors_ui::question::answer(&body)).await.ok_or_else(|| {
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "the explanation was given up; ask again")
        })?;
        Ok(response(JSON, answer.into()))
    }
}

/// Returns the body of a question that the page itself asks.
async fn question(request: Request<Incoming>, authority: &Authority, limit: usize) -> Result<Bytes, Refusal> {
    if request.method() != Method::POST {
        return Err(Refusal::of_the_method("POST"));
    }
    same_origin::check(&request, authority)?;
    tokio::time::timeout(BODY_TIMEOUT, body(request.into_body(), limit))
        .await
        .map_err(|_| Refusal::new(StatusCode::REQUEST_TIMEOUT, "the case did not arrive; send it again"))?
}

async fn body(body: Incoming, limit: usize) -> Result<Bytes, Refusal> {
    let body = Limited::new(body, limit).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            let sentence = format!("a case has at most {limit} bytes; shorten it");
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, sentence)
        } else {
            Refusal::new(StatusCode::BAD_REQUEST, error.to_string())
        }
    })?;
    Ok(body.to_bytes())
}
