//! What the policy lets a page do.

use super::{permitted, row, source};
use crate::check::Check;
use crate::check::Class::{Must, Should};
use crate::exchange::QUERY;
use crate::origins::Who;
use crate::routes::Route;
use crate::run::{Page, Run, Stop, not_offered};

pub(super) const CHECKS: &[Check] = &[
    row(
        "preflight-method",
        Must,
        "A page of a listed origin may use a listed method",
        "The policy lists it",
        source::PREFLIGHT,
        |run| {
            let method = run.method()?;
            permitted(run, Who::Listed, method, &[], Route::Plain).map(|_| ())
        },
    ),
    row(
        "preflight-every-method",
        Must,
        "It may use each of the listed methods",
        "The policy lists them",
        source::PREFLIGHT,
        |run| {
            let methods: Vec<&str> = run.policy.allow_methods().filter(|method| *method != "*").collect();
            if methods.len() < 2 {
                return not_offered("the policy lists few methods");
            }
            methods
                .into_iter()
                .try_for_each(|method| permitted(run, Who::Listed, method, &[], Route::Plain).map(|_| ()))
        },
    ),
    row(
        "preflight-another-origin",
        Must,
        "A page of another listed origin may use a listed method",
        "The policy lists the origin",
        source::PREFLIGHT,
        |run| {
            let method = run.method()?;
            permitted(run, Who::Another, method, &[], Route::Plain).map(|_| ())
        },
    ),
    row(
        "preflight-every-origin",
        Must,
        "A page of each listed origin, and of each wildcard, may use a listed method",
        "The policy lists them: of a long list the first, the last and some between are tried",
        source::PREFLIGHT,
        |run| {
            let method = run.method()?;
            let include = run.policy.allow_credentials();
            for origin in run.listed()? {
                let answer = run.preflight(Route::Plain, &origin, method, &[])?;
                run.permitted(&Page { origin: &origin, method, names: &[], include }, &answer)?;
            }
            Ok(())
        },
    ),
    row(
        "preflight-last-origin",
        Must,
        "A page of the last listed origin may use a listed method",
        "A long list has to be read to its end",
        source::PREFLIGHT,
        |run| {
            let method = run.method()?;
            permitted(run, Who::Last, method, &[], Route::Plain).map(|_| ())
        },
    ),
    row(
        "preflight-subdomain",
        Must,
        "A page of a subdomain may use a listed method, where the policy has a wildcard for it",
        "The policy allows it",
        source::PREFLIGHT,
        |run| {
            let method = run.method()?;
            permitted(run, Who::UnderWildcard, method, &[], Route::Plain).map(|_| ())
        },
    ),
    row(
        "preflight-header",
        Must,
        "It may send a listed header with GET",
        "The policy lists it, and GET is allowed always",
        source::PREFLIGHT,
        |run| {
            let names = run.headers()?;
            permitted(run, Who::Listed, "GET", names.get(..1).unwrap_or_default(), Route::Plain).map(|_| ())
        },
    ),
    row(
        "preflight-every-header",
        Must,
        "It may send all of the listed headers at once",
        "The policy lists them",
        source::PREFLIGHT,
        |run| {
            let (names, method) = (run.headers()?, run.method().unwrap_or("GET"));
            permitted(run, Who::Listed, method, &names, Route::Plain).map(|_| ())
        },
    ),
    row(
        "preflight-post-json",
        Must,
        "It may POST JSON, where the policy lists Content-Type",
        "POST is allowed always, also where only PUT is listed",
        source::PREFLIGHT,
        |run| {
            if !run.allows_any_header()
                && !run.headers()?.iter().any(|name| name.eq_ignore_ascii_case("content-type"))
            {
                return not_offered("the policy does not list Content-Type");
            }
            permitted(run, Who::Listed, "POST", &["content-type"], Route::Write).map(|_| ())
        },
    ),
    row(
        "preflight-authorization",
        Must,
        "It may send Authorization, where the policy lists it",
        "A * does not cover this name",
        source::PREFLIGHT,
        |run| {
            if !run.headers()?.iter().any(|name| name.eq_ignore_ascii_case("authorization")) {
                return not_offered("the policy does not list Authorization");
            }
            permitted(run, Who::Listed, "GET", &["authorization"], Route::Plain).map(|_| ())
        },
    ),
    row(
        "preflight-credentials",
        Must,
        "It may use a listed method with credentials, where the policy allows credentials",
        "With credentials a * is the name of a method",
        source::CREDENTIALS,
        |run| {
            if !run.policy.allow_credentials() {
                return not_offered("the policy does not allow credentials");
            }
            let (origin, method) = (run.allowed(Who::Listed)?, run.method()?);
            let answer = run.preflight(Route::Plain, &origin, method, &[])?;
            run.permitted(&Page { origin: &origin, method, names: &[], include: true }, &answer).map(|_| ())
        },
    ),
    row(
        "preflight-unauthorized",
        Must,
        "A preflight is answered before authentication",
        "It never has credentials: a 401 blocks every request of a page",
        source::PREFLIGHT,
        |run| at(run, Route::Unauthorized),
    ),
    row(
        "preflight-redirect",
        Must,
        "A preflight is answered and not redirected",
        "Browsers refuse an answer to a preflight that redirects",
        source::PREFLIGHT,
        |run| at(run, Route::Redirect),
    ),
    row(
        "preflight-error",
        Must,
        "A preflight for an address that fails is answered",
        "The page then sees the 500, and not an error of CORS",
        source::PREFLIGHT,
        |run| at(run, Route::Error),
    ),
    row(
        "preflight-put-only",
        Must,
        "A preflight for an address that takes PUT alone is answered",
        "A server that looks for an OPTIONS or GET of the application answers 404 or 405",
        source::PREFLIGHT,
        |run| {
            if run.method()? != "PUT" && !run.policy.allow_methods().any(|method| method == "PUT") {
                return not_offered("the policy does not list PUT");
            }
            permitted(run, Who::Listed, "PUT", &[], Route::PutOnly).map(|_| ())
        },
    ),
    row(
        "preflight-missing",
        Should,
        "A preflight for an address that is not there is answered",
        "The page then sees the 404, and not an error of CORS",
        source::PREFLIGHT,
        |run| at(run, Route::Missing),
    ),
    row(
        "preflight-own-options",
        Must,
        "A preflight for an address where the application answers OPTIONS itself is answered by the policy",
        "The application's answer knows nothing of the policy",
        source::PREFLIGHT,
        |run| at(run, Route::Options),
    ),
    row(
        "preflight-query",
        Must,
        "A preflight for an address with a query is answered",
        "Browsers send the query with the preflight",
        source::TARGET,
        |run| {
            let (origin, method) = (run.allowed(Who::Listed)?, run.method()?);
            let request = run.preflight_request(Route::Plain, &origin, method, &[])?.with_query(QUERY);
            let answer = run.ask(request)?;
            run.permitted(&Page { origin: &origin, method, names: &[], include: false }, &answer).map(|_| ())
        },
    ),
];

/// Judges a preflight for this route.
fn at(run: &mut Run<'_>, route: Route) -> Result<(), Stop> {
    let method = run.method()?;
    permitted(run, Who::Listed, method, &[], route).map(|_| ())
}
