//! [`Plan`]: what to do with a request, by the policies and the options of the layer.

use std::sync::Arc;

use cors_core::adapter::Sender;
use cors_core::{Decision, Denial, Kind, Request, Verdict};
use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST, ORIGIN};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};

use crate::addition::{Actual, Addition};
use crate::asking::Answer;
use crate::compiled::CompiledPolicy;
use crate::decided::Decided;
use crate::event::{Asked, Denied, Difference};
use crate::head::RequestHead;
use crate::options::Options;
use crate::policies::Policies;

/// What to do with a request.
pub(crate) enum Plan {
    /// Calls the service inside, and adds this to its response.
    Forward(Addition),
    /// Answers without it.
    Answer(Response<()>),
    /// Waits for the application's answer about the origin.
    Wait(Question),
}

/// What the application is asked.
pub(crate) struct Question {
    /// Whether the origin is allowed.
    pub(crate) answer: Answer<bool>,
    /// The policies by which the request is decided, before and after (A4).
    policies: Arc<Policies>,
}

impl Plan {
    #[inline]
    pub(crate) fn of<B>(options: &Options, request: &http::Request<B>) -> Self {
        options.plan(&options.policies.load(), RequestHead::of(request), None)
    }

    /// Goes on when the question has its answer.
    #[cold]
    pub(crate) fn answered<B>(
        options: &Options,
        question: &Question,
        request: &http::Request<B>,
        allowed: bool,
    ) -> Self {
        options.plan(&question.policies, RequestHead::of(request), Some(allowed))
    }
}

impl Options {
    /// A4: the policies are read once for each request. The application may have `answered` about the origin.
    fn plan(&self, policies: &Arc<Policies>, head: RequestHead<'_>, answered: Option<bool>) -> Plan {
        let (method, headers, path) = (head.method(), head.headers(), head.sent_uri().path());
        let policy = policies.find(path);
        let Some(origin) = headers.get(ORIGIN) else {
            let decided = Decided { kind: Kind::NotCors, verdict: Verdict::Allowed };
            return policy
                .map_or(Plan::Forward(Addition::Nothing), |policy| self.forward(policy, decided, None));
        };
        let request = request_of(method, headers);
        let is_preflight = request.is_preflight();
        let kind = if is_preflight { Kind::Preflight } else { Kind::Actual };
        let asked = Asked { kind, origin: Some(origin.as_bytes()), method, path };
        let Some(policy) = policy else {
            self.compare(policies, &request, &head, asked, None);
            return Plan::Forward(Addition::Nothing);
        };
        let decision = match policy.evaluate(&request, &head, answered) {
            Ok(decision) => decision,
            Err(answer) => return Plan::Wait(Question { answer, policies: Arc::clone(policies) }),
        };
        let decided = Decided { kind, verdict: decision.verdict() };
        self.compare(policies, &request, &head, asked, Some(decided.verdict));
        if let Some(denial) = decision.denial()
            && self.deny(denial, asked, request.origin(), &head)
        {
            return self.refuse(policy, decided);
        }
        let origin = echoed(origin, &request);
        if is_preflight {
            self.preflight(policy, &decision, origin)
        } else {
            self.forward(policy, decided, Some(origin))
        }
    }

    #[inline]
    fn forward(&self, policy: &CompiledPolicy, decided: Decided, origin: Option<HeaderValue>) -> Plan {
        Plan::Forward(Addition::Actual(Actual {
            policy: policy.clone(),
            decided,
            is_recorded: self.record,
            origin,
        }))
    }

    /// A6.
    #[cold]
    fn refuse(&self, policy: &CompiledPolicy, decided: Decided) -> Plan {
        let mut headers = HeaderMap::new();
        policy.fields(decided).apply(None, &mut headers);
        self.answer(StatusCode::FORBIDDEN, headers, decided)
    }

    /// A1, A7.
    fn preflight(&self, policy: &CompiledPolicy, decision: &Decision<'_>, origin: HeaderValue) -> Plan {
        let headers = policy.preflight(decision, origin);
        let decided = Decided { kind: decision.kind(), verdict: decision.verdict() };
        let status = decision.status().and_then(|status| StatusCode::from_u16(status).ok());
        match status {
            Some(status) if !self.passthrough => self.answer(status, headers, decided),
            _ => Plan::Forward(Addition::Preflight(Box::new((headers, self.record.then_some(decided))))),
        }
    }

    fn answer(&self, status: StatusCode, headers: HeaderMap, decided: Decided) -> Plan {
        let mut response = Response::new(());
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        if self.record {
            response.extensions_mut().insert(decided);
        }
        Plan::Answer(response)
    }

    /// Reports that a request is denied (A5), and returns true if it is to be refused here (A6).
    #[cold]
    fn deny(&self, denial: Denial, asked: Asked<'_>, origin: Option<&[u8]>, head: &RequestHead<'_>) -> bool {
        let is_actual = asked.kind == Kind::Actual;
        if is_actual && sender(origin.unwrap_or_default(), head).is_same_origin(&*self.own_origins) {
            return false;
        }
        let denied = Denied { denial, asked, is_refused: is_actual && self.enforce };
        #[cfg(feature = "tracing")]
        denied.trace();
        if let Some(on_denial) = &self.on_denial {
            on_denial(&denied);
        }
        denied.is_refused
    }

    /// A8.
    #[inline]
    fn compare(
        &self,
        policies: &Policies,
        request: &Request<'_>,
        head: &RequestHead<'_>,
        asked: Asked<'_>,
        verdict: Option<Verdict>,
    ) {
        if let Some(shadow) = policies.shadowed() {
            self.compare_with(shadow, request, head, asked, verdict);
        }
    }

    #[cold]
    fn compare_with(
        &self,
        shadow: &Policies,
        request: &Request<'_>,
        head: &RequestHead<'_>,
        asked: Asked<'_>,
        verdict: Option<Verdict>,
    ) {
        let shadow = match shadow.find(asked.path).map(|policy| policy.evaluate(request, head, None)) {
            Some(Ok(decision)) => Some(decision.verdict()),
            None => None,
            // No request waits for a shadow.
            Some(Err(_)) => return,
        };
        if shadow == verdict {
            return;
        }
        let difference = Difference { asked, verdict, shadow };
        #[cfg(feature = "tracing")]
        difference.trace();
        if let Some(on_difference) = &self.on_difference {
            on_difference(&difference);
        }
    }
}

/// Returns the value of `Origin` as it is echoed: without the white space that the request has around it (E7).
#[inline]
fn echoed(sent: &HeaderValue, request: &Request<'_>) -> HeaderValue {
    match request.origin() {
        Some(origin) if origin.len() < sent.len() => {
            HeaderValue::from_bytes(origin).unwrap_or_else(|_| sent.clone())
        }
        _ => sent.clone(),
    }
}

/// What is known of where the request comes from (A6).
fn sender<'r>(origin: &'r [u8], head: &RequestHead<'r>) -> Sender<'r> {
    let (uri, headers) = (head.uri(), head.headers());
    let (mut site, mut host) = (None, None);
    for (name, value) in headers {
        let line = match name {
            name if name == SEC_FETCH_SITE => &mut site,
            name if name == HOST => &mut host,
            _ => continue,
        };
        *line = Some(line.map_or(Ok(value.as_bytes()), |_| Err(SeveralLines)));
    }
    Sender {
        origin,
        sec_fetch_site: site.map(Result::unwrap_or_default),
        scheme: uri.scheme_str().map(str::as_bytes),
        // HTTP/2 has the authority in the target, as a proxied HTTP/1.1 request has.
        host: match uri.authority() {
            Some(authority) => Some(authority.as_str().as_bytes()),
            None => host.and_then(Result::ok),
        },
    }
}

#[derive(Clone, Copy)]
struct SeveralLines;

/// Returns what the policy reads of a request. One pass over the fields costs less than a look-up for each of four names.
#[inline]
fn request_of<'r>(method: &'r Method, headers: &'r HeaderMap) -> Request<'r> {
    let mut request = Request::new(method.as_str());
    let is_options = method == Method::OPTIONS;
    for (name, value) in headers {
        // What a preflight asks for: one field of it counts in other requests, too (E2).
        let is_read = name == ORIGIN
            || name == ACCESS_CONTROL_REQUEST_METHOD
            || is_options
                && (name == ACCESS_CONTROL_REQUEST_HEADERS || name == ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK);
        if is_read {
            request.add_header(name.as_str().as_bytes(), value.as_bytes());
        }
    }
    request
}

const ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
