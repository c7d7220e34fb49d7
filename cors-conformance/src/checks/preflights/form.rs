//! How an answer to a preflight looks.

use super::{permitted, private_network, row, source};
use crate::check::Check;
use crate::check::Class::{Must, Nice, Should};
use crate::origins::Who;
use crate::routes::Route;
use crate::run::{ensure, info, not_offered};

pub(super) const CHECKS: &[Check] = &[
    row(
        "preflight-denied-fields",
        Nice,
        "The answer to a denied preflight lists neither methods nor headers",
        "They are bytes that no browser reads, and they show what is allowed",
        source::RESPONSES,
        |run| {
            let (origin, method) = (run.denied(Who::Unlisted)?, run.method()?);
            let answer = run.preflight(Route::Plain, &origin, method, &[])?;
            let fields = answer.access_control();
            ensure(fields.is_empty(), || {
                format!("the answer to a preflight of {origin} has {}", fields.join(", "))
            })
        },
    ),
    row(
        "preflight-denied-status",
        Nice,
        "Which status a denied preflight gets",
        "403, 204 and 400 are right: browsers block whatever the status",
        source::PREFLIGHT,
        |run| {
            let (origin, method) = (run.denied(Who::Unlisted)?, run.method()?);
            let answer = run.preflight(Route::Plain, &origin, method, &[])?;
            info(answer.status.to_string())
        },
    ),
    row(
        "preflight-origin-alone",
        Should,
        "The answer to a preflight names the origin that asked, or *, and no other",
        "What it names besides, no browser reads",
        source::RESPONSES,
        |run| {
            let (origin, method) = (run.allowed(Who::Listed)?, run.method()?);
            let answer = run.preflight(Route::Plain, &origin, method, &[])?;
            let lines = answer.lines("access-control-allow-origin");
            ensure(lines.len() == 1, || {
                format!("there are {} lines of Access-Control-Allow-Origin", lines.len())
            })
        },
    ),
    row(
        "preflight-max-age",
        Must,
        "Browsers keep the answer for as long as the policy says",
        "Otherwise there is a preflight for each request, or an old policy stays in force",
        source::PREFLIGHT_CACHE,
        |run| {
            let Some(wanted) = run.policy.max_age() else {
                return not_offered("the policy says nothing about it");
            };
            let method = run.method()?;
            let kept = permitted(run, Who::Listed, method, &[], Route::Plain)?;
            ensure(kept == wanted, || {
                format!("browsers keep the answer for {kept} s, and the policy says {wanted} s")
            })
        },
    ),
    row(
        "preflight-max-age-absent",
        Should,
        "Browsers keep the answer for no longer than their own 5 seconds, where the policy says nothing",
        "An old policy stays in force for as long",
        source::PREFLIGHT_CACHE,
        |run| {
            if run.policy.max_age().is_some() {
                return not_offered("the policy says how long");
            }
            let method = run.method()?;
            let kept = permitted(run, Who::Listed, method, &[], Route::Plain)?;
            ensure(kept <= 5, || format!("browsers keep the answer for {kept} s"))
        },
    ),
    row(
        "preflight-no-body",
        Nice,
        "The answer to a preflight has no body",
        "No browser reads it",
        source::NO_CONTENT,
        |run| {
            let (origin, method) = (run.allowed(Who::Listed)?, run.method()?);
            let answer = run.preflight(Route::Plain, &origin, method, &[])?;
            ensure(answer.body.is_empty(), || format!("the answer has a body of {} bytes", answer.body.len()))
        },
    ),
    row(
        "preflight-length",
        Nice,
        "Whether a 204 to a preflight has a Content-Length",
        "A server must not send one, and some do, because Safari of 2013 waited for a body without it",
        "RFC 9110, 8.6",
        |run| {
            let (origin, method) = (run.allowed(Who::Listed)?, run.method()?);
            let answer = run.preflight(Route::Plain, &origin, method, &[])?;
            info(match (answer.status, answer.get("content-length")) {
                (204, Some(length)) => format!("it has Content-Length: {length}"),
                (204, None) => "it has none".to_owned(),
                (status, _) => format!("the answer is {status}"),
            })
        },
    ),
    row(
        "private-network",
        Should,
        "A preflight that asks for the private network gets it, where the policy allows it",
        "Some browsers asked, and may again",
        source::PRIVATE_NETWORK,
        |run| {
            if !run.policy.allow_private_network() {
                return not_offered("the policy does not allow it");
            }
            let answer = private_network(run)?;
            let value = answer.get("access-control-allow-private-network");
            ensure(value.as_deref() == Some("true"), || {
                format!(
                    "Access-Control-Allow-Private-Network is {}",
                    value.unwrap_or_else(|| "not there".to_owned())
                )
            })
        },
    ),
];
