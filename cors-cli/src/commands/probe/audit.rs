//! `cors probe --audit`: known misconfigurations, looked for with made-up origins.

mod classes;
mod finding;
mod origins;
mod preflights;
mod report;
mod severity;
mod vary;

use std::time::Duration;

use cors_core::browser::{Engine, Header};
use url::Url;

use self::classes::Class;
use self::finding::{Finding, allows_credentials, is_public, trust};
use self::origins::{SPECIAL, Trusted};
use self::report::Report;
use super::client::Client;
use super::exchange::{Answer, Exchange, Request};
use super::{call, requests};
use crate::args::Probe;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::printable::{Printable, printable};
use crate::target;

/// The most requests of an audit: those of [`Audit::run`] on a server that refuses each made-up origin.
pub(super) const MAX_REQUESTS: usize = 28;

/// The number of requests in a row without an answer after which the audit stops.
const MAX_FAILURES: usize = 2;

pub(super) fn run(arguments: &Probe, url: &Url, headers: &[Header<'_>]) -> Result<Exit, Failure> {
    let own = url.origin().ascii_serialization();
    let text = arguments.origin.as_deref().unwrap_or(&own);
    let origin = target::origin(text)?;
    let fetch = call::fetch(arguments, origin, url, headers)?;
    if !matches!(fetch.method(), "GET" | "HEAD") {
        let what = "an audit changes nothing on the server; write GET or HEAD";
        return Err(Failure::unusable(format_args!("--method {}", printable(fetch.method())), what));
    }
    let Some(trusted) = Trusted::new(origin) else {
        let what =
            "the opaque origin cannot be a model for others; write one such as https://app.example.com";
        return Err(Failure::unusable("--origin null", what));
    };
    let mut audit = Audit {
        client: Client::new(url, arguments.timeout, Duration::from_millis(arguments.delay), MAX_REQUESTS),
        method: fetch.method(),
        headers: fetch.sent_headers(Engine::Standard).copied().collect(),
        trusted,
        exchanges: Vec::new(),
        findings: Vec::new(),
        notes: Vec::new(),
        failures: 0,
        stopped: false,
    };
    audit.run();
    let report = Report::new(url, &audit);
    Output::default().text(&if arguments.json { report.json() } else { report.text() })?;
    Ok(match (audit.findings.is_empty(), audit.stopped) {
        (false, _) => Exit::Problem,
        (true, true) => Exit::Unusable,
        (true, false) => Exit::Ok,
    })
}

/// A running audit.
struct Audit<'a> {
    client: Client<'a>,
    /// GET or HEAD.
    method: &'a str,
    headers: Vec<Header<'a>>,
    trusted: Trusted<'a>,
    /// The requests by GET or HEAD that were answered.
    exchanges: Vec<Exchange>,
    findings: Vec<Finding>,
    notes: Vec<String>,
    /// Requests without an answer since the last with one.
    failures: usize,
    /// True once the server is not asked any more.
    stopped: bool,
}

impl Audit<'_> {
    fn run(&mut self) {
        let plain = self.ask(None);
        if let Some(location) = plain.as_ref().and_then(Answer::location) {
            let location = Printable(location);
            self.notes.push(format!(
                "the address redirects to {location}, which was not asked: audit that one, too"
            ));
        }
        let trusted = self.trusted.origin().to_owned();
        let for_trusted = self.ask(Some(&trusted));
        self.judge_trusted(&trusted, for_trusted.as_ref());
        let unrelated = self.trusted.unrelated();
        let is_any = self.probe(Class::ANY_ORIGIN, [unrelated.clone()]);
        let for_unrelated = self.exchanges.last().and_then(|exchange| exchange.answer.as_ref().ok());
        // A server that sends `*` to everyone does not compare origins.
        let is_for_all =
            [for_trusted.as_ref(), for_unrelated].iter().all(|answer| answer.is_some_and(is_public));
        if !is_any && !is_for_all {
            self.probe_made_up_origins();
        }
        self.check_vary();
        self.check_preflights(&trusted, &unrelated);
        self.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    }

    /// Judges the answer to the trusted origin itself.
    fn judge_trusted(&mut self, trusted: &str, answer: Option<&Answer>) {
        match answer {
            Some(answer) if is_public(answer) && allows_credentials(answer) => {
                self.find_last(Class::WILDCARD_WITH_CREDENTIALS, true);
            }
            Some(answer) if trust(trusted, answer).is_none() && !is_public(answer) => self.notes.push(format!(
                "the server does not allow {trusted}, the model of the made-up origins: name one that it allows \
                 with --origin"
            )),
            _ => {}
        }
    }

    /// Begins with the careless comparison that lets in the most origins, and leaves out the tests that its finding explains.
    fn probe_made_up_origins(&mut self) {
        self.probe(Class::NULL_ORIGIN, ["null".to_owned()]);
        if self.probe(Class::SUBSTRING, [self.trusted.containing()]) {
            return;
        }
        let begins = self.probe(Class::PREFIX, self.trusted.beginning_alike());
        let ends = self.probe(Class::PUBLIC_SUFFIX, self.trusted.under_its_suffix())
            || self.probe(Class::SUFFIX, self.trusted.ending_alike());
        if !begins {
            self.probe(
                Class::SPECIAL_CHARACTER,
                SPECIAL.map(|character| self.trusted.followed_by(character)),
            );
            self.probe(Class::USER_INFO, [self.trusted.as_user_name()]);
            self.probe(Class::ANY_PORT, [self.trusted.on_another_port()]);
        }
        if !ends {
            self.probe(Class::UNESCAPED_DOT, self.trusted.without_a_dot());
            let _ = self.probe(Class::ANY_SUBDOMAIN, self.trusted.under_its_domain())
                || self.probe(Class::HOST_SUFFIX, self.trusted.ending_like_the_host())
                || self.probe(Class::ANY_SUBDOMAIN, self.trusted.under_its_host());
            self.probe(Class::INSECURE_SCHEME, self.trusted.over_http());
        }
    }

    /// Asks with each of these origins until one is trusted, which is then a finding.
    fn probe(&mut self, class: Class, origins: impl IntoIterator<Item = String>) -> bool {
        origins.into_iter().any(|origin| {
            let with_credentials = self.ask(Some(&origin)).and_then(|answer| trust(&origin, &answer));
            if let Some(with_credentials) = with_credentials {
                self.find_last(class, with_credentials);
            }
            with_credentials.is_some()
        })
    }

    /// Adds a finding that the last exchange shows.
    fn find_last(&mut self, class: Class, with_credentials: bool) {
        let exchange = self.exchanges.last();
        self.findings.push(Finding::new(class, with_credentials, exchange));
    }

    /// Sends a GET or HEAD with this origin.
    fn ask(&mut self, origin: Option<&str>) -> Option<Answer> {
        let exchange = self.send(requests::simple(self.method, origin, &self.headers))?;
        let answer = exchange.answer.clone().ok()?;
        self.exchanges.push(exchange);
        Some(answer)
    }

    /// Sends a request, unless the audit has stopped. Returns nothing without an answer.
    fn send(&mut self, request: Request) -> Option<Exchange> {
        if self.stopped {
            return None;
        }
        let exchange = self.client.ask(request);
        match &exchange.answer {
            Err(failure) => {
                self.failures = self.failures.saturating_add(1);
                self.stopped = self.exchanges.is_empty() || self.failures >= MAX_FAILURES;
                let origin = exchange.request.fields.lines("origin").next();
                let to =
                    origin.map_or_else(String::new, |origin| format!(" to the origin {}", Printable(origin)));
                self.notes.push(format!("no answer{to}: {}", failure.sentence));
                return None;
            }
            Ok(answer) if answer.status == 429 => {
                self.stopped = true;
                self.notes.push(
                    "the server answers 429, too many requests: it is not asked any more; try a --delay"
                        .to_owned(),
                );
            }
            Ok(_) => {}
        }
        self.failures = 0;
        Some(exchange)
    }
}
