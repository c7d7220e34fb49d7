//! What caches make of the responses: shared ones, and the browser's own.

use super::{row, source};
use crate::cache::{Cache, CacheKind, VaryLines};
use crate::check::Check;
use crate::check::Class::{Must, Nice, Should};
use crate::exchange::{QUERY, Request};
use crate::origins::Who;
use crate::routes::Route;
use crate::run::{NO_304, Run, Stop, ensure, info, not_offered};

const WRONG_COPY: &str = "The cache gives a page the copy that was made for somebody else, and the browser refuses it: Vary: Origin on every response keeps the copies apart";
const NOT_KEPT: &str = "no cache may keep the response";
const OWN_VARY: &str =
    "Without the application's names the cache gives a copy to clients that cannot read it";

pub(super) const CHECKS: &[Check] = &[
    row(
        "cache-origin-after-none",
        Must,
        "A page gets its own response from a cache that has one for a client without Origin",
        "An image that was loaded without CORS first is the most frequent wrong copy: Vary: Origin belongs on responses to requests without Origin, too",
        source::CACHES,
        |run| plain(run, &[None, Some(Who::Listed)]),
    ),
    row(
        "cache-another-after-one",
        Must,
        "A page gets its own response from a cache that has one for another listed origin",
        WRONG_COPY,
        source::CACHES,
        |run| plain(run, &[Some(Who::Listed), Some(Who::Another)]),
    ),
    row(
        "cache-origin-after-denied",
        Must,
        "A page gets its own response from a cache that has one for a denied origin",
        "Any site's page could lock the allowed pages out",
        source::CACHES,
        |run| plain(run, &[Some(Who::Unlisted), Some(Who::Listed)]),
    ),
    row(
        "cache-origin-after-null",
        Must,
        "A page gets its own response from a cache that has one for null",
        "A sandboxed frame could lock the allowed pages out",
        source::CACHES,
        |run| plain(run, &[Some(Who::Null), Some(Who::Listed)]),
    ),
    row(
        "cache-subdomain-after-listed",
        Must,
        "A page of a subdomain gets its own response from a cache that has one for a listed origin",
        WRONG_COPY,
        source::CACHES,
        |run| plain(run, &[Some(Who::Listed), Some(Who::UnderWildcard)]),
    ),
    row(
        "cache-every-order",
        Must,
        "Each of four clients gets its own response, in every order of asking",
        WRONG_COPY,
        source::CACHE_KEY,
        |run| {
            let mut requests = vec![run.request("GET", Route::Plain, None)?];
            for who in [Who::Listed, Who::Another, Who::Unlisted, Who::Null] {
                if let Ok(origin) = run.origin(who) {
                    requests.push(run.request("GET", Route::Plain, Some(&origin))?);
                }
            }
            if requests.len() < 3 {
                return not_offered("the policy has few origins");
            }
            permutations(&requests)
                .iter()
                .try_for_each(|order| run.through_caches(VaryLines::All, order).map(|_| ()))
        },
    ),
    row(
        "cache-every-client",
        Must,
        "Each of two clients of any kind gets its own response, whoever asks first",
        WRONG_COPY,
        source::CACHE_KEY,
        |run| {
            let mut origins: Vec<Option<String>> = vec![None];
            for whose in [run.listed(), run.strangers()] {
                origins.extend(whose.unwrap_or_default().into_iter().map(Some));
            }
            let requests = origins.iter().map(|origin| run.request("GET", Route::Plain, origin.as_deref()));
            let requests: Vec<Request> = requests.collect::<Result<_, _>>()?;
            pairs(run, &requests)
        },
    ),
    row("cache-query", Must, "The same at an address with a query", WRONG_COPY, source::CACHE_KEY, |run| {
        let requests = clients(run)
            .into_iter()
            .map(|origin| Ok(run.request("GET", Route::Plain, origin.as_deref())?.with_query(QUERY)));
        let requests: Vec<Request> = requests.collect::<Result<_, _>>()?;
        pairs(run, &requests)
    }),
    row(
        "cache-cookie",
        Must,
        "The same where the clients have cookies",
        WRONG_COPY,
        source::CACHE_KEY,
        |run| {
            let requests = clients(run).into_iter().map(|origin| {
                Ok(run.request("GET", Route::Plain, origin.as_deref())?.with("Cookie", "session=conformance"))
            });
            let requests: Vec<Request> = requests.collect::<Result<_, _>>()?;
            pairs(run, &requests)
        },
    ),
    row(
        "cache-missing",
        Must,
        "The same with a 404, which a cache keeps",
        WRONG_COPY,
        source::CACHE_KEY,
        |run| every(run, Route::Missing),
    ),
    row(
        "cache-empty",
        Must,
        "The same with a 204, which a cache keeps",
        WRONG_COPY,
        source::CACHE_KEY,
        |run| every(run, Route::Empty),
    ),
    row(
        "cache-redirect",
        Must,
        "The same with a redirect that a cache may keep",
        WRONG_COPY,
        source::CACHE_KEY,
        |run| every(run, Route::Redirect),
    ),
    row(
        "cache-401",
        Must,
        "The same with a 401 that a cache may keep",
        WRONG_COPY,
        source::CACHE_KEY,
        |run| every(run, Route::Unauthorized),
    ),
    row(
        "cache-500",
        Must,
        "The same with a 500 that a cache may keep",
        WRONG_COPY,
        source::CACHE_KEY,
        |run| every(run, Route::Error),
    ),
    row(
        "cache-503",
        Must,
        "The same with a 503 that a cache may keep",
        WRONG_COPY,
        source::CACHE_KEY,
        |run| every(run, Route::Unavailable),
    ),
    row(
        "cache-stream",
        Must,
        "The same with a response that streams, and that a cache may keep",
        WRONG_COPY,
        source::CACHE_KEY,
        |run| {
            run.ask_for_streams()?;
            every(run, Route::Stream)
        },
    ),
    row(
        "cache-own-vary",
        Must,
        "The same where the application varies by Accept-Encoding",
        "The application's Vary must not take the place of the policy's, nor the other way round",
        source::VARY,
        |run| encodings(run, &[Who::Listed, Who::Another, Who::Unlisted], VaryLines::All),
    ),
    row(
        "cache-last-line",
        Should,
        "The same in a cache that reads the last line of Vary alone",
        "nginx up to 1.23 as a cache does, and one line is right everywhere",
        source::FIELD_ORDER,
        |run| encodings(run, &[Who::Listed, Who::Another], VaryLines::Last),
    ),
    row(
        "cache-revalidated",
        Must,
        "A 304 does not give one client the fields of another, whoever asked",
        "A cache updates what it stored by the fields of the 304",
        source::CACHE_UPDATE,
        revalidated,
    ),
    row(
        "vary-on-304",
        Must,
        "A 304 has the Vary of the response that it stands for",
        "A cache that replaces the stored Vary by it must not lose a name",
        source::NOT_MODIFIED,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let (full, short) = (run.get(Route::Plain, &origin)?, run.get(Route::NotModified, &origin)?);
            if short.status != 304 {
                return not_offered("the route \"not-modified\" does not answer 304");
            }
            let names = short.elements("vary");
            let has = |name: &str| names.iter().any(|other| other == name || other == "*");
            ensure(!full.elements("vary").iter().any(|name| name == "origin") || has("origin"), || {
                "the 304 has no Vary: Origin, and the 200 has".to_owned()
            })
        },
    ),
    row(
        "vary-on-head",
        Must,
        "The response to HEAD has the Vary of the response to GET",
        "A HEAD updates what a cache stored for GET",
        source::HEAD,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let full = run.get(Route::Plain, &origin)?;
            let head = run.ask(run.request("HEAD", Route::Plain, Some(&origin))?)?;
            let (mut full, mut head) = (full.elements("vary"), head.elements("vary"));
            full.sort();
            head.sort();
            ensure(full == head, || {
                format!("Vary is \"{}\" for GET and \"{}\" for HEAD", full.join(", "), head.join(", "))
            })
        },
    ),
    row(
        "vary-on-redirect",
        Should,
        "A redirect varies as other responses do",
        WRONG_COPY,
        source::VARY,
        |run| varies_at(run, Route::Redirect),
    ),
    row(
        "vary-on-401",
        Should,
        "A 401 varies as other responses do",
        "Caches that are told to keep errors keep the wrong one",
        source::VARY,
        |run| varies_at(run, Route::Unauthorized),
    ),
    row(
        "vary-on-500",
        Should,
        "A 500 varies as other responses do",
        "Caches that are told to keep errors keep the wrong one",
        source::VARY,
        |run| varies_at(run, Route::Error),
    ),
    row(
        "vary-kept-allowed",
        Must,
        "An allowed response keeps the application's names in Vary",
        OWN_VARY,
        source::VARY,
        |run| kept(run, Some(Who::Listed)),
    ),
    row("vary-kept-denied", Must, "A denied response keeps them, too", OWN_VARY, source::VARY, |run| {
        kept(run, Some(Who::Unlisted))
    }),
    row(
        "vary-kept-without-origin",
        Must,
        "A response to a request without Origin keeps them, too",
        OWN_VARY,
        source::VARY,
        |run| kept(run, None),
    ),
    row(
        "vary-star-kept",
        Must,
        "The application's Vary: * stays in force",
        "A cache would give out a response that the application made for one request",
        source::VARY,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let answer = run.get(Route::VaryStar, &origin)?;
            ensure(answer.elements("vary").iter().any(|name| name == "*"), || {
                format!("Vary is \"{}\"", answer.lines("vary").join(" | "))
            })
        },
    ),
    row(
        "vary-one-line",
        Nice,
        "Vary is one line",
        "nginx up to 1.23 as a cache reads the last line alone",
        source::FIELD_ORDER,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let lines = run.get(Route::Encoding, &origin)?.lines("vary");
            ensure(lines.len() <= 1, || format!("Vary has {} lines: {}", lines.len(), lines.join(" | ")))
        },
    ),
    row(
        "vary-not-repeated",
        Nice,
        "Vary names Origin once, where the application names it, too",
        "It is longer than it needs to be",
        source::VARY,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let names = run.get(Route::VaryOrigin, &origin)?.elements("vary");
            let count = names.iter().filter(|name| *name == "origin").count();
            ensure(count <= 1, || format!("Vary names Origin {count} times"))
        },
    ),
    row(
        "public-not-varied",
        Nice,
        "A response of a public policy does not vary by Origin",
        "A cache keeps one copy for each site, where one would do for all",
        source::CACHES,
        |run| {
            if !run.is_public() {
                return not_offered("the policy is not public");
            }
            let origin = run.allowed(Who::Listed)?;
            let answer = run.get(Route::Plain, &origin)?;
            let varies = answer.elements("vary").iter().any(|name| name == "origin");
            ensure(!varies, || "Vary names Origin".to_owned())
        },
    ),
    row(
        "vary-on-preflight",
        Nice,
        "Whether an answer to a preflight varies",
        "Caches keep no answers to OPTIONS, so that it needs none where nothing else does",
        "RFC 9110, 9.2.3",
        |run| {
            let (origin, method) = (run.allowed(Who::Listed)?, run.method()?);
            let answer = run.preflight(Route::Plain, &origin, method, &[])?;
            let names = answer.elements("vary");
            info(if names.is_empty() { "it does not".to_owned() } else { format!("by {}", names.join(", ")) })
        },
    ),
];

fn plain(run: &mut Run<'_>, clients: &[Option<Who>]) -> Result<(), Stop> {
    sequence(run, Route::Plain, clients).map(|_| ())
}

/// Sends requests of these clients through caches. Returns whether a cache kept any response.
fn sequence(run: &mut Run<'_>, route: Route, clients: &[Option<Who>]) -> Result<bool, Stop> {
    let mut requests = Vec::new();
    for client in clients {
        let origin = client.map(|who| run.origin(who)).transpose()?;
        requests.push(run.request("GET", route, origin.as_deref())?);
    }
    run.through_caches(VaryLines::All, &requests)
}

/// Asks for two encodings without an origin and with each of these, in every order of two, through a cache. Pairs find what longer
/// sequences find.
fn encodings(run: &mut Run<'_>, whose: &[Who], lines: VaryLines) -> Result<(), Stop> {
    let mut requests = Vec::new();
    let origins = whose.iter().map(|who| run.origin(*who).ok()).collect::<Vec<_>>();
    for origin in [None].into_iter().chain(origins) {
        for encoding in ["gzip", "identity"] {
            let request = run.request("GET", Route::Encoding, origin.as_deref())?;
            requests.push(request.with("Accept-Encoding", encoding));
        }
    }
    for first in &requests {
        for second in &requests {
            run.through_caches(lines, &[first.clone(), second.clone()])?;
        }
    }
    Ok(())
}

/// Sends requests for this route of every two clients through caches.
fn every(run: &mut Run<'_>, route: Route) -> Result<(), Stop> {
    let mut requests = Vec::new();
    for origin in clients(run) {
        requests.push(run.request("GET", route, origin.as_deref())?);
    }
    pairs(run, &requests)
}

/// Sends every two of these requests through caches, in both orders.
fn pairs(run: &mut Run<'_>, requests: &[Request]) -> Result<(), Stop> {
    let mut is_kept = false;
    for first in requests {
        for second in requests.iter().filter(|second| *second != first) {
            is_kept |= run.through_caches(VaryLines::All, &[first.clone(), second.clone()])?;
        }
    }
    if is_kept { Ok(()) } else { not_offered(NOT_KEPT) }
}

/// Returns those who ask: nobody, pages that the policy allows, and pages that it does not allow.
fn clients(run: &Run<'_>) -> Vec<Option<String>> {
    let whose = [
        run.friends(),
        run.strangers().map(|mut strangers| {
            // One that is like none of the policy's, and null.
            strangers.truncate(2);
            strangers
        }),
    ];
    let origins = whose.into_iter().filter_map(Result::ok).flatten();
    [None].into_iter().chain(origins.map(Some)).collect()
}

/// Has caches store the copy of each client, and asks about it as each other one; then each gets what the policy says.
fn revalidated(run: &mut Run<'_>) -> Result<(), Stop> {
    let clients = clients(run);
    let mut requests = Vec::new();
    for origin in clients {
        requests.push((run.request("GET", Route::Plain, origin.as_deref())?, origin));
    }
    let mut is_there = false;
    for (stored_for, _) in &requests {
        let stored = run.ask(stored_for.clone())?;
        for (asked, asker) in &requests {
            for answer in run.not_modified(asker.as_deref())? {
                is_there = true;
                for kind in [CacheKind::Shared(VaryLines::All), CacheKind::Private] {
                    let mut cache = Cache::new(kind);
                    cache.put(stored_for, &stored);
                    // Where Vary keeps the two apart, there is nothing to update.
                    cache.put(asked, &answer);
                    for (request, origin) in &requests {
                        if let (Some((_, copy)), Some(origin)) = (cache.get(request), origin) {
                            run.as_policy_says(origin, copy)?;
                        }
                    }
                }
            }
        }
    }
    if is_there { Ok(()) } else { not_offered(NO_304) }
}

/// Passes if a response of this route keeps clients apart, as far as responses differ by their Origin.
fn varies_at(run: &mut Run<'_>, route: Route) -> Result<(), Stop> {
    let (one, other) =
        (run.allowed(Who::Listed)?, run.allowed(Who::Another).or_else(|_| run.denied(Who::Unlisted))?);
    let (first, second) = (run.get(route, &one)?, run.get(route, &other)?);
    if first.elements("cache-control").iter().any(|directive| directive == "no-store") {
        return not_offered(NOT_KEPT);
    }
    let differ = first.get("access-control-allow-origin") != second.get("access-control-allow-origin");
    let varies = first.elements("vary").iter().any(|name| name == "origin" || name == "*");
    ensure(!differ || varies, || {
        format!("the response of the route \"{}\" depends on Origin and has no Vary: Origin", route.name())
    })
}

fn kept(run: &mut Run<'_>, who: Option<Who>) -> Result<(), Stop> {
    let origin = match who {
        Some(Who::Unlisted) => Some(run.denied(Who::Unlisted)?),
        Some(who) => Some(run.allowed(who)?),
        None => None,
    };
    let answer = run.ask(run.request("GET", Route::Encoding, origin.as_deref())?)?;
    if answer.status == 403 {
        return not_offered("the request does not reach the application");
    }
    if answer.elements("cache-control").iter().any(|directive| directive == "no-store") {
        return not_offered(NOT_KEPT);
    }
    let names = answer.elements("vary");
    ensure(names.iter().any(|name| name == "accept-encoding" || name == "*"), || {
        format!("Vary is \"{}\", without Accept-Encoding", names.join(", "))
    })
}

fn permutations(requests: &[Request]) -> Vec<Vec<Request>> {
    let [first, rest @ ..] = requests else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for shorter in permutations(rest) {
        for place in 0..=shorter.len() {
            let mut longer = shorter.clone();
            longer.insert(place, first.clone());
            all.push(longer);
        }
    }
    all
}
