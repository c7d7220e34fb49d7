//! `cors explain --message`: what a message from a browser's console means, and what to change.

use std::fmt::{self, Write};
use std::io::Read;
use std::path::Path;

use anstyle::Style;
use cors_core::browser::{Cause, ErrorKind, Recognized, Stage, recognize};
use cors_core::explain::{Explanation, ServerAdvice, near_miss};
use serde::Serialize;

use super::json::ExplanationObject;
use super::question::Question;
use super::text::{write_fixes, write_item};
use super::with_policy;
use crate::args::Explain;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::printable::printable;
use crate::{json, target};

/// The most bytes of a message: more than any console shows, and less than a file that was meant for something else.
const MAX_LEN: u64 = 1 << 20;

pub(super) fn run(arguments: &Explain, message: &str) -> Result<Exit, Failure> {
    let pasted = pasted(arguments, message)?;
    let recognized = recognize(&pasted).ok_or_else(|| unrecognized(&pasted))?;
    let meaning = Meaning::new(recognized, arguments.asked.origin.as_deref());
    match (&arguments.policy, recognized.cause) {
        (Some(path), Cause::Error(kind)) => by_policy(arguments, path, &meaning, kind),
        _ => meaning.print(arguments, None).map(|()| Exit::Ok),
    }
}

fn pasted(arguments: &Explain, message: &str) -> Result<String, Failure> {
    if message != "-" {
        return Ok(message.to_owned());
    }
    let unusable = |what: &str| Failure::unusable("--message -", what);
    if arguments.policy.as_deref() == Some(Path::new("-")) {
        return Err(unusable("standard input is the policy already; write the message in quotation marks"));
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(MAX_LEN)
        .read_to_end(&mut bytes)
        .map_err(|error| unusable(&error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn unrecognized(pasted: &str) -> Failure {
    let what = if pasted.trim().is_empty() {
        "it is empty".to_owned()
    } else if pasted.contains("Failed to fetch")
        || pasted.contains("NetworkError when attempting")
        || pasted.contains("Load failed")
    {
        "this is what the script sees, whatever the cause; paste the line in the console that names CORS"
            .to_owned()
    } else {
        "not a message about CORS that this version knows".to_owned()
    };
    let known: Vec<String> =
        ErrorKind::ALL.iter().map(|kind| format!("  {}", kind.name(Stage::Actual))).collect();
    Failure::unusable(
        "--message",
        format_args!(
            "{what}\nPaste the line that begins\n  Access to fetch at '…' from origin '…' has been blocked by CORS policy: …   \
             (Chromium, Edge)\n  Cross-Origin Request Blocked: … (Reason: …).   (Firefox)\n  Origin … is not allowed by \
             Access-Control-Allow-Origin.   (Safari, WebKit)\nThese are the causes that are known:\n{}",
            known.join("\n")
        ),
    )
}

/// A message that was recognized.
struct Meaning<'m> {
    recognized: Recognized<'m>,
    /// The page's origin, from the message or else the command line.
    origin: Option<&'m str>,
    advice: ServerAdvice<'m>,
}

impl<'m> Meaning<'m> {
    fn new(recognized: Recognized<'m>, given: Option<&'m str>) -> Self {
        let origin = recognized.origin.or(given);
        let advice = ServerAdvice::for_message(&recognized);
        Meaning { recognized, origin, advice: origin.map_or(advice, |origin| advice.with_origin(origin)) }
    }

    fn name(&self) -> &'static str {
        self.recognized.cause.name(self.recognized.stage)
    }

    /// Returns what the server's value was probably meant to be.
    fn near_miss(&self) -> Option<String> {
        let origin = target::origin(self.origin?).ok()?;
        let value = self.recognized.parameter?;
        let is_about_origin = matches!(
            self.recognized.cause,
            Cause::Error(ErrorKind::AllowOriginMismatch | ErrorKind::InvalidAllowOriginValue)
        );
        near_miss(&origin, value).filter(|_| is_about_origin).map(|miss| miss.to_string())
    }

    fn print(&self, arguments: &Explain, explanation: Option<&Explanation<'_>>) -> Result<(), Failure> {
        let text = if arguments.json {
            json::object(&self.object(explanation))
        } else {
            let mut text = String::new();
            // Writing to a string does not fail.
            let _ = self.write(&mut text, explanation);
            text
        };
        Output::default().text(&text)
    }

    fn write(&self, text: &mut String, explanation: Option<&Explanation<'_>>) -> fmt::Result {
        const TITLE: Style = Style::new().bold();
        writeln!(text, "{TITLE}{}{TITLE:#}, in {}", self.name(), self.recognized.engine.title())?;
        let Recognized { url, redirected_from, parameter, status, .. } = self.recognized;
        let status = status.map(|status| status.to_string());
        for (what, value) in [
            ("page", self.origin),
            ("address", url),
            ("redirected from", redirected_from),
            ("at fault", parameter),
            ("status", status.as_deref()),
        ] {
            if let Some(value) = value {
                writeln!(text, "  {what}: {}", printable(value))?;
            }
        }
        writeln!(text, "\n{TITLE}What it means{TITLE:#}")?;
        write_item(text, "", self.advice.meaning())?;
        writeln!(text, "\n{TITLE}What to change on the server{TITLE:#}")?;
        write_item(text, "", &self.advice.to_string())?;
        if let Some(miss) = self.near_miss() {
            write_item(text, "", &format!("A near miss: the server sends {miss}."))?;
        }
        match explanation {
            None => Ok(()),
            Some(explanation) if explanation.is_ok() => {
                writeln!(text, "\n{TITLE}By this policy{TITLE:#}")?;
                write_item(text, "", ALLOWED)
            }
            Some(explanation) => write_fixes(text, explanation),
        }
    }

    fn object(&self, explanation: Option<&Explanation<'_>>) -> MessageObject<'_> {
        let recognized = &self.recognized;
        MessageObject {
            engine: recognized.engine.name(),
            error: match recognized.cause {
                Cause::Error(_) => Some(self.name()),
                _ => None,
            },
            stage: recognized.stage.map(Stage::name),
            kind: recognized.kind,
            origin: self.origin,
            url: recognized.url,
            redirected_from: recognized.redirected_from,
            parameter: recognized.parameter,
            status: recognized.status,
            meaning: self.advice.meaning(),
            advice: self.advice.to_string(),
            near_miss: self.near_miss(),
            explanation: explanation.map(|explanation| ExplanationObject::new(explanation, &[])),
        }
    }
}

const ALLOWED: &str = "The policy allows this fetch, so that the response came from something else: a server that runs \
                       another policy, a proxy or a login before it, or an error that passed by the policy. `cors probe` \
                       shows what the address really answers.";

#[derive(Serialize)]
struct MessageObject<'m> {
    engine: &'static str,
    error: Option<&'static str>,
    stage: Option<&'static str>,
    kind: Option<&'m str>,
    origin: Option<&'m str>,
    url: Option<&'m str>,
    redirected_from: Option<&'m str>,
    parameter: Option<&'m str>,
    status: Option<u16>,
    meaning: &'static str,
    advice: String,
    near_miss: Option<String>,
    explanation: Option<ExplanationObject>,
}

fn by_policy(
    arguments: &Explain,
    path: &Path,
    meaning: &Meaning<'_>,
    kind: ErrorKind,
) -> Result<Exit, Failure> {
    let unusable = |option: &str, what: &str| {
        Failure::unusable(option, format_args!("the message does not contain the page's {what}; add it"))
    };
    let origin = meaning.origin.ok_or_else(|| unusable("--origin", "origin"))?;
    let recognized = &meaning.recognized;
    let of = |wanted| recognized.parameter.filter(|_| kind == wanted);
    let method =
        of(ErrorKind::MethodDisallowedByPreflightResponse).or(arguments.asked.call.method.as_deref());
    if kind == ErrorKind::MethodDisallowedByPreflightResponse && method.is_none() {
        return Err(unusable("--method", "method"));
    }
    let needs_credentials =
        matches!(kind, ErrorKind::WildcardOriginNotAllowed | ErrorKind::InvalidAllowCredentials);
    let question = Question::from_page(&arguments.asked, target::origin(origin)?)?
        .or_url(arguments.asked.url.is_some(), recognized.redirected_from.or(recognized.url))
        .or_method(arguments.asked.call.method.is_some(), method)
        .or_api(recognized.kind)
        .and_header(of(ErrorKind::HeaderDisallowedByPreflightResponse))
        .and_credentials(needs_credentials);
    with_policy(path, |policy| {
        question.explain(recognized.engine, policy, |explanation, _| {
            meaning.print(arguments, Some(explanation))?;
            Ok(if explanation.is_ok() { Exit::Ok } else { Exit::Problem })
        })?
    })
}
