//! The requests that a browser sends for a fetch: over HTTP/1.1, with names in lower case, and without the fields that
//! depend on the person: cookies, languages, `Referer`, `Sec-Fetch-*`.

use cors_core::browser::{Engine, Fetch, Header, Preflight, Stage};

use super::client::{Client, USER_AGENT};
use super::exchange::{Answer, Exchange, Fields, Request};

/// The most requests of a probe: a preflight in the manner of each engine, and the request itself.
pub(super) const MAX_REQUESTS: usize = Engine::ALL.len() + 1;

/// The requests that were sent for a fetch.
#[derive(Default)]
pub(super) struct Asked {
    /// The preflights, each with the engines that send it in this form.
    pub(super) preflights: Vec<(Vec<Engine>, Exchange)>,
    /// The request itself, which is sent once, also if the preflights of several engines passed.
    pub(super) request: Option<Exchange>,
    /// True if a browser would send the request, which was not sent for want of `--send`.
    pub(super) is_withheld: bool,
}

impl Asked {
    /// Sends the requests of these engines: the preflight first, and then the request itself if `send` is true, or if it is
    /// a GET or HEAD that one of the engines sends without a preflight.
    pub(super) fn new(client: &mut Client<'_>, fetch: &Fetch<'_>, engines: &[Engine], send: bool) -> Self {
        let mut asked = Asked::default();
        let mut wanted: Vec<(Vec<Engine>, Request)> = Vec::new();
        for &engine in engines {
            let Some(preflight) = fetch.preflight(engine) else { continue };
            let request = preflight_request(fetch, &preflight);
            match wanted.iter_mut().find(|(_, other)| *other == request) {
                Some((engines, _)) => engines.push(engine),
                None => wanted.push((vec![engine], request)),
            }
        }
        for (engines, request) in wanted {
            let exchange = client.ask(request);
            let failed = exchange.answer.is_err();
            asked.preflights.push((engines, exchange));
            if failed {
                return asked;
            }
        }
        let is_free = |engine: &Engine| fetch.preflight(*engine).is_none();
        let free = engines.iter().find(|&engine| is_free(engine));
        let Some(&sender) = free.or_else(|| engines.iter().find(|&&engine| asked.passes(fetch, engine)))
        else {
            return asked;
        };
        let is_safe = matches!(fetch.method(), "GET" | "HEAD") && is_free(&sender);
        if send || is_safe {
            asked.request = Some(client.ask(actual_request(fetch, sender)));
        } else {
            asked.is_withheld = true;
        }
        asked
    }

    /// Returns the answer that this engine gets at this stage.
    pub(super) fn answer(&self, engine: Engine, stage: Stage) -> Option<&Answer> {
        let exchange = match stage {
            Stage::Preflight => self.preflight(engine),
            Stage::Actual => self.request.as_ref(),
        };
        exchange?.answer.as_ref().ok()
    }

    /// Returns the preflight of this engine, and its answer.
    fn preflight(&self, engine: Engine) -> Option<&Exchange> {
        self.preflights.iter().find(|(engines, _)| engines.contains(&engine)).map(|(_, exchange)| exchange)
    }

    /// Returns true if this engine's preflight passes.
    fn passes(&self, fetch: &Fetch<'_>, engine: Engine) -> bool {
        self.answer(engine, Stage::Preflight).is_some_and(|answer| {
            let headers = answer.fields.headers();
            fetch.check_preflight(engine, &answer.response(&headers)).is_ok()
        })
    }
}

/// Returns the preflight, with its fields in Chromium's order.
fn preflight_request(fetch: &Fetch<'_>, preflight: &Preflight<'_>) -> Request {
    let names = preflight.access_control_request_headers().map(|names| names.to_string());
    options(fetch.origin.as_str(), preflight.access_control_request_method(), names.as_deref())
}

/// Returns a preflight of this origin, for this method and these headers.
pub(super) fn options(origin: &str, method: &str, headers: Option<&str>) -> Request {
    let mut fields = Fields::default();
    fields.push("accept", "*/*");
    fields.push("access-control-request-method", method);
    if let Some(headers) = headers {
        fields.push("access-control-request-headers", headers);
    }
    fields.push("origin", origin);
    fields.push("user-agent", USER_AGENT);
    request("OPTIONS", fields)
}

fn actual_request(fetch: &Fetch<'_>, engine: Engine) -> Request {
    let headers: Vec<&Header<'_>> = fetch.sent_headers(engine).collect();
    let mut fields = Fields::default();
    // Fetch, "HTTP-network-or-cache fetch": these two have a length even without a body.
    if matches!(fetch.method(), "POST" | "PUT") {
        fields.push("content-length", "0");
    }
    push_headers(&mut fields, headers);
    if let Some(origin) = fetch.request().origin() {
        fields.push("origin", origin);
    }
    push_defaults(&mut fields);
    request(fetch.method(), fields)
}

/// Returns a GET or HEAD with these headers, and with this value of `Origin` if there is one.
pub(super) fn simple(method: &str, origin: Option<&str>, headers: &[Header<'_>]) -> Request {
    let mut fields = Fields::default();
    push_headers(&mut fields, headers);
    if let Some(origin) = origin {
        fields.push("origin", origin);
    }
    push_defaults(&mut fields);
    request(method, fields)
}

/// Adds the headers, those of one name in one line, as browsers send them.
fn push_headers<'h>(fields: &mut Fields, headers: impl IntoIterator<Item = &'h Header<'h>>) {
    for header in headers {
        let name = header.name().to_ascii_lowercase();
        match fields.0.iter_mut().find(|(other, _)| *other == name) {
            Some((_, value)) => {
                value.extend_from_slice(b", ");
                value.extend_from_slice(header.value());
            }
            None => fields.push(name, header.value()),
        }
    }
}

fn push_defaults(fields: &mut Fields) {
    for (name, value) in [("accept", "*/*"), ("user-agent", USER_AGENT)] {
        if fields.lines(name).next().is_none() {
            fields.push(name, value);
        }
    }
}

/// Returns a request, to which the client adds the target and `Host`.
fn request(method: &str, fields: Fields) -> Request {
    Request { method: method.to_owned(), target: String::new(), fields }
}
