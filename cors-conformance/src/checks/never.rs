//! What holds of every response of a run: each check looks at all that was asked before it.

use cors_core::Origin;
use cors_core::browser::is_safelisted_response_header;

use super::{row, source};
use crate::check::Check;
use crate::check::Class::{Must, Security, Should};
use crate::exchange::Exchange;
use crate::origins::Who;
use crate::routes::Route;
use crate::run::{Run, Stop, not_offered};

pub(super) const CHECKS: &[Check] = &[
    row(
        "never-null",
        Security,
        "No response grants null, where the policy does not",
        "Any site can ask as null, from a sandboxed frame",
        source::CORS_CHECK,
        |run| {
            if run.allows("null") {
                return not_offered("the policy allows null");
            }
            never(run, |_, exchange| {
                granted(exchange).any(|value| value == "null").then(|| "grants null".to_owned())
            })
        },
    ),
    row(
        "never-star-with-credentials",
        Security,
        "No response grants * with credentials, except where the application grants something itself",
        "Browsers refuse it, and whoever wrote it meant to let everybody in",
        source::CREDENTIALS,
        |run| {
            never(run, |run, exchange| {
                let is_star = granted(exchange).any(|value| value == "*");
                (is_star && grants_credentials(exchange) && !is_own(run, exchange))
                    .then(|| "grants * with credentials".to_owned())
            })
        },
    ),
    row(
        "never-made-up",
        Security,
        "No response names an origin that the policy does not allow",
        "What is echoed once is granted once",
        source::CORS_CHECK,
        |run| {
            if run.is_public() {
                return Ok(());
            }
            never(run, |run, exchange| {
                // What no browser sends is granted to nobody.
                let is_made_up = |value: &String| {
                    value != "*"
                        && Origin::parse(value.as_bytes()).is_ok()
                        && !run.policy.allows_origin_value(value.as_bytes())
                };
                let made_up = granted(exchange).find(is_made_up).filter(|_| !is_own(run, exchange))?;
                Some(format!("grants {made_up:?}"))
            })
        },
    ),
    row(
        "never-credentials",
        Security,
        "No response grants credentials, where the policy does not, except where the application grants something itself",
        "A page reads what the server says to the person who is logged in",
        source::CREDENTIALS,
        |run| {
            if run.policy.allow_credentials() {
                return not_offered("the policy allows credentials");
            }
            never(run, |run, exchange| {
                let is_one = granted(exchange).any(|value| value != "*");
                (is_one && grants_credentials(exchange) && !is_own(run, exchange))
                    .then(|| "grants credentials".to_owned())
            })
        },
    ),
    row(
        "never-more-exposed",
        Security,
        "No response lets a page read a header that the policy does not expose, except where the application exposes one itself",
        "What is hidden in one response is hidden in all",
        source::EXPOSED,
        |run| never(run, more_than_exposed),
    ),
    row(
        "never-more-allowed",
        Security,
        "No answer to a preflight allows a method or a header that the policy does not list",
        "What one page may not do, or at one address, another may not do, or at another",
        source::PREFLIGHT,
        |run| never(run, more_than_listed),
    ),
    row(
        "body-length",
        Must,
        "Each response has one length, and a body as long as that",
        "A browser or a proxy waits for the rest, or takes the beginning of the next response for it",
        source::BODY_LENGTH,
        |run| {
            never(run, |_, exchange| {
                let flaw = exchange.answer.as_ref().ok()?.flaw.as_ref()?;
                Some(format!("has a wrong length: {flaw}"))
            })
        },
    ),
    row(
        "no-error-of-the-server",
        Should,
        "No request of this suite is an error of the server, except where the application fails",
        "A request that breaks a server is a way to break it",
        source::SERVER_ERROR,
        |run| {
            never(run, |run, exchange| {
                let status = exchange.answer.as_ref().ok()?.status;
                let is_error = status >= 500 && status != 501;
                let fails = is_at(run, exchange, &[Route::Error, Route::Unavailable]);
                (is_error && !fails).then(|| "is a status of 500 or more".to_owned())
            })
        },
    ),
];

/// Passes if `fault` finds nothing in any exchange so far. What it finds is told of the answer, such as "grants null".
fn never(run: &mut Run<'_>, fault: impl Fn(&Run<'_>, &Exchange) -> Option<String>) -> Result<(), Stop> {
    if run.log.is_empty() {
        // The check runs alone.
        let origin = run.allowed(Who::Listed)?;
        run.get(Route::Plain, &origin)?;
        if let Ok(method) = run.method() {
            run.preflight(Route::Plain, &origin, method, &[])?;
        }
    }
    let find = |(index, exchange): (usize, &Exchange)| Some((index, told(exchange), fault(run, exchange)?));
    match run.log.iter().enumerate().find_map(find) {
        Some((index, told, fault)) => {
            run.trace.push(index);
            Err(Stop::Failed(format!("{told} {fault}")))
        }
        None => Ok(()),
    }
}

fn told(exchange: &Exchange) -> String {
    let origin = exchange.request.get("origin").unwrap_or_default();
    format!(
        "the answer to {} {} with Origin: {:.80}",
        exchange.request.method, exchange.request.target, origin
    )
}

/// Returns the lines of `Access-Control-Allow-Origin`.
fn granted(exchange: &Exchange) -> impl Iterator<Item = String> {
    let lines = exchange.answer.as_ref().map(|answer| answer.lines("access-control-allow-origin"));
    lines.unwrap_or_default().into_iter().map(|line| line.trim().to_owned())
}

fn grants_credentials(exchange: &Exchange) -> bool {
    let answer = exchange.answer.as_ref();
    answer.is_ok_and(|answer| answer.get("access-control-allow-credentials").as_deref() == Some("true"))
}

/// True where the application has fields of its own.
fn is_own(run: &Run<'_>, exchange: &Exchange) -> bool {
    is_at(run, exchange, &[Route::OwnStar, Route::OwnFields])
}

fn is_at(run: &Run<'_>, exchange: &Exchange, routes: &[Route]) -> bool {
    routes.iter().any(|route| run.path(*route).is_ok_and(|path| path == exchange.request.target))
}

/// Tells of a header that a page may read, and the policy does not expose.
fn more_than_exposed(run: &Run<'_>, exchange: &Exchange) -> Option<String> {
    let (answer, origin) = (exchange.answer.as_ref().ok()?, exchange.request.get("origin")?);
    // To the site itself everything is readable.
    if is_own(run, exchange) || origin == run.own_origin || run.unreadable(&origin, answer).is_ok() {
        return None;
    }
    let is_listed = |name: &str| {
        run.policy.expose_headers().any(|listed| listed == "*" || listed.eq_ignore_ascii_case(name))
    };
    let read = run.exposed(&origin, answer);
    let more = read.iter().find(|name| !is_listed(name) && !is_safelisted_response_header(name))?;
    Some(format!("lets a page read {more}"))
}

/// Tells of a method or a header that an answer to a preflight allows, and the policy does not. A `*` is judged by what is asked for.
fn more_than_listed(run: &Run<'_>, exchange: &Exchange) -> Option<String> {
    let Exchange { request, answer } = exchange;
    let answer = answer.as_ref().ok()?;
    let is_preflight = request.method == "OPTIONS" && request.get("access-control-request-method").is_some();
    let is_granted = answer.get("access-control-allow-origin").is_some() && answer.status < 300;
    if !is_preflight || !is_granted || is_own(run, exchange) {
        return None;
    }
    let methods = answer.get("access-control-allow-methods").unwrap_or_default();
    // By OPTIONS a page changes nothing.
    let is_method =
        |method: &&str| !is_name(method) || ["*", "OPTIONS"].contains(method) || run.allows_method(method);
    let method = methods.split(',').map(str::trim).find(|method| !is_method(method));
    let is_header =
        |name: &String| !is_name(name) || name == "*" || is_sent_always(name) || run.allows_header(name);
    let header = answer.elements("access-control-allow-headers").into_iter().find(|name| !is_header(name));
    let more = method.map(ToOwned::to_owned).or(header)?;
    Some(format!("allows {more}"))
}

/// True for what can be the name of a method or a header (RFC 9110, 5.6.2). Lists have other things in them, too, such as `""`.
fn is_name(text: &str) -> bool {
    let is_of_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_of_token)
}

/// True for a header that a page may send without leave, or that it cannot send.
fn is_sent_always(name: &str) -> bool {
    ["accept", "accept-language", "content-language", "range", "origin", "host", "user-agent"].contains(&name)
        || name.starts_with("access-control-request-")
}
