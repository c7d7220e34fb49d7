//! [`plan`]: what to do with a request, by the configuration.

use std::rc::Rc;

use cors_core::adapter::Sender;
use cors_core::{Decision, Denial, Kind, Request, Verdict};

use crate::compiled::{CompiledPolicy, Fields};
use crate::configuration::Configuration;
use crate::lines::{self, Line};
use crate::sites::{Found, Sites};

/// The head of a request. Each call is one of the host's, so that a field is asked for where the decision depends on it.
pub(crate) trait RequestHead {
    /// Returns the field's value. Lines of one name may be joined by commas.
    fn field(&self, name: &str) -> Option<Vec<u8>>;

    /// Returns every line, its name in lower case, as [`lines::read`] reads them.
    fn lines(&self) -> Vec<u8>;
}

/// What was decided about a request.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// What to do.
    pub(crate) plan: Plan,
    /// What the access log shows; `None` for a request without an origin, and where there is no policy.
    pub(crate) verdict: Option<&'static str>,
    /// The denial that is counted (A5).
    pub(crate) denial: Option<Denial>,
    /// The verdict of the shadow, where that differs (A8).
    pub(crate) shadow: Option<&'static str>,
}

/// What to do with a request.
#[derive(Debug)]
pub(crate) enum Plan {
    /// Hands it on, and adds this to its response.
    Forward(Addition),
    /// Answers in the upstream's place: with this status, and these lines, as [`lines::write`] writes them.
    Answer(u16, Vec<u8>),
}

/// What a response gets.
#[derive(Debug)]
pub(crate) enum Addition {
    /// Nothing: there is no policy, or the response is the filter's own.
    Nothing,
    /// The fields of a policy, with the origin of the request.
    Of(Rc<CompiledPolicy>, Kind, Verdict, String),
    /// The fields of a preflight (A7), or of an ambiguous path.
    Own(Fields),
}

/// Decides about a request.
pub(crate) fn plan(configuration: &Configuration, head: &impl RequestHead) -> Outcome {
    let found = find(&configuration.sites, head);
    let origin = head.field("origin");
    let Some(origin) = origin else {
        let addition = match found {
            Found::Policy(policy) => {
                Addition::Of(Rc::clone(policy), Kind::NotCors, Verdict::Allowed, String::new())
            }
            Found::Nowhere => Addition::Nothing,
            Found::Ambiguous => {
                Addition::Own(Fields::of(&Decision::ambiguous_path(&Request::new("GET")), None))
            }
        };
        return Outcome { plan: Plan::Forward(addition), verdict: None, denial: None, shadow: None };
    };
    if matches!(found, Found::Nowhere) && configuration.shadow.is_none() {
        return Outcome { plan: Plan::Forward(Addition::Nothing), verdict: None, denial: None, shadow: None };
    }

    let asked = Asked::of(origin, head);
    let request = asked.request();
    let decision = decide(&found, &request);
    let shadow = configuration.shadow.as_ref().and_then(|shadow| {
        let shadow = decide(&find(shadow, head), &request).map(|decision| decision.verdict());
        (shadow != decision.map(|decision| decision.verdict())).then(|| shadow.map_or("none", name))
    });
    let Some(decision) = decision else {
        return Outcome { plan: Plan::Forward(Addition::Nothing), verdict: None, denial: None, shadow };
    };

    let is_preflight = decision.kind() == Kind::Preflight;
    let mut verdict = name(decision.verdict());
    let mut denial = decision.denial();
    if denial.is_some() && !is_preflight && is_own(configuration, &asked.origin, head) {
        // A6: neither counted nor refused.
        (verdict, denial) = ("same-origin", None);
    }
    let addition = || match &found {
        Found::Policy(policy) if !is_preflight => {
            let origin = request.origin().unwrap_or_default();
            Addition::Of(
                Rc::clone(policy),
                decision.kind(),
                decision.verdict(),
                String::from_utf8_lossy(origin).into_owned(),
            )
        }
        _ => Addition::Own(Fields::of(&decision, None)),
    };
    let plan = match decision.status() {
        Some(status) if !configuration.passthrough => Plan::Answer(status, answer(&decision)),
        None if denial.is_some() && configuration.enforce => Plan::Answer(403, answer(&decision)),
        _ => Plan::Forward(addition()),
    };
    Outcome { plan, verdict: Some(verdict), denial, shadow }
}

/// The request fields that a policy reads.
struct Asked {
    method: Vec<u8>,
    origin: Vec<u8>,
    requested_method: Option<Vec<u8>>,
    /// The lines of a preflight, all of them.
    lines: Vec<u8>,
}

impl Asked {
    /// Asks for what else the decision depends on: in a request without Access-Control-Request-Method, nothing (E1).
    fn of(origin: Vec<u8>, head: &impl RequestHead) -> Self {
        let requested_method = head.field("access-control-request-method");
        // One call for all that a preflight says.
        let lines = if requested_method.is_some() { head.lines() } else { Vec::new() };
        let method = lines::read(&lines).into_iter().find(|(name, _)| *name == b":method");
        let method = method.map(|(_, method)| method.to_vec()).unwrap_or_default();
        let lines = if method == b"OPTIONS" { lines } else { Vec::new() };
        Asked { method, origin, requested_method, lines }
    }

    fn request(&self) -> Request<'_> {
        if !self.lines.is_empty() {
            return Request::from_headers(&*self.method, lines::read(&self.lines));
        }
        let mut request = Request::new(&*self.method);
        request.add_header(b"origin", &self.origin);
        if let Some(method) = &self.requested_method {
            // E2: a comma is where the host has joined two lines, because a method has none.
            for line in method.split(|byte| *byte == b',') {
                request.add_header(b"access-control-request-method", line);
            }
        }
        request
    }
}

fn find<'s>(sites: &'s Sites, head: &impl RequestHead) -> Found<'s> {
    sites.find(|| head.field(":authority"), || head.field(":path"))
}

fn decide<'a>(found: &Found<'a>, request: &'a Request<'a>) -> Option<Decision<'a>> {
    match found {
        Found::Policy(policy) => Some(policy.policy().evaluate(request)),
        Found::Nowhere => None,
        Found::Ambiguous => Some(Decision::ambiguous_path(request)),
    }
}

fn answer(decision: &Decision<'_>) -> Vec<u8> {
    let fields: Vec<Line<'_>> = decision.fields().map(|field| (field.name.as_bytes(), field.value)).collect();
    lines::write(&fields)
}

fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "allowed",
        Verdict::Denied(denial) => denial.name(),
    }
}

/// Whether the request comes from the site's own pages (A6).
fn is_own(configuration: &Configuration, origin: &[u8], head: &impl RequestHead) -> bool {
    // The first line of it: a browser sends one.
    let site = head.field("sec-fetch-site");
    let address = |name| site.is_none().then(|| head.field(name)).flatten();
    let (scheme, host) = (address(":scheme"), address(":authority"));
    let sender =
        Sender { origin, sec_fetch_site: site.as_deref(), scheme: scheme.as_deref(), host: host.as_deref() };
    sender.is_same_origin(&configuration.own_origins)
}
