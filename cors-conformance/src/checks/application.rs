//! The policy's fields next to the application's own.

use super::{row, source};
use crate::check::Check;
use crate::check::Class::{Must, Nice, Security};
use crate::origins::Who;
use crate::routes::Route;
use crate::run::{Stop, ensure, info};

/// Whom the application's own fields name.
const ELSEWHERE: &str = "https://elsewhere.example";

pub(super) const CHECKS: &[Check] = &[
    row(
        "own-star-allowed",
        Must,
        "A page of a listed origin may read a response to which the application adds an Access-Control-Allow-Origin: *",
        "Two values are an error to browsers, and *, https://app.example.com is two",
        source::CORS_CHECK,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let answer = run.get(Route::OwnStar, &origin)?;
            // Without credentials: the application's `*` may be meant, and then it is for pages that send none.
            run.readable(&origin, &answer, false)
        },
    ),
    row(
        "own-fields-allowed",
        Must,
        "A page of a listed origin may read a response to which the application adds fields for another origin, or they stay alone",
        "Two values are an error to browsers, for either origin",
        source::CORS_CHECK,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let answer = run.get(Route::OwnFields, &origin)?;
            if answer.lines("access-control-allow-origin") == [ELSEWHERE] {
                return info("the application's grant stays, and the policy's is not sent");
            }
            run.readable(&origin, &answer, run.policy.allow_credentials())
        },
    ),
    row(
        "own-star-denied",
        Nice,
        "What becomes of the application's Access-Control-Allow-Origin: * where the policy denies",
        "It may be meant, and it may be a leftover that undoes the policy",
        source::RESPONSES,
        |run| {
            let origin = run.denied(Who::Unlisted)?;
            let answer = run.get(Route::OwnStar, &origin)?;
            info(match run.unreadable(&origin, &answer) {
                Ok(()) => "it is taken away, and the policy alone decides",
                Err(_) => "it stays, and a page of any origin may read the response",
            })
        },
    ),
    row(
        "own-credentials-denied",
        Security,
        "An unlisted origin does not get credentials where the application names another origin",
        "The two together must not grant more than either",
        source::CREDENTIALS,
        |run| {
            let origin = run.denied(Who::Unlisted)?;
            let answer = run.get(Route::OwnFields, &origin)?;
            run.unreadable(&origin, &answer)
        },
    ),
    row(
        "own-elsewhere",
        Nice,
        "What becomes of the application's own grant to an origin that the policy denies",
        "It may be meant, and it may be a leftover that undoes the policy",
        source::RESPONSES,
        |run| {
            let origin = ELSEWHERE;
            if run.allows(origin) {
                return Err(Stop::NotOffered("the policy allows it".to_owned()));
            }
            let answer = run.get(Route::OwnFields, origin)?;
            info(match run.unreadable(origin, &answer) {
                Ok(()) => "it is taken away, and the policy alone decides",
                Err(_) => "it stays",
            })
        },
    ),
    row(
        "own-expose",
        Nice,
        "What becomes of the application's own Access-Control-Expose-Headers",
        "It may be meant, and it may show what the policy hides",
        source::EXPOSED,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let answer = run.get(Route::OwnFields, &origin)?;
            let stays = answer.elements("access-control-expose-headers").iter().any(|name| name == "x-own");
            info(if stays { "it stays" } else { "it is taken away, and the policy alone decides" })
        },
    ),
    row(
        "one-line-each",
        Must,
        "No field of CORS comes twice",
        "Browsers join the lines of a field, and two values of these are an error",
        source::CORS_CHECK,
        |run| {
            let origin = run.allowed(Who::Listed)?;
            let mut routes = vec![Route::Plain];
            routes.extend(
                [Route::OwnStar, Route::OwnFields, Route::Error, Route::Missing]
                    .into_iter()
                    .filter(|route| run.path(*route).is_ok()),
            );
            for route in routes {
                let answer = run.get(route, &origin)?;
                for name in ["access-control-allow-origin", "access-control-allow-credentials"] {
                    let lines = answer.lines(name);
                    ensure(lines.len() <= 1, || {
                        format!(
                            "{name} has {} lines at the route \"{}\": {}",
                            lines.len(),
                            route.name(),
                            lines.join(" | ")
                        )
                    })?;
                }
            }
            Ok(())
        },
    ),
];
