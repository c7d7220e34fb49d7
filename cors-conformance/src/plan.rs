//! [`Plan`]: a run of the suite against one server.

use std::time::{Duration, Instant};

use cors_core::Policy;
use url::Url;

use crate::budget::Budget;
use crate::check::{Check, Class, Outcome};
use crate::checks;
use crate::client::Client;
use crate::exchange::{Answer, Exchange, Request};
use crate::report::{Finding, Report};
use crate::routes::{Route, Routes};
use crate::run::{Run, Stop};

/// The most requests of a run.
pub const MAX_REQUESTS: usize = 1000;

/// For how long a run asks, unless [`Plan::time`] says otherwise.
pub const MAX_TIME: Duration = Duration::from_secs(900);

/// What is run, and against what.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// The server's address. Only its host is asked.
    pub url: Url,
    /// The policy that the server is meant to have.
    pub policy: Policy<'a>,
    /// What the application offers.
    pub routes: Routes,
    /// The classes to run; every class if there is none.
    pub classes: Vec<Class>,
    /// The names of the checks to run; every check if there is none.
    pub names: Vec<String>,
    /// Fields that every request has besides, except preflights: what lets a program in that is not a page, such as a key.
    pub fields: Vec<(String, String)>,
    /// How long a request may take.
    pub timeout: Duration,
    /// For how long the server is asked. What is not asked by then is unanswered.
    pub time: Duration,
}

/// How far a run is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// The check that begins.
    pub check: &'static str,
    /// Its number, from 1.
    pub number: usize,
    /// How many there are.
    pub total: usize,
}

impl<'a> Plan<'a> {
    /// Makes a plan of every check, for which the address is the one route.
    pub fn new(url: Url, policy: Policy<'a>) -> Self {
        let routes = Routes::of_address(&url);
        Plan {
            url,
            policy,
            routes,
            classes: Vec::new(),
            names: Vec::new(),
            fields: Vec::new(),
            timeout: Duration::from_secs(10),
            time: MAX_TIME,
        }
    }

    /// Runs the checks, one after the other. The error is that the server does not answer at all, in a sentence.
    pub fn run(&self, mut progress: impl FnMut(Progress)) -> Result<Report, String> {
        let began = Instant::now();
        let client = Client::new(&self.url, self.timeout, self.fields.clone())?;
        let mut log: Vec<Exchange> = Vec::new();
        let mut budget = Budget::new(MAX_REQUESTS, self.time);
        let chosen: Vec<&'static Check> = checks::all().filter(|check| self.is_chosen(check)).collect();
        // A server that is not there fails no check.
        let path = self.routes.path(Route::Plain).unwrap_or("/");
        budget.spend(1)?;
        let first = client.ask(&Request::new("GET", path))?;
        let mut findings = Vec::new();
        for (index, check) in chosen.iter().enumerate() {
            progress(Progress { check: check.name, number: index.saturating_add(1), total: chosen.len() });
            let mut run = Run::new(self.policy, &self.routes, &client, &self.url, &mut log, &mut budget);
            let result = (check.judge)(&mut run);
            let trace = std::mem::take(&mut run.trace);
            let (outcome, sentence) = match result {
                Ok(()) => (Outcome::Passed, String::new()),
                Err(Stop::Failed(sentence)) => (Outcome::Failed, sentence),
                Err(Stop::Info(sentence)) => (Outcome::Info, sentence),
                Err(Stop::NotOffered(sentence)) => (Outcome::NotOffered, sentence),
                Err(Stop::Unanswered(sentence)) => (Outcome::Unanswered, sentence),
            };
            let exchanges = trace.into_iter().filter_map(|index| log.get(index)).cloned().collect();
            findings.push(Finding { check, outcome, sentence, exchanges });
        }
        Ok(Report {
            url: self.url.to_string(),
            findings,
            scored: self.scored(),
            status: first.status,
            doubt: doubt(path, &first, &log),
            requests: budget.sent(),
            seconds: began.elapsed().as_secs_f64(),
        })
    }

    /// Returns the classes that decide: those which were asked for, or must and security.
    fn scored(&self) -> Vec<Class> {
        if self.classes.is_empty() { vec![Class::Must, Class::Security] } else { self.classes.clone() }
    }

    fn is_chosen(&self, check: &Check) -> bool {
        (self.classes.is_empty() || self.classes.contains(&check.class))
            && (self.names.is_empty() || self.names.iter().any(|name| name == check.name))
    }
}

/// Returns why the report says nothing, if that is so: nobody is let in where nothing is, and then nobody is let in wrongly.
fn doubt(path: &str, first: &Answer, log: &[Exchange]) -> Option<String> {
    let is_grant = |answer: &Answer| answer.get("access-control-allow-origin").is_some();
    let is_granted = log.iter().filter_map(|exchange| exchange.answer.as_ref().ok()).any(is_grant);
    (!is_granted && !(200..300).contains(&first.status)).then(|| {
        format!(
            "{path} answers {}, and no response lets anybody in, so that what passed says nothing of the policy",
            first.status
        )
    })
}
