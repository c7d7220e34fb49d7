//! Who may read a response.

use super::{row, source};
use crate::check::Check;
use crate::check::Class::{Must, Nice, Security, Should};
use crate::origins::{Lookalike, Who};
use crate::routes::Route;
use crate::run::{Run, Stop, ensure, info, not_offered};

const LOOKALIKE: &str = "Whoever registers such a name reads what the policy keeps for another";

pub(super) const CHECKS: &[Check] = &[
    row(
        "origin-listed",
        Must,
        "A page of a listed origin may read a response",
        "The policy lists it, and its pages would not work",
        source::CORS_CHECK,
        |run| allowed(run, Who::Listed),
    ),
    row(
        "origin-another",
        Must,
        "A page of another listed origin may, too",
        "A server that always names its first origin serves one site alone",
        source::CORS_CHECK,
        |run| allowed(run, Who::Another),
    ),
    row(
        "origin-last",
        Must,
        "A page of the last listed origin may, too",
        "A long list has to be read to its end",
        source::CORS_CHECK,
        |run| allowed(run, Who::Last),
    ),
    row(
        "origin-every",
        Must,
        "A page of each listed origin, and of each wildcard, may",
        "The policy lists them: of a long list the first, the last and some between are tried",
        source::CORS_CHECK,
        |run| {
            for origin in run.listed()? {
                let answer = run.get(Route::Plain, &origin)?;
                run.readable(&origin, &answer, run.policy.allow_credentials())?;
            }
            Ok(())
        },
    ),
    row(
        "origin-null-listed",
        Must,
        "A page of the opaque origin may, where the policy lists null",
        "The policy lists it",
        source::CORS_CHECK,
        |run| allowed(run, Who::Null),
    ),
    row(
        "origin-subdomain",
        Must,
        "A page of a subdomain may, where the policy has a wildcard for it",
        "The policy allows it",
        source::CORS_CHECK,
        |run| allowed(run, Who::UnderWildcard),
    ),
    row(
        "origin-deep-subdomain",
        Must,
        "A page of a subdomain's subdomain may, where the policy's wildcard stands for several labels",
        "The policy allows it",
        source::CORS_CHECK,
        |run| allowed(run, Who::DeepUnderWildcard),
    ),
    row(
        "credentials",
        Must,
        "A page may read a response to a request with credentials, where the policy allows credentials",
        "Without Access-Control-Allow-Credentials: true, or with a *, browsers refuse the response",
        source::CREDENTIALS,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            if !run.policy.allow_credentials() {
                return not_offered("the policy does not allow credentials");
            }
            let answer = run.get(Route::Plain, &origin)?;
            run.readable(&origin, &answer, true)
        },
    ),
    row(
        "credentials-refused",
        Security,
        "No page may read a response to a request with credentials, where the policy does not allow credentials",
        "A page reads what the server says to the person who is logged in",
        source::CREDENTIALS,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            if run.policy.allow_credentials() {
                return not_offered("the policy allows credentials");
            }
            let with_cookie = run.logged_in(&origin)?;
            for request in [run.request("GET", Route::Plain, Some(&origin))?, with_cookie] {
                let answer = run.ask(request)?;
                let is_blocked = run.readable(&origin, &answer, true).is_err();
                ensure(is_blocked, || format!("a page of {origin} may read the response with credentials"))?;
            }
            Ok(())
        },
    ),
    row(
        "any-origin",
        Must,
        "A page of any origin may read a response of a public policy",
        "The policy is for everybody",
        source::RESPONSES,
        |run| {
            if !run.is_public() {
                return not_offered("the policy is not public");
            }
            let origin = run.allowed(Who::Unlisted)?;
            let answer = run.get(Route::Plain, &origin)?;
            run.readable(&origin, &answer, false)
        },
    ),
    row(
        "any-origin-null",
        Must,
        "A page of the opaque origin may read a response of a public policy",
        "Pages in sandboxed frames and from files are pages, too",
        source::RESPONSES,
        |run| {
            if !run.is_public() {
                return not_offered("the policy is not public");
            }
            let answer = run.get(Route::Plain, "null")?;
            run.readable("null", &answer, false)
        },
    ),
    row(
        "origin-unlisted",
        Security,
        "A page of an unlisted origin may not read a response",
        "Any site would read it",
        source::CORS_CHECK,
        |run| denied(run, Who::Unlisted),
    ),
    row(
        "origin-null",
        Security,
        "A page of the opaque origin may not, where the policy does not list null",
        "Any site can ask as null, from a sandboxed frame",
        source::CORS_CHECK,
        |run| denied(run, Who::Null),
    ),
    row(
        "origin-file",
        Security,
        "A page of file:// may not",
        "A file that a person opens in a web view is not the site",
        source::CORS_CHECK,
        |run| denied(run, Who::File),
    ),
    row(
        "origin-extension",
        Security,
        "A page of a browser extension may not",
        "Any extension would read it",
        source::CORS_CHECK,
        |run| {
            denied(run, Who::Extension)?;
            denied(run, Who::FirefoxExtension)
        },
    ),
    row(
        "origin-localhost",
        Security,
        "A page of localhost, of the network around or of an application on a telephone may not",
        "Any program on a person's machine could serve such a page",
        source::CORS_CHECK,
        |run| {
            for origin in run.locals()? {
                let answer = run.get(Route::Plain, origin)?;
                run.unreadable(origin, &answer)?;
            }
            Ok(())
        },
    ),
    row(
        "origin-prefixed",
        Security,
        "A page of a host that ends in a listed host may not",
        LOOKALIKE,
        source::CORS_CHECK,
        |run| lookalikes(run, Lookalike::Prefixed),
    ),
    row(
        "origin-suffixed",
        Security,
        "A page of a host that begins with a listed host may not",
        LOOKALIKE,
        source::CORS_CHECK,
        |run| lookalikes(run, Lookalike::Suffixed),
    ),
    row(
        "origin-lengthened",
        Security,
        "A page of a listed host with a letter more at its end may not",
        LOOKALIKE,
        source::CORS_CHECK,
        |run| lookalikes(run, Lookalike::Lengthened),
    ),
    row(
        "origin-hyphenated",
        Security,
        "A page of a host that continues after a listed host with a hyphen may not",
        LOOKALIKE,
        source::CORS_CHECK,
        |run| lookalikes(run, Lookalike::Hyphenated),
    ),
    row(
        "origin-longer-label",
        Security,
        "A page of a host whose first label is that of a listed host with a digit more may not",
        "Where labels have numbers, the next number is often another customer's",
        source::CORS_CHECK,
        |run| lookalikes(run, Lookalike::LongerLabel),
    ),
    row(
        "origin-dot",
        Security,
        "A page of a host with a letter for a dot of a listed host may not",
        "In a regular expression a dot is any character",
        source::CORS_CHECK,
        |run| lookalikes(run, Lookalike::DotAsAny),
    ),
    row(
        "origin-hyphen",
        Security,
        "A page of a host with a hyphen for a dot of a listed host may not",
        "Such names can be registered, and have the same length",
        source::CORS_CHECK,
        |run| lookalikes(run, Lookalike::DotAsHyphen),
    ),
    row(
        "origin-below-listed",
        Security,
        "A page below a listed host may not",
        "A listed host says nothing about hosts below it",
        source::CORS_CHECK,
        |run| lookalikes(run, Lookalike::Subdomain),
    ),
    row(
        "origin-above-listed",
        Security,
        "A page of the domain above a listed host may not",
        "A listed host says nothing about the domain above it",
        source::CORS_CHECK,
        |run| lookalikes(run, Lookalike::Parent),
    ),
    row(
        "origin-port",
        Security,
        "A page of a listed host at another port may not",
        "Another port is another program, perhaps another person's",
        source::ORIGIN,
        |run| lookalikes(run, Lookalike::OtherPort),
    ),
    row(
        "origin-scheme",
        Security,
        "A page of a listed host by the other scheme may not",
        "Whoever is in the network writes pages of http",
        source::ORIGIN,
        |run| lookalikes(run, Lookalike::OtherScheme),
    ),
    row(
        "origin-trailing-dot",
        Security,
        "A page of a listed host with a dot at its end may not",
        "It is another origin to browsers",
        source::ORIGIN,
        |run| lookalikes(run, Lookalike::TrailingDot),
    ),
    row(
        "origin-backtick",
        Security,
        "A page of a host with a backtick after a listed host may not",
        "Some browsers send such hosts, which no parser of addresses reads alike",
        source::CORS_CHECK,
        |run| lookalikes(run, Lookalike::Backtick),
    ),
    row(
        "origin-underscore",
        Security,
        "A page of a host with an underscore after a listed host may not",
        "Browsers send such hosts, and a word boundary ends before the underscore for some matchers",
        source::CORS_CHECK,
        |run| lookalikes(run, Lookalike::Underscore),
    ),
    row(
        "wildcard-apex",
        Security,
        "A page of the wildcard's domain itself may not, where it is not listed",
        "A wildcard of subdomains is not the domain",
        source::CORS_CHECK,
        |run| lookalikes(run, Lookalike::WildcardApex),
    ),
    row(
        "wildcard-glued",
        Security,
        "A page of a domain that ends in the wildcard's domain, without a dot between, may not",
        LOOKALIKE,
        source::CORS_CHECK,
        |run| lookalikes(run, Lookalike::WildcardGlued),
    ),
    row(
        "wildcard-suffixed",
        Security,
        "A page of a host that continues after the wildcard's domain may not",
        LOOKALIKE,
        source::CORS_CHECK,
        |run| lookalikes(run, Lookalike::WildcardSuffixed),
    ),
    row(
        "wildcard-dot",
        Security,
        "A page of a host with a letter for a dot of the wildcard's domain may not",
        "In a regular expression a dot is any character",
        source::CORS_CHECK,
        |run| lookalikes(run, Lookalike::WildcardDotAsAny),
    ),
    row(
        "wildcard-scheme",
        Security,
        "A page of a subdomain by the other scheme may not",
        "Whoever is in the network writes pages of http",
        source::ORIGIN,
        |run| lookalikes(run, Lookalike::WildcardOtherScheme),
    ),
    row(
        "wildcard-port",
        Security,
        "A page of a subdomain at another port may not",
        "Another port is another program, perhaps another person's",
        source::ORIGIN,
        |run| lookalikes(run, Lookalike::WildcardOtherPort),
    ),
    row(
        "wildcard-path",
        Should,
        "A path that ends as the wildcard does is not granted",
        "A matcher that lets a slash stand for the star lets any host in",
        source::ORIGIN,
        |run| lookalikes(run, Lookalike::WildcardPath),
    ),
    row(
        "origin-upper-case",
        Nice,
        "What a server makes of a listed origin in upper case",
        "Browsers write origins in lower case, so that either answer is right",
        source::ORIGIN,
        |run| {
            let origin = run.allowed(Who::Listed)?.to_ascii_uppercase();
            let answer = run.get(Route::Plain, &origin)?;
            let grants = answer.get("access-control-allow-origin").is_some();
            info(if grants { "granted" } else { "not granted" })
        },
    ),
    row(
        "origin-path",
        Should,
        "A listed origin with a path after it is not echoed",
        "It is not an origin, and what is echoed may end in a log or a cache",
        source::ORIGIN,
        |run| malformed(run, |origin| format!("{origin}/path")),
    ),
    row(
        "origin-user-name",
        Should,
        "An address with a listed host for a user name is not echoed",
        "It is not an origin, and its host is another",
        source::ORIGIN,
        |run| malformed(run, |origin| format!("{origin}@evil.example")),
    ),
    row(
        "origin-two-in-one",
        Should,
        "Two origins in one line are not granted",
        "It is not an origin, and a search within it finds the listed one",
        source::ORIGIN,
        |run| malformed(run, |origin| format!("{origin} https://evil.example")),
    ),
    row(
        "origin-star",
        Should,
        "An Origin of * is not granted",
        "It is not an origin, and a * in the answer would be for everybody",
        source::ORIGIN,
        |run| malformed(run, |_| "*".to_owned()),
    ),
    row(
        "origin-pattern",
        Should,
        "The policy's own wildcard, sent as an origin, is not granted",
        "A set that is asked for the text finds it",
        source::ORIGIN,
        |run| {
            let pattern =
                run.policy.allow_origins().find(|text| text.contains("://*.")).map(ToOwned::to_owned);
            match pattern {
                Some(pattern) => malformed(run, |_| pattern),
                None => not_offered("the policy has no wildcard of subdomains"),
            }
        },
    ),
    row(
        "denied-nothing-else",
        Nice,
        "A denied response has no other field of CORS either",
        "They are bytes that nobody reads, and they show what is allowed",
        source::RESPONSES,
        |run| {
            let origin = run.denied(Who::Unlisted)?;
            let answer = run.get(Route::Plain, &origin)?;
            let fields = answer.access_control();
            ensure(fields.is_empty(), || format!("the response to {origin} has {}", fields.join(", ")))
        },
    ),
    row(
        "denied-status",
        Nice,
        "Which status a denied request gets",
        "Both are right: browsers keep the response from the page whatever its status",
        source::RESPONSES,
        |run| {
            let origin = run.denied(Who::Unlisted)?;
            let answer = run.get(Route::Plain, &origin)?;
            info(format!(
                "{}: the request {} the application",
                answer.status,
                if answer.status == 403 { "does not reach" } else { "reaches" }
            ))
        },
    ),
    row(
        "own-origin",
        Must,
        "A request of the site's own origin is served as one without Origin",
        "Browsers send Origin with every POST of the site itself",
        source::ORIGIN,
        |run| {
            let without = run.ask(run.request("GET", Route::Plain, None)?)?;
            let origin = run.own_origin.clone();
            let request = run.request("GET", Route::Plain, Some(&origin))?;
            let own = run.ask(request.with("Sec-Fetch-Site", "same-origin"))?;
            ensure(own.status == without.status, || {
                format!(
                    "a request with Origin: {origin} gets {}, and one without {}",
                    own.status, without.status
                )
            })
        },
    ),
    row(
        "no-origin",
        Must,
        "A request without Origin is served as one of a listed origin",
        "Programs that are not browsers send none, and browsers send none with most requests",
        source::REQUESTS,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let (without, listed) =
                (run.ask(run.request("GET", Route::Plain, None)?)?, run.get(Route::Plain, &origin)?);
            ensure(without.status == listed.status, || {
                format!(
                    "a request without Origin gets {}, and one of {origin} {}",
                    without.status, listed.status
                )
            })
        },
    ),
];

fn allowed(run: &mut Run<'_>, who: Who) -> Result<(), Stop> {
    let origin = run.allowed(who)?;
    let answer = run.get(Route::Plain, &origin)?;
    run.readable(&origin, &answer, run.policy.allow_credentials())
}

fn denied(run: &mut Run<'_>, who: Who) -> Result<(), Stop> {
    let origin = run.denied(who)?;
    let answer = run.get(Route::Plain, &origin)?;
    run.unreadable(&origin, &answer)
}

/// Judges the responses to the look-alikes of the listed origins, or of the wildcards.
fn lookalikes(run: &mut Run<'_>, lookalike: Lookalike) -> Result<(), Stop> {
    for origin in run.lookalikes(lookalike)? {
        let answer = run.get(Route::Plain, &origin)?;
        run.unreadable(&origin, &answer)?;
    }
    Ok(())
}

/// Judges the answer to what is not an origin.
fn malformed(run: &mut Run<'_>, change: impl FnOnce(&str) -> String) -> Result<(), Stop> {
    if run.is_public() {
        return not_offered("the policy is public");
    }
    let origin = change(&run.allowed(Who::Listed)?);
    let answer = run.get(Route::Plain, &origin)?;
    run.unreadable(&origin, &answer)
}
