//! A request and its answer: two heads. Bodies are not read.

use std::borrow::Cow;

use cors_core::browser::{Header, Response};
use http::StatusCode;
use serde::Serialize;

use super::failure::{Failure, Kind};
use crate::printable::Printable;

/// A request that was sent, and its answer.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub(super) request: Request,
    pub(super) answer: Result<Answer, Failure>,
}

/// A request head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    pub(super) fields: Fields,
}

/// A response head.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// The minor version of HTTP/1.
    pub(super) minor_version: u8,
    pub(super) status: u16,
    pub(super) reason: String,
    pub(super) fields: Fields,
}

/// The lines of a head, in their order, with the names as they are spelled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(pub(super) Vec<(String, Vec<u8>)>);

impl Fields {
    pub(super) fn push(&mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) {
        self.0.push((name.into(), value.into()));
    }

    /// Returns the value of each line of that name.
    pub(super) fn lines(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.0
            .iter()
            .filter(move |(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_slice())
    }

    /// Returns the fields as the engine takes them.
    pub(super) fn headers(&self) -> Vec<Header<'_>> {
        self.0.iter().map(|(name, value)| Header::new(name, value)).collect()
    }

    /// Returns the elements of a list over all lines of that name, in lower case.
    pub(super) fn elements(&self, name: &str) -> Vec<String> {
        let elements = self.lines(name).flat_map(|line| line.split(|&byte| byte == b','));
        elements
            .map(|element| String::from_utf8_lossy(element.trim_ascii()).to_ascii_lowercase())
            .filter(|element| !element.is_empty())
            .collect()
    }

    /// Returns each line, as it may be printed.
    pub(super) fn printable(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(name, value)| format!("{}: {}", Printable(name.as_bytes()), Printable(value)))
    }
}

impl Answer {
    /// Returns the head at the front of `received`, after the heads of interim responses.
    pub(super) fn parse(mut received: &[u8]) -> Result<Self, Failure> {
        loop {
            let mut fields = vec![httparse::EMPTY_HEADER; 128];
            let mut response = httparse::Response::new(&mut fields);
            let len = match response.parse(received) {
                Ok(httparse::Status::Complete(len)) => len,
                Ok(httparse::Status::Partial) => return Err(malformed("it does not end")),
                Err(error) => return Err(malformed(&error.to_string())),
            };
            let (Some(status), Some(minor_version)) = (response.code, response.version) else {
                return Err(malformed("it has no status"));
            };
            if (100..200).contains(&status) && status != 101 {
                received = received.get(len..).unwrap_or_default();
                continue;
            }
            let fields = response
                .headers
                .iter()
                .map(|field| (field.name.to_owned(), field.value.to_owned()))
                .collect();
            let reason = response.reason.unwrap_or_default().to_owned();
            return Ok(Answer { minor_version, status, reason, fields: Fields(fields) });
        }
    }

    /// Returns the response as the engine takes it; `headers` are [`Fields::headers`].
    pub(super) fn response<'a>(&self, headers: &'a [Header<'a>]) -> Response<'a> {
        Response { status: self.status, headers }
    }

    /// Returns the address that a redirect leads to.
    pub(super) fn location(&self) -> Option<&[u8]> {
        let redirects = matches!(self.status, 301 | 302 | 303 | 307 | 308);
        self.fields.lines("location").next().filter(|_| redirects)
    }

    /// Returns the status line, as it may be printed.
    pub(super) fn status_line(&self) -> String {
        let reason = Printable(self.reason.as_bytes());
        format!("HTTP/1.{} {} {reason}", self.minor_version, self.status).trim_end().to_owned()
    }

    /// Returns the status with its name: `502 Bad Gateway`.
    pub(super) fn status_name(&self) -> String {
        let reason = StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason());
        format!("{} {}", self.status, reason.unwrap_or_default()).trim_end().to_owned()
    }
}

fn malformed(why: &str) -> Failure {
    Failure::new(Kind::NotHttp, format!("the response head is malformed: {why}"))
}

/// An exchange in JSON.
#[derive(Serialize)]
pub(super) struct ExchangeObject<'e> {
    request: RequestObject<'e>,
    response: Option<ResponseObject<'e>>,
    failure: Option<FailureObject<'e>>,
}

#[derive(Serialize)]
struct RequestObject<'e> {
    method: &'e str,
    target: &'e str,
    fields: Vec<FieldObject<'e>>,
}

#[derive(Serialize)]
struct ResponseObject<'e> {
    status: u16,
    fields: Vec<FieldObject<'e>>,
}

#[derive(Serialize)]
pub(super) struct FieldObject<'e> {
    name: &'e str,
    value: Cow<'e, str>,
}

#[derive(Serialize)]
pub(super) struct FailureObject<'e> {
    kind: &'static str,
    message: &'e str,
}

impl<'e> From<&'e Exchange> for ExchangeObject<'e> {
    fn from(Exchange { request, answer }: &'e Exchange) -> Self {
        ExchangeObject {
            request: RequestObject {
                method: &request.method,
                target: &request.target,
                fields: request.fields.objects(),
            },
            response: answer
                .as_ref()
                .ok()
                .map(|answer| ResponseObject { status: answer.status, fields: answer.fields.objects() }),
            failure: answer.as_ref().err().map(FailureObject::from),
        }
    }
}

impl<'e> From<&'e Failure> for FailureObject<'e> {
    fn from(failure: &'e Failure) -> Self {
        FailureObject { kind: failure.kind.name(), message: &failure.sentence }
    }
}

impl Fields {
    pub(super) fn objects(&self) -> Vec<FieldObject<'_>> {
        self.0
            .iter()
            .map(|(name, value)| FieldObject { name, value: String::from_utf8_lossy(value) })
            .collect()
    }
}
