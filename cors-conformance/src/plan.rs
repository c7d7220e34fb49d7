//! [`Plan`]: a run of the suite against one server.

use std::time::{Duration, Instant};

use cors_core::Policy;
use url::Url;

use crate::check::{Check, Class, Outcome};
use crate::checks;
use crate::client::Client;
use crate::exchange::{Exchange, Request};
use crate::report::{Finding, Report};
use crate::routes::Routes;
use crate::run::{Run, Stop};

/// The most requests of a run.
pub const MAX_REQUESTS: usize = 400;

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
    /// How long a request may take.
    pub timeout: Duration,
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
        Plan { url, policy, routes, classes: Vec::new(), names: Vec::new(), timeout: Duration::from_secs(10) }
    }

    /// Runs the checks, one after the other. The error is that the server does not answer at all, in a sentence.
    pub fn run(&self, mut progress: impl FnMut(Progress)) -> Result<Report, String> {
        let began = Instant::now();
        let client = Client::new(&self.url, self.timeout)?;
        let mut log: Vec<Exchange> = Vec::new();
        let mut left = MAX_REQUESTS;
        let chosen: Vec<&'static Check> = checks::all().filter(|check| self.is_chosen(check)).collect();
        // A server that is not there fails no check.
        let path = self.routes.path(crate::Route::Plain).unwrap_or("/");
        client.ask(&Request::new("GET", path))?;
        let mut findings = Vec::new();
        for (index, check) in chosen.iter().enumerate() {
            progress(Progress { check: check.name, number: index.saturating_add(1), total: chosen.len() });
            let mut run = Run::new(self.policy, &self.routes, &client, &self.url, &mut log, &mut left);
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
        let requests = MAX_REQUESTS.saturating_sub(left).saturating_add(1);
        Ok(Report { url: self.url.to_string(), findings, requests, seconds: began.elapsed().as_secs_f64() })
    }

    fn is_chosen(&self, check: &Check) -> bool {
        (self.classes.is_empty() || self.classes.contains(&check.class))
            && (self.names.is_empty() || self.names.iter().any(|name| name == check.name))
    }
}
