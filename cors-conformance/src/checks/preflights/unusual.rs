//! Requests that look like preflights, and preflights that no browser writes so.

use super::{row, source};
use crate::check::Check;
use crate::check::Class::{Nice, Should};
use crate::exchange::{Answer, Request};
use crate::origins::Who;
use crate::routes::Route;
use crate::run::{Page, Run, Stop, ensure, info, not_offered};

const LENIENT: &str =
    "Browsers send the names in lower case, sorted, each once, with a comma between: more is lenience";

pub(super) const CHECKS: &[Check] = &[
    row(
        "options-is-not-preflight",
        Should,
        "An OPTIONS request without Origin is the application's",
        "OPTIONS is a method of HTTP, and WebDAV and others use it",
        source::OPTIONS,
        |run| {
            let request = run.request("OPTIONS", Route::Options, None)?;
            let answer = run.ask(request)?;
            application_answered(&answer)
        },
    ),
    row(
        "options-with-origin",
        Should,
        "An OPTIONS request of a page, without Access-Control-Request-Method, is the application's",
        "fetch() with the method OPTIONS sends one, after a preflight for it",
        source::REQUESTS,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let answer = run.ask(run.request("OPTIONS", Route::Options, Some(&origin))?)?;
            application_answered(&answer)?;
            run.readable(&origin, &answer, run.policy.allow_credentials())
        },
    ),
    row(
        "options-without-origin",
        Should,
        "An OPTIONS request with Access-Control-Request-Method and without Origin is the application's",
        "A preflight has an Origin",
        source::REQUESTS,
        |run| {
            let request =
                run.request("OPTIONS", Route::Options, None)?.with("Access-Control-Request-Method", "PUT");
            let answer = run.ask(request)?;
            application_answered(&answer)
        },
    ),
    row(
        "get-with-request-method",
        Should,
        "A GET with Access-Control-Request-Method is the application's",
        "A preflight is an OPTIONS request",
        source::REQUESTS,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let request =
                run.request("GET", Route::Plain, Some(&origin))?.with("Access-Control-Request-Method", "PUT");
            let answer = run.ask(request)?;
            ensure(answer.status == 200 && !answer.body.is_empty(), || {
                format!("the answer is a {} with {} bytes", answer.status, answer.body.len())
            })?;
            run.readable(&origin, &answer, run.policy.allow_credentials())
        },
    ),
    row(
        "request-method-malformed",
        Should,
        "A malformed Access-Control-Request-Method is not echoed, and is not an error of the server",
        "No browser sends it, and whoever does chooses what the server repeats",
        source::PREFLIGHT,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let request = run.preflight_request(Route::Plain, &origin, "PUT\"<b>", &[])?;
            let answer = run.ask(request)?;
            ensure(answer.status < 500, || format!("the answer is {}", answer.status))?;
            let methods = answer.get("access-control-allow-methods").unwrap_or_default();
            ensure(!methods.contains('<'), || format!("Access-Control-Allow-Methods is {methods:?}"))
        },
    ),
    row(
        "request-method-empty",
        Nice,
        "What becomes of an empty Access-Control-Request-Method",
        "No browser sends it, so that any answer which is not a 500 is right",
        source::PREFLIGHT,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let answer = run.preflight(Route::Plain, &origin, "", &[])?;
            info(answer.status.to_string())
        },
    ),
    row(
        "request-headers-malformed",
        Should,
        "Malformed names in Access-Control-Request-Headers are not echoed, and are not an error of the server",
        "No browser sends them, and whoever does chooses what the server repeats",
        source::PREFLIGHT,
        |run| {
            let (origin, method) = (run.allowed(Who::Listed)?, run.method().unwrap_or("GET"));
            let answer = with_names(run, &origin, method, &["x-a<script>, \"b\""])?;
            ensure(answer.status < 500, || format!("the answer is {}", answer.status))?;
            let names = answer.get("access-control-allow-headers").unwrap_or_default();
            ensure(!names.contains('<'), || format!("Access-Control-Allow-Headers is {names:?}"))
        },
    ),
    row(
        "request-headers-many",
        Should,
        "Access-Control-Request-Headers with 900 names is not an error of the server, and allows nothing",
        "Whoever asks chooses the length",
        source::PREFLIGHT,
        |run| {
            if run.allows_any_header() {
                return not_offered("the policy allows every header");
            }
            let (origin, method) = (run.allowed(Who::Listed)?, run.method().unwrap_or("GET"));
            let names: Vec<String> = (0..900).map(|number| format!("x-{number}")).collect();
            let answer = with_names(run, &origin, method, &[&names.join(",")])?;
            ensure(!matches!(answer.status, 500 | 502..=599), || format!("the answer is {}", answer.status))?;
            let page = Page { origin: &origin, method, names: &["x-1"], include: false };
            run.refused(&page, &answer)
        },
    ),
    row(
        "request-headers-spaces",
        Should,
        "Spaces after the commas of Access-Control-Request-Headers do no harm",
        "Firefox before 2019 and proxies write them",
        source::LISTS,
        |run| lenient(run, |names| vec![names.join(", ")], false),
    ),
    row(
        "request-headers-case",
        Nice,
        "Whether upper case in Access-Control-Request-Headers does harm",
        LENIENT,
        source::PREFLIGHT,
        |run| lenient(run, |names| vec![names.join(",").to_ascii_uppercase()], true),
    ),
    row(
        "request-headers-order",
        Nice,
        "Whether another order does harm",
        LENIENT,
        source::PREFLIGHT,
        |run| lenient(run, |names| vec![names.iter().rev().copied().collect::<Vec<_>>().join(",")], true),
    ),
    row(
        "request-headers-empty",
        Nice,
        "Whether empty elements and an empty line do harm",
        LENIENT,
        source::LISTS,
        |run| lenient(run, |names| vec![format!(",{},,", names.join(",")), String::new()], true),
    ),
    row(
        "request-headers-lines",
        Nice,
        "Whether names in several lines do harm",
        LENIENT,
        source::FIELD_ORDER,
        |run| lenient(run, |names| names.iter().map(|name| (*name).to_owned()).collect(), true),
    ),
];

fn application_answered(answer: &Answer) -> Result<(), Stop> {
    ensure(answer.get("x-answered-by").is_some_and(|value| value == "application"), || {
        format!("the application was not asked: the answer is {}, without X-Answered-By", answer.status)
    })
}

/// Sends a preflight with these lines of names.
fn with_names(run: &mut Run<'_>, origin: &str, method: &str, lines: &[&str]) -> Result<Answer, Stop> {
    let mut request: Request = run.preflight_request(Route::Plain, origin, method, &[])?;
    for line in lines {
        request = request.with("Access-Control-Request-Headers", line);
    }
    run.ask(request)
}

/// Sends the listed headers as no browser writes them.
fn lenient(run: &mut Run<'_>, write: impl Fn(&[&str]) -> Vec<String>, is_info: bool) -> Result<(), Stop> {
    let origin = run.allowed(Who::Listed)?;
    let mut names = run.headers()?;
    if names.len() < 2 {
        return not_offered("the policy lists few headers");
    }
    names.sort_unstable();
    names.truncate(4);
    let lines = write(&names);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let answer = with_names(run, &origin, "GET", &lines)?;
    let judged = run.permitted(
        &Page { origin: &origin, method: "GET", names: &names, include: run.policy.allow_credentials() },
        &answer,
    );
    match judged {
        Ok(_) if is_info => info("it does none"),
        Ok(_) => Ok(()),
        Err(Stop::Failed(_)) if is_info => info("the answer does not allow them"),
        Err(stop) => Err(stop),
    }
}
