//! [`Answer`]: what is said about a case, the same for whatever a developer has in hand.

pub(crate) mod request;
pub(crate) mod responses;

use cors_core::browser::{ErrorKind, Stage};
use cors_core::explain::{ServerAdvice, near_miss};
use cors_core::{Origin, OriginPattern};
use serde::Serialize;

use crate::Wanted;
use crate::case::Case;
use crate::message::{Cause, Message, TopicKind, topics};

/// What is said about a case: first the sentence to act on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The sentence to act on.
    pub act: String,
    /// What it is called: `MissingAllowOriginHeader`, `network-error`.
    pub name: &'static str,
    /// The name for a person.
    pub title: String,
    /// What happened, in plain words.
    pub meaning: String,
    /// Further sentences: what was seen, and what it may come from.
    pub notes: Vec<String>,
    /// The line to run next, which shows more. A value that was withheld is marked by `…` in it.
    pub command: Option<String>,
    /// What the server has to allow, where CORS is the reason.
    pub wanted: Option<Wanted>,
}

/// Where the origin `null` comes from.
const NULL_NOTE: &str = "A page has the origin `null` if it was opened as a file, in a sandboxed frame without \
                         `allow-same-origin` (add that only for what you trust), and after a redirect from one origin to another: then let it ask for the last \
                         address at once.";

/// What to do where the field has the page's origin, and that of the request was another.
const REDIRECTED_ORIGIN: &str = "Let the page ask for the last address at once: the field has the page's origin, and the request came with \
                                 `null`, because a redirect led from one origin to another. No server should allow `null`.";

impl Answer {
    /// Returns the answer to a message. The page's origin is supplied where the message does not have it.
    pub fn to_message(message: &Message, page: Option<&str>) -> Answer {
        let origin = message.origin.as_deref().or(page);
        let mut answer = match message.cause {
            Cause::Error(kind) => about_error(message, kind, origin),
            Cause::Topic(topic) => Answer {
                act: match origin {
                    // No server should allow that origin.
                    Some("null") if topic.act.contains("{origin}") && topic.kind == TopicKind::Cors => {
                        topics::NULL_ORIGIN.act.to_owned()
                    }
                    _ => fill(topic.act, message, origin),
                },
                name: topic.name,
                title: topic.title.to_owned(),
                meaning: fill(topic.meaning, message, origin),
                ..Answer::default()
            },
        };
        if message.cause.is_cors() {
            answer.wanted = wanted(message, origin);
            if origin == Some("null") {
                answer.notes.insert(0, NULL_NOTE.to_owned());
            }
        }
        answer.notes.extend(notes(message, origin));
        answer
    }
}

fn about_error(message: &Message, kind: ErrorKind, origin: Option<&str>) -> Answer {
    let mut advice = ServerAdvice::for_kind(kind, message.stage);
    if let Some(origin) = origin {
        advice = advice.with_origin(origin);
    }
    if let (Some(from), Some(to)) = (&message.redirected_from, &message.url) {
        advice = advice.with_redirect(from, to);
    }
    if let Some(parameter) = &message.parameter {
        advice = advice.with_parameter(parameter);
    }
    if let Some(status) = message.status {
        advice = advice.with_status(status);
    }
    let name = kind.name(message.stage.unwrap_or(Stage::Actual));
    // So it begins where the server is not at fault; here the rest of it is the sentence to act on.
    let is_the_page = origin.is_some_and(|origin| message.parameter.as_deref() == Some(origin));
    let act = if kind == ErrorKind::AllowOriginMismatch && is_the_page {
        REDIRECTED_ORIGIN.to_owned()
    } else if let Some(act) = message.cut_parameter().and_then(|start| of_cut_name(kind, start)) {
        act
    } else {
        advice.to_string()
    };
    Answer {
        act: act.strip_prefix("Nothing. ").unwrap_or(&act).to_owned(),
        name,
        title: name.to_owned(),
        meaning: advice.meaning().to_owned(),
        ..Answer::default()
    }
}

/// Returns what to do about a response that redirects to another origin, where no field of CORS on it is of use: a login, mostly.
pub(crate) fn of_redirect(case: &Case) -> Option<String> {
    let to = case.response()?.location()?;
    of_redirect_to(&case.fetch.as_ref()?.url, to)
}

/// Returns what to do about a redirect from one address to another, of another origin.
pub(crate) fn of_redirect_to(from: &str, to: &str) -> Option<String> {
    let scheme = from.split_once("//").map_or("https:", |(scheme, _)| scheme);
    let to = if to.starts_with("//") { format!("{scheme}{to}") } else { to.to_owned() };
    let changes =
        crate::input::origin_of(from).zip(crate::input::origin_of(&to)).is_some_and(|(from, to)| from != to);
    let advice = ServerAdvice::for_kind(ErrorKind::MissingAllowOriginHeader, Some(Stage::Actual));
    changes.then(|| advice.with_redirect(from, &to).to_string())
}

/// True for the errors of a response that say that the page's origin is not allowed.
pub(crate) fn is_about_origin(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::MissingAllowOriginHeader
            | ErrorKind::MultipleAllowOriginValues
            | ErrorKind::InvalidAllowOriginValue
            | ErrorKind::AllowOriginMismatch
            | ErrorKind::WildcardOriginNotAllowed
    )
}

/// Returns what to do about a message that is cut in the name at fault, of which the beginning is known.
fn of_cut_name(kind: ErrorKind, start: &str) -> Option<String> {
    let (what, field, others) = match kind {
        ErrorKind::HeaderDisallowedByPreflightResponse => {
            ("header's name", "Access-Control-Allow-Headers", "headers that pages set")
        }
        ErrorKind::MethodDisallowedByPreflightResponse => {
            ("method", "Access-Control-Allow-Methods", "methods that pages use")
        }
        _ => return None,
    };
    let known = if start.is_empty() {
        format!("before the {what}")
    } else {
        format!("in or after the {what}, which begins with `{start}`")
    };
    Some(format!(
        "Copy the rest of the message: it is cut {known}. The answer to the preflight has to have the whole {what} in the field \
         `{field}`, with the other {others} beside it."
    ))
}

/// Writes the message's parts into a sentence.
fn fill(sentence: &str, message: &Message, origin: Option<&str>) -> String {
    let status = message.status.map(|status| status.to_string());
    let parts = [
        ("{origin}", origin.filter(|origin| *origin != "null"), "(the page's origin)"),
        ("{url}", message.url.as_deref(), "the address"),
        ("{parameter}", message.parameter.as_deref().filter(|part| !part.is_empty()), "that header"),
        ("{status}", status.as_deref(), "that status"),
    ];
    parts.iter().fold(sentence.to_owned(), |sentence, (hole, part, otherwise)| {
        sentence.replace(hole, part.unwrap_or(otherwise))
    })
}

/// Returns what the server has to allow, as far as the message shows it: without an origin, if that is not known. Nothing for a page
/// that no server should allow, and where a redirect has to go first.
fn wanted(message: &Message, origin: Option<&str>) -> Option<Wanted> {
    if origin == Some("null") || is_redirected_elsewhere(message) {
        return None;
    }
    let origin = origin.filter(|origin| OriginPattern::parse(origin).is_ok());
    let of = |wanted: ErrorKind| {
        message.whole_parameter().map(str::to_owned).filter(|_| message.cause == Cause::Error(wanted))
    };
    let credentials = [ErrorKind::WildcardOriginNotAllowed, ErrorKind::InvalidAllowCredentials];
    Some(Wanted {
        origins: origin.map(str::to_owned).into_iter().collect(),
        methods: of(ErrorKind::MethodDisallowedByPreflightResponse).into_iter().collect(),
        headers: of(ErrorKind::HeaderDisallowedByPreflightResponse).into_iter().collect(),
        credentials: credentials.iter().any(|kind| message.cause == Cause::Error(*kind)),
        ..Wanted::default()
    })
}

/// True if what failed is the response to which a redirect leads, mostly a login: its server is not to allow the page.
fn is_redirected_elsewhere(message: &Message) -> bool {
    let origin = |url: &Option<String>| url.as_deref().and_then(crate::input::origin_of);
    let changes =
        origin(&message.redirected_from).zip(origin(&message.url)).is_some_and(|(from, to)| from != to);
    changes
        || matches!(message.cause, Cause::Topic(topic) if topic.name == topics::REDIRECT_ALLOW_ORIGIN.name)
}

/// Returns what else the message shows.
fn notes(message: &Message, origin: Option<&str>) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(miss(message, origin));
    if message.cause == Cause::Error(ErrorKind::MultipleAllowOriginValues) {
        notes.push(
            "Two values mostly come from two parts of the server that both add the field, such as the application and a \
             proxy, or a library and a line of one's own: take one away."
                .to_owned(),
        );
    }
    if message.kind.as_deref() == Some("manifest") {
        notes.push(
            "A manifest is loaded without cookies, so that a login in front of it answers with a redirect. Write `<link rel=\"manifest\" \
             crossorigin=\"use-credentials\">`, or let the login pass the manifest."
                .to_owned(),
        );
    }
    if message.cause == Cause::Error(ErrorKind::MissingAllowOriginHeader) {
        notes.extend(message.status.and_then(|status| circumstance(message.stage, status)));
        if matches!(message.kind.as_deref(), Some("image" | "font" | "video" | "audio" | "script")) {
            notes.push(
                "If the field is there when you look: the browser has a copy in its cache that was loaded without \
                 `crossorigin`. Let the server send the field and `Vary: Origin` always (S3 and CDNs do so only if they are \
                 told to), and load the file with `crossorigin` everywhere."
                    .to_owned(),
            );
        }
    }
    notes
}

/// Returns the sentence about a value that was probably meant to be the page's origin.
fn miss(message: &Message, origin: Option<&str>) -> Option<String> {
    let is_about_origin = matches!(
        message.cause,
        Cause::Error(ErrorKind::AllowOriginMismatch | ErrorKind::InvalidAllowOriginValue)
    );
    let origin = Origin::parse(origin?.as_bytes()).ok()?;
    let value = message.whole_parameter().filter(|_| is_about_origin)?;
    near_miss(&origin, value).map(|miss| format!("A near miss: the server sends {miss}."))
}

fn circumstance(stage: Option<Stage>, status: u16) -> Option<String> {
    Some(match (stage, status) {
        (Some(Stage::Preflight), 401 | 403 | 407) => format!(
            "The status was {status}: the server wants to know who asks, and a preflight carries no cookies and no \
             Authorization."
        ),
        (Some(Stage::Preflight), 404 | 405 | 501) => {
            format!("The status was {status}: nothing there answers OPTIONS.")
        }
        (_, 400..) => format!(
            "The status was {status}: an error, which may lack the fields that successes have (nginx leaves them out of \
             errors unless add_header says `always`). Look also for why it fails."
        ),
        _ => return None,
    })
}

impl TopicKind {
    /// Returns the sentence that says how a topic has to do with CORS.
    pub fn sentence(self) -> &'static str {
        match self {
            TopicKind::Cors => "CORS stopped the fetch.",
            TopicKind::Warning => "A warning or a note: this alone stops nothing.",
            TopicKind::NotCors => "This is not CORS.",
            TopicKind::Unknown => "This text alone does not show whether it is CORS.",
        }
    }
}
