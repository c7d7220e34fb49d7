//! Messages from a browser's console: what they mean, and what to change.

use std::fmt::{self, Write};
use std::path::Path;

use anstyle::Style;
use cors_core::browser::{Engine, ErrorKind, Stage};
use cors_core::explain::Explanation;
use cors_diagnosis::Answer;
use cors_diagnosis::message::{self, Cause, Message, Source};
use cors_diagnosis::stack::NO_CORS;
use serde::Serialize;

use super::json::ExplanationObject;
use super::question::Question;
use super::text::{write_fixes, write_item};
use super::with_policy;
use crate::args::{Explain, Server};
use crate::exit::{Exit, Failure};
use crate::layout::write_item_within;
use crate::output::Output;
use crate::printable::printable;
use crate::stacks::{Lines, LinesObject, write_proxy};
use crate::{json, target};

pub(super) fn run(arguments: &Explain, pasted: &str) -> Result<Exit, Failure> {
    let messages = message::read(pasted);
    let meanings: Vec<Meaning<'_>> =
        messages.iter().map(|message| Meaning::new(message, arguments.asked.origin.as_deref())).collect();
    let Some(first) = meanings.first() else {
        return Err(unrecognized(pasted));
    };
    let mut notes: Vec<String> = Vec::new();
    if pasted.contains("no-cors") && first.message.cause.is_cors() {
        notes.push(NO_CORS.to_owned());
    }
    match (arguments.policy_path(), first.message.cause) {
        (Some(path), Cause::Error(kind)) if first.message.cause.is_cors() => {
            by_policy(arguments, &path, &meanings, kind, &notes)
        }
        _ => print(arguments, &meanings, &notes, None).map(|()| Exit::Ok),
    }
}

/// What stands before a failure, and is as wide before its other lines.
const LABEL: &str = "error: ";

fn unrecognized(pasted: &str) -> Failure {
    let what = if pasted.trim().is_empty() {
        "cors explain: the text is empty."
    } else {
        "cors explain: nothing in this text is known to be about CORS, or to be taken for it."
    };
    let mut text = String::new();
    let items = [
        "the browser's console (F12) has a line that begins with \"Access to fetch at …\" (Chrome, Edge), \"Cross-Origin Request \
         Blocked\" (Firefox) or \"Origin … is not allowed by\" (Safari): paste that, with the lines around it",
        "the network panel has the request and its preflight: save all as HAR, and `cors explain --har FILE`",
        "the server can be asked as a browser would: `cors probe URL --origin https://app.example.com`",
    ];
    // Writing to a string does not fail.
    let mut write = |mark, sentence| {
        let _ = write_item_within(&mut text, LABEL.len(), mark, sentence);
    };
    write("", what);
    write("", "Where to look:");
    for item in items {
        write("- ", item);
    }
    let otherwise = "Without a line about CORS in the console the reason is mostly another one: see the request's status in the \
                     network panel.";
    write("", otherwise);
    Failure::Unusable(text.trim_end().to_owned())
}

/// A message, and what is said about it.
struct Meaning<'m> {
    message: &'m Message,
    /// The page's origin, from the message or else the command line.
    origin: Option<&'m str>,
    answer: Answer,
}

impl<'m> Meaning<'m> {
    fn new(message: &'m Message, given: Option<&'m str>) -> Self {
        let origin = message.origin.as_deref().or(given);
        Meaning { message, origin, answer: Answer::to_message(message, given) }
    }

    fn write(&self, text: &mut String) -> fmt::Result {
        const TITLE: Style = Style::new().bold();
        write_item(text, "", &self.answer.act)?;
        writeln!(text, "\n{TITLE}{}{TITLE:#}{}", self.answer.title, self.whose())?;
        let status = self.message.status.map(|status| status.to_string());
        let parameter = self.message.parameter.as_deref();
        for (what, value) in [
            ("page", self.origin),
            ("address", self.message.url.as_deref()),
            ("redirected from", self.message.redirected_from.as_deref()),
            ("at fault", parameter.map(|value| if value.is_empty() { "(nothing)" } else { value })),
            ("status", status.as_deref()),
        ] {
            if let Some(value) = value {
                writeln!(text, "  {what}: {}", printable(value))?;
            }
        }
        writeln!(text, "\n{TITLE}What it means{TITLE:#}")?;
        write_kind(text, self.message.cause)?;
        write_item(text, "", &self.answer.meaning)?;
        if !self.answer.notes.is_empty() {
            writeln!(text, "\n{TITLE}Note{TITLE:#}")?;
            self.answer.notes.iter().try_for_each(|note| write_item(text, "- ", note))?;
        }
        Ok(())
    }

    /// Returns whose words it is, after a comma; nothing for those of a script.
    fn whose(&self) -> String {
        let title = self.message.source.title();
        match (self.message.source, self.message.language) {
            (Source::Script, _) => String::new(),
            (_, "en") => format!(", in {title}"),
            (_, "another") => format!(", in {title}, in another language"),
            (_, language) => format!(", in {title} ({language})"),
        }
    }

    fn object(&self, server: &Server) -> MessageObject<'_> {
        let message = self.message;
        let is_near_miss = |note: &&String| note.starts_with(NEAR_MISS);
        let near_miss = self.answer.notes.iter().find(is_near_miss);
        MessageObject {
            engine: message.engine().map(Engine::name),
            source: message.source.name(),
            language: message.language,
            versions: message.versions,
            cause: message.name(),
            kind_of_cause: message.cause.kind().name(),
            error: match message.cause {
                Cause::Error(_) => Some(message.name()),
                Cause::Topic(_) => None,
            },
            stage: message.stage.map(Stage::name),
            kind: message.kind.as_deref(),
            origin: self.origin,
            url: message.url.as_deref(),
            redirected_from: message.redirected_from.as_deref(),
            parameter: message.parameter.as_deref(),
            status: message.status,
            meaning: &self.answer.meaning,
            advice: &self.answer.act,
            near_miss: near_miss.map(|note| note.trim_start_matches(NEAR_MISS).trim_end_matches('.')),
            notes: &self.answer.notes,
            snippet: self.lines(server).map(|lines| lines.object()),
        }
    }

    /// Returns the lines for the server's software, where it is named and has to allow something.
    fn lines(&self, server: &Server) -> Option<Lines> {
        let mut wanted = self.answer.wanted.clone()?;
        wanted.exposed.extend(server.exposed.iter().map(|name| name.to_ascii_lowercase()));
        Lines::of(Some(server.stack()?), [], &wanted)
    }
}

/// Writes how a cause has to do with CORS, unless it is an error of the protocol.
pub(super) fn write_kind(text: &mut String, cause: Cause) -> fmt::Result {
    match cause {
        Cause::Error(_) if cause.is_cors() => Ok(()),
        _ => write_item(text, "", cause.kind().sentence()),
    }
}

const NEAR_MISS: &str = "A near miss: the server sends ";

fn print(
    arguments: &Explain,
    meanings: &[Meaning<'_>],
    notes: &[String],
    explanation: Option<&Explanation<'_>>,
) -> Result<(), Failure> {
    let text = if arguments.json {
        let mut objects = meanings.iter().map(|meaning| meaning.object(&arguments.server));
        let explanation = explanation.map(|explanation| ExplanationObject::new(explanation, &[]));
        match objects.next() {
            Some(first) => json::object(&MessagesObject { first, more: objects.collect(), explanation }),
            None => String::new(),
        }
    } else {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = write(&mut text, meanings, notes, &arguments.server, explanation);
        text
    };
    Output::default().text(&text)
}

fn write(
    text: &mut String,
    meanings: &[Meaning<'_>],
    notes: &[String],
    server: &Server,
    explanation: Option<&Explanation<'_>>,
) -> fmt::Result {
    const TITLE: Style = Style::new().bold();
    for (index, meaning) in meanings.iter().enumerate() {
        if meanings.len() > 1 {
            let gap = if index == 0 { "" } else { "\n" };
            writeln!(
                text,
                "{gap}{TITLE}{} of {} messages{TITLE:#}",
                index.saturating_add(1),
                meanings.len()
            )?;
        }
        meaning.write(text)?;
        if let Some(lines) = meaning.lines(server) {
            lines.write(text)?;
        }
    }
    // Only the proxy needs a whole address, and one of this machine is the developer's own.
    let is_foreign = |url: &&str| target::url(url).is_ok_and(|url| !target::is_loopback(&url));
    let first = meanings.first().filter(|_| explanation.is_none() && server.stack.is_none());
    if let Some((wanted, url)) = first
        .and_then(|first| first.answer.wanted.as_ref().zip(first.message.url.as_deref().filter(is_foreign)))
    {
        write_proxy(text, wanted, url)?;
    }
    if !notes.is_empty() {
        writeln!(text, "\n{TITLE}What does not help{TITLE:#}")?;
        notes.iter().try_for_each(|note| write_item(text, "- ", note))?;
    }
    match explanation {
        None if server.stack.is_none() && meanings.iter().any(|meaning| meaning.answer.wanted.is_some()) => {
            writeln!(text, "\n{TITLE}What next{TITLE:#}")?;
            write_item(text, "- ", NEXT)
        }
        None => Ok(()),
        Some(explanation) if explanation.is_ok() => {
            writeln!(text, "\n{TITLE}By this policy{TITLE:#}")?;
            write_item(text, "", ALLOWED)
        }
        Some(explanation) => write_fixes(text, explanation),
    }
}

/// What the command has besides for a fetch that a server should allow.
const NEXT: &str =
    "the lines for your server: add `--stack` and its name, such as express, django, nginx or s3";

const ALLOWED: &str = "The policy allows this fetch, so that the response came from something else: a server that runs \
                       another policy, a proxy or a login before it, or an error that passed by the policy. `cors probe` \
                       shows what the address really answers.";

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
    source: &'static str,
    language: &'static str,
    versions: &'static str,
    cause: &'static str,
    #[serde(rename = "about")]
    kind_of_cause: &'static str,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<LinesObject>,
}

fn by_policy(
    arguments: &Explain,
    path: &Path,
    meanings: &[Meaning<'_>],
    kind: ErrorKind,
    notes: &[String],
) -> Result<Exit, Failure> {
    let unusable = |option: &str, what: &str| {
        Failure::unusable(option, format_args!("the message does not contain the page's {what}; add it"))
    };
    let Some(Meaning { message, origin, .. }) = meanings.first() else {
        return Err(unusable("--message", "request"));
    };
    let origin = origin.ok_or_else(|| unusable("--origin", "origin"))?;
    let of = |wanted| message.parameter.as_deref().filter(|_| kind == wanted);
    let method =
        of(ErrorKind::MethodDisallowedByPreflightResponse).or(arguments.asked.call.method.as_deref());
    if kind == ErrorKind::MethodDisallowedByPreflightResponse && method.is_none() {
        return Err(unusable("--method", "method"));
    }
    let needs_credentials =
        matches!(kind, ErrorKind::WildcardOriginNotAllowed | ErrorKind::InvalidAllowCredentials);
    let question = Question::from_page(&arguments.asked, target::origin(origin)?)?
        .or_url(arguments.asked.url.is_some(), message.redirected_from.as_deref().or(message.url.as_deref()))
        .or_method(arguments.asked.call.method.is_some(), method)
        .or_api(message.kind.as_deref())
        .and_header(of(ErrorKind::HeaderDisallowedByPreflightResponse))
        .and_credentials(needs_credentials);
    let engine = message.engine().unwrap_or(Engine::Standard);
    with_policy(path, |policy| {
        question.explain(engine, policy, |explanation, _| {
            print(arguments, meanings, notes, Some(explanation))?;
            Ok(if explanation.is_ok() { Exit::Ok } else { Exit::Problem })
        })?
    })
}
