//! What to change on the server: what any server would have to send, and what this server's answer shows of the cause.

use cors_core::browser::{CorsError, CredentialsMode, Engine, Fetch, Stage};
use cors_core::explain::{ServerAdvice, near_miss};
use cors_policy_file::nearest;

use super::exchange::Answer;
use crate::printable::{Printable, printable};

/// Returns sentences that may be printed.
pub(super) fn advise(
    fetch: &Fetch<'_>,
    engine: Engine,
    error: &CorsError<'_>,
    answer: Option<&Answer>,
) -> Vec<String> {
    let mut advice = vec![printable(&ServerAdvice::for_error(error, fetch).to_string())];
    let Some(answer) = answer else { return advice };
    match error {
        CorsError::MissingAllowOriginHeader { stage, .. } => {
            advice.extend(misspelled(answer));
            advice.extend(circumstance(*stage, answer));
        }
        CorsError::MultipleAllowOriginValues { value, .. } => {
            let lines = value.lines().count();
            if lines > 1 {
                advice.push(format!(
                    "It comes in {lines} lines, as when a proxy and the application both add it."
                ));
            }
        }
        CorsError::InvalidAllowOriginValue { value, .. } | CorsError::AllowOriginMismatch { value, .. } => {
            let value = value.to_string();
            advice.extend(
                near_miss(&fetch.origin, &value).map(|miss| printable(&format!("A near miss: {miss}."))),
            );
        }
        CorsError::PreflightInvalidStatus { .. } | CorsError::PreflightDisallowedRedirect { .. } => {
            advice.extend(circumstance(Stage::Preflight, answer));
        }
        CorsError::MethodDisallowedByPreflightResponse { method } => {
            advice.extend(listed_method(fetch, method, answer));
        }
        CorsError::HeaderDisallowedByPreflightResponse { .. } => {
            advice.extend(listed_headers(fetch, engine, answer));
        }
        _ => {}
    }
    advice
}

/// Returns what the status shows about why the fields are missing.
fn circumstance(stage: Stage, answer: &Answer) -> Option<String> {
    let status = answer.status_name();
    if let Some(location) = answer.location() {
        return Some(format!("The server answers {status} and points to {}.", Printable(location)));
    }
    Some(match (stage, answer.status) {
        (Stage::Preflight, 401 | 403 | 407) => format!(
            "The server answers {status}: it wants to know who asks, and a preflight carries no cookies and no \
             Authorization."
        ),
        (Stage::Preflight, 404 | 405 | 501) => {
            format!("The server answers {status}: nothing there answers OPTIONS.")
        }
        (_, 500..) => format!(
            "The server answers {status}: see its log for why. Such errors often come from a proxy, which has to send \
             the fields as well (nginx leaves them out of errors unless add_header says `always`)."
        ),
        (_, 400..) => format!(
            "The server answers {status}: its errors may lack the fields that its successes have (nginx leaves them \
             out of errors unless add_header says `always`)."
        ),
        _ => return None,
    })
}

const RESPONSE_FIELDS: [&str; 7] = [
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Private-Network",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
];

/// Returns the sentence on a field that looks like a field of CORS and is not.
fn misspelled(answer: &Answer) -> Option<String> {
    answer.fields.0.iter().find_map(|(name, _)| {
        let lowercase = name.to_ascii_lowercase();
        let is_alike = lowercase.contains("access-control-") || lowercase.contains("allow-origin");
        let is_known = RESPONSE_FIELDS.iter().any(|known| known.eq_ignore_ascii_case(name));
        let meant = nearest(name, RESPONSE_FIELDS).filter(|_| is_alike && !is_known)?;
        Some(format!("It sends `{}`, which no browser knows: {meant} was meant?", Printable(name.as_bytes())))
    })
}

/// Returns the sentence on a method in another case, or on a `*` that is not a wildcard.
fn listed_method(fetch: &Fetch<'_>, method: &str, answer: &Answer) -> Option<String> {
    let listed = split(answer, "access-control-allow-methods");
    if let Some(other) = listed.iter().find(|other| other.eq_ignore_ascii_case(method)) {
        let other = printable(other);
        return Some(format!(
            "It lists {other}, the page asks for {method}, and methods are case-sensitive."
        ));
    }
    wildcard_is_a_name(fetch, &listed, "method")
}

/// Returns the sentences on missing headers, if there are several, and on a `*` that is not a wildcard.
fn listed_headers(fetch: &Fetch<'_>, engine: Engine, answer: &Answer) -> Vec<String> {
    let listed = split(answer, "access-control-allow-headers");
    let asked = fetch.preflight(engine).into_iter().flat_map(|preflight| preflight.header_names());
    let missing: Vec<String> = asked
        .map(|name| name.to_string())
        .filter(|name| !listed.iter().any(|other| other.eq_ignore_ascii_case(name)))
        .collect();
    let mut sentences: Vec<String> = wildcard_is_a_name(fetch, &listed, "header").into_iter().collect();
    let has_wildcard = listed.iter().any(|name| name == "*");
    if missing.len() > 1 && !has_wildcard {
        sentences.push(format!("These are missing: {}.", missing.join(", ")));
    }
    for name in &missing {
        let with_dashes = |name: &str| name.replace('_', "-").to_ascii_lowercase();
        let other = listed.iter().find(|other| with_dashes(other) == with_dashes(name));
        sentences.extend(other.map(|other| {
            format!("It lists {}, and the page sets {name}: `_` and `-` are two names.", printable(other))
        }));
    }
    sentences
}

fn wildcard_is_a_name(fetch: &Fetch<'_>, listed: &[String], what: &str) -> Option<String> {
    (fetch.credentials == CredentialsMode::Include && listed.iter().any(|element| element == "*"))
        .then(|| format!("It sends `*`, which is the name of a {what} where the page asks with credentials."))
}

fn split(answer: &Answer, name: &str) -> Vec<String> {
    let elements = answer.fields.lines(name).flat_map(|line| line.split(|&byte| byte == b','));
    elements.map(|element| String::from_utf8_lossy(element.trim_ascii()).into_owned()).collect()
}
