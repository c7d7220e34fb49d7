//! The answer to the responses of a server, whose request is known or is taken to be a plain one.

use cors_core::browser::{self, ErrorKind, Mode, Stage};
use cors_core::explain::ServerAdvice;

use super::{Answer, is_about_origin, of_redirect, of_redirect_to, request};
use crate::Wanted;
use crate::case::{Case, Fetch, Response};
use crate::input::origin_of;
use crate::judge::Missing;
use crate::message::{Cause, TopicKind};

/// What was concluded from responses.
pub(crate) struct Answered {
    pub(crate) answer: Answer,
    pub(crate) about: TopicKind,
    pub(crate) stage: Option<Stage>,
    pub(crate) parameter: Option<String>,
    pub(crate) is_blocked: bool,
}

impl Answer {
    /// Returns the answer to the responses that the case has.
    pub(crate) fn to_responses(case: &Case, exposed: &[String]) -> Result<Answered, Missing> {
        if let Some((answer, about)) = Answer::to_stopped(case) {
            return Ok(Answered { answer, about, stage: None, parameter: None, is_blocked: true });
        }
        let is_checked = case.with_fetch(|fetch| fetch.is_cors() || fetch.mode == Mode::SameOrigin)?;
        if !is_checked {
            let (answer, about) = Answer::to_request(case, exposed)?;
            return Ok(Answered { answer, about, stage: None, parameter: None, is_blocked: false });
        }
        let engine = case.judging_engine();
        case.with_responses(|fetch, preflight, response| {
            let needs_preflight = fetch.preflight(engine).is_some();
            let preflight = preflight.filter(|_| needs_preflight);
            let error = preflight
                .as_ref()
                .and_then(|answer| fetch.check_preflight(engine, answer).err())
                .or_else(|| response.as_ref().and_then(|answer| fetch.check_response(engine, answer).err()));
            let wanted = Wanted::for_fetch(fetch, exposed);
            let mut answered = match &error {
                Some(error) => Answered {
                    answer: of_error(error, fetch, wanted, case),
                    about: Cause::Error(error.kind()).kind(),
                    stage: Some(error.stage()),
                    parameter: Some(error.parameter().to_string()).filter(|text| !text.is_empty()),
                    is_blocked: true,
                },
                None => Answered {
                    answer: passed(needs_preflight && preflight.is_none(), response.is_none(), wanted),
                    about: TopicKind::Cors,
                    stage: None,
                    parameter: None,
                    is_blocked: false,
                },
            };
            let is_unasked = needs_preflight && preflight.is_none();
            if is_unasked {
                answered.answer.notes.push(
                    "This request needs a preflight, and its answer is not here: ask for it as a browser does, and give both heads, \
                     the preflight's first."
                        .to_owned(),
                );
                answered.answer.command = Some(preflight_command(fetch));
            }
            answered.answer.notes.extend(request::unwritten(case));
            answered.answer.notes.extend(request::unknown_credentials(case));
            answered
        })
    }
}

fn of_error(
    error: &browser::CorsError<'_>,
    fetch: &browser::Fetch<'_>,
    wanted: Wanted,
    case: &Case,
) -> Answer {
    let advice = ServerAdvice::for_error(error, fetch);
    let is_redirects = error.stage() == Stage::Actual && is_about_origin(error.kind());
    let redirect = of_redirect(case).filter(|_| is_redirects);
    let wanted = Some(wanted).filter(|_| redirect.is_none());
    let act = redirect.unwrap_or_else(|| advice.to_string());
    Answer {
        act: act.strip_prefix("Nothing. ").unwrap_or(&act).to_owned(),
        name: error.name(),
        title: error.name().to_owned(),
        meaning: advice.meaning().to_owned(),
        wanted,
        ..Answer::default()
    }
}

fn passed(lacks_preflight: bool, lacks_response: bool, wanted: Wanted) -> Answer {
    let act = if lacks_preflight {
        "The response passes; look at the answer to the preflight, too."
    } else if lacks_response {
        "The preflight passes; look at the response to the request itself, too."
    } else {
        "Nothing: these responses pass, and the page reads them."
    };
    Answer {
        act: act.to_owned(),
        name: "passed",
        title: "The responses pass".to_owned(),
        meaning: "By these responses a browser lets the page read what the server sends. If the page fails all the same, its request \
                  differs (its method, its headers, credentials), or another server answers it."
            .to_owned(),
        wanted: Some(wanted),
        ..Answer::default()
    }
}

/// Returns the command line of curl that asks the preflight.
fn preflight_command(fetch: &browser::Fetch<'_>) -> String {
    use crate::shell::word;
    let mut command = format!(
        "curl -si -X OPTIONS {} -H {} -H {}",
        word(fetch.url),
        word(&format!("Origin: {}", fetch.origin)),
        word(&format!("Access-Control-Request-Method: {}", fetch.method())),
    );
    let names: Vec<String> = fetch
        .preflight(browser::Engine::Standard)
        .iter()
        .flat_map(browser::Preflight::header_names)
        .map(|name| name.to_string())
        .collect();
    if !names.is_empty() {
        command.push_str(" -H ");
        command.push_str(&word(&format!("Access-Control-Request-Headers: {}", names.join(","))));
    }
    command
}

/// Says what comes of responses that pass, where one of them redirects: a browser follows it, and from another origin on it names the
/// page no longer.
pub(crate) fn follow(answered: &mut Answered, case: &Case, redirects: &[String]) {
    let Some(last) = redirects.last() else { return };
    let asked = case.fetch.as_ref().and_then(|fetch| origin_of(&fetch.url));
    // A page's own server may redirect to another once: the browser still names the page.
    let leaves = |to: &String| {
        let to = if to.starts_with("//") { format!("https:{to}") } else { to.clone() };
        origin_of(&to).is_some_and(|to| Some(&to) != asked.as_ref())
            && asked.as_deref() != case.page.as_deref()
    };
    let elsewhere = redirects.iter().find(|to| leaves(to));
    let is_open = case.response().is_some_and(|response| response.location().is_some());
    let is_public = case.response().is_some_and(|response| {
        response.headers.iter().any(|(name, value)| name == "access-control-allow-origin" && value == b"*")
    });
    let answer = &mut answered.answer;
    match elsewhere {
        Some(to) if is_open || !is_public => {
            let from = case.fetch.as_ref().map(|fetch| fetch.url.as_str()).unwrap_or_default();
            answer.act = of_redirect_to(from, to).unwrap_or_else(|| format!("Let the page ask {to} itself."));
            answer.meaning = String::from(
                "The redirect passes, and the browser follows it. It leads to another origin, and there the browser sends \
                              `Origin: null`, so that a server which allows the page by its name does not allow that request.",
            );
            answered.is_blocked = !is_open;
        }
        None if is_open => {
            answer.act = format!(
                "Give the response at the end of the redirect, too: it has to pass as well, and {last} is where it leads."
            );
            answer.meaning = String::from(
                "The redirect passes, and the browser follows it. No page reads a redirect itself, and what stands at its end \
                              is not here.",
            );
        }
        _ => return,
    }
    if is_open {
        answer.notes.push(
            "A page reads no header of a redirect, `Location` included, whatever the server exposes: once it is followed, `response.url` has \
             the address. An answer with the status 200 or 201 can have one in a header that is exposed."
                .to_owned(),
        );
    }
    answer.name = "redirect";
    answer.title = String::from("A redirect, which the browser follows");
    answer.wanted = None;
    answered.about = if answered.is_blocked { TopicKind::Cors } else { TopicKind::Unknown };
}

/// Says what comes of a 304, which lacks a field that the copy in the browser's cache may have: the copy's fields count, with those of the
/// 304 in their place. A page that asks by a condition of its own gets the 304 itself.
pub(crate) fn not_modified(answered: &mut Answered, case: &Case) -> bool {
    let names = [ErrorKind::MissingAllowOriginHeader, ErrorKind::InvalidAllowCredentials]
        .map(|kind| kind.name(Stage::Actual));
    let is_lacking = names.contains(&answered.answer.name) && answered.parameter.is_none();
    let is_conditional = case.fetch.as_ref().is_some_and(Fetch::is_conditional);
    let is_304 = case.response().is_some_and(|response| response.status == 304);
    // A browser asks whether its copy is good for these alone.
    let is_of_copy = case
        .fetch
        .as_ref()
        .is_none_or(|fetch| matches!(fetch.method.to_ascii_uppercase().as_str(), "GET" | "HEAD"));
    if !(is_304 && is_of_copy && is_lacking && answered.stage == Some(Stage::Actual)) || is_conditional {
        return false;
    }
    let answer = &mut answered.answer;
    answer.act = String::from(
        "Look at the whole response: a 304 says only that the browser's copy is still good, and the copy's fields count.",
    );
    answer.meaning = String::from(
        "The browser keeps the fields of the response that it has in its cache, and puts those of the 304 in their place. So it checks \
         Access-Control-Allow-Origin of the copy, which is not here. Where the copy was made for another page, or without an Origin, \
         `Vary: Origin` is missing.",
    );
    answer.command = case.fetch.as_ref().map(|fetch| {
        let origin = case.page.as_deref().unwrap_or("https://app.example.com");
        let word = crate::shell::word;
        format!("curl -si {} -H {}", word(&fetch.url), word(&format!("Origin: {origin}")))
    });
    answer.name = "not-modified";
    answer.title = String::from("A 304: the browser's copy counts");
    answer.wanted = None;
    answered.about = TopicKind::Unknown;
    answered.stage = None;
    answered.is_blocked = false;
    true
}

/// Says what cannot be told of a response whose request is not known to have had an Origin.
pub(crate) fn without_origin(
    answered: &mut Answered,
    origin: Option<&str>,
    response: &Response,
    is_known: bool,
) {
    let is_missing = answered.answer.name == ErrorKind::MissingAllowOriginHeader.name(Stage::Actual)
        || answered.answer.name == ErrorKind::MissingAllowOriginHeader.name(Stage::Preflight);
    if !is_missing {
        return;
    }
    let origin = origin.unwrap_or("https://app.example.com");
    let varies = response.headers.iter().any(|(name, value)| {
        name == "vary"
            && value.split(|&byte| byte == b',').any(|name| name.trim_ascii().eq_ignore_ascii_case(b"origin"))
    });
    let why = if varies {
        "and this one names Origin in Vary, so that it most likely does"
    } else {
        "and then their other responses look as if CORS were missing"
    };
    let ask = format!("with `-H 'Origin: {origin}'`");
    let act = std::mem::take(&mut answered.answer.act);
    if is_known {
        answered.answer.act = format!("Ask again {ask}: the request carried no Origin.");
    } else {
        answered.answer.act = format!("Ask again {ask}, if the request carried no Origin.");
    }
    answered.answer.notes.insert(0, format!("If the answer to a request with Origin is the same: {act}"));
    answered
        .answer
        .notes
        .insert(0, format!("Many servers send the CORS fields only to requests with an Origin, {why}."));
}
