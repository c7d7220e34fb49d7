//! `cors check`: every problem of each policy, or a line on what it allows; and what is found in the configuration of other
//! programs.

mod folder;
mod github;
mod sarif;

use std::path::Path;

use cors_formats::{Format, NOT_JUDGED, Reading, Severity, Unread};
use serde::Serialize;

use crate::args::{Check, ReportFormat};
use crate::compiler::{compiled, policy_of};
use crate::diagnostics::json::{FindingObject, ProblemObject, into_finding};
use crate::diagnostics::{self, Shown, count};
use crate::exit::{Exit, Failure};
use crate::input::{Input, is_standard};
use crate::json;
use crate::output::Output;
use crate::summary::summary;

pub(crate) fn run(arguments: &Check) -> Result<Exit, Failure> {
    let from = arguments.from.as_deref().map(format_named).transpose()?;
    let format = match arguments.format {
        Some(format) => format,
        None if arguments.json => ReportFormat::Json,
        None => ReportFormat::Text,
    };
    let mut report = Report {
        format,
        shown: if arguments.all { Shown::All } else { Shown::First },
        output: Output::default(),
        results: Vec::new(),
    };
    let mut worst = Exit::Ok;
    for path in &arguments.files {
        let checked = if !is_standard(path) && path.is_dir() {
            report.folder(path, from)
        } else {
            Input::read(path).and_then(|input| report.file(&input, from))
        };
        worst = worst.max(checked.unwrap_or_else(diagnostics::report));
    }
    report.finish()?;
    Ok(worst)
}

/// Returns the format of that name.
pub(super) fn format_named(name: &str) -> Result<Format, Failure> {
    Format::named(name).ok_or_else(|| {
        let names = Format::all().map(Format::name);
        let meant = cors_policy_file::nearest(name, names).map_or_else(
            || "`cors export --list` prints them".to_owned(),
            |meant| format!("did you mean {meant}?"),
        );
        Failure::unusable(
            format_args!("the format {}", crate::printable::printable(name)),
            format_args!("there is no such format; {meant}"),
        )
    })
}

/// What is in a file.
pub(crate) enum Content {
    Policy,
    Configuration(Reading),
}

/// Returns what a file holds, or why it cannot be told.
pub(crate) fn content(input: &Input, from: Option<Format>) -> Result<Content, Failure> {
    if input.is_image() {
        return Ok(Content::Policy);
    }
    let text = input.text()?;
    let name = input.path().to_string_lossy();
    let is_policy_name =
        input.path().extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    match cors_formats::read(&name, text, from) {
        Ok(reading) => Ok(Content::Configuration(reading)),
        Err(error) => match (error, from) {
            (Unread::Syntax { span, message }, Some(_)) => Err(syntax(input, text, span.start, &message)),
            (Unread::NotKnown(_), Some(format)) => {
                let what = format!("no configuration of {} is in it", format.title());
                Err(Failure::unusable(input.name(), what))
            }
            (error, None) => {
                let notation = cors_formats::looks_like(&name, text);
                match (notation, error) {
                    ("JSON" | "TOML", _) => Ok(Content::Policy),
                    ("a server's configuration", _) if is_policy_name || is_unnamed(input.path()) => {
                        Ok(Content::Policy)
                    }
                    (_, Unread::Syntax { span, message }) => Err(syntax(input, text, span.start, &message)),
                    (notation, Unread::NotKnown(_)) => {
                        let what = format!(
                            "this looks like {notation}, and no CORS configuration that is known is in it; a policy is TOML or JSON"
                        );
                        Err(Failure::unusable(input.name(), what))
                    }
                }
            }
        },
    }
}

/// Returns true for a file whose name says nothing of its content.
fn is_unnamed(path: &Path) -> bool {
    !path.extension().is_some_and(|extension| {
        ["conf", "cfg", "htaccess", "caddyfile"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

fn syntax(input: &Input, text: &str, offset: usize, message: &str) -> Failure {
    let line = crate::input::line_of(text.as_bytes(), offset);
    let notation = cors_formats::looks_like(&input.path().to_string_lossy(), text);
    Failure::unusable(
        input.name(),
        format_args!("line {line}: not {notation}: {}", crate::printable::printable(message)),
    )
}

/// Says that a file of a folder is left out, and why: it may hold what is looked for.
fn not_searched(input: &Input, place: usize, why: &str) {
    let line = crate::input::line_of(input.bytes(), place);
    let why = crate::printable::printable(why);
    crate::output::diagnostic(format_args!("{}: not searched: line {line}: {why}", input.name()));
}

/// What is printed, as it is found or at the end.
struct Report {
    format: ReportFormat,
    shown: Shown,
    output: Output,
    /// Of all files, with their names.
    results: Vec<(String, Vec<FindingObject>)>,
}

#[derive(Serialize)]
struct CheckObject {
    policy: String,
    problems: Vec<ProblemObject>,
    warnings: Vec<ProblemObject>,
    summary: Option<String>,
}

#[derive(Serialize)]
struct FileObject {
    file: String,
    formats: Vec<&'static str>,
    rules: usize,
    findings: Vec<FindingObject>,
}

impl Report {
    fn file(&mut self, input: &Input, from: Option<Format>) -> Result<Exit, Failure> {
        match content(input, from)? {
            Content::Policy => self.policy(input),
            Content::Configuration(reading) => self.configuration(input, &reading),
        }
    }

    /// Checks what is known in a folder and those in it.
    fn folder(&mut self, path: &Path, from: Option<Format>) -> Result<Exit, Failure> {
        let mut worst = Exit::Ok;
        let mut known = 0_usize;
        for file in folder::files(path)? {
            let Ok(input) = Input::read(&file) else { continue };
            let Ok(text) = input.text() else {
                let place = str::from_utf8(input.bytes()).map_or_else(|error| error.valid_up_to(), str::len);
                if folder::mentions_cors(input.bytes()) {
                    not_searched(&input, place, "not UTF-8");
                }
                continue;
            };
            let content = match cors_formats::read(&file.to_string_lossy(), text, from) {
                Ok(reading) => Content::Configuration(reading),
                Err(_) if from.is_none() && folder::is_policy(&file, text) => Content::Policy,
                Err(Unread::Syntax { span, message }) if folder::mentions_cors(text.as_bytes()) => {
                    not_searched(&input, span.start, &message);
                    continue;
                }
                Err(_) => continue,
            };
            known = known.saturating_add(1);
            let checked = match content {
                Content::Policy => self.policy(&input),
                Content::Configuration(reading) => self.configuration(&input, &reading),
            };
            worst = worst.max(checked.unwrap_or_else(diagnostics::report));
        }
        if known == 0 {
            return Err(Failure::unusable(
                crate::input::name(path),
                "no policy and no CORS configuration is in this folder",
            ));
        }
        Ok(worst)
    }

    fn policy(&mut self, input: &Input) -> Result<Exit, Failure> {
        if self.format == ReportFormat::Text {
            // Compiled as well: a policy that is too large is found only then.
            let compiled = compiled(input, self.shown)?;
            diagnostics::warnings(&input.name(), compiled.warnings());
            let image = compiled.into_image();
            let summary = summary(&policy_of(&image, input)?);
            self.output.text(&format!("{}: ok: {summary}\n", input.name()))?;
            return Ok(Exit::Ok);
        }
        let mut warnings = Vec::new();
        let (problems, summary) = match diagnostics::json::compiled(input.path(), input.text()?) {
            Ok(compiled) => {
                warnings.extend(compiled.warnings().iter().map(ProblemObject::warning));
                (Vec::new(), Some(summary(&policy_of(&compiled.into_image(), input)?)))
            }
            Err(problems) => (problems, None),
        };
        let exit = if problems.is_empty() { Exit::Ok } else { Exit::Problem };
        if self.format == ReportFormat::Json {
            let object = CheckObject { policy: input.name(), problems, warnings, summary };
            self.output.text(&json::object(&object))?;
        } else {
            let findings = problems.into_iter().chain(warnings).map(into_finding).collect();
            self.results.push((input.name(), findings));
        }
        Ok(exit)
    }

    fn configuration(&mut self, input: &Input, reading: &Reading) -> Result<Exit, Failure> {
        let text = input.text()?;
        let findings = reading.findings();
        let errors = findings.iter().filter(|finding| finding.severity != Severity::Note).count();
        let exit = if errors == 0 { Exit::Ok } else { Exit::Problem };
        let name = input.name();
        match self.format {
            ReportFormat::Text => {
                diagnostics::findings(&name, text, &findings);
                let titles: Vec<&str> = reading.formats().iter().map(|format| format.title()).collect();
                let what = format!("{}, {}", titles.join(" and "), count(reading.rule_count(), "rule"));
                let computed = findings.iter().filter(|finding| finding.kind == NOT_JUDGED).count();
                if errors == 0 && computed > 0 {
                    let places = count(computed, "place");
                    self.output.text(&format!("{name}: not judged in {places}: {what}\n"))?;
                } else if errors == 0 {
                    self.output.text(&format!("{name}: ok: {what}\n"))?;
                } else {
                    diagnostics::error(&format!("{name}: {} ({what})", count(errors, "problem")));
                }
            }
            ReportFormat::Json => {
                let object = FileObject {
                    file: name,
                    formats: reading.formats().iter().map(|format| format.name()).collect(),
                    rules: reading.rule_count(),
                    findings: diagnostics::json::findings(text, &findings),
                };
                self.output.text(&json::object(&object))?;
            }
            ReportFormat::Github | ReportFormat::Sarif => {
                self.results.push((name, diagnostics::json::findings(text, &findings)));
            }
        }
        Ok(exit)
    }

    /// Prints what is printed of all files together.
    fn finish(&mut self) -> Result<(), Failure> {
        match self.format {
            ReportFormat::Github => self.output.text(&github::annotations(&self.results)),
            ReportFormat::Sarif => self.output.text(&sarif::log(&self.results)),
            ReportFormat::Text | ReportFormat::Json => Ok(()),
        }
    }
}
