//! `decisions.json`, which every language runs, through the layer.

use std::fmt;

use axum::body::Body;
use cors_tower::{CompiledPolicy, CorsLayer, Decided, Denial, Verdict};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};
use serde::Deserialize;
use tower::ServiceExt;

use crate::support::answering;
use crate::vector_files::config::OwnedConfig;
use crate::vector_files::load::{load, nullable};
use crate::vector_files::report::{Place, Report};
use crate::vector_files::value::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    rule: String,
    name: String,
    policy: OwnedConfig,
    requests: Vec<RequestVector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestVector {
    method: Value,
    headers: Vec<(String, Value)>,
    kind: String,
    verdict: String,
    #[serde(deserialize_with = "nullable")]
    status: Option<u16>,
    fields: Vec<(String, Value, String)>,
}

/// What a client sees, and what is recorded.
#[derive(PartialEq)]
struct Answer {
    kind: String,
    verdict: String,
    status: u16,
    headers: HeaderMap,
}

#[tokio::test]
async fn decisions() {
    let mut report = Report::new("decisions.json");
    for (index, vector) in load::<Vector>("decisions.json").into_iter().enumerate() {
        let place = Place { index, rule: &vector.rule };
        let policy = vector.policy.with(|config| CompiledPolicy::compile(config).unwrap());
        let layer = CorsLayer::new(policy).record(true);
        for asked in &vector.requests {
            let Some(request) = asked.request() else {
                // Bytes that `http` takes for no field value or method, so that no server passes them on.
                report.count("requests that HTTP cannot carry", 1);
                continue;
            };
            let service =
                answering(&layer, |_| Response::builder().status(APPLICATION).body(Body::empty()).unwrap());
            let response = service.oneshot(request).await.unwrap();
            report.check(
                place,
                format_args!("{}: {asked}", vector.name),
                &asked.expected(),
                &Answer::of(&response),
            );
            report.count("requests", 1);
        }
    }
    report.finish();
}

/// The status of every response of the application.
const APPLICATION: u16 = 299;

impl RequestVector {
    fn request(&self) -> Option<Request<Body>> {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = Method::from_bytes(&self.method.bytes()).ok()?;
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            request.headers_mut().append(name, HeaderValue::from_bytes(&value.bytes()).ok()?);
        }
        Some(request)
    }

    fn expected(&self) -> Answer {
        let mut headers = HeaderMap::new();
        for (name, value, op) in &self.fields {
            let (name, value) =
                (name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(&value.bytes()).unwrap());
            match op.as_str() {
                "replace" => drop(headers.insert(name, value)),
                "append" => drop(headers.append(name, value)),
                other => panic!("a vector's op {other:?} is none"),
            }
        }
        let status = self.status.unwrap_or(APPLICATION);
        Answer { kind: self.kind.clone(), verdict: self.verdict.clone(), status, headers }
    }
}

impl Answer {
    fn of(response: &Response<Body>) -> Self {
        let Decided { kind, verdict } = response.extensions().get().unwrap();
        Answer {
            kind: kind.name().to_owned(),
            verdict: match verdict {
                Verdict::Allowed => "allowed",
                Verdict::Denied(denial) => Denial::name(*denial),
            }
            .to_owned(),
            status: response.status().as_u16(),
            headers: response.headers().clone(),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}, {} {:?}", self.kind, self.verdict, self.status, self.headers)
    }
}

impl fmt::Display for RequestVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.method)?;
        self.headers.iter().try_for_each(|(name, value)| write!(f, ", {name}: {value}"))
    }
}
