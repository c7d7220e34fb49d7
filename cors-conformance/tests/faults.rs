//! A server with a fault, and the checks that find it: each fault is of a kind that servers have.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use cors_conformance::{Class, Outcome, Plan, Report, Routes, checks};
use cors_core::{Config, FieldOp, Kind, Policy, Request, Risk};
use cors_policy_file::image_of;

const ROUTES: &str = include_str!("../../conformance/routes.json");

const CONFIG: Config<'_> = Config {
    allow_origins: &[
        "https://app.example.com",
        "https://admin.example.com:8443",
        "https://*.preview.example.org",
    ],
    allow_methods: &["PUT", "PATCH", "DELETE"],
    allow_headers: &["content-type", "authorization", "x-requested-with"],
    expose_headers: &["x-request-id"],
    allow_credentials: true,
    max_age: Some(600),
    ..Config::NEW
};

/// What is wrong with a server.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    None,
    ReflectsAnyOrigin,
    AllowsNull,
    MatchesPrefix,
    MatchesSuffix,
    SendsFirstOrigin,
    StarWithCredentials,
    NoCredentials,
    NoVary,
    NoVaryWhereDenied,
    NoVaryWithoutOrigin,
    ReplacesVary,
    SecondVaryLine,
    NothingOnErrors,
    NothingOn304,
    AddsToOwn,
    PreflightAfterApplication,
    AnswersAnyOptions,
    NoMaxAge,
    MirrorsMethodAndHeaders,
    NothingExposed,
    ExposesAll,
    ReadsNamesOfRequestHeadersByCase,
    KeepsDecisionForConnection,
    PrivateNetwork,
    BreaksOnLongHeaders,
    HoldsStreamBack,
    RefusesOwnOrigin,
    MatchesPrefixOfSecond,
    LastDotIsAnyCharacter,
    MatchesWildcardByAnyScheme,
    /// Lets anybody in by this method.
    GrantsBy(&'static str),
    /// Lets anybody in at this path.
    GrantsAt(&'static str),
    /// Lets anybody in whose request has this field.
    GrantsWith(&'static str),
    /// Lets anybody's preflight for this method pass.
    GrantsMethod(&'static str),
    /// Lets these pages' preflights pass.
    PreflightsFrom(&'static str),
    /// Does not know this origin at this path.
    Forgets(&'static str, &'static str),
    /// Sends no Vary to the pages of an origin that ends so.
    NoVaryFor(&'static str),
    /// Has this Cache-Control at this path, and no Vary.
    NoVaryAt(&'static str, &'static str),
    CredentialsWithCookie,
    NothingOnDelete,
    LengthTooLong,
    TwoLengths,
    /// Answers 429 after so many requests.
    Limits(usize),
    /// Answers nothing after so many requests.
    Stops(usize),
    NothingIsThere,
}

struct Asked {
    method: String,
    path: String,
    fields: Vec<(String, String)>,
    closes: bool,
}

impl Asked {
    fn read(reader: &mut BufReader<TcpStream>) -> Option<Self> {
        let mut line = || -> Option<String> {
            let mut bytes = Vec::new();
            reader.read_until(b'\n', &mut bytes).ok().filter(|len| *len > 0)?;
            Some(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned())
        };
        let first = line()?;
        let mut words = first.split(' ');
        let (method, path) = (words.next()?.to_owned(), words.next()?.split('?').next()?.to_owned());
        let mut fields = Vec::new();
        loop {
            let field = line()?;
            let Some((name, value)) = field.split_once(':') else { break };
            fields.push((name.to_ascii_lowercase(), value.trim_matches([' ', '\t']).to_owned()));
        }
        let closes = fields.iter().any(|(name, value)| name == "connection" && value == "close");
        Some(Asked { method, path, fields, closes })
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

type Fields = Vec<(String, String)>;

/// What the application answers: status, fields, body. `None` for the exception of the route "error".
fn application(asked: &Asked) -> (u16, Fields, String) {
    let table: serde_json::Value = serde_json::from_str(ROUTES).unwrap();
    let row = table.as_object().unwrap().values().find(|row| row["path"] == asked.path.as_str());
    let methods = |row: &serde_json::Value| {
        row["methods"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let Some(row) = row.filter(|row| !methods(row).is_empty()) else {
        return (404, Vec::new(), "nothing\n".to_owned());
    };
    let wanted = if asked.method == "HEAD" { "GET" } else { &asked.method };
    if !methods(row).iter().any(|method| method == wanted) {
        return (405, Vec::new(), "no\n".to_owned());
    }
    let tag = asked
        .get("if-none-match")
        .filter(|tag| row["fields"].as_array().unwrap().iter().any(|pair| pair[1] == *tag));
    if let Some(tag) = tag {
        return (304, vec![("ETag".to_owned(), tag.to_owned())], String::new());
    }
    let pairs = row["fields"].as_array().unwrap().iter();
    let fields = pairs
        .map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned()))
        .collect();
    let body = match row["kind"].as_str() {
        Some("error") => return (500, fields, "broken\n".to_owned()),
        Some("encoding") if asked.get("accept-encoding") == Some("gzip") => "for gzip\n",
        Some("encoding") => "for others\n",
        _ => row["body"].as_str().unwrap_or_default(),
    };
    (u16::try_from(row["status"].as_u64().unwrap_or(200)).unwrap(), fields, body.to_owned())
}

fn names(value: &str) -> Vec<String> {
    value.split(',').map(|name| name.trim().to_ascii_lowercase()).filter(|name| !name.is_empty()).collect()
}

/// Answers as an adapter does, except for the fault.
#[expect(clippy::too_many_lines, reason = "one place for all faults")]
fn respond(
    policy: &Policy<'_>,
    fault: Fault,
    asked: &Asked,
    connection_origin: &mut Option<String>,
) -> (u16, Fields, String) {
    let mut fields = asked.fields.clone();
    let origin = asked.get("origin").map(ToOwned::to_owned);
    if fault == Fault::KeepsDecisionForConnection && origin.is_some() {
        let kept = connection_origin.get_or_insert_with(|| origin.clone().unwrap()).clone();
        fields.iter_mut().filter(|(name, _)| name == "origin").for_each(|(_, value)| value.clone_from(&kept));
    }
    // A server that compares loosely decides as if the listed origin had asked, and echoes what did.
    let listed = "https://app.example.com";
    let is_let_in = origin.as_deref().is_some_and(|origin| match fault {
        Fault::ReflectsAnyOrigin => true,
        Fault::AllowsNull => origin == "null",
        Fault::MatchesPrefix => origin.starts_with(listed),
        Fault::MatchesSuffix => origin.ends_with("app.example.com"),
        Fault::MatchesPrefixOfSecond => origin.starts_with("https://admin.example.com"),
        Fault::LastDotIsAnyCharacter => {
            origin.starts_with("https://app.example")
                && origin.ends_with("com")
                && origin.len() == listed.len()
        }
        Fault::MatchesWildcardByAnyScheme => origin.ends_with(".preview.example.org"),
        Fault::GrantsBy(method) => asked.method == method,
        Fault::GrantsAt(path) => asked.path == path,
        Fault::GrantsWith(name) => asked.get(name).is_some(),
        Fault::PreflightsFrom(page) => origin == page && asked.get("access-control-request-method").is_some(),
        Fault::GrantsMethod(method) => asked.get("access-control-request-method") == Some(method),
        _ => false,
    });
    if let Fault::Forgets(path, forgotten) = fault
        && asked.path == path
        && origin.as_deref() == Some(forgotten)
    {
        fields
            .iter_mut()
            .filter(|(name, _)| name == "origin")
            .for_each(|(_, value)| value.push_str(".invalid"));
    }
    if is_let_in || (fault == Fault::SendsFirstOrigin && origin.is_some()) {
        fields.retain(|(name, _)| name != "origin");
        fields.push(("origin".to_owned(), listed.to_owned()));
    }
    let request = Request::from_headers(
        &asked.method,
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())),
    );
    let decision = policy.evaluate(&request);
    let is_options = asked.method == "OPTIONS";
    let is_preflight = match fault {
        Fault::AnswersAnyOptions => is_options,
        _ => decision.kind() == Kind::Preflight,
    };
    if fault == Fault::RefusesOwnOrigin && !is_preflight && origin.is_some() && !decision.is_allowed() {
        return (403, Vec::new(), String::new());
    }
    let is_late = fault == Fault::PreflightAfterApplication;
    let (mut status, own, body) = if is_preflight && !is_late {
        (decision.status().unwrap_or(204), Vec::new(), String::new())
    } else {
        application(asked)
    };
    if fault == Fault::NothingIsThere {
        return (404, Vec::new(), String::new());
    }
    if is_late && is_preflight && status == 405 {
        status = 204;
    }
    let longest = asked.fields.iter().map(|(_, value)| value.len()).max().unwrap_or_default();
    if fault == Fault::BreaksOnLongHeaders && longest > 3000 {
        return (500, Vec::new(), String::new());
    }
    let has_none = match fault {
        Fault::NothingOnErrors => status >= 400,
        Fault::NothingOn304 => status == 304,
        Fault::NothingOnDelete => asked.method == "DELETE",
        _ => false,
    };
    if has_none {
        return (status, own, body);
    }
    let is_denied = !decision.is_allowed();
    let (mut vary, mut merged): (Vec<String>, Fields) = (Vec::new(), Vec::new());
    let kept_for = match fault {
        Fault::NoVaryAt(path, directives) if asked.path == path => Some(directives),
        _ => None,
    };
    merged.extend(kept_for.map(|directives| ("Cache-Control".to_owned(), directives.to_owned())));
    for (name, value) in own {
        if kept_for.is_some() && name.eq_ignore_ascii_case("cache-control") {
            continue;
        }
        let is_policys =
            name.to_ascii_lowercase().starts_with("access-control-") && fault != Fault::AddsToOwn;
        if name.eq_ignore_ascii_case("vary") {
            vary.extend(names(&value));
        } else if !is_policys {
            merged.push((name, value));
        }
    }
    let own_vary = vary.clone();
    for field in decision.fields() {
        let mut value = String::from_utf8_lossy(field.value).into_owned();
        if field.op == FieldOp::Append {
            let leaves_out = match fault {
                Fault::NoVary => true,
                Fault::NoVaryWhereDenied => is_denied,
                Fault::NoVaryWithoutOrigin => origin.is_none(),
                Fault::NoVaryAt(..) => kept_for.is_some(),
                Fault::NoVaryFor(end) => origin.as_deref().is_some_and(|origin| origin.ends_with(end)),
                _ => false,
            };
            if !leaves_out {
                if fault == Fault::ReplacesVary {
                    vary.clear();
                }
                vary.extend(names(&value).into_iter().filter(|name| !own_vary.contains(name)));
            }
            continue;
        }
        match (field.name, fault) {
            ("access-control-allow-credentials", Fault::NoCredentials)
            | ("access-control-max-age", Fault::NoMaxAge)
            | ("access-control-expose-headers", Fault::NothingExposed) => continue,
            ("access-control-allow-origin", Fault::StarWithCredentials) => "*".clone_into(&mut value),
            ("access-control-allow-origin", _) if is_let_in => value = origin.clone().unwrap(),
            ("access-control-expose-headers", Fault::ExposesAll) => {
                "x-request-id, x-internal".clone_into(&mut value);
            }
            ("access-control-allow-methods", Fault::MirrorsMethodAndHeaders) => {
                asked.get("access-control-request-method").unwrap_or_default().clone_into(&mut value);
            }
            ("access-control-allow-headers", Fault::MirrorsMethodAndHeaders) => {
                asked.get("access-control-request-headers").unwrap_or_default().clone_into(&mut value);
            }
            ("access-control-allow-headers", Fault::ReadsNamesOfRequestHeadersByCase) => {
                let requested = asked.get("access-control-request-headers").unwrap_or_default();
                let listed = names(&value);
                if !requested
                    .split(',')
                    .all(|name| name.is_empty() || listed.iter().any(|other| other == name))
                {
                    continue;
                }
            }
            _ => {}
        }
        merged.push((field.name.to_owned(), value));
    }
    if fault == Fault::CredentialsWithCookie && asked.get("cookie").is_some() {
        merged.push(("Access-Control-Allow-Credentials".to_owned(), "true".to_owned()));
    }
    if fault == Fault::PrivateNetwork && asked.get("access-control-request-private-network").is_some() {
        merged.push(("Access-Control-Allow-Private-Network".to_owned(), "true".to_owned()));
    }
    if fault == Fault::SecondVaryLine {
        merged.extend(vary.iter().rev().map(|name| ("Vary".to_owned(), name.clone())));
    } else if !vary.is_empty() {
        merged.push(("Vary".to_owned(), vary.join(", ")));
    }
    (status, merged, body)
}

fn serve(stream: &TcpStream, policy: &Policy<'_>, fault: Fault, count: &AtomicUsize) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    let mut connection_origin = None;
    loop {
        let asked = Asked::read(&mut reader)?;
        let before = count.fetch_add(1, Ordering::Relaxed);
        let (status, fields, body) = match fault {
            Fault::Limits(most) if before >= most => (429, Vec::new(), String::new()),
            Fault::Stops(most) if before >= most => return None,
            _ => respond(policy, fault, &asked, &mut connection_origin),
        };
        let mut head = format!("HTTP/1.1 {status} -\r\n");
        for (name, value) in fields {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        if asked.path == "/stream" && asked.method == "GET" && status == 200 {
            head.push_str("Transfer-Encoding: chunked\r\n\r\n");
            if fault == Fault::HoldsStreamBack {
                thread::sleep(Duration::from_millis(400));
            }
            writer.write_all(head.as_bytes()).ok()?;
            if fault != Fault::HoldsStreamBack {
                thread::sleep(Duration::from_millis(400));
            }
            writer.write_all(b"4\r\nend\n\r\n0\r\n\r\n").ok()?;
        } else {
            if !matches!(status, 204 | 304) {
                let length = body.len() + if fault == Fault::LengthTooLong { 5 } else { 0 };
                let _ = write!(head, "Content-Length: {length}\r\n");
                if fault == Fault::TwoLengths {
                    head.push_str("Content-Length: 2\r\n");
                }
            }
            head.push_str("\r\n");
            writer.write_all(head.as_bytes()).ok()?;
            if asked.method != "HEAD" && !matches!(status, 204 | 304) {
                writer.write_all(body.as_bytes()).ok()?;
            }
        }
        if asked.closes || fault == Fault::LengthTooLong {
            return Some(());
        }
    }
}

/// Starts a server, which ends with the test's process, and returns its address.
fn started(image: &Arc<Vec<u8>>, fault: Fault) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/plain", listener.local_addr().unwrap());
    let (image, count) = (Arc::clone(image), Arc::new(AtomicUsize::new(0)));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (image, count) = (Arc::clone(&image), Arc::clone(&count));
            thread::spawn(move || serve(&stream, &Policy::from_bytes(&image).unwrap(), fault, &count));
        }
    });
    url
}

fn report(config: &Config<'_>, fault: Fault) -> Report {
    let image: Arc<Vec<u8>> = Arc::new(image_of(config).unwrap());
    let url = started(&image, fault);
    let plan = Plan {
        routes: Routes::of_json(ROUTES).unwrap(),
        ..Plan::new(url.parse().unwrap(), Policy::from_bytes(&image).unwrap())
    };
    plan.run(|_| {}).unwrap()
}

fn failed(report: &Report) -> BTreeSet<&'static str> {
    let is_failed = |outcome| matches!(outcome, Outcome::Failed | Outcome::Unanswered);
    report
        .findings
        .iter()
        .filter(|finding| is_failed(finding.outcome))
        .map(|finding| finding.check.name)
        .collect()
}

#[test]
fn a_server_without_a_fault_fails_nothing() {
    let report = report(&CONFIG, Fault::None);
    assert_eq!(failed(&report), BTreeSet::new());
    assert!(report.count(Class::Must, Outcome::Passed) > 50);
    assert!(report.count(Class::Security, Outcome::Passed) > 40);
}

#[test]
fn other_policies_without_a_fault() {
    let public = Config { allow_origins: &["*"], allow_credentials: false, ..CONFIG };
    let small =
        Config { allow_origins: &["https://app.example.com"], allow_methods: &["PUT"], ..Config::NEW };
    let wildcard =
        Config { allow_origins: &["https://*.example.org"], allow_private_network: true, ..CONFIG };
    let nobody = Config::NEW;
    for config in [public, small, wildcard, nobody] {
        assert_eq!(failed(&report(&config, Fault::None)), BTreeSet::new(), "{:?}", config.allow_origins);
    }
}

/// Whoever has one origin may name it to everybody, also to who sends none: browsers compare.
#[test]
fn a_constant_value_grants_nobody_else() {
    let small =
        Config { allow_origins: &["https://app.example.com"], allow_methods: &["PUT"], ..Config::NEW };
    let class_of = |name: &str| checks().find(|check| check.name == name).unwrap().class;
    let found = failed(&report(&small, Fault::SendsFirstOrigin));
    let found: Vec<_> = found.into_iter().filter(|name| class_of(name) != Class::Nice).collect();
    assert_eq!(found, Vec::<&str>::new());
}

/// No browser sends a method that the policy does not allow.
#[test]
fn nothing_is_owed_to_other_methods() {
    let small =
        Config { allow_origins: &["https://app.example.com"], allow_methods: &["PUT"], ..Config::NEW };
    assert_eq!(failed(&report(&small, Fault::NothingOnDelete)), BTreeSet::new());
}

/// Each fault, with a check that has to find it.
#[test]
fn every_fault_is_found() {
    let expected = [
        (Fault::ReflectsAnyOrigin, "origin-unlisted"),
        (Fault::ReflectsAnyOrigin, "never-made-up"),
        (Fault::ReflectsAnyOrigin, "preflight-unlisted"),
        (Fault::AllowsNull, "origin-null"),
        (Fault::AllowsNull, "never-null"),
        (Fault::MatchesPrefix, "origin-suffixed"),
        (Fault::MatchesPrefix, "origin-backtick"),
        (Fault::MatchesSuffix, "origin-prefixed"),
        (Fault::MatchesSuffix, "origin-below-listed"),
        (Fault::SendsFirstOrigin, "origin-another"),
        (Fault::StarWithCredentials, "credentials"),
        (Fault::StarWithCredentials, "never-star-with-credentials"),
        (Fault::NoCredentials, "preflight-credentials"),
        (Fault::NoVary, "cache-another-after-one"),
        (Fault::NoVary, "cache-every-order"),
        (Fault::NoVaryWhereDenied, "cache-origin-after-denied"),
        (Fault::NoVaryWithoutOrigin, "cache-origin-after-none"),
        (Fault::ReplacesVary, "vary-kept-allowed"),
        (Fault::ReplacesVary, "vary-star-kept"),
        (Fault::ReplacesVary, "cache-own-vary"),
        (Fault::SecondVaryLine, "cache-last-line"),
        (Fault::SecondVaryLine, "vary-one-line"),
        (Fault::NothingOnErrors, "fields-on-404"),
        (Fault::NothingOnErrors, "fields-on-500"),
        (Fault::NothingOnErrors, "fields-on-401"),
        (Fault::NothingOn304, "fields-on-304"),
        (Fault::NothingOn304, "vary-on-304"),
        (Fault::AddsToOwn, "own-star-allowed"),
        (Fault::AddsToOwn, "one-line-each"),
        (Fault::PreflightAfterApplication, "preflight-unauthorized"),
        (Fault::PreflightAfterApplication, "preflight-redirect"),
        (Fault::AnswersAnyOptions, "options-is-not-preflight"),
        (Fault::NoMaxAge, "preflight-max-age"),
        (Fault::MirrorsMethodAndHeaders, "preflight-method-refused"),
        (Fault::MirrorsMethodAndHeaders, "preflight-header-refused"),
        (Fault::MirrorsMethodAndHeaders, "request-headers-malformed"),
        (Fault::NothingExposed, "exposed-listed"),
        (Fault::ExposesAll, "exposed-not-listed"),
        (Fault::ReadsNamesOfRequestHeadersByCase, "request-headers-spaces"),
        (Fault::KeepsDecisionForConnection, "one-connection"),
        (Fault::PrivateNetwork, "private-network-refused"),
        (Fault::BreaksOnLongHeaders, "origin-long"),
        (Fault::BreaksOnLongHeaders, "no-error-of-the-server"),
        (Fault::HoldsStreamBack, "stream-not-held-back"),
        (Fault::RefusesOwnOrigin, "own-origin"),
        (Fault::MatchesPrefixOfSecond, "origin-suffixed"),
        (Fault::MatchesPrefixOfSecond, "origin-hyphenated"),
        (Fault::MatchesPrefixOfSecond, "preflight-suffixed"),
        (Fault::LastDotIsAnyCharacter, "origin-dot"),
        (Fault::MatchesWildcardByAnyScheme, "wildcard-scheme"),
        (Fault::MatchesWildcardByAnyScheme, "preflight-wildcard-scheme"),
        (Fault::GrantsBy("PUT"), "denied-on-put"),
        (Fault::GrantsBy("DELETE"), "denied-on-delete"),
        (Fault::GrantsAt("/unavailable"), "denied-on-503"),
        (Fault::GrantsAt("/put-only"), "denied-on-405"),
        (Fault::GrantsAt("/empty"), "denied-on-204"),
        (Fault::GrantsAt("/stream"), "denied-on-stream"),
        (Fault::GrantsAt("/encoding"), "denied-on-encoding"),
        (Fault::GrantsAt("/write"), "preflight-denied-routes"),
        (Fault::GrantsAt("/missing"), "preflight-denied-routes"),
        (Fault::GrantsWith("cookie"), "denied-with-cookie"),
        (Fault::GrantsWith("if-none-match"), "denied-on-304"),
        (Fault::GrantsWith("access-control-request-headers"), "preflight-denied-headers"),
        (Fault::GrantsMethod("PATCH"), "preflight-denied-methods"),
        (Fault::NoVaryAt("/plain", "private, max-age=60"), "cache-origin-after-none"),
        (Fault::NoVaryAt("/plain", "private, max-age=60"), "cache-another-after-one"),
        (Fault::NoVaryAt("/redirect", "public, max-age=60"), "cache-redirect"),
        (Fault::NoVaryAt("/unauthorized", "max-age=60"), "cache-401"),
        (Fault::NoVaryAt("/error", "max-age=60"), "cache-500"),
        (Fault::NoVaryAt("/unavailable", "s-maxage=60"), "cache-503"),
        (Fault::NoVaryAt("/stream", "max-age=60"), "cache-stream"),
        (Fault::NoVaryAt("/redirect", "max-age=0, stale-while-revalidate=60"), "cache-redirect"),
        (Fault::NoVaryFor(".preview.example.org"), "cache-every-client"),
        (Fault::PreflightsFrom("https://preview.example.org"), "preflight-lookalikes"),
        (Fault::PreflightsFrom("capacitor://localhost"), "preflight-lookalikes"),
        (Fault::GrantsBy("OPTIONS"), "denied-on-options"),
        (Fault::Forgets("/plain", "https://admin.example.com:8443"), "origin-every"),
        (Fault::Forgets("/plain", "https://admin.example.com:8443"), "preflight-every-origin"),
        (Fault::Forgets("/missing", "https://admin.example.com:8443"), "fields-on-404"),
        (Fault::Forgets("/write", "https://a.preview.example.org"), "fields-on-post"),
        (Fault::MirrorsMethodAndHeaders, "never-more-allowed"),
        (Fault::ExposesAll, "never-more-exposed"),
        (Fault::NothingOnDelete, "fields-on-delete"),
        (Fault::LengthTooLong, "body-length"),
        (Fault::TwoLengths, "body-length"),
    ];
    let mut faults: Vec<Fault> = expected.iter().map(|(fault, _)| *fault).collect();
    faults.dedup();
    // A run waits most of the time, for responses that stream.
    let found: Vec<(Fault, BTreeSet<&str>)> = thread::scope(|scope| {
        let run = |fault: Fault| scope.spawn(move || (fault, failed(&report(&CONFIG, fault))));
        let threads: Vec<_> = faults.into_iter().map(run).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for (fault, check) in expected {
        let (_, found) = found.iter().find(|(other, _)| *other == fault).unwrap();
        assert!(checks().any(|known| known.name == check), "{check}");
        assert!(found.contains(check), "{fault:?} is not found by {check}, but by {found:?}");
    }
}

#[test]
fn credentials_that_come_with_a_cookie_are_found() {
    let without = Config { allow_credentials: false, ..CONFIG };
    let found = failed(&report(&without, Fault::CredentialsWithCookie));
    assert!(found.contains("credentials-refused") && found.contains("never-credentials"), "{found:?}");
}

#[test]
fn null_is_let_in_where_it_is_listed() {
    let with_null = Config {
        allow_origins: &["https://app.example.com", "null"],
        accept_risks: &[Risk::NullOrigin],
        allow_credentials: false,
        ..CONFIG
    };
    assert_eq!(failed(&report(&with_null, Fault::None)), BTreeSet::new());
    assert!(failed(&report(&with_null, Fault::Forgets("/plain", "null"))).contains("origin-null-listed"));
}

#[test]
fn what_no_cache_keeps_needs_no_vary() {
    for path in ["/plain", "/redirect", "/unavailable"] {
        let found = failed(&report(&CONFIG, Fault::NoVaryAt(path, "no-store")));
        let is_of_caches = |name: &&&str| name.starts_with("cache-") || name.starts_with("vary-kept");
        let of_caches: Vec<_> = found.iter().filter(is_of_caches).collect();
        assert!(of_caches.is_empty(), "{path}: {of_caches:?}");
    }
}

#[test]
fn where_nothing_is_a_report_says_nothing() {
    let report = report(&CONFIG, Fault::NothingIsThere);
    assert!(report.doubt.unwrap().contains("/plain answers 404"));
    assert_eq!(self::report(&CONFIG, Fault::None).doubt, None);
    // A server that lets nobody in is right where the policy lets nobody in.
    assert_eq!(self::report(&Config::NEW, Fault::None).doubt, None);
}

#[test]
fn a_server_that_limits_is_not_judged_by_that() {
    let report = report(&CONFIG, Fault::Limits(20));
    let last = report.findings.iter().find(|finding| finding.check.name == "denied-on-404").unwrap();
    assert_eq!(last.outcome, Outcome::Unanswered);
    assert!(last.sentence.contains("429"), "{}", last.sentence);
    assert_eq!(report.count(Class::Security, Outcome::Failed), 0);
}

#[test]
fn a_server_that_stops_answering_is_left_alone() {
    let report = report(&CONFIG, Fault::Stops(20));
    assert!(report.requests < 50, "{}", report.requests);
    let last = report.findings.iter().find(|finding| finding.check.name == "denied-on-404").unwrap();
    assert!(last.sentence.contains("stopped answering"), "{}", last.sentence);
}

#[test]
fn nobody_answers() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let image = image_of(&CONFIG).unwrap();
    let plan = Plan::new(url.parse().unwrap(), Policy::from_bytes(&image).unwrap());
    assert!(plan.run(|_| {}).is_err());
}

#[test]
fn without_routes_nothing_changes_on_the_server() {
    let image = Arc::new(image_of(&CONFIG).unwrap());
    let url = started(&image, Fault::None) + "?x=1";
    let plan = Plan::new(url.parse().unwrap(), Policy::from_bytes(&image).unwrap());
    let report = plan.run(|_| {}).unwrap();
    for exchange in report.findings.iter().flat_map(|finding| &finding.exchanges) {
        let request = &exchange.request;
        assert!(matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS"), "{}", request.method);
        assert!(request.target.starts_with("/plain?x=1"), "{}", request.target);
    }
    assert_eq!(failed(&report), BTreeSet::new());
}
