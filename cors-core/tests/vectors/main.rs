//! Runs the vectors of `tests/vectors`, which every language runs. Their expected values come from the rules of
//! `DESIGN.md`, never from the code.
//!
//! `CORS_VECTORS` names another folder to read.

#![allow(clippy::expect_used, clippy::panic, reason = "a runner stops where a file is not as it should be")]

mod image;

use cors_core::{CompileError, Config, Denial, Origin, OriginPattern, Policy, Request, Risk, Verdict};
use cors_testing::vectors::{AttackVector, DecisionVector, Place, Report, Value, config, load, nullable};
use cors_testing::{Answer, OwnedConfig, OwnedConfigExt};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(untagged)]
enum OriginVector {
    Tuple(TupleOrigin),
    Opaque(OpaqueOrigin),
    Malformed(MalformedOrigin),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TupleOrigin {
    rule: String,
    origin: Value,
    scheme: Value,
    host: Value,
    #[serde(deserialize_with = "nullable")]
    port: Option<u16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpaqueOrigin {
    rule: String,
    origin: Value,
    opaque: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MalformedOrigin {
    rule: String,
    origin: Value,
    error: String,
}

#[test]
fn origins() {
    let mut report = Report::new("origins.json");
    for (index, vector) in load("origins.json").into_iter().enumerate() {
        let (rule, origin, expected) = match vector {
            OriginVector::Tuple(TupleOrigin { rule, origin, scheme, host, port }) => {
                let parts = (Some(scheme.text()), Some(host.text()), port, false);
                (rule, origin, format!("{parts:?}"))
            }
            OriginVector::Opaque(OpaqueOrigin { rule, origin, opaque }) => {
                (rule, origin, format!("{:?}", (None::<&str>, None::<&str>, None::<u16>, opaque)))
            }
            OriginVector::Malformed(MalformedOrigin { rule, origin, error }) => (rule, origin, error),
        };
        let bytes = origin.bytes();
        // A request takes white space off a value (E7); the text of an origin has none.
        for spaced in [[&b" "[..], &bytes].concat(), [&bytes[..], b"\t"].concat()] {
            assert!(Origin::parse(&spaced).is_err(), "{origin} with white space around it is an origin");
        }
        let got = match Origin::parse(&bytes) {
            Ok(parsed) => {
                assert_eq!(parsed.as_bytes(), bytes, "an origin is the text that was parsed");
                format!("{:?}", (parsed.scheme(), parsed.host(), parsed.port(), parsed.is_opaque()))
            }
            Err(error) => format!("{:?}", error.kind()),
        };
        report.check(Place { index, rule: &rule }, origin, &expected, &got);
        report.count("cases", 1);
    }
    report.finish();
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PatternVector {
    Accepted(AcceptedPattern),
    Refused(RefusedPattern),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceptedPattern {
    rule: String,
    pattern: Value,
    matches: Vec<Value>,
    rejects: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusedPattern {
    rule: String,
    pattern: Value,
    error: String,
    #[serde(deserialize_with = "nullable")]
    advice: Option<String>,
}

#[test]
fn patterns() {
    let mut report = Report::new("patterns.json");
    for (index, vector) in load("patterns.json").into_iter().enumerate() {
        match &vector {
            PatternVector::Accepted(vector) => accepted_pattern(&mut report, index, vector),
            PatternVector::Refused(vector) => refused_pattern(&mut report, index, vector),
        }
        report.count("cases", 1);
    }
    report.finish();
}

fn refused_pattern(report: &mut Report, index: usize, vector: &RefusedPattern) {
    let place = Place { index, rule: &vector.rule };
    let RefusedPattern { pattern, error, advice, .. } = vector;
    let text = pattern.text();
    let got = OriginPattern::parse(&text);
    let got_kind = got.map_or_else(|error| format!("{:?}", error.kind()), |_| "accepted".into());
    report.check(place, pattern, error, &got_kind);

    let given = got.err().and_then(|error| error.advice());
    let shown = |advice: Option<String>| advice.unwrap_or_else(|| "no advice".into());
    let got_advice = given.as_ref().map(ToString::to_string);
    report.check(place, pattern, &shown(advice.clone()), &shown(got_advice));

    // What the advice says to write has to be accepted.
    if let Some(replacement) = given.as_ref().and_then(|advice| advice.replacement()) {
        let second =
            OriginPattern::parse(replacement).map_or_else(|error| error.to_string(), |_| "taken".into());
        report.check(place, format_args!("{pattern}: its advice, taken"), &"taken".to_owned(), &second);
    }
}

fn accepted_pattern(report: &mut Report, index: usize, vector: &AcceptedPattern) {
    let place = Place { index, rule: &vector.rule };
    let AcceptedPattern { pattern, matches, rejects, .. } = vector;
    assert!(!matches.is_empty() && !rejects.is_empty(), "{pattern} is tried on one side only");
    let text = pattern.text();
    let parsed = match OriginPattern::parse(&text) {
        Ok(parsed) => parsed,
        Err(error) => return report.check(place, pattern, &"accepted".into(), &error.to_string()),
    };
    // With credentials, since `*` without them does not look at the origin.
    let config =
        Config { allow_origins: &[&text], allow_credentials: true, accept_risks: &Risk::ALL, ..Config::NEW };
    let Some(image) = image::compile(report, place, &text, &config) else { return };
    let policy = Policy::from_bytes(&image).expect("image::compile read it");

    let cases =
        matches.iter().map(|origin| (origin, true)).chain(rejects.iter().map(|origin| (origin, false)));
    for (origin, expected) in cases {
        let bytes = origin.bytes();
        let origin_parsed = Origin::parse(&bytes);
        let got = origin_parsed.is_ok_and(|origin| parsed.matches(&origin));
        report.check(place, format_args!("{pattern} matches {origin}"), &expected, &got);

        let request = Request::from_headers("GET", [("origin", &bytes)]);
        let expected = match (expected, origin_parsed) {
            (true, _) => Verdict::Allowed,
            (false, Ok(_)) => Verdict::Denied(Denial::OriginNotAllowed),
            (false, Err(_)) => Verdict::Denied(Denial::MalformedOrigin),
        };
        let got = policy.evaluate(&request).verdict();
        report.check(place, format_args!("{pattern} as a policy, {origin}"), &expected, &got);
        report.count("origins tried", 1);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigVector {
    rule: String,
    name: String,
    #[serde(deserialize_with = "config")]
    config: OwnedConfig,
    problems: Vec<ProblemVector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProblemVector {
    field: String,
    #[serde(deserialize_with = "nullable")]
    index: Option<usize>,
    problem: String,
    message: Value,
}

#[test]
fn configs() {
    let mut report = Report::new("configs.json");
    for (index, vector) in load::<ConfigVector>("configs.json").iter().enumerate() {
        let place = Place { index, rule: &vector.rule };
        let expected: Vec<[String; 2]> = vector
            .problems
            .iter()
            .map(|ProblemVector { field, index, problem, message }| {
                [format!("{field} {index:?} {problem}"), message.text()]
            })
            .collect();
        vector
            .config
            .with_suffixes(|config| check_config(&mut report, place, &vector.name, config, &expected));
        report.count("cases", 1);
        report.count("problems", expected.len());
    }
    report.finish();
}

/// `expected` holds for each problem its field, index and variant in one text, and its message.
fn check_config(
    report: &mut Report,
    place: Place<'_>,
    name: &str,
    config: &Config<'_>,
    expected: &[[String; 2]],
) {
    let mut got = Vec::new();
    config.check(|error| {
        let head = format!("{} {:?} {:?}", error.field(), error.index(), error.problem());
        got.push([head, error.to_string()]);
    });
    let lines = |problems: &[[String; 2]]| problems.concat().join("\n    ");
    report.check(place, name, &lines(expected), &lines(&got));
    match expected.first() {
        None => drop(image::compile(report, place, name, config)),
        // C7: it stops at the first.
        Some([_, message]) => {
            let mut buffer = [0; 4096];
            let got = match config.compile_into(&mut buffer) {
                Ok(_) => "it compiles".into(),
                Err(CompileError::Config(error)) => error.to_string(),
                Err(error) => format!("another error: {error}"),
            };
            report.check(place, format_args!("{name}: compiled"), message, &got);
        }
    }
}

#[test]
fn decisions() {
    let mut report = Report::new("decisions.json");
    for (index, vector) in load("decisions.json").iter().enumerate() {
        check_decisions(&mut report, index, vector);
    }
    report.finish();
}

#[test]
fn attacks() {
    let mut report = Report::new("attacks.json");
    for (index, vector) in load("attacks.json").iter().enumerate() {
        match vector {
            AttackVector::Decided(vector) => check_decisions(&mut report, index, vector),
            AttackVector::Refused(vector) if vector.needs_list() && !cfg!(feature = "psl") => {
                report.count("policies that need the public suffix list, which this build has not", 1);
            }
            AttackVector::Refused(vector) => vector.check(&mut report, index),
        }
    }
    report.finish();
}

fn check_decisions(report: &mut Report, index: usize, vector: &DecisionVector) {
    let place = Place { index, rule: &vector.rule };
    assert!(!vector.requests.is_empty(), "{:?} has no request", vector.name);
    let image = vector.policy.with_suffixes(|config| image::compile(report, place, &vector.name, config));
    report.count("policies", 1);
    let Some(image) = image else { return };
    let policy = Policy::from_bytes(&image).expect("image::compile read it");
    for case in &vector.requests {
        let method = case.method.bytes();
        let headers: Vec<_> = case.headers.iter().map(|(name, value)| (name, value.bytes())).collect();
        let request = Request::from_headers(&method, headers.iter().map(|(name, value)| (name, value)));
        let got = Answer::from(&policy.evaluate(&request));
        report.check(place, format_args!("{}: {case}", vector.name), &case.expected(), &got);
        report.count("requests", 1);
    }
}

/// E12, which no file can hold: the closure is asked about origins that parse and that no pattern allows, about `null` and
/// the scheme `file` only where their risks are accepted, and about no others.
#[test]
fn origins_that_the_caller_decides() {
    /// The patterns, the request's origins, whether the closure is asked, and the verdict.
    type AskedCase<'a> = (&'a [&'a str], &'a [&'a str], bool, Result<(), Denial>);
    const NULL: &[Risk] = &[Risk::NullOrigin];

    let allow = "https://tenant.example";
    let listed = ["https://app.example.com", "https://*.example.org"];
    let cases: [AskedCase<'_>; 11] = [
        (&listed, &[], false, Ok(())),
        (&listed, &["https://app.example.com"], false, Ok(())),
        (&listed, &["https://a.example.org"], false, Ok(())),
        (&listed, &[allow], true, Ok(())),
        (&listed, &["https://evil.example"], true, Err(Denial::OriginNotAllowed)),
        (&listed, &["https://tenant.example/"], false, Err(Denial::MalformedOrigin)),
        (&listed, &[""], false, Err(Denial::MalformedOrigin)),
        (&listed, &[allow, allow], false, Err(Denial::MultipleOrigins)),
        (&[], &[allow], true, Ok(())),
        (&["*"], &[allow], false, Ok(())),
        (&["*"], &["https://tenant.example/"], false, Ok(())),
    ];
    for (patterns, origins, asked, expected) in cases {
        let config = Config { allow_origins: patterns, ..Config::NEW };
        check_asked(&config, origins, |origin| origin.as_str() == allow, asked, expected);
    }
    // A check that `null` passes.
    let not_evil = |origin: &Origin<'_>| !origin.as_str().ends_with(".evil.example");
    for allow_credentials in [false, true] {
        for (origin, accept_risks, asked, expected) in [
            ("null", &[][..], false, Err(Denial::OriginNotAllowed)),
            (" null\t", &[], false, Err(Denial::OriginNotAllowed)),
            ("null", &[Risk::InsecureOrigin, Risk::PublicSuffix], false, Err(Denial::OriginNotAllowed)),
            ("null", NULL, true, Ok(())),
            ("NULL", NULL, false, Err(Denial::MalformedOrigin)),
            ("file://", &[], false, Err(Denial::OriginNotAllowed)),
            ("file://", NULL, false, Err(Denial::OriginNotAllowed)),
            ("file://", &[Risk::LocalFileOrigin], true, Ok(())),
            ("file://localhost", &[], false, Err(Denial::OriginNotAllowed)),
            ("file://x", NULL, false, Err(Denial::OriginNotAllowed)),
            ("file://localhost", &[Risk::LocalFileOrigin], true, Ok(())),
            ("files://x", &[], true, Ok(())),
            ("null", &[Risk::LocalFileOrigin], false, Err(Denial::OriginNotAllowed)),
            ("file:///", &[Risk::LocalFileOrigin], false, Err(Denial::MalformedOrigin)),
            ("app://.", &[], true, Ok(())),
            ("https://a.evil.example", &[], true, Err(Denial::OriginNotAllowed)),
            ("https://null", &[], true, Ok(())),
        ] {
            let config = Config { allow_origins: &listed, allow_credentials, accept_risks, ..Config::NEW };
            check_asked(&config, &[origin], not_evil, asked, expected);
        }
    }
}

fn check_asked(
    config: &Config<'_>,
    origins: &[&str],
    allow_origin: impl Fn(&Origin<'_>) -> bool,
    asked: bool,
    expected: Result<(), Denial>,
) {
    let mut image = vec![0; config.image_len()];
    let policy = config.compile_into(&mut image).expect("it compiles");
    let preflight = [("access-control-request-method", "GET")];
    for (method, extra) in [("GET", &[][..]), ("OPTIONS", &preflight)] {
        let headers = origins.iter().map(|origin| ("origin", *origin)).chain(extra.iter().copied());
        let request = Request::from_headers(method, headers);
        let mut got_asked = false;
        let decision = policy.evaluate_with(&request, |origin| {
            got_asked = true;
            allow_origin(origin)
        });
        let case = format!("{method} {origins:?} under {config:?}");
        assert_eq!(got_asked, asked, "{case}");
        assert_eq!(decision.denial().map_or(Ok(()), Err), expected, "{case}");
        // What the caller allows is answered like what a pattern allows.
        if asked && expected.is_ok() {
            let mut fields =
                vec![("access-control-allow-origin", origins.first().expect("it was asked").as_bytes())];
            if config.allow_credentials {
                fields.push(("access-control-allow-credentials", b"true"));
            }
            fields.push(("vary", b"origin"));
            let got: Vec<_> = decision.fields().map(|field| (field.name, field.value)).collect();
            assert_eq!(got, fields, "{case}");
        }
    }
}
