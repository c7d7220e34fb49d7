//! The report of a probe, for a person or for a program.

use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};
use cors_core::browser::{CorsError, Engine, Fetch};
use cors_diagnosis::Wanted;
use cors_diagnosis::stack::{Lines, proxy};
use serde::Serialize;

use super::exchange::{Exchange, ExchangeObject};
use super::judge::{Judgement, Verdict};
use super::requests::Asked;
use crate::json;
use crate::layout::{write_item, write_quotation, write_wrapped};
use crate::printable::{Printable, printable};
use crate::stacks::{write_lines, write_proxy};

/// The requests, the answers and the judgements.
pub(super) struct Report<'r> {
    pub(super) fetch: &'r Fetch<'r>,
    pub(super) asked: &'r Asked,
    pub(super) judgements: &'r [Judgement<'r>],
    pub(super) advice: &'r [String],
    /// What the server has to allow.
    pub(super) wanted: &'r Wanted,
    /// The lines for the server's software.
    pub(super) lines: Option<&'r Lines>,
    pub(super) notes: &'r [String],
}

const WHOSE: Style = AnsiColor::BrightBlack.on_default();
const REQUEST: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const OPEN: Style = AnsiColor::Yellow.on_default().bold();

impl Report<'_> {
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> fmt::Result {
        for (engines, exchange) in &self.asked.preflights {
            writeln!(text, "{WHOSE}preflight, as sent by {}{WHOSE:#}", names(engines))?;
            write_exchange(text, exchange)?;
        }
        if let Some(exchange) = &self.asked.request {
            writeln!(text, "{WHOSE}the request itself{WHOSE:#}")?;
            write_exchange(text, exchange)?;
        }
        for judgement in self.judgements {
            self.write_judgement(text, judgement)?;
        }
        write_list(text, "To change on the server:", self.advice)?;
        if let Some(lines) = self.lines {
            write_lines(text, lines)?;
        }
        if self.judgements.iter().any(Judgement::is_blocked) {
            let proxy = proxy(self.wanted, self.fetch.url);
            proxy.as_ref().map_or(Ok(()), |lines| write_proxy(text, lines))?;
        }
        write_list(text, "Note:", self.notes)?;
        if self.judgements.is_empty() {
            return Ok(());
        }
        let sentence = "`cors probe URL --audit` looks for origins that the server trusts and should not.";
        writeln!(text)?;
        write_wrapped(text, "", "", sentence)
    }

    fn write_judgement(&self, text: &mut String, judgement: &Judgement<'_>) -> fmt::Result {
        let style = match judgement.verdict {
            Verdict::Allowed { .. } | Verdict::PreflightPassed { .. } => GOOD,
            Verdict::Blocked { .. } => BAD,
            _ => OPEN,
        };
        let sentence = sentence(&judgement.verdict);
        write_wrapped(text, "", "  ", &format!("{}: {style}{sentence}{style:#}", judgement.engine))?;
        console(judgement, self.fetch).iter().try_for_each(|line| write_quotation(text, "  ", line))
    }

    pub(super) fn json(&self) -> String {
        let fetch = self.fetch;
        let preflights = self.asked.preflights.iter().map(|(engines, exchange)| Sent {
            purpose: "preflight",
            engines: engines.iter().map(|engine| engine.name()).collect(),
            exchange: exchange.into(),
        });
        let request = self.asked.request.as_ref().map(|exchange| Sent {
            purpose: "request",
            engines: self
                .judgements
                .iter()
                .filter(|judgement| judgement.verdict.sends_request())
                .map(|judgement| judgement.engine.name())
                .collect(),
            exchange: exchange.into(),
        });
        let object = Object {
            url: fetch.url,
            origin: fetch.origin.as_str(),
            method: fetch.method(),
            credentials: fetch.credentials.name(),
            api: fetch.api.name(),
            exchanges: preflights.chain(request).collect(),
            engines: self.judgements.iter().map(|judgement| EngineObject::new(judgement, fetch)).collect(),
            advice: self.advice,
            snippet: self.lines,
            notes: self.notes,
        };
        json::object(&object)
    }
}

fn names(engines: &[Engine]) -> String {
    let names: Vec<&str> = engines.iter().map(|engine| engine.name()).collect();
    names.join(", ")
}

/// Writes both heads, with an empty line after each.
fn write_exchange(text: &mut String, Exchange { request, answer }: &Exchange) -> fmt::Result {
    let target = Printable(request.target.as_bytes());
    let method = Printable(request.method.as_bytes());
    write_wrapped(text, "", "  ", &format!("{REQUEST}{method} {target} HTTP/1.1{REQUEST:#}"))?;
    for line in request.fields.printable() {
        write_quotation(text, "  ", &line)?;
    }
    writeln!(text)?;
    match answer {
        Ok(answer) => {
            writeln!(text, "{REQUEST}{}{REQUEST:#}", answer.status_line())?;
            for line in answer.fields.printable() {
                write_quotation(text, "  ", &line)?;
            }
        }
        Err(failure) => {
            write_wrapped(text, "", "  ", &format!("{BAD}no answer{BAD:#}: {}", failure.sentence))?;
        }
    }
    writeln!(text)
}

pub(super) fn write_list(text: &mut String, title: &str, sentences: &[String]) -> fmt::Result {
    if sentences.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n{REQUEST}{title}{REQUEST:#}")?;
    sentences.iter().try_for_each(|sentence| write_item(text, "- ", sentence))
}

fn sentence(verdict: &Verdict<'_>) -> String {
    match verdict {
        Verdict::Allowed { status, exposed, preflight_kept } => {
            let names: Vec<String> = exposed.iter().map(|name| printable(&name.to_string())).collect();
            let reads = if names.is_empty() { "no header".to_owned() } else { names.join(", ") };
            format!("allowed; the page reads the status {status} and {reads}{}", kept(*preflight_kept))
        }
        Verdict::PreflightPassed { preflight_kept } => format!(
            "the preflight passes{}; the request itself was not sent (--send sends it)",
            kept(Some(*preflight_kept))
        ),
        Verdict::Blocked { error, .. } => format!("blocked: {}", error.name()),
        Verdict::Redirected { location, .. } => {
            format!("the response passes, and redirects to {}, which was not asked", Printable(location))
        }
        Verdict::Withheld => "needs no preflight; the request was not sent (--send sends it)".to_owned(),
        Verdict::Unanswered => "no answer to judge".to_owned(),
        Verdict::NotReached => "not asked".to_owned(),
    }
}

fn kept(preflight_kept: Option<u32>) -> String {
    match preflight_kept {
        None => String::new(),
        Some(0) => "; the preflight is not kept".to_owned(),
        Some(seconds) => format!("; the preflight is kept for {seconds} s"),
    }
}

/// Returns the lines of the console.
fn console<'a>(judgement: &Judgement<'a>, fetch: &Fetch<'a>) -> Vec<String> {
    let error = match &judgement.verdict {
        Verdict::Blocked { error, response } => Some((error, response)),
        _ => None,
    };
    let warning = judgement.warning.iter().map(ToString::to_string);
    let message = match (judgement.engine, error) {
        (_, None) => Vec::new(),
        (Engine::Chromium, Some((error, _))) => vec![chromium(error, fetch)],
        (Engine::Firefox, Some((error, response))) => {
            error.firefox_lines(fetch, response).map(|line| line.to_string()).collect()
        }
        // Neither the standard nor WebKit's console has a text to quote.
        (_, Some((error, _))) => vec![error.to_string()],
    };
    warning.chain(message).collect()
}

fn chromium(error: &CorsError<'_>, fetch: &Fetch<'_>) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = error.chromium_message(&mut text, fetch);
    text
}

#[derive(Serialize)]
struct Object<'r> {
    url: &'r str,
    origin: &'r str,
    method: &'r str,
    credentials: &'static str,
    api: &'static str,
    exchanges: Vec<Sent<'r>>,
    engines: Vec<EngineObject>,
    advice: &'r [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<&'r Lines>,
    notes: &'r [String],
}

#[derive(Serialize)]
struct Sent<'r> {
    purpose: &'static str,
    engines: Vec<&'static str>,
    #[serde(flatten)]
    exchange: ExchangeObject<'r>,
}

#[derive(Serialize)]
struct EngineObject {
    engine: &'static str,
    verdict: &'static str,
    /// The name in Chromium's DevTools.
    error: Option<&'static str>,
    /// The value, method or name that is at fault.
    parameter: Option<String>,
    console: Vec<String>,
    exposed_headers: Vec<String>,
    preflight_kept: Option<u32>,
}

impl EngineObject {
    fn new(judgement: &Judgement<'_>, fetch: &Fetch<'_>) -> Self {
        let (mut error, mut exposed_headers, mut preflight_kept) = (None, Vec::new(), None);
        match &judgement.verdict {
            Verdict::Blocked { error: found, .. } => error = Some(found),
            Verdict::Allowed { exposed, preflight_kept: kept, .. } => {
                exposed_headers = exposed.iter().map(ToString::to_string).collect();
                preflight_kept = *kept;
            }
            Verdict::PreflightPassed { preflight_kept: kept } => preflight_kept = Some(*kept),
            _ => {}
        }
        EngineObject {
            engine: judgement.engine.name(),
            verdict: judgement.verdict.name(),
            error: error.map(CorsError::name),
            parameter: error
                .map(|error| error.parameter().to_string())
                .filter(|parameter| !parameter.is_empty()),
            console: console(judgement, fetch),
            exposed_headers,
            preflight_kept,
        }
    }
}
