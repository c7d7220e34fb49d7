//! Responses of every status and method.

use super::{row, source};
use crate::check::Check;
use crate::check::Class::{Must, Security, Should};
use crate::exchange::{Answer, QUERY, Request};
use crate::origins::Who;
use crate::routes::Route;
use crate::run::{NO_304, Run, Stop, ensure, not_offered};

const UNREADABLE: &str =
    "The page cannot tell this from a broken network: the console says CORS, and the cause is lost";

pub(super) const CHECKS: &[Check] = &[
    row(
        "fields-on-404",
        Must,
        "A page may read a 404 where nothing is",
        UNREADABLE,
        source::RESPONSES,
        |run| readable(run, Route::Missing, 404),
    ),
    row(
        "fields-on-401",
        Must,
        "A page may read a 401",
        "The page cannot send the person to the login",
        source::RESPONSES,
        |run| readable(run, Route::Unauthorized, 401),
    ),
    row(
        "fields-on-500",
        Must,
        "A page may read a 500 after an exception that nothing catches",
        UNREADABLE,
        source::RESPONSES,
        |run| readable(run, Route::Error, 500),
    ),
    row(
        "fields-on-503",
        Must,
        "A page may read a 503 that the application answers",
        UNREADABLE,
        source::RESPONSES,
        |run| readable(run, Route::Unavailable, 503),
    ),
    row("fields-on-204", Must, "A page may read a 204", UNREADABLE, source::RESPONSES, |run| {
        readable(run, Route::Empty, 204)
    }),
    row(
        "fields-on-304",
        Must,
        "A 304 has the fields of the policy",
        "A browser's cache updates what it stored for another page by them",
        source::NOT_MODIFIED,
        |run| readable(run, Route::NotModified, 304),
    ),
    row(
        "fields-on-redirect",
        Must,
        "A page may follow a redirect",
        "Browsers check each response on the way",
        source::REDIRECT,
        |run| readable(run, Route::Redirect, 302),
    ),
    row("fields-on-405", Should, "A page may read a 405", UNREADABLE, source::RESPONSES, |run| {
        readable_by(run, "GET", Route::PutOnly)
    }),
    row(
        "fields-on-head",
        Must,
        "The response to HEAD has the fields of the response to GET",
        "A HEAD updates what a cache stored for GET",
        source::HEAD,
        |run| readable_by(run, "HEAD", Route::Plain),
    ),
    row(
        "fields-on-post",
        Must,
        "A page may read the response to a POST that needs no preflight",
        "Forms and simple fetches are the most frequent requests across origins",
        source::RESPONSES,
        |run| readable_by(run, "POST", Route::Write),
    ),
    row(
        "fields-on-put",
        Must,
        "A page may read the response to a PUT whose preflight passed",
        "The request is done, and the page is told that it failed",
        source::RESPONSES,
        |run| readable_by(run, "PUT", Route::Write),
    ),
    row(
        "fields-on-delete",
        Must,
        "A page may read the response to a DELETE whose preflight passed",
        "The request is done, and the page is told that it failed",
        source::RESPONSES,
        |run| readable_by(run, "DELETE", Route::Write),
    ),
    row(
        "fields-with-cookie",
        Must,
        "A page may read the response to a request that has cookies and a token",
        "What is for those who are logged in is asked with both",
        source::CREDENTIALS,
        |run| {
            for origin in run.friends()? {
                let request = run.logged_in(&origin)?;
                let answer = run.ask(request)?;
                run.readable(&origin, &answer, run.policy.allow_credentials())?;
            }
            Ok(())
        },
    ),
    row(
        "fields-with-query",
        Must,
        "A page may read a response to an address with a query",
        "Most of what is asked has one",
        source::TARGET,
        |run| {
            for origin in run.friends()? {
                let request = run.request("GET", Route::Plain, Some(&origin))?.with_query(QUERY);
                let answer = run.ask(request)?;
                run.readable(&origin, &answer, run.policy.allow_credentials())?;
            }
            Ok(())
        },
    ),
    row(
        "denied-with-cookie",
        Security,
        "A page of an unlisted origin may not read the response to a request that has cookies and a token",
        "It is what the person who is logged in may see",
        source::CREDENTIALS,
        |run| {
            for origin in run.strangers()? {
                let request = run.logged_in(&origin)?;
                let answer = run.ask(request)?;
                run.unreadable(&origin, &answer)?;
            }
            Ok(())
        },
    ),
    row(
        "denied-with-query",
        Security,
        "It may not read a response to an address with a query",
        "Most of what is asked has one",
        source::CORS_CHECK,
        |run| {
            for origin in run.strangers()? {
                let request = run.request("GET", Route::Plain, Some(&origin))?.with_query(QUERY);
                let answer = run.ask(request)?;
                run.unreadable(&origin, &answer)?;
            }
            Ok(())
        },
    ),
    row(
        "denied-on-404",
        Security,
        "A page of an unlisted origin may not read a 404",
        "What is there and what is not is the server's secret",
        source::CORS_CHECK,
        |run| unreadable(run, Route::Missing),
    ),
    row(
        "denied-on-401",
        Security,
        "It may not read a 401",
        "Whether a person is logged in is that person's secret",
        source::CORS_CHECK,
        |run| unreadable(run, Route::Unauthorized),
    ),
    row(
        "denied-on-500",
        Security,
        "It may not read a 500",
        "Pages of errors tell more than they should",
        source::CORS_CHECK,
        |run| unreadable(run, Route::Error),
    ),
    row(
        "denied-on-503",
        Security,
        "It may not read a 503",
        "Pages of errors tell more than they should",
        source::CORS_CHECK,
        |run| unreadable(run, Route::Unavailable),
    ),
    row(
        "denied-on-405",
        Security,
        "It may not read a 405",
        "What may be done where is the server's secret",
        source::CORS_CHECK,
        |run| unreadable(run, Route::PutOnly),
    ),
    row(
        "denied-on-204",
        Security,
        "It may not read that a response is empty",
        "That there is nothing is an answer, too",
        source::CORS_CHECK,
        |run| unreadable(run, Route::Empty),
    ),
    row(
        "denied-on-304",
        Security,
        "A 304 does not let it read what its browser has stored",
        "The fields of a 304 take the place of those that are stored",
        source::NOT_MODIFIED,
        |run| {
            let mut is_there = false;
            for origin in run.strangers()? {
                for answer in run.not_modified(Some(&origin))? {
                    is_there = true;
                    run.unreadable(&origin, &answer)?;
                }
            }
            if is_there { Ok(()) } else { not_offered(NO_304) }
        },
    ),
    row(
        "denied-on-stream",
        Security,
        "It may not read a response that streams",
        "Streams are often answered by other code than the rest",
        source::CORS_CHECK,
        |run| {
            run.ask_for_streams()?;
            unreadable(run, Route::Stream)
        },
    ),
    row(
        "denied-on-encoding",
        Security,
        "It may not read a response that varies by Accept-Encoding",
        "Compressed responses are often made by another layer",
        source::CORS_CHECK,
        |run| unreadable(run, Route::Encoding),
    ),
    row(
        "denied-on-redirect",
        Security,
        "It may not follow a redirect",
        "Where a redirect leads is often a secret",
        source::CORS_CHECK,
        |run| unreadable(run, Route::Redirect),
    ),
    row(
        "denied-on-head",
        Security,
        "It may not read the response to HEAD",
        "Its headers are those of GET",
        source::CORS_CHECK,
        |run| unreadable_by(run, "HEAD", Route::Plain),
    ),
    row(
        "denied-on-options",
        Security,
        "It may not read the response to an OPTIONS request that is no preflight",
        "Whatever the application says there, it says to this page",
        source::REQUESTS,
        |run| unreadable_by(run, "OPTIONS", Route::Plain),
    ),
    row(
        "denied-on-post",
        Security,
        "It may not read the response to a POST",
        "The response may repeat what only the person may see",
        source::CORS_CHECK,
        |run| unreadable_by(run, "POST", Route::Write),
    ),
    row(
        "denied-on-put",
        Security,
        "It may not read the response to a PUT",
        "A request that passes by without a preflight is answered like any other",
        source::CORS_CHECK,
        |run| unreadable_by(run, "PUT", Route::Write),
    ),
    row(
        "denied-on-delete",
        Security,
        "It may not read the response to a DELETE",
        "A request that passes by without a preflight is answered like any other",
        source::CORS_CHECK,
        |run| unreadable_by(run, "DELETE", Route::Write),
    ),
    row(
        "status-kept",
        Must,
        "A response keeps its status",
        "A denied or allowed page changes nothing about what happened",
        source::RESPONSES,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            for (route, status) in [
                (Route::Missing, 404),
                (Route::Unauthorized, 401),
                (Route::Unavailable, 503),
                (Route::Empty, 204),
                (Route::Redirect, 302),
            ] {
                let Ok(request) = run.request("GET", route, Some(&origin)) else { continue };
                let answer = run.ask(request)?;
                ensure(is_status(answer.status, status), || {
                    format!("the route \"{}\" answers {}", route.name(), answer.status)
                })?;
            }
            Ok(())
        },
    ),
    row(
        "fields-on-stream",
        Must,
        "A page may read a response that streams",
        "Fields that are put in at the end of a response come too late",
        source::RESPONSES,
        |run| {
            // By itself: the check after this one looks at its times.
            let origin = run.allowed(Who::Listed)?;
            run.get(Route::Stream, &origin)?;
            run.ask_for_streams()?;
            readable(run, Route::Stream, 200)
        },
    ),
    row(
        "stream-not-held-back",
        Should,
        "A response that streams is not held back until its end",
        "Events, tokens and downloads would come in one piece",
        source::RESPONSES,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let answer: Answer = run.get(Route::Stream, &origin)?;
            let pause = answer.body_after.saturating_sub(answer.head_after);
            ensure(pause.as_millis() >= 300, || {
                format!("head and end of the response came within {} ms", pause.as_millis())
            })
        },
    ),
];

fn readable(run: &mut Run<'_>, route: Route, status: u16) -> Result<(), Stop> {
    for origin in run.friends()? {
        let answer = run.get(route, &origin)?;
        if !is_status(answer.status, status) {
            return not_offered(format!("the route \"{}\" answers {}", route.name(), answer.status));
        }
        run.readable(&origin, &answer, run.policy.allow_credentials())?;
    }
    Ok(())
}

/// True for the status that a route is to have: of redirects each is right.
fn is_status(status: u16, wanted: u16) -> bool {
    status == wanted || (wanted == 302 && matches!(status, 301 | 303 | 307 | 308))
}

fn unreadable(run: &mut Run<'_>, route: Route) -> Result<(), Stop> {
    unreadable_by(run, "GET", route)
}

/// Passes if pages may read the response to a method that the policy allows: no browser sends another.
fn readable_by(run: &mut Run<'_>, method: &str, route: Route) -> Result<(), Stop> {
    if !run.allows_method(method) {
        return not_offered(format!("the policy does not allow {method}"));
    }
    for origin in run.friends()? {
        let answer = run.ask(simple(run, method, route, &origin)?)?;
        run.readable(&origin, &answer, run.policy.allow_credentials())?;
    }
    Ok(())
}

/// Judges the responses to pages that the policy does not allow.
fn unreadable_by(run: &mut Run<'_>, method: &str, route: Route) -> Result<(), Stop> {
    for origin in run.strangers()? {
        let answer = run.ask(simple(run, method, route, &origin)?)?;
        run.unreadable(&origin, &answer)?;
    }
    Ok(())
}

/// Makes a request with what a form has, which needs no preflight for that.
fn simple(run: &Run<'_>, method: &str, route: Route, origin: &str) -> Result<Request, Stop> {
    let request = run.request(method, route, Some(origin))?;
    Ok(if method == "POST" { request.with("Content-Type", "text/plain") } else { request })
}
