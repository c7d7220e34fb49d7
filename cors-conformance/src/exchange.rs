//! [`Request`] and [`Answer`], as they are on the wire.

use std::borrow::Cow;
use std::time::Duration;

use cors_core::browser::{Header, Response};
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

/// A query as addresses have one.
pub(crate) const QUERY: &str = "page=2&next=%2Fa";

/// A request. `Host`, `Connection` and `User-Agent` are added when it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The lines, in their order.
    pub fields: Vec<(String, Vec<u8>)>,
}

impl Request {
    /// Makes a request without fields.
    pub fn new(method: &str, target: &str) -> Self {
        Request { method: method.to_owned(), target: target.to_owned(), fields: Vec::new() }
    }

    /// Adds a line.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.fields.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    /// Adds a query to the target.
    #[must_use]
    pub(crate) fn with_query(mut self, query: &str) -> Self {
        self.target.push(if self.target.contains('?') { '&' } else { '?' });
        self.target.push_str(query);
        self
    }

    /// Returns the joined value of the lines of this name, as a cache compares it; `None` where there is none.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        joined(&self.fields, name)
    }
}

/// A response.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The lines, in their order, with names as they are spelled.
    pub fields: Vec<(String, Vec<u8>)>,
    /// The beginning of the body, as it was before chunking.
    pub body: Vec<u8>,
    /// What is wrong with the length of the body, in a sentence.
    pub flaw: Option<String>,
    /// When the head was there, from the time at which the request was sent.
    pub head_after: Duration,
    /// When the body was there.
    pub body_after: Duration,
}

impl Answer {
    /// Returns the fields as the engine takes them.
    pub(crate) fn headers(&self) -> Vec<Header<'_>> {
        self.fields.iter().map(|(name, value)| Header::new(name, value)).collect()
    }

    pub(crate) fn response<'a>(&self, headers: &'a [Header<'a>]) -> Response<'a> {
        Response { status: self.status, headers }
    }

    /// Returns the joined value of the lines of this name.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        joined(&self.fields, name)
    }

    /// Returns the value of each line of this name.
    pub(crate) fn lines(&self, name: &str) -> Vec<String> {
        let lines = self.fields.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        lines.map(|(_, value)| String::from_utf8_lossy(value).into_owned()).collect()
    }

    /// Returns the elements of a list over all its lines, in lower case.
    pub(crate) fn elements(&self, name: &str) -> Vec<String> {
        elements(&self.lines(name).join(","))
    }

    /// Returns the names of the fields of CORS, in lower case.
    pub(crate) fn access_control(&self) -> Vec<String> {
        let names = self.fields.iter().map(|(name, _)| name.to_ascii_lowercase());
        names.filter(|name| name.starts_with("access-control-")).collect()
    }
}

/// Returns the elements of a list, in lower case, without empty ones.
pub(crate) fn elements(list: &str) -> Vec<String> {
    let elements = list.split(',').map(|element| element.trim().to_ascii_lowercase());
    elements.filter(|element| !element.is_empty()).collect()
}

fn joined(fields: &[(String, Vec<u8>)], name: &str) -> Option<String> {
    let lines = fields.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
    let values: Vec<_> = lines.map(|(_, value)| String::from_utf8_lossy(value).trim().to_owned()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// A request and what came of it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What was sent.
    pub request: Request,
    /// What was answered, or why there was no answer.
    pub answer: Result<Answer, String>,
}

/// The most bytes of a value that a report shows.
const SHOWN: usize = 256;

impl Exchange {
    /// Returns the head of the request, as it is shown.
    pub(crate) fn request_lines(&self) -> Vec<String> {
        let Request { method, target, fields } = &self.request;
        head(&format!("{method} {target} HTTP/1.1"), fields)
    }

    /// Returns the head of the response, as it is shown; or why there is none.
    pub(crate) fn answer_lines(&self) -> Result<Vec<String>, &String> {
        self.answer.as_ref().map(|answer| head(&format!("HTTP/1.1 {}", answer.status), &answer.fields))
    }
}

impl Serialize for Exchange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Exchange", 3)?;
        object.serialize_field("request", &self.request_lines())?;
        object.serialize_field("response", &self.answer_lines().ok())?;
        object.serialize_field("failure", &self.answer.as_ref().err())?;
        object.end()
    }
}

/// Returns a head as lines: those of the transport left out, long ones cut.
fn head(first: &str, fields: &[(String, Vec<u8>)]) -> Vec<String> {
    let is_shown =
        |name: &str| !matches!(name.to_ascii_lowercase().as_str(), "date" | "connection" | "keep-alive");
    let lines = fields.iter().filter(|(name, _)| is_shown(name)).map(|(name, value)| {
        let value = String::from_utf8_lossy(value);
        let shown: Cow<'_, str> = match value.char_indices().nth(SHOWN) {
            Some((end, _)) => {
                format!("{}… ({} bytes)", value.get(..end).unwrap_or_default(), value.len()).into()
            }
            None => value,
        };
        format!("{name}: {shown}")
    });
    std::iter::once(first.to_owned()).chain(lines).collect()
}
