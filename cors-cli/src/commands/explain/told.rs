//! A text that is told apart by its content: messages, a HAR file, copied requests, a response's head.

use std::fmt::{self, Write};

use anstyle::Style;
use cors_core::browser::ErrorKind;
use cors_diagnosis::input::{Input, curls, fetch_calls, powershell};
use cors_diagnosis::message::Cause;
use cors_diagnosis::{Answer, Besides, Case, Diagnosis, Finding, Refusal, Verdict, diagnose_as, of_response};

use super::finding::{self, TITLE};
use super::question::Question;
use super::text::{write_fixes, write_item};
use super::{rendered, with_policy};
use crate::args::{EngineName, Explain};
use crate::exit::{Exit, Failure};
use crate::input;
use crate::layout::write_item_within;
use crate::output::Output;
use crate::printable::printable;
use crate::stacks::write_lines;
use crate::target;
use cors_ui::ExplanationObject;

/// What is in hand.
pub(super) struct Text {
    pub(super) kind: Input,
    /// How it is named in what goes wrong: an option, a file.
    pub(super) name: String,
    pub(super) content: String,
}

/// Returns what the command line says besides the text.
pub(super) fn besides(arguments: &Explain) -> Result<Besides, Failure> {
    let asked = &arguments.asked;
    if let Some(origin) = &asked.origin {
        target::origin(origin)?;
    }
    let headers = target::headers(&asked.call.headers)?;
    Ok(Besides {
        page: asked.origin.clone(),
        url: asked.url.as_deref().map(target::asked).transpose()?,
        method: asked.call.method.clone(),
        headers: headers
            .iter()
            .map(|header| (header.name().to_owned(), header.value().trim_ascii().to_vec()))
            .collect(),
        credentials: asked.call.credentials,
        engine: asked.engine.map(EngineName::engine),
        stack: arguments.server.stack(),
        exposed: arguments.server.exposed.clone(),
    })
}

pub(super) fn run(arguments: &Explain, given: &Text) -> Result<Exit, Failure> {
    let besides = besides(arguments)?;
    let response = arguments.response.as_ref().filter(|_| given.kind != Input::ResponseHead);
    if let Some(path) = response {
        let case = case(given)?;
        let answered = input::Input::read(path)?;
        let text = cors_diagnosis::input::decoded(answered.bytes());
        let diagnosis =
            of_response(&text, &case, &besides).map_err(|refusal| refused("--response", &refusal))?;
        return print(arguments, &diagnosis);
    }
    if let (Some(path), true) = (arguments.policy_path(), is_request(given.kind)) {
        return request_by_policy(arguments, case(given)?, &besides, &path);
    }
    let mut diagnosis = diagnose_as(given.kind, &given.content, &besides)
        .map_err(|refusal| refused(&given.name, &refusal))?;
    let Some(path) = arguments.policy_path() else { return print(arguments, &diagnosis) };
    let is_one = diagnosis.findings.len() == 1;
    let Some(first) = diagnosis.findings.first_mut() else { return print(arguments, &diagnosis) };
    let is_played = first
        .message
        .as_ref()
        .is_some_and(|message| matches!(message.cause, Cause::Error(_)) && message.cause.is_cors());
    if !is_played {
        first.answer.notes.insert(0, NOT_PLAYED.to_owned());
        return print(arguments, &diagnosis);
    }
    if !is_one {
        first.answer.notes.insert(0, FIRST_ALONE.to_owned());
    }
    message_by_policy(arguments, &path, &diagnosis)
}

const NOT_PLAYED: &str =
    "The policy is not looked at: the text does not show which of its fields stopped the fetch.";
const FIRST_ALONE: &str =
    "The policy is held against this message alone, the first; give the others one at a time.";

fn is_request(kind: Input) -> bool {
    matches!(kind, Input::Curl | Input::FetchCall | Input::PowerShell)
}

/// Returns the request of a text.
fn case(given: &Text) -> Result<Case, Failure> {
    let cases = match given.kind {
        Input::Curl => curls(&given.content),
        Input::FetchCall => fetch_calls(&given.content),
        Input::PowerShell => vec![powershell(&given.content)],
        _ => {
            let what = "it goes with a copied request, or with --origin and --method alone";
            return Err(Failure::unusable("--response", what));
        }
    };
    let none = || Err("there is no request in it; copy it in the network panel".to_owned());
    cases.into_iter().next().unwrap_or_else(none).map_err(|what| Failure::unusable(&given.name, what))
}

/// What stands before a failure, and is as wide before its other lines.
const LABEL: &str = "error: ";

fn refused(name: &str, refusal: &Refusal) -> Failure {
    if refusal.hints.is_empty() {
        return Failure::unusable(name, &refusal.what);
    }
    let mut text = String::new();
    // Writing to a string does not fail.
    let mut write = |mark, sentence: &str| {
        let _ = write_item_within(&mut text, LABEL.len(), mark, sentence);
    };
    write("", &format!("{name}: {}.", refusal.what));
    if refusal.input == Some(Input::Message) {
        write("", "Where to look:");
    }
    refusal.hints.iter().for_each(|hint| write("- ", hint));
    if refusal.input == Some(Input::Message) {
        write(
            "",
            "Without a line about CORS in the console the reason is mostly another one: see the request's status in the network panel.",
        );
    }
    Failure::Unusable(text.trim_end().to_owned())
}

fn print(arguments: &Explain, diagnosis: &Diagnosis) -> Result<Exit, Failure> {
    let asked_for = asked_for(arguments, diagnosis)?;
    let text = if arguments.mermaid {
        let drawn = asked_for.and_then(finding::diagram);
        drawn.ok_or_else(|| {
            Failure::unusable(
                "--mermaid",
                "there is nothing to draw: no response, or none that shows how the fetch ends",
            )
        })?
    } else if arguments.json && diagnosis.input == Input::ResponseHead {
        response_object(diagnosis)
    } else if arguments.json {
        finding::object(diagnosis.input, &diagnosis.findings, diagnosis.passed, None)
    } else {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = match diagnosis.input {
            Input::Har => write_file(&mut text, arguments, diagnosis, asked_for),
            _ => write_all(&mut text, arguments, diagnosis, true),
        };
        text
    };
    Output::default().text(&text)?;
    let is_blocked = |finding: &Finding| matches!(finding.verdict, Verdict::Blocked | Verdict::Failed);
    Ok(match diagnosis.input {
        // A message was blocked when it was written.
        Input::Message => Exit::Ok,
        _ if diagnosis.findings.iter().any(is_blocked) => Exit::Problem,
        _ => Exit::Ok,
    })
}

/// Returns the request of which the story is told: that of `--entry`, or else the first that was blocked.
fn asked_for<'d>(arguments: &Explain, diagnosis: &'d Diagnosis) -> Result<Option<&'d Finding>, Failure> {
    let findings = &diagnosis.findings;
    match arguments.entry {
        Some(number) => {
            let found = number.checked_sub(1).and_then(|index| findings.get(index));
            let what = || format!("there is no request {number}; there are {}", findings.len());
            found.map(Some).ok_or_else(|| Failure::unusable("--entry", what()))
        }
        None => {
            Ok(findings.iter().find(|finding| finding.verdict != Verdict::Lucky).or_else(|| findings.first()))
        }
    }
}

/// Returns the story of responses, with the clues and the lines; or the finding, where a response that the story needs is not known.
fn response_object(diagnosis: &Diagnosis) -> String {
    let Some(finding) = diagnosis.findings.first() else { return String::new() };
    let notes: Vec<String> = [&finding.answer.act, &finding.answer.meaning]
        .into_iter()
        .chain(&finding.answer.notes)
        .cloned()
        .collect();
    let told = finding.case.by_responses(|explanation| ExplanationObject::new(explanation, &notes));
    let explanation = told.map(|mut object| {
        object.set_verdict(finding);
        object
    });
    match explanation {
        Ok(explanation) => {
            super::json::with_more(explanation, Some(&finding.clues), finding.snippet.as_ref())
        }
        Err(_) => finding::object(diagnosis.input, &diagnosis.findings, 0, None),
    }
}

fn write_all(text: &mut String, arguments: &Explain, diagnosis: &Diagnosis, is_last: bool) -> fmt::Result {
    let findings = &diagnosis.findings;
    for (index, finding) in findings.iter().enumerate() {
        if findings.len() > 1 {
            let gap = if index == 0 { "" } else { "\n" };
            let what = if diagnosis.input == Input::Message { "messages" } else { "requests" };
            writeln!(text, "{gap}{TITLE}{} of {} {what}{TITLE:#}", index.saturating_add(1), findings.len())?;
        }
        finding::write(text, arguments, finding)?;
    }
    if is_last && let Some(first) = findings.iter().find(|finding| finding.answer.wanted.is_some()) {
        finding::write_further(text, arguments, first)?;
    }
    if !diagnosis.notes.is_empty() {
        writeln!(text, "\n{TITLE}What does not help{TITLE:#}")?;
        diagnosis.notes.iter().try_for_each(|note| write_item(text, "- ", note))?;
    }
    Ok(())
}

fn write_file(
    text: &mut String,
    arguments: &Explain,
    diagnosis: &Diagnosis,
    asked_for: Option<&Finding>,
) -> fmt::Result {
    for (index, finding) in diagnosis.findings.iter().enumerate() {
        write_line(text, index.saturating_add(1), finding)?;
    }
    let others = if diagnosis.findings.is_empty() { "" } else { "other " };
    match diagnosis.passed {
        0 if diagnosis.findings.is_empty() => {
            writeln!(text, "There is no request of another origin by CORS in the file.")?;
        }
        0 => {}
        1 => writeln!(text, "1 {others}request of another origin passed.")?,
        passed => writeln!(text, "{passed} {others}requests of other origins passed.")?,
    }
    let Some(asked_for) = asked_for else { return Ok(()) };
    let number =
        diagnosis.findings.iter().position(|finding| std::ptr::eq(finding, asked_for)).unwrap_or_default();
    writeln!(text, "\n{TITLE}Request {}{TITLE:#}", number.saturating_add(1))?;
    finding::write(text, arguments, asked_for)?;
    finding::write_further(text, arguments, asked_for)
}

fn write_line(text: &mut String, number: usize, finding: &Finding) -> fmt::Result {
    let parameter = finding.parameter.as_deref().filter(|parameter| !parameter.is_empty());
    let parameter = parameter.map(|parameter| format!(" ({parameter})")).unwrap_or_default();
    let verdict = match finding.verdict {
        Verdict::Lucky => "lucky",
        Verdict::Failed => "failed",
        _ => "blocked",
    };
    let line = format!(
        "{verdict}: {} {}: {}{parameter}; {}",
        finding.method.as_deref().unwrap_or("GET"),
        finding.url.as_deref().unwrap_or_default(),
        finding.answer.name,
        finding.certainty.map_or("", |certainty| certainty.title()),
    );
    write_item(text, &format!("{number:>3}  "), &line)
}

fn request_by_policy(
    arguments: &Explain,
    mut case: Case,
    besides: &Besides,
    path: &std::path::Path,
) -> Result<Exit, Failure> {
    let mut notes = besides.complete(&mut case);
    let is_unknown = case.fetch.as_ref().is_some_and(|fetch| fetch.credentials.is_none());
    let note = "Nothing here shows whether the page asks with credentials; add --credentials if it does.";
    notes.extend(is_unknown.then(|| note.to_owned()));
    with_policy(&input::Input::read(path)?, |policy| {
        case.with_requests(|requests| {
            let explanation = requests.explain(policy);
            let wanted = cors_diagnosis::Wanted::for_fetch(explanation.fetch(), &besides.exposed);
            let lines =
                besides.stack.and_then(|stack| cors_diagnosis::stack::Lines::of(Some(stack), [], &wanted));
            Output::default().text(&rendered(arguments, &explanation, &notes, lines.as_ref()))?;
            Ok(if explanation.is_ok() { Exit::Ok } else { Exit::Problem })
        })
        .map_err(|missing| Failure::unusable("--origin", missing.sentence()))?
    })
}

const ALLOWED: &str = "The policy allows this fetch, so that the response came from something else: a server that runs \
                       another policy, a proxy or a login before it, or an error that passed by the policy. `cors probe` \
                       shows what the address really answers.";

fn message_by_policy(
    arguments: &Explain,
    path: &std::path::Path,
    diagnosis: &Diagnosis,
) -> Result<Exit, Failure> {
    let Some((finding, message)) =
        diagnosis.findings.first().and_then(|finding| Some((finding, finding.message.as_ref()?)))
    else {
        return print(arguments, diagnosis);
    };
    let unusable = |option: &str, what: &str| {
        Failure::unusable(option, format_args!("the message does not contain the page's {what}; add it"))
    };
    let origin = finding.page.as_deref().ok_or_else(|| unusable("--origin", "origin"))?;
    let is = |wanted| message.cause == Cause::Error(wanted);
    let of = |wanted| message.whole_parameter().filter(|_| is(wanted));
    let method =
        of(ErrorKind::MethodDisallowedByPreflightResponse).or(arguments.asked.call.method.as_deref());
    if is(ErrorKind::MethodDisallowedByPreflightResponse) && method.is_none() {
        return Err(unusable("--method", "method"));
    }
    let header = of(ErrorKind::HeaderDisallowedByPreflightResponse);
    if is(ErrorKind::HeaderDisallowedByPreflightResponse)
        && header.is_none()
        && arguments.asked.call.headers.is_empty()
    {
        return Err(unusable("--header", "header"));
    }
    let needs_credentials = is(ErrorKind::WildcardOriginNotAllowed) || is(ErrorKind::InvalidAllowCredentials);
    // What the message says counts before the options, as its notes have it.
    let question = Question::from_page(&arguments.asked, target::origin(origin)?)?
        .with_url(message.redirected_from.as_deref().or(finding.url.as_deref()))
        .with_method(method)
        .or_api(message.kind.as_deref())
        .and_header(header)
        .and_credentials(needs_credentials);
    let engine = message.engine().unwrap_or_else(|| arguments.asked.engine());
    with_policy(&input::Input::read(path)?, |policy| {
        question.explain(engine, policy, |explanation, _| {
            let text = if arguments.json {
                let told = ExplanationObject::new(explanation, &[]);
                finding::object(diagnosis.input, &diagnosis.findings, 0, Some(told))
            } else {
                let mut text = String::new();
                // Writing to a string does not fail.
                let _ = write_all(&mut text, arguments, diagnosis, false);
                let _ = if explanation.is_ok() {
                    const TITLE: Style = Style::new().bold();
                    writeln!(text, "\n{TITLE}By this policy{TITLE:#}")
                        .and_then(|()| write_item(&mut text, "", ALLOWED))
                } else {
                    write_fixes(&mut text, explanation)
                };
                text
            };
            Output::default().text(&text)?;
            Ok(if explanation.is_ok() { Exit::Ok } else { Exit::Problem })
        })?
    })
}

/// Prints the lines for a stack alone: the fetch of the command line, as far as it is said.
pub(super) fn lines_alone(arguments: &Explain) -> Result<Exit, Failure> {
    let besides = besides(arguments)?;
    let mut case = Case::default();
    besides.complete(&mut case);
    let is_placeholder = case.page.is_none();
    let stopped = if is_placeholder { None } else { Answer::before_request(&case) };
    if is_placeholder {
        case.page = Some("https://app.example.com".to_owned());
    }
    let mut wanted = case
        .with_fetch(|fetch| cors_diagnosis::Wanted::for_fetch(fetch, &besides.exposed))
        .map_err(|missing| Failure::unusable("--origin", missing.sentence()))?;
    if is_placeholder {
        wanted.origins.clear();
    }
    let Some(lines) = cors_diagnosis::stack::Lines::of(besides.stack, [], &wanted) else {
        return Err(Failure::unusable("--stack", "name the server's software"));
    };
    let text = if arguments.json {
        crate::json::object(&lines)
    } else {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = write_lines(&mut text, &lines);
        if let Some(answer) = &stopped {
            let _ = writeln!(text, "\nBefore that: no server's lines make a browser send this request.");
            let _ = write_item(&mut text, "  ", &format!("{} {}", answer.act, answer.meaning));
        }
        text.trim_start().to_owned()
    };
    Output::default().text(&text)?;
    Ok(if lines.is_refused() || stopped.is_some() { Exit::Problem } else { Exit::Ok })
}

/// Returns what is wrong with a text that is none of the inputs, such as an address.
pub(super) fn refused_address(text: &str) -> Failure {
    let url = cors_diagnosis::shell::word(&printable(&cors_diagnosis::input::shown_url(text)));
    Failure::unusable(
        "cors explain",
        format_args!(
            "an address alone does not show why it is blocked; ask its server as a browser would:\n  cors probe {url} \
             --origin https://app.example.com"
        ),
    )
}
