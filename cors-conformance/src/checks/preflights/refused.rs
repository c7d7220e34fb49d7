//! What the policy keeps from a page.

use super::{private_network, row, source};
use crate::check::Check;
use crate::check::Class::{Security, Should};
use crate::origins::{Lookalike, Who};
use crate::routes::Route;
use crate::run::{Page, Run, Stop, ensure, not_offered};

/// Of how many listed methods a stranger's preflights are sent.
const MAX_METHODS: usize = 8;

pub(super) const CHECKS: &[Check] = &[
    row(
        "preflight-authorization-refused",
        Security,
        "A page of a listed origin may not send Authorization, where the policy does not list it",
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
            for origin in run.friends()? {
                refused_at(run, &origin, &Asked { method, names: &[], route: Route::Plain })?;
            }
            Ok(())
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
            let others = ["x-made-up", "x-api-key", "x-csrf-token", "x-requested-with"];
            for name in others {
                if !run.allows_header(name) {
                    refused(run, Who::Listed, "GET", &[name])?;
                }
            }
            let names = ["x-made-up"];
            for origin in run.friends()? {
                refused_at(run, &origin, &Asked { method: "GET", names: &names, route: Route::Plain })?;
            }
            let origin = run.allowed(Who::Listed)?;
            for route in Route::ALL.into_iter().filter(|route| run.path(*route).is_ok()).collect::<Vec<_>>() {
                let method = run.method().unwrap_or("GET");
                refused_at(run, &origin, &Asked { method, names: &names, route })?;
            }
            Ok(())
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
        |run| by_method(run, Who::Unlisted),
    ),
    row(
        "preflight-null",
        Security,
        "A page of the opaque origin may not",
        "Any site can ask as null, from a sandboxed frame",
        source::PREFLIGHT,
        |run| by_method(run, Who::Null),
    ),
    row(
        "preflight-suffixed",
        Security,
        "A page of a host that begins with a listed host may not use a method",
        "Whoever registers such a name does what the policy keeps for another",
        source::PREFLIGHT,
        |run| lookalikes(run, Lookalike::Suffixed),
    ),
    row(
        "preflight-prefixed",
        Security,
        "A page of a host that ends in a listed host may not use a method",
        "Whoever registers such a name does what the policy keeps for another",
        source::PREFLIGHT,
        |run| lookalikes(run, Lookalike::Prefixed),
    ),
    row(
        "preflight-scheme",
        Security,
        "A page of a listed host by the other scheme may not use a method",
        "Whoever is in the network writes pages of http",
        source::PREFLIGHT,
        |run| lookalikes(run, Lookalike::OtherScheme),
    ),
    row(
        "preflight-port",
        Security,
        "A page of a listed host at another port may not use a method",
        "Another port is another program, perhaps another person's",
        source::PREFLIGHT,
        |run| lookalikes(run, Lookalike::OtherPort),
    ),
    row(
        "preflight-below-listed",
        Security,
        "A page below a listed host may not use a method",
        "A listed host says nothing about hosts below it",
        source::PREFLIGHT,
        |run| lookalikes(run, Lookalike::Subdomain),
    ),
    row(
        "preflight-glued",
        Security,
        "A page of a domain that ends in the wildcard's domain may not use a method",
        "Whoever registers such a name does what the policy keeps for another",
        source::PREFLIGHT,
        |run| lookalikes(run, Lookalike::WildcardGlued),
    ),
    row(
        "preflight-wildcard-scheme",
        Security,
        "A page of a subdomain by the other scheme may not use a method",
        "Whoever is in the network writes pages of http",
        source::PREFLIGHT,
        |run| lookalikes(run, Lookalike::WildcardOtherScheme),
    ),
    row(
        "preflight-lookalikes",
        Security,
        "No page of an origin that looks like one of the policy's may use a method, nor one of this machine, a file or an extension",
        "The method is done, whether the page may read the response or not",
        source::PREFLIGHT,
        |run| {
            let method = run.method()?;
            let mut origins: Vec<String> =
                Lookalike::ALL.into_iter().filter_map(|kind| run.lookalikes(kind).ok()).flatten().collect();
            origins.extend(run.locals().unwrap_or_default().into_iter().map(ToOwned::to_owned));
            for who in [Who::File, Who::Extension, Who::FirefoxExtension] {
                origins.extend(run.denied(who));
            }
            if origins.is_empty() {
                return not_offered("the policy allows every origin");
            }
            for origin in origins {
                denied_to(run, &origin, &Asked { method, names: &[], route: Route::Plain })?;
            }
            Ok(())
        },
    ),
    row(
        "preflight-denied-methods",
        Security,
        "A page of an unlisted origin may use none of the listed methods",
        "What forbids one need not forbid another",
        source::PREFLIGHT,
        |run| {
            let method = run.method()?;
            let methods: Vec<&str> = run.policy.allow_methods().filter(|method| *method != "*").collect();
            let sampled = [method].into_iter().chain(methods.into_iter().take(MAX_METHODS));
            for method in sampled {
                denied(run, &Asked { method, names: &[], route: Route::Plain })?;
            }
            Ok(())
        },
    ),
    row(
        "preflight-denied-headers",
        Security,
        "It may send none of the listed headers",
        "What forbids a method need not forbid a header",
        source::PREFLIGHT,
        |run| {
            let names = run.headers()?;
            denied(run, &Asked { method: "GET", names: &names, route: Route::Plain })?;
            let method = run.method()?;
            denied(run, &Asked { method, names: &names, route: Route::Plain })
        },
    ),
    row(
        "preflight-denied-routes",
        Security,
        "It may not use a method at any address",
        "What answers preflights for one address need not answer those for another",
        source::PREFLIGHT,
        |run| {
            let method = run.method()?;
            let mut is_there = false;
            for route in Route::ALL {
                if route != Route::Plain && run.path(route).is_ok() {
                    is_there = true;
                    denied(run, &Asked { method, names: &[], route })?;
                }
            }
            if is_there { Ok(()) } else { not_offered("there is one route") }
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

fn refused(run: &mut Run<'_>, who: Who, method: &str, names: &[&str]) -> Result<(), Stop> {
    let origin = run.allowed(who)?;
    refused_at(run, &origin, &Asked { method, names, route: Route::Plain })
}

/// Judges a preflight of a page that the policy allows, for what it does not allow.
fn refused_at(run: &mut Run<'_>, origin: &str, asked: &Asked<'_>) -> Result<(), Stop> {
    let Asked { method, names, route } = *asked;
    let answer = run.preflight(route, origin, method, names)?;
    run.refused(&Page { origin, method, names, include: false }, &answer)
}

/// What a page asks for.
struct Asked<'a> {
    method: &'a str,
    names: &'a [&'a str],
    route: Route,
}

/// Judges the preflights of pages of several origins that the policy does not allow.
fn denied(run: &mut Run<'_>, asked: &Asked<'_>) -> Result<(), Stop> {
    for origin in run.strangers()? {
        denied_to(run, &origin, asked)?;
    }
    Ok(())
}

/// Judges the preflights of look-alikes.
fn lookalikes(run: &mut Run<'_>, lookalike: Lookalike) -> Result<(), Stop> {
    let method = run.method()?;
    for origin in run.lookalikes(lookalike)? {
        denied_to(run, &origin, &Asked { method, names: &[], route: Route::Plain })?;
    }
    Ok(())
}

/// Judges the preflight of an origin that the policy does not allow.
fn by_method(run: &mut Run<'_>, who: Who) -> Result<(), Stop> {
    let (origin, method) = (run.denied(who)?, run.method()?);
    denied_to(run, &origin, &Asked { method, names: &[], route: Route::Plain })
}

fn denied_to(run: &mut Run<'_>, origin: &str, asked: &Asked<'_>) -> Result<(), Stop> {
    let Asked { method, names, route } = *asked;
    let answer = run.preflight(route, origin, method, names)?;
    for include in [true, false] {
        run.refused(&Page { origin, method, names, include }, &answer)?;
    }
    Ok(())
}
