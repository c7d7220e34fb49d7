//! The rules for the entries of a config's lists (rules C2 to C4, C6).

use crate::config::problem::Problem;
use crate::config::risk::Risk;
use crate::config::{Config, PublicSuffixes};
use crate::field;
use crate::origin::{host, is_special};
use crate::pattern::{LOCAL_FILE_ORIGIN, OriginPattern, Shape};
use crate::text;

/// Returns true if a config with this pattern has the risk (C6). `credentials`: the config allows them.
pub(crate) fn has_risk(
    pattern: &OriginPattern<'_>,
    risk: Risk,
    credentials: bool,
    is_public_suffix: Option<&PublicSuffixes<'_>>,
) -> bool {
    match risk {
        Risk::NullOrigin => pattern.as_str() == "null",
        Risk::LocalFileOrigin => pattern.as_str() == LOCAL_FILE_ORIGIN,
        _ if !credentials => false,
        Risk::AnyOriginWithCredentials => pattern.as_str() == "*",
        Risk::InsecureOrigin => {
            // Nobody on the user's way can change a page that an application holds.
            pattern.scheme().is_some_and(|scheme| scheme != "https" && is_special(scheme.as_bytes()))
                && !pattern.host().is_some_and(host::is_local)
        }
        Risk::PublicSuffix => domain_under_wildcard(pattern).is_some_and(|domain| {
            let domain = domain.strip_suffix('.').unwrap_or(domain);
            let is_shared = || is_public_suffix.is_some_and(|is_public_suffix| is_public_suffix(domain));
            // Even without the list, everybody can have a name under a top-level domain.
            !host::is_local(domain) && !host::is_reserved(domain) && (!domain.contains('.') || is_shared())
        }),
    }
}

/// Returns what is wrong with an entry of `allow_methods` (C2). `alone`: the list has no other entry.
pub(crate) fn method_problem(method: &str, alone: bool) -> Option<Problem> {
    if method == "*" {
        return (!alone).then_some(Problem::NotAlone);
    }
    name_problem(method)
        .or_else(|| field::is_forbidden_method(method.as_bytes()).then_some(Problem::ForbiddenMethod))
}

/// Returns what is wrong with an entry of `allow_headers` (C3). `alone`: the list [may have a `*`](is_wildcard_alone).
pub(crate) fn header_problem(name: &str, alone: bool) -> Option<Problem> {
    if name == "*" {
        return (!alone).then_some(Problem::NotAlone);
    }
    if field::is_cors_response_header(name) {
        return Some(Problem::ResponseHeader);
    }
    name_problem(name)
        .or_else(|| field::is_forbidden_request_header(name).then_some(Problem::ForbiddenRequestHeader))
}

/// Returns true if the list has at most one `*`, and no other name than `authorization` (C3).
pub(crate) fn is_wildcard_alone<'n>(mut names: impl Iterator<Item = &'n str>) -> bool {
    let mut wildcards = 0_usize;
    names.all(|name| {
        wildcards = wildcards.saturating_add((name == "*").into());
        wildcards <= 1 && (name == "*" || name.eq_ignore_ascii_case("authorization"))
    })
}

/// Returns what is wrong with an entry of `expose_headers` (C4). `alone`: the list has no other entry.
pub(crate) fn exposed_problem(name: &str, alone: bool, credentials: bool) -> Option<Problem> {
    if name == "*" {
        return if credentials {
            Some(Problem::ExposedWildcardWithCredentials)
        } else {
            (!alone).then_some(Problem::NotAlone)
        };
    }
    if field::is_cors_request_header(name) {
        return Some(Problem::RequestHeader);
    }
    name_problem(name)
        .or_else(|| field::is_forbidden_response_header(name).then_some(Problem::ForbiddenResponseHeader))
}

fn name_problem(name: &str) -> Option<Problem> {
    if !field::is_token(name.as_bytes()) {
        Some(Problem::NotAToken)
    } else if name.len() > Config::MAX_NAME_LEN {
        Some(Problem::NameTooLong)
    } else {
        None
    }
}

/// Returns the domain to the right of the label with the `*`.
fn domain_under_wildcard<'a>(pattern: &OriginPattern<'a>) -> Option<&'a str> {
    match pattern.shape() {
        Shape::Wildcard(wildcard) if wildcard.star.is_some() => {
            text::split_once(pattern.host()?, ".").map(|(_, domain)| domain)
        }
        _ => None,
    }
}
