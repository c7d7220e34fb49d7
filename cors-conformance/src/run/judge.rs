//! How checks judge responses.

use cors_core::Origin;
use cors_core::browser::{CredentialsMode, Engine, Fetch, Header};

use crate::cache::{Cache, CacheKind, VaryLines};
use crate::exchange::{Answer, Request};
use crate::run::{Run, Stop, ensure};

impl Run<'_> {
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
            // What is wrong without a cache is another check's matter.
            let is_right =
                request.get("origin").is_none_or(|origin| self.as_policy_says(&origin, &direct).is_ok());
            match cache.get(request) {
                None => is_kept |= cache.put(request, &direct),
                Some(_) if !is_right => {}
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
        let judged = request.get("origin").map_or(Ok(()), |origin| self.as_policy_says(&origin, copy));
        match judged {
            Err(Stop::Failed(why)) => Err(why),
            _ if copy.body != direct.body && request.method != "HEAD" => {
                Err("that is for another Accept-Encoding".to_owned())
            }
            _ => Ok(()),
        }
    }
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
