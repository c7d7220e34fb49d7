//! `decisions.json` and `attacks.json`, which every language runs, through the layer.

use std::fmt;

use axum::body::Body;
use cors_core::{FieldOp, Kind};
use cors_testing::vectors::{AttackVector, DecisionVector, Place, Report, RequestVector, load};
use cors_testing::{Answer, OwnedConfigExt};
use cors_tower::{CompiledPolicy, CorsLayer, Decided, Verdict};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response};
use tower::ServiceExt;

use crate::support::answering;

/// What a client sees, and what the layer records.
#[derive(PartialEq)]
struct Observed {
    kind: Kind,
    verdict: Verdict,
    status: u16,
    headers: HeaderMap,
}

#[tokio::test]
async fn decisions() {
    let mut report = Report::new("decisions.json");
    for (index, vector) in load("decisions.json").iter().enumerate() {
        check(&mut report, index, vector).await;
    }
    report.finish();
}

#[tokio::test]
async fn attacks() {
    let mut report = Report::new("attacks.json");
    for (index, vector) in load("attacks.json").iter().enumerate() {
        match vector {
            AttackVector::Decided(vector) => check(&mut report, index, vector).await,
            AttackVector::Refused(vector) => vector.check(&mut report, index),
        }
    }
    report.finish();
}

async fn check(report: &mut Report, index: usize, vector: &DecisionVector) {
    let place = Place { index, rule: &vector.rule };
    let policy = vector.policy.with_suffixes(|config| CompiledPolicy::compile(config).unwrap());
    let unwatched = CorsLayer::new(policy);
    let layer = unwatched.clone().record(true);
    for asked in &vector.requests {
        let (Some(recorded), Some(unrecorded)) = (request(asked), request(asked)) else {
            // `http` takes these bytes for neither a field value nor a method, so that no server passes them on.
            report.count("requests that HTTP cannot carry", 1);
            continue;
        };
        let observed = Observed::of(&ask(&layer, recorded).await);
        let name = format_args!("{}: {asked}", vector.name);
        report.check(place, name, &Observed::expected(&asked.expected()), &observed);
        // A layer that tells nobody what it decides finds out less, and responds the same.
        let response = ask(&unwatched, unrecorded).await;
        let head = (response.status().as_u16(), response.headers().clone());
        assert_eq!(head, (observed.status, observed.headers), "{}: {asked}", vector.name);
        report.count("requests", 1);
    }
}

async fn ask(layer: &CorsLayer, request: Request<Body>) -> Response<Body> {
    let application = |_| Response::builder().status(APPLICATION).body(Body::empty()).unwrap();
    answering(layer, application).oneshot(request).await.unwrap()
}

/// The status of every response of the application.
const APPLICATION: u16 = 299;

fn request(asked: &RequestVector) -> Option<Request<Body>> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = Method::from_bytes(&asked.method.bytes()).ok()?;
    for (name, value) in &asked.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        request.headers_mut().append(name, HeaderValue::from_bytes(&value.bytes()).ok()?);
    }
    Some(request)
}

impl Observed {
    fn expected(answer: &Answer) -> Self {
        let mut headers = HeaderMap::new();
        for (name, value, op) in &answer.fields {
            let (name, value) =
                (name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value).unwrap());
            match op {
                FieldOp::Replace => drop(headers.insert(name, value)),
                FieldOp::Append => drop(headers.append(name, value)),
            }
        }
        let status = answer.status.unwrap_or(APPLICATION);
        Observed { kind: answer.kind, verdict: answer.verdict, status, headers }
    }

    fn of(response: &Response<Body>) -> Self {
        let Decided { kind, verdict } = response.extensions().get().unwrap();
        Observed {
            kind: *kind,
            verdict: *verdict,
            status: response.status().as_u16(),
            headers: response.headers().clone(),
        }
    }
}

impl fmt::Display for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {:?}, {} {:?}", self.kind, self.verdict, self.status, self.headers)
    }
}
