//! [`Run`]: what checks ask and judge with.

use cors_core::browser::{CredentialsMode, Engine, Fetch, Header};
use cors_core::{Origin, Policy};

use crate::budget::Budget;
use crate::cache::{Cache, CacheKind, VaryLines};
use crate::client::Client;
use crate::exchange::{Answer, Exchange, Request};
use crate::origins::{Lookalike, Who};
use crate::routes::{Route, Routes};

/// Why a check did not pass, in a sentence.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    Failed(String),
    Info(String),
    NotOffered(String),
    Unanswered(String),
}

/// Why a check of 304s has nothing to judge.
pub(crate) const NO_304: &str = "no route answers 304";

/// Returns an error if `is_so` is false.
pub(crate) fn ensure(is_so: bool, sentence: impl FnOnce() -> String) -> Result<(), Stop> {
    if is_so { Ok(()) } else { Err(Stop::Failed(sentence())) }
}

/// Returns what is not scored.
pub(crate) fn info(sentence: impl Into<String>) -> Result<(), Stop> {
    Err(Stop::Info(sentence.into()))
}

pub(crate) fn not_offered<T>(sentence: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::NotOffered(sentence.into()))
}

/// A check that runs.
pub(crate) struct Run<'a> {
    pub(crate) policy: Policy<'a>,
    routes: &'a Routes,
    client: &'a Client,
    /// The address, as a page writes it.
    pub(crate) url: String,
    /// The address's own origin.
    pub(crate) own_origin: String,
    /// Every exchange so far: a request that is the same is not sent again.
    pub(crate) log: &'a mut Vec<Exchange>,
    /// What may still be sent.
    budget: &'a mut Budget,
    /// The exchanges of this check, as indices of `log`.
    pub(crate) trace: Vec<usize>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        policy: Policy<'a>,
        routes: &'a Routes,
        client: &'a Client,
        url: &url::Url,
        log: &'a mut Vec<Exchange>,
        budget: &'a mut Budget,
    ) -> Self {
        let own_origin = url.origin().ascii_serialization();
        Run {
            policy,
            routes,
            client,
            url: url.as_str().to_owned(),
            own_origin,
            log,
            budget,
            trace: Vec::new(),
        }
    }

    // What to ask.

    pub(crate) fn path(&self, route: Route) -> Result<String, Stop> {
        match self.routes.path(route) {
            Some(path) => Ok(path.to_owned()),
            None => not_offered(format!("there is no route \"{}\"", route.name())),
        }
    }

    pub(crate) fn origin(&self, who: Who) -> Result<String, Stop> {
        who.origin(&self.policy).map_err(|why| Stop::NotOffered(why.to_owned()))
    }

    /// Returns an origin that the policy allows.
    pub(crate) fn allowed(&self, who: Who) -> Result<String, Stop> {
        let origin = self.origin(who)?;
        if self.allows(&origin) {
            Ok(origin)
        } else {
            not_offered(format!("the policy does not allow {origin}"))
        }
    }

    /// Returns an origin that the policy does not allow.
    pub(crate) fn denied(&self, who: Who) -> Result<String, Stop> {
        let origin = self.origin(who)?;
        if self.allows(&origin) { not_offered(format!("the policy allows {origin}")) } else { Ok(origin) }
    }

    /// Returns look-alikes that the policy does not allow.
    pub(crate) fn lookalikes(&self, lookalike: Lookalike) -> Result<Vec<String>, Stop> {
        let mut origins = lookalike.origins(&self.policy).map_err(|why| Stop::NotOffered(why.to_owned()))?;
        origins.retain(|origin| !self.allows(origin));
        if origins.is_empty() { not_offered("the policy allows every such origin") } else { Ok(origins) }
    }

    /// Returns origins of several kinds that the policy does not allow: what lets in one of a kind need not let in another.
    pub(crate) fn strangers(&self) -> Result<Vec<String>, Stop> {
        let mut origins = vec![self.denied(Who::Unlisted)?];
        origins.extend(self.denied(Who::Null));
        origins
            .extend(self.lookalikes(Lookalike::Suffixed).ok().and_then(|origins| origins.into_iter().next()));
        Ok(origins)
    }

    pub(crate) fn allows(&self, origin: &str) -> bool {
        self.is_public() || self.policy.allows_origin_value(origin.as_bytes())
    }

    /// True for a policy of `*` without credentials (E3).
    pub(crate) fn is_public(&self) -> bool {
        !self.policy.allow_credentials() && self.policy.allow_origins().any(|origin| origin == "*")
    }

    /// Returns a method of the policy that needs a preflight.
    pub(crate) fn method(&self) -> Result<&'a str, Stop> {
        let mut methods = self.policy.allow_methods();
        let listed = methods.find(|method| !matches!(*method, "GET" | "HEAD" | "POST"));
        listed
            .map(|method| if method == "*" { "PUT" } else { method })
            .ok_or_else(|| Stop::NotOffered("the policy lists no method that needs a preflight".to_owned()))
    }

    /// Returns a method that the policy does not allow.
    pub(crate) fn other_method(&self) -> Result<&'static str, Stop> {
        let is_listed =
            |method: &str| self.policy.allow_methods().any(|listed| listed == method || listed == "*");
        let other = ["DELETE", "PATCH", "PUT", "PROPFIND"].into_iter().find(|method| !is_listed(method));
        other.ok_or_else(|| Stop::NotOffered("the policy allows every method".to_owned()))
    }

    /// Returns the request headers that the policy lists.
    pub(crate) fn headers(&self) -> Result<Vec<&'a str>, Stop> {
        let listed: Vec<&str> = self.policy.allow_headers().filter(|name| *name != "*").collect();
        if listed.is_empty() { not_offered("the policy lists no request header") } else { Ok(listed) }
    }

    pub(crate) fn allows_any_header(&self) -> bool {
        self.policy.allow_headers().any(|name| name == "*")
    }

    // Asking.

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
            .with("Sec-Fetch-Site", "cross-site");
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

    // Judging.

    /// Why each engine blocks the response, or that it does not.
    fn verdicts(&self, origin: &str, answer: &Answer, include: bool) -> Vec<(Engine, Result<(), String>)> {
        let Ok(page) = Origin::parse(origin.as_bytes()) else {
            return Engine::ALL
                .iter()
                .map(|&engine| (engine, Err("no browser sends this origin".to_owned())))
                .collect();
        };
        let fetch = Fetch { credentials: credentials(include), ..Fetch::new(page, &self.url) };
        let headers = answer.headers();
        let response = answer.response(&headers);
        let verdict = |&engine: &Engine| {
            (engine, fetch.check_response(engine, &response).map_err(|error| error.to_string()))
        };
        Engine::ALL.iter().map(verdict).collect()
    }

    /// Passes if every engine lets a page of this origin read the response.
    pub(crate) fn readable(&self, origin: &str, answer: &Answer, include: bool) -> Result<(), Stop> {
        for (engine, verdict) in self.verdicts(origin, answer, include) {
            if let Err(error) = verdict {
                return Err(Stop::Failed(format!(
                    "{} blocks the response ({}) for a page of {origin}: {error}",
                    engine.title(),
                    answer.status
                )));
            }
        }
        Ok(())
    }

    /// Passes if no engine lets a page of this origin read the response, with credentials or without.
    pub(crate) fn unreadable(&self, origin: &str, answer: &Answer) -> Result<(), Stop> {
        if Origin::parse(origin.as_bytes()).is_err() {
            // Every value contains an empty text: a constant value does not repeat an empty origin.
            let wanted = origin.trim();
            let is_echo = |line: &str| line == wanted || (!wanted.is_empty() && line.contains(wanted));
            let lines = answer.lines("access-control-allow-origin");
            return ensure(!lines.iter().any(|line| line == "*" || is_echo(line.trim())), || {
                format!("Access-Control-Allow-Origin grants {origin:?}, which is not an origin")
            });
        }
        for include in [true, false] {
            for (engine, verdict) in self.verdicts(origin, answer, include) {
                let how = if include { "with credentials" } else { "without credentials" };
                ensure(verdict.is_err(), || {
                    format!("{} lets a page of {origin} read the response {how}", engine.title())
                })?;
            }
        }
        Ok(())
    }

    /// Passes if a page of this origin may read the response exactly if the policy allows it.
    pub(crate) fn as_policy_says(&self, origin: &str, answer: &Answer) -> Result<(), Stop> {
        if self.allows(origin) {
            self.readable(origin, answer, self.policy.allow_credentials())
        } else {
            self.unreadable(origin, answer)
        }
    }

    /// Returns the verdict of each engine on the answer to a preflight for a fetch of this method and these headers.
    fn preflight_verdicts(&self, page: &Page<'_>, answer: &Answer) -> Vec<(Engine, Result<u32, String>)> {
        let Ok(origin) = Origin::parse(page.origin.as_bytes()) else { return Vec::new() };
        let sent: Vec<Header<'_>> =
            page.names.iter().map(|name| Header::new(name, unsafe_value(name))).collect();
        let fetch = Fetch {
            method: page.method,
            headers: &sent,
            credentials: credentials(page.include),
            ..Fetch::new(origin, &self.url)
        };
        let headers = answer.headers();
        let response = answer.response(&headers);
        let verdict = |&engine: &Engine| {
            let checked = fetch.check_preflight(engine, &response);
            (
                engine,
                checked.map(|()| fetch.preflight_kept(engine, &response)).map_err(|error| error.to_string()),
            )
        };
        Engine::ALL.iter().map(verdict).collect()
    }

    /// Passes if every engine takes the answer for leave; returns for how many seconds the standard keeps it.
    pub(crate) fn permitted(&self, page: &Page<'_>, answer: &Answer) -> Result<u32, Stop> {
        let mut kept = 0;
        for (engine, verdict) in self.preflight_verdicts(page, answer) {
            match verdict {
                Ok(seconds) if engine == Engine::Standard => kept = seconds,
                Ok(_) => {}
                Err(error) => {
                    return Err(Stop::Failed(format!(
                        "{} refuses the answer ({}) to the preflight of {page}: {error}",
                        engine.title(),
                        answer.status
                    )));
                }
            }
        }
        Ok(kept)
    }

    /// Passes if no engine takes the answer for leave.
    pub(crate) fn refused(&self, page: &Page<'_>, answer: &Answer) -> Result<(), Stop> {
        for (engine, verdict) in self.preflight_verdicts(page, answer) {
            ensure(verdict.is_err(), || {
                format!("{} takes the answer to the preflight for leave: {page}", engine.title())
            })?;
        }
        Ok(())
    }

    /// Returns the headers of a response that a page of this origin may read.
    pub(crate) fn exposed(&self, origin: &str, answer: &Answer) -> Vec<String> {
        let Ok(page) = Origin::parse(origin.as_bytes()) else { return Vec::new() };
        let fetch = Fetch {
            credentials: credentials(self.policy.allow_credentials()),
            ..Fetch::new(page, &self.url)
        };
        let headers = answer.headers();
        fetch
            .exposed_headers(Engine::Standard, &answer.response(&headers))
            .map(|name| name.to_string())
            .collect()
    }

    /// Sends these requests in this order through a shared cache, and through a browser's own, and passes if each client gets what it
    /// would get without: a response that its browser treats as the policy says, and the body that it asked for. Returns
    /// whether a cache kept any response.
    pub(crate) fn through_caches(&mut self, vary: VaryLines, requests: &[Request]) -> Result<bool, Stop> {
        let mut is_kept = false;
        for kind in [CacheKind::Shared(vary), CacheKind::Private] {
            is_kept |= self.through_cache(kind, requests)?;
        }
        Ok(is_kept)
    }

    fn through_cache(&mut self, kind: CacheKind, requests: &[Request]) -> Result<bool, Stop> {
        let mut cache = Cache::new(kind);
        let mut is_kept = false;
        for request in requests {
            let direct = self.ask(request.clone())?;
            match cache.get(request) {
                None => is_kept |= cache.put(request, &direct),
                Some((stored_for, copy)) => {
                    if let Err(why) = self.judge_copy(request, copy, &direct) {
                        // Whoever reads the report sees the copy that is at fault last.
                        let at_fault = self.log.iter().position(|exchange| exchange.request == *stored_for);
                        self.trace.retain(|index| Some(*index) != at_fault);
                        self.trace.extend(at_fault);
                        return Err(Stop::Failed(format!(
                            "{} gives {} the copy that was made for {}, and {why}",
                            kind.title(),
                            client(request),
                            client(stored_for)
                        )));
                    }
                }
            }
        }
        Ok(is_kept)
    }

    /// Judges a copy by what the client would get without a cache. The error is what is wrong with it.
    fn judge_copy(&self, request: &Request, copy: &Answer, direct: &Answer) -> Result<(), String> {
        let origin = request.get("origin");
        let judged = match &origin {
            Some(origin) => {
                self.as_policy_says(origin, direct).and_then(|()| self.as_policy_says(origin, copy))
            }
            None => Ok(()),
        };
        match judged {
            Err(Stop::Failed(why)) => Err(why),
            _ if copy.body != direct.body && request.method != "HEAD" => {
                Err("that is for another Accept-Encoding".to_owned())
            }
            _ => Ok(()),
        }
    }
}

/// A server that limits how often it is asked is not judged by that.
fn not_limited(answer: &Answer) -> Result<(), Stop> {
    if answer.status == 429 {
        return Err(Stop::Unanswered("the server limits how often it is asked, and answers 429".to_owned()));
    }
    Ok(())
}

/// Names who asks.
fn client(request: &Request) -> String {
    request
        .get("origin")
        .map_or_else(|| "a client without Origin".to_owned(), |origin| format!("a page of {origin}"))
}

fn credentials(include: bool) -> CredentialsMode {
    if include { CredentialsMode::Include } else { CredentialsMode::SameOrigin }
}

/// What a page asks with, where a preflight goes before.
pub(crate) struct Page<'p> {
    pub(crate) origin: &'p str,
    pub(crate) method: &'p str,
    pub(crate) names: &'p [&'p str],
    pub(crate) include: bool,
}

impl std::fmt::Display for Page<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} by a page of {}", self.method, self.origin)?;
        if !self.names.is_empty() {
            write!(f, " with {}", self.names.join(", "))?;
        }
        if self.include { f.write_str(", credentials included") } else { Ok(()) }
    }
}

/// Returns a value with which a header of this name needs a preflight.
fn unsafe_value(name: &str) -> &'static str {
    match name.to_ascii_lowercase().as_str() {
        "content-type" => "application/json",
        "accept" | "accept-language" | "content-language" => "\"",
        _ => "1",
    }
}
