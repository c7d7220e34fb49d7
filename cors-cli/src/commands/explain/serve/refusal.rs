//! [`Refusal`]: the response to a request that is not answered.

use http::header::ALLOW;
use http::{HeaderValue, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Bytes;
use serde::Serialize;

use super::response::{JSON, response};
use crate::json;

pub(super) struct Refusal {
    status: StatusCode,
    sentence: String,
    /// The methods that the path takes.
    allow: Option<&'static str>,
}

#[derive(Serialize)]
struct RefusalObject<'r> {
    error: &'r str,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, sentence: impl Into<String>) -> Self {
        Refusal { status, sentence: sentence.into(), allow: None }
    }

    pub(super) fn of_the_method(allow: &'static str) -> Self {
        let sentence = format!("this is for {allow} alone");
        Refusal { allow: Some(allow), ..Refusal::new(StatusCode::METHOD_NOT_ALLOWED, sentence) }
    }

    pub(super) fn response(self) -> Response<Full<Bytes>> {
        let text = json::object(&RefusalObject { error: &self.sentence });
        let mut response = response(JSON, text.into());
        *response.status_mut() = self.status;
        if let Some(allow) = self.allow {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}
