//! The answer to a request alone: what stops it before it is sent, or what a browser asks and a server has to answer.

use cors_core::browser::{Api, CredentialsMode, Fetch, Mode, Stage};
use cors_core::explain::Requests;

use super::Answer;
use crate::Wanted;
use crate::case::Case;
use crate::judge::Missing;
use crate::message::{TopicKind, topics as about};
use crate::stack::NO_CORS;

impl Answer {
    /// Returns the answer to a request without a response, and how it has to do with CORS.
    pub fn to_request(case: &Case, exposed: &[String]) -> Result<(Answer, TopicKind), Missing> {
        case.with_requests(|requests| {
            stopped(case, requests).unwrap_or_else(|| asked(case, requests, exposed))
        })
    }

    /// Returns what stops a request before it is sent, whatever the server allows; nothing for one that is sent.
    pub fn before_request(case: &Case) -> Option<Answer> {
        Answer::to_stopped(case).map(|(answer, _)| answer)
    }

    /// Returns the answer to a request that a browser does not send, whatever the server allows.
    pub(crate) fn to_stopped(case: &Case) -> Option<(Answer, TopicKind)> {
        case.with_requests(|requests| stopped(case, requests)).ok().flatten()
    }
}

fn stopped(case: &Case, requests: &Requests<'_>) -> Option<(Answer, TopicKind)> {
    let fetch = requests.fetch();
    let is_known = !unknown(case).contains(&"method");
    if is_known && fetch.has_body && fetch.api == Api::Fetch && matches!(fetch.method(), "GET" | "HEAD") {
        return Some(of_topic(&about::GET_WITH_BODY));
    }
    if is_websocket(fetch.url) {
        return Some(of_topic(&about::WEBSOCKET));
    }
    let stop = requests.stop()?;
    let error = stop.error();
    let mut fixes = stop.fixes().map(|fix| fix.to_string());
    let act = sentence(&fixes.next()?);
    let name = error.kind().name(Stage::Actual);
    let others = fixes.map(|fix| format!("Or: {fix}."));
    let answer = Answer {
        act,
        name,
        title: name.to_owned(),
        meaning: sentence(&stop.to_string()),
        notes: others.collect(),
        ..Answer::default()
    };
    Some((answer, crate::message::Cause::Error(error.kind()).kind()))
}

fn is_websocket(url: &str) -> bool {
    ["ws://", "wss://"]
        .iter()
        .any(|scheme| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

fn of_topic(topic: &'static crate::message::Topic) -> (Answer, TopicKind) {
    let answer = Answer {
        act: topic.act.to_owned(),
        name: topic.name,
        title: topic.title.to_owned(),
        meaning: topic.meaning.to_owned(),
        ..Answer::default()
    };
    (answer, topic.kind)
}

fn asked(case: &Case, requests: &Requests<'_>, exposed: &[String]) -> (Answer, TopicKind) {
    let fetch = requests.fetch();
    let new = |act: String, name, title: &str, meaning: &str| Answer {
        act,
        name,
        title: title.to_owned(),
        meaning: meaning.to_owned(),
        ..Answer::default()
    };
    if !fetch.is_cross_origin() {
        let answer = new(
            "Nothing: the page and the address have the same origin, and CORS does not apply.".to_owned(),
            "same-origin",
            "A request within the page's origin",
            "A page may read every response of its own origin.",
        );
        return (answer, TopicKind::NotCors);
    }
    if fetch.mode == Mode::NoCors {
        let act = "Leave it, if the page need not read the response; otherwise ask with fetch in the mode `cors`, which is the \
                   default, and let the server allow the page.";
        let meaning = "This request was made in the mode no-cors (an element without `crossorigin`, `sendBeacon`, or `mode: \
                       \"no-cors\"`). CORS does not stop it: the browser sends it, and the page cannot read the response.";
        let mut answer = new(act.to_owned(), "no-cors", "A request that is not made by CORS", meaning);
        answer.notes.push(NO_CORS.to_owned());
        return (answer, TopicKind::NotCors);
    }
    if fetch.origin.is_opaque() {
        return of_topic(&about::NULL_ORIGIN);
    }
    let wanted = Wanted::for_fetch(fetch, exposed);
    let page = fetch.origin;
    let mut fields = vec![format!("`Access-Control-Allow-Origin: {page}` (with `Vary: Origin`)")];
    if wanted.credentials {
        fields.push("`Access-Control-Allow-Credentials: true`".to_owned());
    }
    let act = format!("The response has to have {}.", fields.join(" and "));
    let meaning = match preflight_fields(requests, &wanted, fields) {
        Some(fields) => format!(
            "The browser asks first by OPTIONS, without cookies and Authorization. The answer to that has to have a status from \
             200 to 299 and {fields}."
        ),
        None if !unknown(case).is_empty() => {
            "Whether the browser asks first by OPTIONS cannot be told: that depends on what is not written out.".to_owned()
        }
        None => "The browser sends the request at once, without a preflight, and then looks at the response."
            .to_owned(),
    };
    let mut answer = new(act, "asked", "What the server has to answer", &meaning);
    answer.notes.extend(unwritten(case));
    answer.notes.extend(unknown_credentials(case));
    answer.command = Some(probe_command(fetch));
    answer.wanted = Some(wanted);
    (answer, TopicKind::Cors)
}

/// Returns what the answer to the preflight has to have, if there is a preflight.
fn preflight_fields(requests: &Requests<'_>, wanted: &Wanted, mut fields: Vec<String>) -> Option<String> {
    let preflight = requests.preflight()?;
    if !wanted.methods.is_empty() {
        fields.push(format!("`Access-Control-Allow-Methods: {}`", wanted.methods.join(", ")));
    }
    if let Some(names) = preflight.access_control_request_headers() {
        fields.push(format!("`Access-Control-Allow-Headers: {}`", names.to_string().replace(',', ", ")));
    }
    Some(fields.join(", "))
}

fn unknown(case: &Case) -> &[&'static str] {
    case.fetch.as_ref().map(|fetch| fetch.unknown.as_slice()).unwrap_or_default()
}

/// Returns what a call of `fetch` leaves to variables, and how to give it.
pub(super) fn unwritten(case: &Case) -> Option<String> {
    let (what, option) = match unknown(case) {
        [] => return None,
        ["method"] => ("its method", "`--method PUT`"),
        ["headers"] => ("its headers", "`--header 'content-type: application/json'`"),
        _ => ("its method and its headers", "`--method PUT --header 'content-type: application/json'`"),
    };
    Some(format!(
        "The call does not write out {what}: a variable has them. A method other than GET, HEAD and POST, and most headers, need a \
         preflight. Copy the request in the network panel, or add what it uses, such as {option}."
    ))
}

/// Returns what a copied request does not show.
pub(super) fn unknown_credentials(case: &Case) -> Option<String> {
    let is_unknown = case.fetch.as_ref().is_some_and(|fetch| fetch.credentials.is_none());
    let note = "Nothing here shows whether the page asks with credentials; add --credentials if it does.";
    is_unknown.then(|| note.to_owned())
}

/// Returns a clause as a sentence.
pub(crate) fn sentence(clause: &str) -> String {
    let mut characters = clause.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    let mut sentence: String = first.into_iter().chain(characters).collect();
    if !sentence.ends_with('.') {
        sentence.push('.');
    }
    sentence
}

/// Returns the command that asks the server as the page's browser would. The values that were withheld are marked by `…`.
pub(crate) fn probe_command(fetch: &Fetch<'_>) -> String {
    use crate::shell::word;
    let method =
        if fetch.method() == "GET" { String::new() } else { format!(" --method {}", word(fetch.method)) };
    let headers: String = fetch
        .headers
        .iter()
        .map(|header| [" --header ", &word(&format!("{}: …", header.name()))].concat())
        .collect();
    let credentials = if fetch.credentials == CredentialsMode::Include { " --credentials" } else { "" };
    let (url, page) = (word(fetch.url), word(fetch.origin.as_str()));
    format!("cors probe {url} --origin {page}{method}{headers}{credentials}")
}
