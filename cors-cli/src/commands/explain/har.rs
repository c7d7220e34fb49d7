//! A HAR file: a line for each request of another origin that was blocked, or came near it, and the story of one.

use std::fmt::{self, Write};

use anstyle::Style;
use cors_core::browser::{ErrorKind, Stage};
use cors_core::explain::Clue;
use cors_diagnosis::Answer;
use cors_diagnosis::case::Exchange;
use cors_diagnosis::input::{Entry, har};
use cors_diagnosis::message::Cause;
use serde::Serialize;

use super::copied::{Asked, story};
use super::message::write_kind;
use crate::args::Explain;
use crate::clues::{ClueObject, clauses, sentence};
use crate::exit::{Exit, Failure};
use crate::json;
use crate::layout::write_item;
use crate::output::Output;
use crate::printable::printable;
use crate::stacks::Lines;

const TITLE: Style = Style::new().bold();

pub(super) fn run(arguments: &Explain, bytes: &[u8]) -> Result<Exit, Failure> {
    let name = "the HAR file";
    let text = String::from_utf8_lossy(bytes);
    let entries = har(&text).map_err(|error| Failure::unusable(name, error))?;
    let passed = entries.iter().filter(|entry| !entry.is_blocked() && !entry.is_lucky()).count();
    let told: Vec<Told> = entries
        .iter()
        .filter(|entry| entry.is_blocked() || entry.is_lucky())
        .enumerate()
        .map(|(index, entry)| Told::new(index.saturating_add(1), entry))
        .collect();
    let asked_for = match arguments.entry {
        Some(number) => {
            let found = told.iter().find(|told| told.number == number);
            let what = || format!("there is no request {number}; there are {}", told.len());
            Some(found.ok_or_else(|| Failure::unusable("--entry", what()))?)
        }
        None => told.iter().find(|told| told.entry.is_blocked()).or_else(|| told.first()),
    };
    let text = if arguments.json {
        json::object(&FileObject { requests: told.iter().map(Told::object).collect(), passed })
    } else {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = write(&mut text, arguments, &told, passed, asked_for);
        text
    };
    Output::default().text(&text)?;
    Ok(if told.iter().any(|told| told.entry.is_blocked()) { Exit::Problem } else { Exit::Ok })
}

/// An entry that is told, and the answer to it.
struct Told<'e> {
    number: usize,
    entry: &'e Entry,
    answer: Option<Answer>,
}

impl<'e> Told<'e> {
    fn new(number: usize, entry: &'e Entry) -> Self {
        let answer = entry.message().map(|message| Answer::to_message(&message, entry.case.page.as_deref()));
        Told { number, entry, answer }
    }

    fn name(&self) -> &'static str {
        self.answer.as_ref().map_or("passed", |answer| answer.name)
    }

    fn verdict(&self) -> &'static str {
        match self.entry.cause {
            None => "lucky",
            Some(cause @ Cause::Error(_)) if cause.is_cors() => "blocked",
            Some(_) => "failed",
        }
    }

    fn status(&self, is_preflight: bool) -> Option<u16> {
        let exchanges = &self.entry.case.exchanges;
        let found = exchanges.iter().find(|exchange: &&Exchange| exchange.is_preflight == is_preflight);
        found.and_then(|exchange| exchange.response.as_ref()).map(|response| response.status)
    }

    fn write_line(&self, text: &mut String) -> fmt::Result {
        let Some(fetch) = &self.entry.case.fetch else { return Ok(()) };
        let parameter = self.entry.parameter.as_deref().filter(|parameter| !parameter.is_empty());
        let parameter = parameter.map(|parameter| format!(" ({parameter})")).unwrap_or_default();
        let line = format!(
            "{}: {} {}: {}{parameter}; {}",
            self.verdict(),
            fetch.method,
            fetch.url,
            self.name(),
            self.entry.certainty.title(),
        );
        write_item(text, &format!("{:>3}  ", self.number), &line)
    }

    fn write_story(&self, text: &mut String, arguments: &Explain) -> fmt::Result {
        if let Some(answer) = &self.answer {
            write_item(text, "", &answer.act)?;
            writeln!(text, "\n{TITLE}{}{TITLE:#}", printable(&answer.title))?;
        } else {
            writeln!(text, "{TITLE}It passed{TITLE:#}")?;
        }
        let case = &self.entry.case;
        let fetch = case.fetch.as_ref();
        let status = |is_preflight| self.status(is_preflight).map(|status| status.to_string());
        for (what, value) in [
            ("page", case.page.clone()),
            ("address", fetch.map(|fetch| format!("{} {}", fetch.method, fetch.url))),
            ("redirected from", fetch.and_then(|fetch| fetch.redirected_from.clone())),
            ("at fault", self.entry.parameter.clone()),
            ("status of the preflight", status(true)),
            ("status", status(false)),
            ("how sure", Some(self.entry.certainty.title().to_owned())),
        ] {
            if let Some(value) = value {
                writeln!(text, "  {what}: {}", printable(&value))?;
            }
        }
        let mut notes: Vec<String> = Vec::new();
        if let Some(answer) = &self.answer {
            writeln!(text, "\n{TITLE}What it means{TITLE:#}")?;
            if let Some(cause) = self.entry.cause {
                write_kind(text, cause)?;
            }
            write_item(text, "", &answer.meaning)?;
            notes.extend(answer.notes.iter().cloned());
        }
        notes.extend(self.entry.note.map(sentence));
        let shown = self.clues(|clues| clauses(clues.iter().filter(|clue| !self.is_told(clue))));
        notes.extend(shown.iter().map(|clause| sentence(clause)));
        if !notes.is_empty() {
            writeln!(text, "\n{TITLE}Note{TITLE:#}")?;
            notes.iter().try_for_each(|note| write_item(text, "- ", note))?;
        }
        let stack = arguments.server.stack();
        let response = case.exchanges.iter().rev().find_map(|exchange| exchange.response.as_ref());
        let fields = response.into_iter().flat_map(|response| &response.headers);
        let fields = fields.map(|(name, value)| (name.as_str(), value.as_slice()));
        let wanted = self.answer.as_ref().and_then(|answer| answer.wanted.as_ref());
        if let Some(lines) = wanted.and_then(|wanted| Lines::of(stack, fields, wanted)) {
            lines.write(text)?;
        }
        let is_drawn = !arguments.brief && !matches!(self.entry.cause, Some(Cause::Topic(_)));
        if let Some(drawn) = is_drawn.then(|| story(arguments, &Asked::of_case(case))).flatten() {
            writeln!(text, "\n{drawn}")?;
        }
        Ok(())
    }

    /// Calls `f` with what the responses show beyond the fields of CORS.
    fn clues<T>(&self, f: impl FnOnce(&[Clue<'_>]) -> Vec<T>) -> Vec<T> {
        Asked::of_case(&self.entry.case).clues(f).unwrap_or_default()
    }

    /// True for a clue that the answer has already.
    fn is_told(&self, clue: &Clue<'_>) -> bool {
        let is_about_several = self.entry.cause == Some(Cause::Error(ErrorKind::MultipleAllowOriginValues));
        is_about_several && matches!(clue, Clue::SeveralLayers { .. })
    }

    fn object(&self) -> RequestObject<'_> {
        let (case, answer) = (&self.entry.case, self.answer.as_ref());
        let fetch = case.fetch.as_ref();
        RequestObject {
            number: self.number,
            verdict: self.verdict(),
            cause: answer.map(|answer| answer.name),
            certainty: self.entry.certainty.name(),
            stage: self.entry.stage.map(Stage::name),
            parameter: self.entry.parameter.as_deref(),
            method: fetch.map(|fetch| fetch.method.as_str()),
            url: fetch.map(|fetch| fetch.url.as_str()),
            redirected_from: fetch.and_then(|fetch| fetch.redirected_from.as_deref()),
            origin: case.page.as_deref(),
            headers: fetch.map(|fetch| fetch.headers.iter().map(|(name, _)| name.as_str()).collect()),
            preflight_status: self.status(true),
            status: self.status(false),
            advice: answer.map(|answer| answer.act.as_str()),
            meaning: answer.map(|answer| answer.meaning.as_str()),
            notes: answer
                .into_iter()
                .flat_map(|answer| answer.notes.iter().cloned())
                .chain(self.entry.note.map(sentence))
                .collect(),
            clues: self.clues(|clues| clues.iter().map(ClueObject::new).collect()),
        }
    }
}

fn write(
    text: &mut String,
    arguments: &Explain,
    told: &[Told<'_>],
    passed: usize,
    asked_for: Option<&Told<'_>>,
) -> fmt::Result {
    told.iter().try_for_each(|told| told.write_line(text))?;
    let others = if told.is_empty() { "" } else { "other " };
    match passed {
        0 if told.is_empty() => writeln!(text, "There is no request of another origin by CORS in the file.")?,
        0 => {}
        1 => writeln!(text, "1 {others}request of another origin passed.")?,
        _ => writeln!(text, "{passed} {others}requests of other origins passed.")?,
    }
    match asked_for {
        Some(asked_for) => {
            writeln!(text, "\n{TITLE}Request {}{TITLE:#}", asked_for.number)?;
            asked_for.write_story(text, arguments)
        }
        None => Ok(()),
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
    verdict: &'static str,
    cause: Option<&'static str>,
    certainty: &'static str,
    stage: Option<&'static str>,
    parameter: Option<&'e str>,
    method: Option<&'e str>,
    url: Option<&'e str>,
    redirected_from: Option<&'e str>,
    origin: Option<&'e str>,
    headers: Option<Vec<&'e str>>,
    preflight_status: Option<u16>,
    status: Option<u16>,
    advice: Option<&'e str>,
    meaning: Option<&'e str>,
    notes: Vec<String>,
    clues: Vec<ClueObject>,
}
