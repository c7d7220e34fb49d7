//! Preflights, and requests that look like one.

use super::{row, source};
use crate::check::Check;
use crate::check::Class::{Must, Nice, Security, Should};
use crate::exchange::{Answer, Request};
use crate::origins::Who;
use crate::routes::Route;
use crate::run::{Page, Run, Stop, ensure, info, not_offered};

const LENIENT: &str =
    "Browsers send the names in lower case, sorted, each once, with a comma between: more is lenience";

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
        "preflight-authorization-refused",
        Security,
        "It may not send Authorization, where the policy does not list it",
        "The policy keeps tokens from other sites' pages",
        source::PREFLIGHT,
        |run| {
            if run.policy.allow_headers().any(|name| name.eq_ignore_ascii_case("authorization")) {
                return not_offered("the policy lists Authorization");
            }
            refused(run, Who::Listed, "GET", &["authorization"])
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
        "preflight-credentials-refused",
        Security,
        "It may not use a method with credentials, where the policy does not allow credentials",
        "The method would be done in the name of the person who is logged in",
        source::CREDENTIALS,
        |run| {
            if run.policy.allow_credentials() {
                return not_offered("the policy allows credentials");
            }
            let (origin, method) = (run.allowed(Who::Listed)?, run.method()?);
            let answer = run.preflight(Route::Plain, &origin, method, &[])?;
            run.refused(&Page { origin: &origin, method, names: &[], include: true }, &answer)
        },
    ),
    row(
        "preflight-method-refused",
        Security,
        "It may not use a method that the policy does not list",
        "The server does what the policy forbids",
        source::PREFLIGHT,
        |run| {
            let method = run.other_method()?;
            refused(run, Who::Listed, method, &[])
        },
    ),
    row(
        "preflight-method-made-up",
        Security,
        "It may not use a method that nobody has heard of",
        "An answer that repeats what it is asked allows everything",
        source::PREFLIGHT,
        |run| {
            run.other_method()?;
            refused(run, Who::Listed, "X-MADE-UP", &[])
        },
    ),
    row(
        "preflight-method-case",
        Should,
        "It may not use a listed method in lower case",
        "Methods are case-sensitive, and browsers raise few of them to upper case",
        source::PREFLIGHT,
        |run| {
            if !run.policy.allow_methods().any(|method| method == "PATCH") {
                return not_offered("the policy does not list PATCH");
            }
            refused(run, Who::Listed, "patch", &[])
        },
    ),
    row(
        "preflight-header-refused",
        Security,
        "It may not send a header that the policy does not list",
        "The policy forbids it",
        source::PREFLIGHT,
        |run| {
            if run.allows_any_header() {
                return not_offered("the policy allows every header");
            }
            refused(run, Who::Listed, "GET", &["x-made-up"])
        },
    ),
    row(
        "preflight-one-of-two-refused",
        Security,
        "It may not send a header that is not listed next to one that is",
        "A check that ends at the first name lets the second through",
        source::PREFLIGHT,
        |run| {
            if run.allows_any_header() {
                return not_offered("the policy allows every header");
            }
            let names = [run.headers()?.first().copied().unwrap_or_default(), "x-zzz-made-up"];
            refused(run, Who::Listed, "GET", &names)
        },
    ),
    row(
        "preflight-unlisted",
        Security,
        "A page of an unlisted origin may not use a method",
        "Any site's page would change what the server has",
        source::PREFLIGHT,
        |run| denied(run, Who::Unlisted),
    ),
    row(
        "preflight-null",
        Security,
        "A page of the opaque origin may not",
        "Any site can ask as null, from a sandboxed frame",
        source::PREFLIGHT,
        |run| denied(run, Who::Null),
    ),
    row(
        "preflight-suffixed",
        Security,
        "A page of a host that begins with a listed host may not use a method",
        "Whoever registers such a name does what the policy keeps for another",
        source::PREFLIGHT,
        |run| denied(run, Who::Suffixed),
    ),
    row(
        "preflight-prefixed",
        Security,
        "A page of a host that ends in a listed host may not use a method",
        "Whoever registers such a name does what the policy keeps for another",
        source::PREFLIGHT,
        |run| denied(run, Who::Prefixed),
    ),
    row(
        "preflight-scheme",
        Security,
        "A page of a listed host by the other scheme may not use a method",
        "Whoever is in the network writes pages of http",
        source::PREFLIGHT,
        |run| denied(run, Who::OtherScheme),
    ),
    row(
        "preflight-port",
        Security,
        "A page of a listed host at another port may not use a method",
        "Another port is another program, perhaps another person's",
        source::PREFLIGHT,
        |run| denied(run, Who::OtherPort),
    ),
    row(
        "preflight-glued",
        Security,
        "A page of a domain that ends in the wildcard's domain may not use a method",
        "Whoever registers such a name does what the policy keeps for another",
        source::PREFLIGHT,
        |run| denied(run, Who::WildcardGlued),
    ),
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
            let path = run.path(Route::Plain)?;
            let separator = if path.contains('?') { '&' } else { '?' };
            let mut request = run.preflight_request(Route::Plain, &origin, method, &[])?;
            request.target = format!("{path}{separator}page=2&next=%2Fa");
            let answer = run.ask(request)?;
            run.permitted(&Page { origin: &origin, method, names: &[], include: false }, &answer).map(|_| ())
        },
    ),
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
    row(
        "private-network-refused",
        Security,
        "A preflight that asks for the private network does not get it, where the policy does not allow it",
        "Sites of the internet would reach into the network",
        source::PRIVATE_NETWORK,
        |run| {
            if run.policy.allow_private_network() {
                return not_offered("the policy allows it");
            }
            let answer = private_network(run)?;
            let value = answer.get("access-control-allow-private-network");
            ensure(value.as_deref() != Some("true"), || {
                "Access-Control-Allow-Private-Network is true".to_owned()
            })
        },
    ),
];

fn permitted(run: &mut Run<'_>, who: Who, method: &str, names: &[&str], route: Route) -> Result<u32, Stop> {
    let origin = run.allowed(who)?;
    let answer = run.preflight(route, &origin, method, names)?;
    run.permitted(&Page { origin: &origin, method, names, include: run.policy.allow_credentials() }, &answer)
}

fn refused(run: &mut Run<'_>, who: Who, method: &str, names: &[&str]) -> Result<(), Stop> {
    let origin = run.allowed(who)?;
    let answer = run.preflight(Route::Plain, &origin, method, names)?;
    run.refused(&Page { origin: &origin, method, names, include: false }, &answer)
}

/// Judges the preflight of an origin that the policy does not allow.
fn denied(run: &mut Run<'_>, who: Who) -> Result<(), Stop> {
    let (origin, method) = (run.denied(who)?, run.method()?);
    let answer = run.preflight(Route::Plain, &origin, method, &[])?;
    for include in [false, true] {
        run.refused(&Page { origin: &origin, method, names: &[], include }, &answer)?;
    }
    Ok(())
}

/// Judges a preflight for this route.
fn at(run: &mut Run<'_>, route: Route) -> Result<(), Stop> {
    let method = run.method()?;
    permitted(run, Who::Listed, method, &[], route).map(|_| ())
}

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

fn private_network(run: &mut Run<'_>) -> Result<Answer, Stop> {
    let (origin, method) = (run.allowed(Who::Listed)?, run.method()?);
    let request = run.preflight_request(Route::Plain, &origin, method, &[])?;
    run.ask(request.with("Access-Control-Request-Private-Network", "true"))
}
