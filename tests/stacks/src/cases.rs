//! How responses to the fetches are judged.

use cors_core::Origin;
use cors_core::browser::{CredentialsMode, Engine, Fetch, Header, Outcome, Response};

use crate::fetches::{BEARER, Case};
use crate::http::{Answer, ask};

/// Origins that no snippet lists.
const STRANGERS: [&str; 5] = [
    "https://evil.example",
    "https://app.example.com.evil.example",
    "https://appxexample.com",
    "http://app.example.com",
    "null",
];
const MAX_AGE: u32 = 600;

impl Case {
    /// Returns what is wrong with the server at this port.
    pub(crate) fn faults(&self, port: u16) -> Vec<String> {
        let mut faults = Faults { port, found: Vec::new(), is_fixed: false };
        // A server that sends one origin to whoever asks need not say that its responses differ.
        let answer = faults.ask("GET", "/item", &[]);
        let has_listed = |answer: &Answer| {
            answer.values("access-control-allow-origin").iter().any(|value| self.origins.contains(value))
        };
        // Without it for strangers, a cache's copy for one of them would stand for a page that is listed.
        faults.is_fixed =
            has_listed(&answer) && has_listed(&faults.ask("GET", "/item", &[("origin", STRANGERS[0])]));
        for origin in self.origins {
            self.check_allowed(&mut faults, origin);
            self.check_narrow(&mut faults, origin);
        }
        for origin in STRANGERS {
            self.check_stranger(&mut faults, origin);
        }
        let answer = faults.ask("GET", "/item", &[]);
        faults.expect(answer.status == 200, "a request without Origin", "is not answered", &answer);
        faults.expect(
            answer.values("access-control-allow-origin").iter().all(|&value| value != "*"),
            "a request without Origin",
            "is answered for any origin",
            &answer,
        );
        faults.found
    }

    /// What is wanted works: its preflight and its request, and the application's errors can be read.
    fn check_allowed(&self, faults: &mut Faults, origin: &str) {
        for path in ["/item", "/missing", "/broken", "/private", "/down"] {
            let headers: Vec<(&str, &str)> = match path {
                "/private" => self.headers.iter().copied().filter(|(name, _)| *name != BEARER.0).collect(),
                _ => self.headers.to_vec(),
            };
            let asked =
                Asked { origin, method: self.method, headers: &headers, credentials: self.credentials };
            let what = format!("{origin}: {} {path}", self.method);
            let exchange = faults.exchange(&asked, path);
            for engine in Engine::ALL {
                match exchange.judge(&asked, engine, |outcome| Seen {
                    error: outcome.error().map(|error| error.name()),
                    kept: outcome.preflight().map(|_| outcome.preflight_kept()),
                    exposed: outcome
                        .exposed_headers()
                        .map(|name| name.to_string().to_ascii_lowercase())
                        .collect(),
                }) {
                    Seen { error: Some(error), .. } => {
                        faults.expect(false, &what, &format!("{}: {error}", engine.name()), exchange.last());
                    }
                    seen => {
                        faults.expect(
                            seen.kept.is_none_or(|kept| kept == MAX_AGE),
                            &what,
                            "the preflight is not kept as long as wanted",
                            exchange.last(),
                        );
                        let is_exposed = seen.exposed.iter().any(|name| name == "x-total");
                        let wanted = self.exposed.contains(&"x-total");
                        faults.expect(
                            is_exposed == wanted || path != "/item",
                            &what,
                            "the page may read other headers than wanted",
                            exchange.last(),
                        );
                    }
                }
            }
            let status = match path {
                "/item" => 200..=299,
                "/missing" => 404..=404,
                "/broken" => 500..=500,
                "/private" => 401..=401,
                // A gateway's own error; an application has no such path.
                _ => 404..=503,
            };
            faults.expect(
                status.contains(&exchange.response.status),
                &what,
                "answers with another status",
                &exchange.response,
            );
            faults.expect_vary(&what, &exchange.response);
        }
    }

    /// What is not wanted does not work: another method, another header, credentials.
    fn check_narrow(&self, faults: &mut Faults, origin: &str) {
        let with = |method, headers, credentials| Asked { origin, method, headers, credentials };
        let mut others = vec![
            ("another method", with("PROPFIND", self.headers, self.credentials)),
            ("another header", with(self.method, &[("x-other", "1")], self.credentials)),
        ];
        if !self.credentials {
            others.push(("credentials", with(self.method, self.headers, true)));
        }
        for (what, asked) in others {
            let exchange = faults.exchange(&asked, "/item");
            for engine in Engine::ALL {
                let error =
                    exchange.judge(&asked, engine, |outcome| outcome.error().map(|error| error.name()));
                faults.expect(error.is_some(), &format!("{origin}: {what}"), "is allowed", exchange.last());
            }
        }
    }

    fn check_stranger(&self, faults: &mut Faults, origin: &str) {
        let asked =
            Asked { origin, method: self.method, headers: self.headers, credentials: self.credentials };
        let exchange = faults.exchange(&asked, "/item");
        for engine in Engine::ALL {
            let error = exchange.judge(&asked, engine, |outcome| outcome.error().map(|error| error.name()));
            faults.expect(error.is_some(), origin, "is allowed", exchange.last());
        }
        for answer in exchange.preflight.iter().chain([&exchange.response]) {
            let values = answer.values("access-control-allow-origin");
            // A fixed origin, or an empty value, lets nobody else in.
            let is_fixed = values.iter().all(|value| value.is_empty() || self.origins.contains(value));
            faults.expect(is_fixed, origin, "is answered with itself or any", answer);
        }
        faults.expect_vary(origin, &exchange.response);
    }
}

/// What a page asks for.
struct Asked<'c> {
    origin: &'c str,
    method: &'c str,
    headers: &'c [(&'c str, &'c str)],
    credentials: bool,
}

impl Asked<'_> {
    /// Calls `f` with the fetch. Its address is not the one that is asked, which is this machine's.
    fn with_fetch<R>(&self, f: impl FnOnce(&Fetch<'_>) -> R) -> R {
        let headers: Vec<Header<'_>> =
            self.headers.iter().map(|(name, value)| Header::new(name, value)).collect();
        let origin = Origin::parse(self.origin.as_bytes()).expect("the cases have origins");
        let credentials =
            if self.credentials { CredentialsMode::Include } else { CredentialsMode::SameOrigin };
        f(&Fetch {
            method: self.method,
            headers: &headers,
            credentials,
            ..Fetch::new(origin, "https://api.example.net/item")
        })
    }
}

struct Exchange {
    preflight: Option<Answer>,
    response: Answer,
}

impl Exchange {
    fn last(&self) -> &Answer {
        self.preflight.as_ref().unwrap_or(&self.response)
    }

    fn judge<R>(&self, asked: &Asked<'_>, engine: Engine, f: impl FnOnce(&Outcome<'_>) -> R) -> R {
        let of_preflight = self.preflight.as_ref().map(Answer::headers).unwrap_or_default();
        let of_response = self.response.headers();
        let status = self.preflight.as_ref().map_or(0, |answer| answer.status);
        asked.with_fetch(|fetch| {
            let preflight = Response { status, headers: &of_preflight };
            let response = Response { status: self.response.status, headers: &of_response };
            f(&fetch.judge(engine, &preflight, &response).expect("the cases have fetches"))
        })
    }
}

struct Seen {
    error: Option<&'static str>,
    kept: Option<u32>,
    exposed: Vec<String>,
}

struct Faults {
    port: u16,
    found: Vec<String>,
    is_fixed: bool,
}

impl Faults {
    fn ask(&mut self, method: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        ask(self.port, method, path, fields).unwrap_or_else(|error| {
            self.found.push(format!("{method} {path}: {error}"));
            Answer { status: 0, fields: Vec::new() }
        })
    }

    /// Sends what a browser sends.
    fn exchange(&mut self, asked: &Asked<'_>, path: &str) -> Exchange {
        let preflight = asked.with_fetch(|fetch| {
            fetch.preflight(Engine::Standard).map(|preflight| {
                let mut fields = vec![
                    ("Origin", asked.origin.to_owned()),
                    ("Access-Control-Request-Method", preflight.access_control_request_method().to_owned()),
                ];
                let names = preflight.access_control_request_headers();
                fields.extend(names.map(|names| ("Access-Control-Request-Headers", names.to_string())));
                fields
            })
        });
        let preflight = preflight.map(|fields| {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            self.ask("OPTIONS", path, &fields)
        });
        let mut fields = vec![("Origin", asked.origin)];
        fields.extend(asked.headers);
        Exchange { preflight, response: self.ask(asked.method, path, &fields) }
    }

    fn expect(&mut self, is_so: bool, what: &str, fault: &str, answer: &Answer) {
        if !is_so {
            let fields: Vec<String> =
                answer.fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            self.found.push(format!(
                "{what}: {fault}\n        {} {}",
                answer.status,
                fields.join("\n        ")
            ));
        }
    }

    fn expect_vary(&mut self, what: &str, answer: &Answer) {
        let lines = answer.values("vary");
        let mut names = lines.iter().flat_map(|line| line.split(',')).map(str::trim);
        let has_origin = names.any(|name| name.eq_ignore_ascii_case("origin"));
        self.expect(has_origin || self.is_fixed, what, "has no Vary: Origin", answer);
    }
}
