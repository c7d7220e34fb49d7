//! `adapters.json`, which every adapter runs, through the layer.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use cors_testing::vectors::{Place, Report, load};
use cors_testing::{OwnedConfig, OwnedConfigExt};
use cors_tower::{CompiledPolicy, CorsLayer, Origin, Policies, Verdict};
use http::{HeaderMap, Request, Response};
use serde::Deserialize;
use tower::ServiceExt;

use crate::support::answering;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    rule: String,
    name: String,
    policies: BTreeMap<String, OwnedConfig>,
    options: Options,
    requests: Vec<RequestVector>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    enforce: bool,
    passthrough: bool,
    own_origins: Vec<String>,
    shadow: Option<OwnedConfig>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestVector {
    method: String,
    path: String,
    mount: Option<String>,
    sees: Option<String>,
    scheme: Option<String>,
    headers: Vec<(String, String)>,
    application: Application,
    reaches: bool,
    status: u16,
    fields: Vec<(String, String)>,
    vary: Option<String>,
    denial: Option<String>,
    difference: Option<(String, String)>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Application {
    status: u16,
    headers: Vec<(String, String)>,
}

/// What a client and an operator see of a request.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    reaches: bool,
    status: u16,
    fields: Vec<(String, String)>,
    vary: Vec<String>,
    denials: Vec<String>,
    differences: Vec<(String, String)>,
}

#[tokio::test]
async fn adapters() {
    let mut report = Report::new("adapters.json");
    for (index, vector) in load::<Vector>("adapters.json").into_iter().enumerate() {
        for asked in vector.requests.iter().filter(|asked| asked.is_ours()) {
            let got = asked.answered(&vector).await;
            let place = Place { index, rule: &vector.rule };
            report.check(place, format_args!("{}: {asked:?}", vector.name), &asked.expected(), &got);
            report.count("requests", 1);
        }
    }
    report.finish();
}

impl RequestVector {
    /// The layer sees a path with its escapes, and without the feature `axum` only what is left by the router that it is in.
    fn is_ours(&self) -> bool {
        let sees = self.sees.as_deref();
        assert!(matches!(sees, None | Some("raw" | "decoded")), "{sees:?}");
        sees != Some("decoded") && (self.mount.is_none() || cfg!(feature = "axum"))
    }

    /// Sends the request through a layer of the vector's policies and options.
    async fn answered(&self, vector: &Vector) -> Seen {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let application = self.application.clone();
        let reached = Arc::clone(&seen);
        let service = answering(&vector.layer(&seen), move |_| {
            reached.lock().unwrap().reaches = true;
            let mut response = Response::builder().status(application.status);
            for (name, value) in &application.headers {
                response = response.header(name, value);
            }
            response.body(Body::empty()).unwrap()
        });
        let response = service.oneshot(self.request()).await.unwrap();
        let mut seen = std::mem::take(&mut *seen.lock().unwrap());
        seen.status = response.status().as_u16();
        seen.vary = lines(response.headers(), |name| name == "vary").map(|(_, value)| value).collect();
        seen.fields = lines(response.headers(), |name| name.starts_with("access-control-")).collect();
        seen.fields.sort();
        seen
    }

    fn expected(&self) -> Seen {
        let mut fields = self.fields.clone();
        fields.sort();
        Seen {
            reaches: self.reaches,
            status: self.status,
            fields,
            vary: self.vary.iter().cloned().collect(),
            denials: self.denial.iter().cloned().collect(),
            differences: self.difference.iter().cloned().collect(),
        }
    }

    /// With a scheme the target is that of HTTP/2, without one that of HTTP/1.1.
    fn request(&self) -> Request<Body> {
        let host = self.headers.iter().find(|(name, _)| name == "host").map(|(_, value)| value);
        let target = match (&self.scheme, host) {
            (Some(scheme), Some(host)) => format!("{scheme}://{host}{}", self.path),
            _ => self.path.clone(),
        };
        let mut request = Request::builder().method(self.method.as_str());
        request = match &self.mount {
            None => request.uri(target),
            Some(mount) => nested(request, &target, mount),
        };
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(Body::empty()).unwrap()
    }
}

/// Makes a request as a router gets it that axum nests at `mount`.
#[cfg(feature = "axum")]
fn nested(request: http::request::Builder, target: &str, mount: &str) -> http::request::Builder {
    let rest = target.strip_prefix(mount).unwrap();
    let rest = if rest.is_empty() { "/" } else { rest };
    request.uri(rest).extension(axum::extract::OriginalUri(target.parse().unwrap()))
}

#[cfg(not(feature = "axum"))]
fn nested(_: http::request::Builder, target: &str, mount: &str) -> http::request::Builder {
    panic!("{target} below {mount} is left out")
}

impl Vector {
    fn layer(&self, seen: &Arc<Mutex<Seen>>) -> CorsLayer {
        let compile =
            |config: &OwnedConfig| config.with_suffixes(|config| CompiledPolicy::compile(config).unwrap());
        let mut policies = Policies::new();
        for (prefix, config) in &self.policies {
            policies = policies.at(prefix, compile(config)).unwrap();
        }
        if let Some(shadow) = &self.options.shadow {
            policies = policies.shadow(compile(shadow));
        }
        let (denials, differences) = (Arc::clone(seen), Arc::clone(seen));
        let own_origins = self.options.own_origins.iter().map(|own| Origin::parse(own.as_bytes()).unwrap());
        CorsLayer::new(policies)
            .enforce(self.options.enforce)
            .own_origins(own_origins)
            .passthrough(self.options.passthrough)
            .on_denial(move |denied| denials.lock().unwrap().denials.push(denied.denial().name().to_owned()))
            .on_difference(move |difference| {
                let names = (named(difference.verdict()), named(difference.shadow()));
                differences.lock().unwrap().differences.push(names);
            })
    }
}

fn named(verdict: Option<Verdict>) -> String {
    match verdict {
        None => "no policy",
        Some(Verdict::Allowed) => "allowed",
        Some(Verdict::Denied(denial)) => denial.name(),
    }
    .to_owned()
}

fn lines(headers: &HeaderMap, is_wanted: fn(&str) -> bool) -> impl Iterator<Item = (String, String)> {
    let wanted = headers.iter().filter(move |(name, _)| is_wanted(name.as_str()));
    wanted.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
