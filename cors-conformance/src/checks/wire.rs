//! Requests that are unusual on the wire.

use super::{row, source};
use crate::check::Check;
use crate::check::Class::{Must, Nice, Security, Should};
use crate::exchange::{Answer, Request};
use crate::origins::Who;
use crate::routes::Route;
use crate::run::{Run, Stop, ensure, info, not_offered};

pub(super) const CHECKS: &[Check] = &[
    row(
        "name-lower-case",
        Must,
        "A field named origin, in lower case, is Origin",
        "HTTP/2 and proxies write names in lower case",
        source::NAMES,
        |run| named(run, "origin"),
    ),
    row(
        "name-upper-case",
        Should,
        "A field named ORIGIN is Origin",
        "Names of fields have no case",
        source::NAMES,
        |run| named(run, "ORIGIN"),
    ),
    row(
        "white-space",
        Should,
        "Spaces and tabs around the origin do not belong to it",
        "Parsers leave them off, and not all servers have such a parser",
        source::WHITE_SPACE,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let request = run.request("GET", Route::Plain, None)?.with("Origin", format!(" \t{origin} \t"));
            let answer = run.ask(request)?;
            run.readable(&origin, &answer, run.policy.allow_credentials())
        },
    ),
    row(
        "origin-empty",
        Should,
        "An empty Origin is not an error of the server, and is not granted",
        "It is not an origin",
        source::ORIGIN,
        |run| unusual(run, ""),
    ),
    row(
        "origin-long",
        Should,
        "An Origin of 4,000 bytes is not an error of the server, and is not granted",
        "Whoever asks chooses its length",
        source::ORIGIN,
        |run| unusual(run, &format!("https://{}.example", "a.".repeat(2000))),
    ),
    row(
        "origin-not-ascii",
        Should,
        "An Origin that is not of ASCII is not an error of the server, and is not granted",
        "Whoever asks chooses its bytes",
        source::ORIGIN,
        |run| unusual(run, "https://b\u{fc}cher.example"),
    ),
    row(
        "origin-quotes",
        Should,
        "An Origin with quotation marks and angle brackets is not echoed",
        "Whoever asks chooses what the server repeats",
        source::ORIGIN,
        |run| unusual(run, "https://\"><script>.example"),
    ),
    row(
        "origin-twice",
        Should,
        "Of two Origin fields none is granted to an unlisted origin",
        "Two layers that read one each decide about different requests",
        source::FIELD_ORDER,
        |run| {
            let (listed, unlisted) = (run.allowed(Who::Listed)?, run.denied(Who::Unlisted)?);
            for (first, second) in [(&listed, &unlisted), (&unlisted, &listed)] {
                let request = run.request("GET", Route::Plain, Some(first))?.with("Origin", second);
                let answer = run.ask(request)?;
                run.unreadable(&unlisted, &answer)?;
            }
            Ok(())
        },
    ),
    row(
        "one-connection",
        Security,
        "Requests on one connection are decided one by one",
        "A decision that is kept for the connection is another page's",
        source::CONNECTIONS,
        |run| {
            let mut requests = Vec::new();
            for who in [Who::Listed, Who::Unlisted, Who::Another, Who::Listed] {
                if let Ok(origin) = run.origin(who) {
                    requests.push(run.request("GET", Route::Plain, Some(&origin))?);
                }
            }
            requests.insert(1, run.request("GET", Route::Plain, None)?);
            let answers = match run.ask_on_one_connection(&requests) {
                Err(Stop::Unanswered(_)) => {
                    return not_offered("the server closes the connection after a response");
                }
                answers => answers?,
            };
            judged(run, &requests, &answers)
        },
    ),
    row(
        "at-once",
        Security,
        "Requests at the same time are decided one by one",
        "A decision that is kept in a place for all is another page's",
        source::CORS_CHECK,
        |run| {
            let mut origins = Vec::new();
            for who in [Who::Listed, Who::Unlisted, Who::Another, Who::Null] {
                origins.extend(run.origin(who).ok());
            }
            let mut requests = Vec::new();
            for _ in 0..4 {
                for origin in &origins {
                    requests.push(run.request("GET", Route::Plain, Some(origin))?);
                }
            }
            let answers = run.ask_at_once(&requests)?;
            judged(run, &requests, &answers)
        },
    ),
    row(
        "same-again",
        Should,
        "The same request gets the same fields again",
        "What depends on the time or on chance, no operator can check",
        source::RESPONSES,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let first = run.get(Route::Plain, &origin)?;
            let again = run.ask_again(run.request("GET", Route::Plain, Some(&origin))?)?;
            let value = "access-control-allow-origin";
            ensure(first.get(value) == again.get(value), || "Access-Control-Allow-Origin differs".to_owned())
        },
    ),
    row(
        "fields-without-origin",
        Nice,
        "Whether a response to a request without Origin has fields of CORS",
        "Both are right: with Vary no page gets this copy",
        source::RESPONSES,
        |run| {
            let answer = run.ask(run.request("GET", Route::Plain, None)?)?;
            let fields = answer.access_control();
            info(if fields.is_empty() {
                "it has none".to_owned()
            } else {
                format!("it has {}", fields.join(", "))
            })
        },
    ),
];

fn named(run: &mut Run<'_>, name: &str) -> Result<(), Stop> {
    let origin = run.allowed(Who::Listed)?;
    let request = run.request("GET", Route::Plain, None)?.with(name, &origin);
    let answer = run.ask(request)?;
    run.readable(&origin, &answer, run.policy.allow_credentials())
}

/// Sends what is not an origin; a refusal by the server itself is an answer.
fn unusual(run: &mut Run<'_>, origin: &str) -> Result<(), Stop> {
    let answer = run.ask(run.request("GET", Route::Plain, None)?.with("Origin", origin))?;
    ensure(answer.status < 500, || format!("the answer is {}", answer.status))?;
    if run.is_public() { Ok(()) } else { run.unreadable(origin, &answer) }
}

/// Passes if each response grants what the same request is granted alone.
fn judged(run: &mut Run<'_>, requests: &[Request], answers: &[Answer]) -> Result<(), Stop> {
    for (request, answer) in requests.iter().zip(answers) {
        let Some(origin) = request.get("origin") else { continue };
        let alone = run.get(Route::Plain, &origin)?;
        let [granted, wanted] = [answer, &alone].map(|answer| answer.get("access-control-allow-origin"));
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        ensure(granted == wanted, || {
            format!(
                "{origin} is granted {} among other requests, and {} alone",
                shown(&granted),
                shown(&wanted)
            )
        })?;
    }
    Ok(())
}
