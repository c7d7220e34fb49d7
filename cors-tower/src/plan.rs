//! [`Plan`]: what to do with a request, by the policies and the options of the layer.

use std::sync::Arc;

use cors_core::adapter::Sender;
use cors_core::{Denial, Kind, Request, Verdict};
use http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HOST, ORIGIN};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use crate::addition::{Actual, Addition};
use crate::asking::Answer;
use crate::compiled::{CompiledPolicy, Outcome};
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
        let (headers, path) = (head.headers(), head.sent_uri().path());
        let policy = policies.find(path);
        let Some(origin) = headers.get(ORIGIN) else {
            let Some(policy) = policy else { return Plan::Forward(Addition::Nothing) };
            let decided = Decided { kind: Kind::NotCors, verdict: Verdict::Allowed };
            return self.forward(policy, Outcome::NotCors, decided, None);
        };
        let mut request = Request::new(head.method().as_str());
        read_origin(&mut request, origin, headers);
        if !self.is_watched() && policies.shadowed().is_none() {
            match policy {
                None => return Plan::Forward(Addition::Nothing),
                Some(policy) if policy.decides_alone() => {
                    if let Some(plan) = self.plan_unwatched(policy, &request, origin) {
                        return plan;
                    }
                }
                Some(_) => {}
            }
        }
        if request.is_preflight() {
            read_names(&mut request, headers);
            let reads = |policy: &CompiledPolicy| policy.policy().allow_private_network();
            if policy.is_some_and(reads) || policies.shadowed().is_some() {
                read_private_network(&mut request, headers);
            }
        }
        self.plan_watched(policies, policy, &request, origin, &head, answered)
    }

    /// Returns true if somebody is told what is decided, and why: then there is more to find out than a response's fields.
    #[inline]
    fn is_watched(&self) -> bool {
        #[cfg(feature = "tracing")]
        if crate::event::is_traced() {
            return true;
        }
        self.record || self.enforce || self.on_denial.is_some()
    }

    /// Plans for a request of which nobody is told. `None` where the fields depend on what a preflight asks for.
    #[inline]
    fn plan_unwatched(
        &self,
        policy: &CompiledPolicy,
        request: &Request<'_>,
        origin: &HeaderValue,
    ) -> Option<Plan> {
        let is_granted = policy.policy().grants(request);
        if !request.is_preflight() {
            let outcome = if is_granted { Outcome::Allowed } else { Outcome::Denied };
            return Some(Plan::Forward(Addition::Actual(Actual {
                policy: policy.clone(),
                outcome,
                recorded: None,
                origin: Some(echoed(origin, request)),
            })));
        }
        if !is_granted {
            return None;
        }
        let headers = policy.constant_preflight(echoed(origin, request))?;
        Some(self.preflight(policy.policy().preflight_status(), headers, None))
    }

    fn plan_watched(
        &self,
        policies: &Arc<Policies>,
        policy: Option<&CompiledPolicy>,
        request: &Request<'_>,
        origin: &HeaderValue,
        head: &RequestHead<'_>,
        answered: Option<bool>,
    ) -> Plan {
        let (method, path) = (head.method(), head.sent_uri().path());
        let kind = if request.is_preflight() { Kind::Preflight } else { Kind::Actual };
        let asked = Asked { kind, origin: Some(origin.as_bytes()), method, path };
        let Some(policy) = policy else {
            self.compare(policies, request, head, asked, None);
            return Plan::Forward(Addition::Nothing);
        };
        let decision = match policy.evaluate(request, head, answered) {
            Ok(decision) => decision,
            Err(answer) => return Plan::Wait(Question { answer, policies: Arc::clone(policies) }),
        };
        let decided = Decided { kind, verdict: decision.verdict() };
        self.compare(policies, request, head, asked, Some(decided.verdict));
        if let Some(denial) = decision.denial()
            && self.deny(denial, asked, request.origin(), head)
        {
            return self.refuse(policy, decided);
        }
        let origin = echoed(origin, request);
        match decision.status() {
            Some(status) => {
                let headers = policy.preflight(&decision, origin);
                self.preflight(status, headers, self.record.then_some(decided))
            }
            None => self.forward(policy, decided.verdict.into(), decided, Some(origin)),
        }
    }

    #[inline]
    fn forward(
        &self,
        policy: &CompiledPolicy,
        outcome: Outcome,
        decided: Decided,
        origin: Option<HeaderValue>,
    ) -> Plan {
        let recorded = self.record.then_some(decided);
        Plan::Forward(Addition::Actual(Actual { policy: policy.clone(), outcome, recorded, origin }))
    }

    /// A6.
    #[cold]
    fn refuse(&self, policy: &CompiledPolicy, decided: Decided) -> Plan {
        let mut headers = HeaderMap::new();
        policy.fields(decided.verdict.into()).apply(None, &mut headers);
        answer(StatusCode::FORBIDDEN, headers, self.record.then_some(decided))
    }

    /// A1, A7.
    fn preflight(&self, status: u16, headers: HeaderMap, recorded: Option<Decided>) -> Plan {
        match StatusCode::from_u16(status) {
            Ok(status) if !self.passthrough => answer(status, headers, recorded),
            _ => Plan::Forward(Addition::Preflight(Box::new((headers, recorded)))),
        }
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

fn answer(status: StatusCode, headers: HeaderMap, recorded: Option<Decided>) -> Plan {
    let mut response = Response::new(());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    if let Some(decided) = recorded {
        response.extensions_mut().insert(decided);
    }
    Plan::Answer(response)
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

/// Reads what makes a request a preflight, and whose it is. One field of it counts in other requests, too (E2).
#[inline]
fn read_origin<'r>(request: &mut Request<'r>, origin: &'r HeaderValue, headers: &'r HeaderMap) {
    if headers.len() != headers.keys_len() {
        return read_lines(request, headers);
    }
    // Each field has one line, and one such line matters to `OPTIONS` alone.
    request.add_header(b"origin", origin.as_bytes());
    if request.method() == b"OPTIONS"
        && let Some(method) = headers.get(ACCESS_CONTROL_REQUEST_METHOD)
    {
        request.add_header(b"access-control-request-method", method.as_bytes());
    }
}

/// Reads the same where some field has several lines.
#[cold]
fn read_lines<'r>(request: &mut Request<'r>, headers: &'r HeaderMap) {
    for origin in headers.get_all(ORIGIN) {
        request.add_header(b"origin", origin.as_bytes());
    }
    for method in headers.get_all(ACCESS_CONTROL_REQUEST_METHOD) {
        request.add_header(b"access-control-request-method", method.as_bytes());
    }
}

/// Reads which headers a preflight asks for.
fn read_names<'r>(request: &mut Request<'r>, headers: &'r HeaderMap) {
    for names in headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS) {
        request.add_header(b"access-control-request-headers", names.as_bytes());
    }
}

/// Reads whether it asks for a private network. `http` does not know that name, and hashes it byte by byte.
#[cold]
fn read_private_network<'r>(request: &mut Request<'r>, headers: &'r HeaderMap) {
    for asked in headers.get_all(ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK) {
        request.add_header(b"access-control-request-private-network", asked.as_bytes());
    }
}

const ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
