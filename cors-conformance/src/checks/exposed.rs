//! Which headers of a response a page may read.

use super::{row, source};
use crate::check::Check;
use crate::check::Class::{Must, Nice, Security};
use crate::exchange::Answer;
use crate::origins::Who;
use crate::routes::Route;
use crate::run::{Run, Stop, ensure, not_offered};

pub(super) const CHECKS: &[Check] = &[
    row(
        "exposed-listed",
        Must,
        "A page may read the headers that the policy exposes",
        "The policy exposes them",
        source::EXPOSED,
        |run| exposed_at(run, Route::Plain),
    ),
    row(
        "exposed-on-error",
        Must,
        "A page may read them on a 503, too",
        "What a page needs most on an error is the number to report",
        source::EXPOSED,
        |run| exposed_at(run, Route::Unavailable),
    ),
    row(
        "exposed-not-listed",
        Security,
        "A page may not read a header that the policy does not expose",
        "The policy keeps it from pages",
        source::EXPOSED,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let answer = run.get(Route::Plain, &origin)?;
            let is_listed = |name: &str| {
                run.policy.expose_headers().any(|listed| listed == "*" || listed.eq_ignore_ascii_case(name))
            };
            if answer.get("x-internal").is_none() || is_listed("x-internal") {
                return not_offered("the response has no X-Internal that the policy hides");
            }
            let read = run.exposed(&origin, &answer);
            ensure(!read.iter().any(|name| name == "x-internal"), || {
                format!("a page of {origin} may read X-Internal")
            })
        },
    ),
    row(
        "exposed-on-actual-alone",
        Nice,
        "The answer to a preflight has no Access-Control-Expose-Headers",
        "Browsers read it on the response itself, and nowhere else",
        source::RESPONSES,
        |run| {
            let (origin, method) = (run.allowed(Who::Listed)?, run.method()?);
            let answer = run.preflight(Route::Plain, &origin, method, &[])?;
            ensure(answer.get("access-control-expose-headers").is_none(), || {
                "the answer to a preflight exposes headers".to_owned()
            })
        },
    ),
    row(
        "preflight-fields-on-preflights-alone",
        Nice,
        "A response that is not to a preflight has no Access-Control-Allow-Methods, -Allow-Headers or -Max-Age",
        "Browsers read them on answers to preflights, and nowhere else",
        source::RESPONSES,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let answer = run.get(Route::Plain, &origin)?;
            let names =
                ["access-control-allow-methods", "access-control-allow-headers", "access-control-max-age"];
            let found: Vec<&str> = names.into_iter().filter(|name| answer.get(name).is_some()).collect();
            ensure(found.is_empty(), || format!("the response to a GET has {}", found.join(", ")))
        },
    ),
];

fn exposed_at(run: &mut Run<'_>, route: Route) -> Result<(), Stop> {
    let origin = run.allowed(Who::Listed)?;
    let wanted: Vec<&str> = run.policy.expose_headers().collect();
    if wanted.is_empty() {
        return not_offered("the policy exposes no header");
    }
    let answer = run.get(route, &origin)?;
    let has = |answer: &Answer, name: &str| answer.get(name).is_some();
    let sent: Vec<&str> = wanted.into_iter().filter(|name| has(&answer, name)).collect();
    if sent.is_empty() {
        return not_offered("the response has none of the headers that the policy exposes");
    }
    run.readable(&origin, &answer, run.policy.allow_credentials())?;
    let read = run.exposed(&origin, &answer);
    match sent.iter().find(|name| !read.iter().any(|other| other.eq_ignore_ascii_case(name))) {
        Some(name) => Err(Stop::Failed(format!("a page of {origin} may not read {name}"))),
        None => Ok(()),
    }
}
