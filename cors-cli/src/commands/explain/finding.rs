//! What is said about a message or a request, for a person and in JSON.

use std::fmt::{self, Write};

use anstyle::Style;
use cors_core::browser::Engine;
use cors_diagnosis::input::{Certainty, Input};
use cors_diagnosis::message::{Message, Source, TopicKind};
use cors_diagnosis::stack::Lines;
use cors_diagnosis::{Finding, FoundClue, Verdict};
use serde::Serialize;
use serde_json::Value;

use super::text::write_item;
use super::{mermaid, strokes, text};
use crate::args::Explain;
use crate::clues::{clauses, sentence};
use crate::json;
use crate::printable::printable;
use crate::stacks::{write_lines, write_proxy};
use cors_ui::ExplanationObject;

pub(super) const TITLE: Style = Style::new().bold();

/// Writes the sentence to act on, and what stands behind it.
pub(super) fn write(text: &mut String, arguments: &Explain, finding: &Finding) -> fmt::Result {
    write_item(text, "", &finding.answer.act)?;
    writeln!(text, "\n{TITLE}{}{TITLE:#}{}", printable(&finding.answer.title), whose(finding))?;
    write_facts(text, finding)?;
    if !finding.answer.meaning.is_empty() {
        writeln!(text, "\n{TITLE}What it means{TITLE:#}")?;
        write_kind(text, finding)?;
        write_item(text, "", &finding.answer.meaning)?;
    }
    let notes: Vec<String> = notes(finding);
    if !notes.is_empty() {
        writeln!(text, "\n{TITLE}Note{TITLE:#}")?;
        notes.iter().try_for_each(|note| write_item(text, "- ", note))?;
    }
    write_next(text, finding)?;
    if let Some(lines) = shown_lines(arguments, finding) {
        write_lines(text, lines)?;
    } else if arguments.server.stack.is_some() {
        write_no_lines(text, finding)?;
    }
    if arguments.brief {
        return Ok(());
    }
    match drawing(arguments, finding) {
        Some(drawn) => writeln!(text, "\n{}", drawn.trim_end()),
        None => Ok(()),
    }
}

/// Returns whose words it is, after a comma; nothing for those of a script.
fn whose(finding: &Finding) -> String {
    let Some(message) = finding.message.as_ref().filter(|_| finding.certainty.is_none()) else {
        return String::new();
    };
    let title = message.source.title();
    match (message.source, message.language) {
        (Source::Script, _) => String::new(),
        (_, "en") => format!(", in {title}"),
        (_, "another") => format!(", in {title}, in another language"),
        (_, language) => format!(", in {title} ({language})"),
    }
}

fn write_facts(text: &mut String, finding: &Finding) -> fmt::Result {
    let status = |status: Option<u16>| status.map(|status| status.to_string());
    let address = finding.url.as_deref().map(|url| match &finding.method {
        Some(method) => format!("{method} {url}"),
        None => url.to_owned(),
    });
    let at_fault =
        finding.parameter.as_deref().map(|value| if value.is_empty() { "(nothing)" } else { value });
    for (what, value) in [
        ("page", finding.page.clone()),
        ("address", address),
        ("redirected from", finding.redirected_from.clone()),
        ("at fault", at_fault.map(str::to_owned)),
        ("status of the preflight", status(finding.preflight_status)),
        ("status", status(finding.status)),
        ("how sure", finding.certainty.map(|certainty| certainty.title().to_owned())),
    ] {
        if let Some(value) = value {
            writeln!(text, "  {what}: {}", printable(&value))?;
        }
    }
    Ok(())
}

/// Writes how a cause has to do with CORS, unless it is an error of the protocol.
fn write_kind(text: &mut String, finding: &Finding) -> fmt::Result {
    let is_error = finding.answer.name.starts_with(|first: char| first.is_ascii_uppercase());
    match finding.about {
        TopicKind::Cors if is_error || finding.verdict != Verdict::Blocked => Ok(()),
        kind => write_item(text, "", kind.sentence()),
    }
}

/// Returns the answer's notes, and what the responses show besides.
fn notes(finding: &Finding) -> Vec<String> {
    let shown = clauses(finding.clues.iter().filter(|clue| !is_told(finding, clue)));
    finding.answer.notes.iter().cloned().chain(shown.iter().map(|clause| sentence(clause))).collect()
}

/// True for a clue that the answer has already.
fn is_told(finding: &Finding, clue: &FoundClue) -> bool {
    let is_redirects = matches!(clue.clue, "login-redirect" | "https-redirect");
    (finding.answer.name == "MultipleAllowOriginValues" && clue.clue == "several-layers")
        || (is_redirects && finding.answer.act.contains("redirect"))
}

/// Writes the line to run next, whole, so that it can be copied.
fn write_next(text: &mut String, finding: &Finding) -> fmt::Result {
    let Some(command) = &finding.answer.command else { return Ok(()) };
    let title = match finding.answer.name {
        "question" => "For these lines",
        _ => "To see what the server answers",
    };
    writeln!(text, "\n{TITLE}{title}{TITLE:#}")?;
    writeln!(text, "  {}", printable(command))?;
    if command.contains('…') {
        write_item(text, "  ", "Write the values in place of …: they may be secret, and are not printed.")?;
    }
    Ok(())
}

/// Returns the lines for the server's software.
fn shown_lines<'f>(arguments: &Explain, finding: &'f Finding) -> Option<&'f Lines> {
    let has_responses = !finding.case.exchanges.is_empty() || finding.answer.name == "question";
    finding.snippet.as_ref().filter(|_| arguments.server.stack.is_some() || has_responses)
}

fn write_no_lines(text: &mut String, finding: &Finding) -> fmt::Result {
    let why = match finding.about {
        _ if finding.page.as_deref() == Some("null") => {
            "the page's origin is `null`, which no server should allow"
        }
        TopicKind::NotCors => "the server's CORS configuration is not the reason",
        TopicKind::Warning => "nothing was stopped",
        TopicKind::Unknown => "the text does not show that CORS is the reason",
        TopicKind::Cors => {
            "the advice above comes first, and no line of the server's configuration is a part of it"
        }
    };
    writeln!(text)?;
    write_item(text, "", &format!("No lines for --stack: {why}."))
}

/// Returns the story of a fetch by its responses, as it is drawn; nothing where a response that it needs is not known, or where what
/// was concluded is another thing.
fn drawing(arguments: &Explain, finding: &Finding) -> Option<String> {
    let case = &finding.case;
    let engine = case.judging_engine();
    let needs_preflight = case.with_fetch(|fetch| fetch.preflight(engine).is_some()).ok()?;
    let is_whole = !needs_preflight || case.preflight_response().is_some();
    let drawn = case.by_responses(|explanation| {
        let name = explanation.error().map(|error| error.name());
        let is_same = match finding.verdict {
            Verdict::Blocked => name == Some(finding.answer.name),
            Verdict::Allowed | Verdict::Lucky => name.is_none(),
            _ => false,
        };
        let is_complete = is_whole && (case.response().is_some() || name.is_some());
        (is_same && is_complete).then(|| text::explanation(explanation, &[], strokes(arguments), true))
    });
    drawn.ok().flatten()
}

/// Returns the same story as a Mermaid diagram.
pub(super) fn diagram(finding: &Finding) -> Option<String> {
    // What a redirect or a 304 does not show is not drawn.
    if finding.verdict == Verdict::Failed {
        return None;
    }
    finding.case.by_responses(mermaid::diagram).ok()
}

/// Writes how to go on: with a server of somebody else's, and with `--stack`.
pub(super) fn write_further(text: &mut String, arguments: &Explain, finding: &Finding) -> fmt::Result {
    if arguments.server.stack.is_some() || finding.answer.wanted.is_none() {
        return write_missing(text, finding);
    }
    if shown_lines(arguments, finding).is_none() && finding.verdict != Verdict::Allowed {
        writeln!(text, "\n{TITLE}What next{TITLE:#}")?;
        write_item(text, "- ", NEXT)?;
    }
    write_missing(text, finding)?;
    match finding.proxy.as_ref().filter(|_| finding.verdict != Verdict::Allowed) {
        Some(lines) => write_proxy(text, lines),
        None => Ok(()),
    }
}

/// Writes which options make the lines exact.
fn write_missing(text: &mut String, finding: &Finding) -> fmt::Result {
    let options: Vec<&str> = finding
        .missing
        .iter()
        .filter_map(|missing| match *missing {
            "method" => Some("`--method PUT`"),
            "header" => Some("`--header 'content-type: application/json'`"),
            _ => None,
        })
        .collect();
    if options.is_empty() {
        return Ok(());
    }
    let sentence = format!(
        "the message does not say how the page asks: add what it uses, such as {}, and the lines and the policy have it",
        options.join(" and ")
    );
    write_item(text, "- ", &sentence)
}

/// What the command has besides for a fetch that a server should allow.
const NEXT: &str =
    "the lines for your server: add `--stack` and its name, such as express, django, nginx or s3";

/// Returns the JSON of what a text holds: the shapes that `docs/json.md` describes, by the kind of input.
pub(super) fn object(
    input: Input,
    findings: &[Finding],
    passed: usize,
    explanation: Option<ExplanationObject>,
) -> String {
    match input {
        Input::Har => json::object(&FileObject {
            requests: findings
                .iter()
                .enumerate()
                .map(|(index, finding)| RequestObject::new(index, finding))
                .collect(),
            passed,
        }),
        Input::Message => messages(findings, explanation),
        _ => asked(findings),
    }
}

fn messages(findings: &[Finding], explanation: Option<ExplanationObject>) -> String {
    let mut objects = findings.iter().map(MessageObject::new);
    match objects.next() {
        Some(first) => json::object(&MessagesObject { first, more: objects.collect(), explanation }),
        None => String::new(),
    }
}

/// Returns the copied requests: the first, and the others in `more`.
fn asked(findings: &[Finding]) -> String {
    let mut objects = findings.iter().map(asked_object);
    let Some(mut first) = objects.next() else { return String::new() };
    let more: Vec<Value> = objects.collect();
    if let Value::Object(object) = &mut first
        && !more.is_empty()
    {
        object.insert("more".to_owned(), Value::Array(more));
    }
    json::object(&first)
}

fn asked_object(finding: &Finding) -> Value {
    let engine = finding.case.judging_engine();
    let needs_preflight =
        finding.case.with_fetch(|fetch| fetch.preflight(engine).is_some()).unwrap_or_default();
    let wanted = finding.answer.wanted.as_ref();
    let mut advice = vec![finding.answer.act.as_str(), finding.answer.meaning.as_str()];
    advice.extend(finding.answer.notes.iter().map(String::as_str));
    serde_json::json!({
        "origin": finding.page,
        "url": finding.url,
        "method": finding.method,
        "headers": finding.headers,
        "credentials": finding.credentials,
        "verdict": finding.verdict,
        "cause": finding.answer.name,
        "about": finding.about,
        "needs_preflight": needs_preflight,
        "allow_methods": wanted.map(|wanted| wanted.methods.as_slice()).unwrap_or_default(),
        "allow_headers": wanted.map(|wanted| wanted.headers.as_slice()).unwrap_or_default(),
        "advice": advice,
        "command": finding.answer.command,
        "snippet": finding.snippet,
    })
}

/// The first message, with the others in `more`.
#[derive(Serialize)]
struct MessagesObject<'m> {
    #[serde(flatten)]
    first: MessageObject<'m>,
    more: Vec<MessageObject<'m>>,
    explanation: Option<ExplanationObject>,
}

#[derive(Serialize)]
struct MessageObject<'m> {
    engine: Option<&'static str>,
    source: Option<&'static str>,
    language: Option<&'static str>,
    versions: Option<&'static str>,
    cause: &'static str,
    about: &'static str,
    error: Option<&'static str>,
    stage: Option<&'static str>,
    kind: Option<&'m str>,
    origin: Option<&'m str>,
    url: Option<&'m str>,
    redirected_from: Option<&'m str>,
    parameter: Option<&'m str>,
    status: Option<u16>,
    meaning: &'m str,
    advice: &'m str,
    near_miss: Option<&'m str>,
    notes: &'m [String],
    missing: &'m [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<&'m Lines>,
}

const NEAR_MISS: &str = "A near miss: the server sends ";

impl<'m> MessageObject<'m> {
    fn new(finding: &'m Finding) -> Self {
        let message = finding.message.as_ref();
        let near_miss = finding.answer.notes.iter().find(|note| note.starts_with(NEAR_MISS));
        let is_error = finding.answer.name.starts_with(|first: char| first.is_ascii_uppercase());
        MessageObject {
            engine: message.and_then(Message::engine).map(Engine::name),
            source: finding.source,
            language: finding.language,
            versions: finding.versions,
            cause: finding.answer.name,
            about: finding.about.name(),
            error: is_error.then_some(finding.answer.name),
            stage: finding.stage,
            kind: message.and_then(|message| message.kind.as_deref()),
            origin: finding.page.as_deref(),
            url: message.and_then(|message| message.url.as_deref()),
            redirected_from: finding.redirected_from.as_deref(),
            parameter: finding.parameter.as_deref(),
            status: finding.status,
            meaning: &finding.answer.meaning,
            advice: &finding.answer.act,
            near_miss: near_miss.map(|note| note.trim_start_matches(NEAR_MISS).trim_end_matches('.')),
            notes: &finding.answer.notes,
            missing: &finding.missing,
            snippet: finding.snippet.as_ref(),
        }
    }
}

#[derive(Serialize)]
struct FileObject<'e> {
    requests: Vec<RequestObject<'e>>,
    passed: usize,
}

#[derive(Serialize)]
struct RequestObject<'e> {
    number: usize,
    verdict: Verdict,
    cause: Option<&'static str>,
    certainty: Option<&'static str>,
    stage: Option<&'static str>,
    parameter: Option<&'e str>,
    method: Option<&'e str>,
    url: Option<&'e str>,
    redirected_from: Option<&'e str>,
    origin: Option<&'e str>,
    headers: &'e [String],
    preflight_status: Option<u16>,
    status: Option<u16>,
    advice: Option<&'e str>,
    meaning: Option<&'e str>,
    notes: &'e [String],
    clues: &'e [FoundClue],
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<&'e Lines>,
}

impl<'e> RequestObject<'e> {
    fn new(index: usize, finding: &'e Finding) -> Self {
        let answer = Some(&finding.answer).filter(|_| finding.message.is_some());
        RequestObject {
            number: index.saturating_add(1),
            verdict: finding.verdict,
            cause: answer.map(|answer| answer.name),
            certainty: finding.certainty.map(Certainty::name),
            stage: finding.stage,
            parameter: finding.parameter.as_deref(),
            method: finding.method.as_deref(),
            url: finding.url.as_deref(),
            redirected_from: finding.redirected_from.as_deref(),
            origin: finding.page.as_deref(),
            headers: &finding.headers,
            preflight_status: finding.preflight_status,
            status: finding.status,
            advice: answer.map(|answer| answer.act.as_str()),
            meaning: answer.map(|answer| answer.meaning.as_str()),
            notes: &finding.answer.notes,
            clues: &finding.clues,
            snippet: finding.snippet.as_ref(),
        }
    }
}
