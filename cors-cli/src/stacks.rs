//! The lines that make a fetch work, in the software of its server.

use std::fmt::{self, Write};

use anstyle::Style;
use cors_core::browser::{CredentialsMode, Engine, Fetch, Preflight};
use cors_diagnosis::Wanted;
use cors_diagnosis::stack::{Confidence, Refused, Snippet, Stack, proxy};
use serde::Serialize;

use crate::layout::{write_item, write_wrapped};

const TITLE: Style = Style::new().bold();

/// Whose lines, and for what.
pub(crate) struct Lines {
    stack: Stack,
    /// How sure it is, where a response told the stack, and not the command line.
    confidence: Option<Confidence>,
    snippet: Result<Snippet, Refused>,
}

impl Lines {
    /// Returns the lines for this stack, or else for the one that the response tells, if it tells one.
    pub(crate) fn of<'f>(
        asked_for: Option<Stack>,
        fields: impl IntoIterator<Item = (&'f str, &'f [u8])>,
        wanted: &Wanted,
    ) -> Option<Self> {
        let told = || {
            let stacks = Stack::of_response(fields);
            stacks.into_iter().find(|(_, confidence)| *confidence != Confidence::Possible)
        };
        let (stack, confidence) = match asked_for {
            Some(stack) => (stack, None),
            None => told().map(|(stack, confidence)| (stack, Some(confidence)))?,
        };
        Some(Lines { stack, confidence, snippet: stack.snippet(wanted) })
    }

    /// Returns true if there are no lines, because they would not work or would not be safe.
    pub(crate) fn is_refused(&self) -> bool {
        self.snippet.is_err()
    }

    /// Writes the lines as they are: each can be copied.
    pub(crate) fn write(&self, text: &mut String) -> fmt::Result {
        let title = self.stack.title();
        let how = match self.confidence {
            None => "",
            Some(Confidence::Sure) => ", which the response names",
            Some(_) => ", as the response looks",
        };
        writeln!(text)?;
        write_wrapped(text, "", "", &format!("{TITLE}In {title}{TITLE:#}{how}"))?;
        let snippet = match &self.snippet {
            Ok(snippet) => snippet,
            Err(refused) => return write_item(text, "  ", &format!("nothing is written: {refused}")),
        };
        if let Some(command) = snippet.command {
            writeln!(text, "  $ {command}")?;
        }
        for part in &snippet.parts {
            write_item(text, "  ", &format!("{}:", part.place))?;
            writeln!(text)?;
            part.text.lines().try_for_each(|line| writeln!(text, "{}", format!("    {line}").trim_end()))?;
            writeln!(text)?;
        }
        for note in snippet.notes {
            write_item(text, "  ", note)?;
        }
        let run = if self.stack.is_run() {
            "Our tests run these lines in that software."
        } else {
            "These lines have not been run by our tests."
        };
        write_item(text, "  ", run)
    }

    /// Returns the lines for JSON.
    pub(crate) fn object(&self) -> LinesObject {
        let (parts, refused) = match &self.snippet {
            Ok(snippet) => {
                let parts = snippet.parts.iter();
                (
                    parts
                        .map(|part| PartObject {
                            place: part.place,
                            language: part.language,
                            text: part.text.clone(),
                        })
                        .collect(),
                    None,
                )
            }
            Err(refused) => (Vec::new(), Some(refused.to_string())),
        };
        LinesObject {
            stack: self.stack.name(),
            confidence: self.confidence.map(Confidence::name),
            command: self.snippet.as_ref().ok().and_then(|snippet| snippet.command),
            parts,
            notes: self.snippet.as_ref().map_or(&[], |snippet| snippet.notes),
            refused,
            is_run: self.stack.is_run(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct LinesObject {
    stack: &'static str,
    /// Absent where the command line names the stack.
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<&'static str>,
    parts: Vec<PartObject>,
    notes: &'static [&'static str],
    /// Why there are no lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
    /// Whether the tests of this project run them.
    is_run: bool,
}

#[derive(Serialize)]
struct PartObject {
    place: &'static str,
    language: &'static str,
    text: String,
}

/// Returns what a server has to allow for this fetch.
pub(crate) fn wanted(fetch: &Fetch<'_>, exposed: &[String]) -> Wanted {
    let method = fetch.method();
    let is_safelisted = ["GET", "HEAD", "POST"].contains(&method);
    let preflight = fetch.preflight(Engine::Standard);
    Wanted {
        origins: vec![fetch.origin.to_string()],
        methods: (!is_safelisted).then(|| method.to_owned()).into_iter().collect(),
        headers: preflight.iter().flat_map(Preflight::header_names).map(|name| name.to_string()).collect(),
        credentials: fetch.credentials == CredentialsMode::Include,
        exposed: exposed.iter().map(|name| name.to_ascii_lowercase()).collect(),
        max_age: None,
    }
}

/// Writes how to go on where the server is somebody else's.
#[cfg_attr(target_family = "wasm", allow(dead_code, reason = "only `cors probe` calls it"))]
pub(crate) fn write_proxy(text: &mut String, wanted: &Wanted, url: &str) -> fmt::Result {
    let Ok(lines) = proxy(wanted, url) else { return Ok(()) };
    writeln!(text)?;
    write_wrapped(text, "", "", &format!("{TITLE}If the server is not yours{TITLE:#}"))?;
    write_item(
        text,
        "  ",
        "put this policy in front of it while you develop, and let the page ask http://127.0.0.1:8787:",
    )?;
    writeln!(text)?;
    lines.lines().try_for_each(|line| writeln!(text, "{}", format!("    {line}").trim_end()))
}
