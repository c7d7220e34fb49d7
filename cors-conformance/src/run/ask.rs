//! How checks ask.

use crate::exchange::{Answer, Exchange, Request};
use crate::routes::Route;
use crate::run::{Run, Stop};

impl Run<'_> {
    /// Sends a request, unless the same was sent before.
    pub(crate) fn ask(&mut self, request: Request) -> Result<Answer, Stop> {
        if let Some(index) = self.log.iter().position(|exchange| exchange.request == request) {
            return self.traced(index);
        }
        self.ask_again(request)
    }

    /// Sends a request, also if the same was sent before.
    pub(crate) fn ask_again(&mut self, request: Request) -> Result<Answer, Stop> {
        self.budget.spend(1).map_err(Stop::Unanswered)?;
        let answer = self.client.ask(&request);
        let index = self.logged(request, answer);
        self.traced(index)
    }

    /// Sends requests on one connection.
    pub(crate) fn ask_on_one_connection(&mut self, requests: &[Request]) -> Result<Vec<Answer>, Stop> {
        self.budget.spend(requests.len()).map_err(Stop::Unanswered)?;
        let answers = self.client.ask_all(requests).map_err(Stop::Unanswered)?;
        for (request, answer) in requests.iter().zip(&answers) {
            let index = self.logged(request.clone(), Ok(answer.clone()));
            self.trace.push(index);
        }
        answers.iter().try_for_each(not_limited)?;
        Ok(answers)
    }

    /// Sends requests at once, each on a connection of its own.
    pub(crate) fn ask_at_once(&mut self, requests: &[Request]) -> Result<Vec<Answer>, Stop> {
        self.budget.spend(requests.len()).map_err(Stop::Unanswered)?;
        let client = self.client;
        let answers: Vec<Result<Answer, String>> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                requests.iter().map(|request| scope.spawn(move || client.ask(request))).collect();
            let joined = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
            joined.map(|answer| answer.unwrap_or_else(|_| Err("not asked".to_owned()))).collect()
        });
        for (request, answer) in requests.iter().zip(&answers) {
            let index = self.logged(request.clone(), answer.clone());
            self.trace.push(index);
        }
        let answers: Vec<Answer> = answers.into_iter().collect::<Result<_, _>>().map_err(Stop::Unanswered)?;
        answers.iter().try_for_each(not_limited)?;
        Ok(answers)
    }

    /// Asks for the response that streams as whoever any check asks as, at once: each takes a second or more.
    pub(crate) fn ask_for_streams(&mut self) -> Result<(), Stop> {
        let mut origins = vec![None];
        for whose in [self.friends(), self.strangers()] {
            origins.extend(whose.unwrap_or_default().into_iter().map(Some));
        }
        let mut requests: Vec<Request> = Vec::new();
        for origin in origins {
            let request = self.request("GET", Route::Stream, origin.as_deref())?;
            let is_asked = self.log.iter().any(|exchange| exchange.request == request);
            if !is_asked && !requests.contains(&request) {
                requests.push(request);
            }
        }
        let traced = self.trace.len();
        let asked = self.ask_at_once(&requests).map(|_| ());
        // The check that judges one of them traces that one.
        self.trace.truncate(traced);
        asked
    }

    /// Keeps an exchange, and returns its index.
    fn logged(&mut self, request: Request, answer: Result<Answer, String>) -> usize {
        self.budget.note(answer.is_ok());
        self.log.push(Exchange { request, answer });
        self.log.len().saturating_sub(1)
    }

    fn traced(&mut self, index: usize) -> Result<Answer, Stop> {
        if !self.trace.contains(&index) {
            self.trace.push(index);
        }
        match self.log.get(index).map(|exchange| exchange.answer.clone()) {
            Some(Ok(answer)) => not_limited(&answer).map(|()| answer),
            Some(Err(error)) => Err(Stop::Unanswered(error)),
            None => Err(Stop::Unanswered("not asked".to_owned())),
        }
    }

    /// Makes a request of a page.
    pub(crate) fn request(&self, method: &str, route: Route, origin: Option<&str>) -> Result<Request, Stop> {
        let request = Request::new(method, &self.path(route)?);
        Ok(match origin {
            Some(origin) => request.with("Origin", origin),
            None => request,
        })
    }

    /// Makes a request of a page for a person who is logged in, with what a browser adds.
    pub(crate) fn logged_in(&self, origin: &str) -> Result<Request, Stop> {
        let request = self
            .request("GET", Route::Plain, Some(origin))?
            .with("Accept-Encoding", "gzip, deflate, br, zstd")
            .with("Authorization", "Bearer conformance")
            .with("Cookie", "session=conformance")
            .with("Sec-Fetch-Dest", "empty")
            .with("Sec-Fetch-Mode", "cors")
            .with("Sec-Fetch-Site", "cross-site")
            .with("X-Requested-With", "XMLHttpRequest");
        Ok(if origin == "null" { request } else { request.with("Referer", format!("{origin}/")) })
    }

    /// Makes a preflight, as browsers write it.
    pub(crate) fn preflight_request(
        &self,
        route: Route,
        origin: &str,
        method: &str,
        names: &[&str],
    ) -> Result<Request, Stop> {
        let mut sorted: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        sorted.sort();
        sorted.dedup();
        let request =
            Request::new("OPTIONS", &self.path(route)?).with("Access-Control-Request-Method", method);
        let request = if sorted.is_empty() {
            request
        } else {
            request.with("Access-Control-Request-Headers", sorted.join(","))
        };
        Ok(request.with("Origin", origin))
    }

    pub(crate) fn get(&mut self, route: Route, origin: &str) -> Result<Answer, Stop> {
        self.ask(self.request("GET", route, Some(origin))?)
    }

    pub(crate) fn preflight(
        &mut self,
        route: Route,
        origin: &str,
        method: &str,
        names: &[&str],
    ) -> Result<Answer, Stop> {
        self.ask(self.preflight_request(route, origin, method, names)?)
    }

    /// Asks as a client that has a copy of the plain route, and returns the 304s that answer it: of that route, and of the route
    /// "not-modified". Some servers answer none.
    pub(crate) fn not_modified(&mut self, origin: Option<&str>) -> Result<Vec<Answer>, Stop> {
        let copy = self.ask(self.request("GET", Route::Plain, origin)?)?;
        let mut requests = Vec::new();
        if let Some(tag) = copy.get("etag") {
            requests.push(self.request("GET", Route::Plain, origin)?.with("If-None-Match", tag));
        }
        requests.extend(self.request("GET", Route::NotModified, origin));
        let mut answers = Vec::new();
        for request in requests {
            answers.push(self.ask(request)?);
        }
        answers.retain(|answer| answer.status == 304);
        Ok(answers)
    }
}

/// A server that limits how often it is asked is not judged by that.
fn not_limited(answer: &Answer) -> Result<(), Stop> {
    if answer.status == 429 {
        return Err(Stop::Unanswered("the server limits how often it is asked, and answers 429".to_owned()));
    }
    Ok(())
}
