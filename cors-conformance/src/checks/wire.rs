//! Requests that are unusual on the wire, and what holds of every response.

use cors_core::Origin;
use cors_core::browser::is_safelisted_response_header;

use super::{row, source};
use crate::check::Check;
use crate::check::Class::{Must, Nice, Security, Should};
use crate::exchange::{Answer, Exchange, Request};
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
        "never-null",
        Security,
        "No response grants null, where the policy does not",
        "Any site can ask as null, from a sandboxed frame",
        source::CORS_CHECK,
        |run| {
            if run.allows("null") {
                return not_offered("the policy allows null");
            }
            of_all(run, |exchange, value| {
                (value != "null").then_some(()).ok_or_else(|| format!("{} grants null", told(exchange)))
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
            let own = own_paths(run);
            of_all(run, |exchange, value| {
                let credentials = exchange
                    .answer
                    .as_ref()
                    .ok()
                    .and_then(|answer| answer.get("access-control-allow-credentials"));
                let is_both = value == "*"
                    && credentials.as_deref() == Some("true")
                    && !own.contains(&exchange.request.target);
                if is_both { Err(format!("{} grants * with credentials", told(exchange))) } else { Ok(()) }
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
            let own = own_paths(run);
            let policy = run.policy;
            let is_public = run.is_public();
            of_all(run, |exchange, value| {
                let is_own = own.contains(&exchange.request.target);
                // What no browser sends is granted to nobody.
                let is_origin = Origin::parse(value.as_bytes()).is_ok();
                let is_granted = !is_origin
                    || is_public
                    || is_own
                    || value == "*"
                    || policy.allows_origin_value(value.as_bytes());
                if is_granted { Ok(()) } else { Err(format!("{} grants {value:?}", told(exchange))) }
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
            let own = own_paths(run);
            of_all(run, |exchange, value| {
                let credentials = exchange
                    .answer
                    .as_ref()
                    .ok()
                    .and_then(|answer| answer.get("access-control-allow-credentials"));
                let is_granted = value != "*"
                    && credentials.as_deref() == Some("true")
                    && !own.contains(&exchange.request.target);
                if is_granted { Err(format!("{} grants credentials", told(exchange))) } else { Ok(()) }
            })
        },
    ),
    row(
        "never-more-exposed",
        Security,
        "No response lets a page read a header that the policy does not expose, except where the application exposes one itself",
        "What is hidden in one response is hidden in all",
        source::EXPOSED,
        |run| none_of_all(run, more_than_exposed),
    ),
    row(
        "never-more-allowed",
        Security,
        "No answer to a preflight allows a method or a header that the policy does not list",
        "What one page may not do, or at one address, another may not do, or at another",
        source::PREFLIGHT,
        |run| none_of_all(run, more_than_listed),
    ),
    row(
        "body-length",
        Must,
        "Each response has one length, and a body as long as that",
        "A browser or a proxy waits for the rest, or takes the beginning of the next response for it",
        source::BODY_LENGTH,
        |run| {
            let flaw = |exchange: &Exchange| exchange.answer.as_ref().ok()?.flaw.clone();
            let found =
                run.log.iter().enumerate().find_map(|(index, exchange)| Some((index, flaw(exchange)?)));
            match found {
                Some((index, flaw)) => {
                    run.trace.push(index);
                    Err(Stop::Failed(flaw))
                }
                None => Ok(()),
            }
        },
    ),
    row(
        "no-error-of-the-server",
        Should,
        "No request of this suite is an error of the server, except where the application fails",
        "A request that breaks a server is a way to break it",
        source::SERVER_ERROR,
        |run| {
            let failing: Vec<String> = [Route::Error, Route::Unavailable]
                .into_iter()
                .filter_map(|route| run.path(route).ok())
                .collect();
            let broken = run.log.iter().find(|exchange| {
                !failing.contains(&exchange.request.target)
                    && exchange
                        .answer
                        .as_ref()
                        .is_ok_and(|answer| answer.status >= 500 && answer.status != 501)
            });
            match broken.map(told) {
                Some(told) => Err(Stop::Failed(format!("{told} is a status of 500 or more"))),
                None => Ok(()),
            }
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

/// Judges every Access-Control-Allow-Origin that was answered to any check so far.
fn of_all(run: &mut Run<'_>, judge: impl Fn(&Exchange, &str) -> Result<(), String>) -> Result<(), Stop> {
    if run.log.is_empty() {
        let origin = run.allowed(Who::Listed)?;
        run.get(Route::Plain, &origin)?;
    }
    let mut wrong = None;
    for (index, exchange) in run.log.iter().enumerate() {
        let lines = exchange
            .answer
            .as_ref()
            .map(|answer| answer.lines("access-control-allow-origin"))
            .unwrap_or_default();
        if let Some(why) = lines.iter().find_map(|line| judge(exchange, line.trim()).err()) {
            wrong = Some((index, why));
            break;
        }
    }
    match wrong {
        Some((index, why)) => {
            run.trace.push(index);
            Err(Stop::Failed(why))
        }
        None => Ok(()),
    }
}

/// Judges every exchange so far, except where the application has fields of its own.
fn none_of_all(run: &mut Run<'_>, judge: fn(&Run<'_>, &Exchange) -> Option<String>) -> Result<(), Stop> {
    let own = own_paths(run);
    let found = run.log.iter().enumerate().find_map(|(index, exchange)| {
        let is_own = own.contains(&exchange.request.target);
        Some((index, judge(run, exchange).filter(|_| !is_own)?))
    });
    match found {
        Some((index, sentence)) => {
            run.trace.push(index);
            Err(Stop::Failed(sentence))
        }
        None => Ok(()),
    }
}

/// Tells of a header that a page may read, and the policy does not expose.
fn more_than_exposed(run: &Run<'_>, exchange: &Exchange) -> Option<String> {
    let (answer, origin) = (exchange.answer.as_ref().ok()?, exchange.request.get("origin")?);
    // To the site itself everything is readable.
    if origin == run.own_origin || run.unreadable(&origin, answer).is_ok() {
        return None;
    }
    let is_listed = |name: &str| {
        run.policy.expose_headers().any(|listed| listed == "*" || listed.eq_ignore_ascii_case(name))
    };
    let read = run.exposed(&origin, answer);
    let more = read.iter().find(|name| !is_listed(name) && !is_safelisted_response_header(name))?;
    Some(format!("{} lets a page read {more}", told(exchange)))
}

/// Tells of a method or a header that an answer to a preflight allows, and the policy does not. A `*` is judged by what is asked for.
fn more_than_listed(run: &Run<'_>, exchange: &Exchange) -> Option<String> {
    let Exchange { request, answer } = exchange;
    let answer = answer.as_ref().ok()?;
    let is_preflight = request.method == "OPTIONS" && request.get("access-control-request-method").is_some();
    let is_granted = answer.get("access-control-allow-origin").is_some() && answer.status < 300;
    if !is_preflight || !is_granted {
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
    Some(format!("{} allows {more}", told(exchange)))
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

/// Returns the paths at which the application has fields of its own.
fn own_paths(run: &Run<'_>) -> Vec<String> {
    [Route::OwnStar, Route::OwnFields].into_iter().filter_map(|route| run.path(route).ok()).collect()
}

fn told(exchange: &Exchange) -> String {
    let origin = exchange.request.get("origin").unwrap_or_default();
    format!(
        "the answer to {} {} with Origin: {:.80}",
        exchange.request.method, exchange.request.target, origin
    )
}
