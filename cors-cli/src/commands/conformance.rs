//! `cors conformance`: a server, held against the policy that it is meant to have.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use std::path::Path;
use std::time::Duration;
use std::{fmt, fs};

use cors_conformance::{Check, Class, Exchange, Finding, Outcome, Plan, Progress, Report, Routes, checks};
use cors_core::Policy;
use cors_core::browser::Header;
use cors_policy_file::{image_of as image_of_config, nearest};
use http::{HeaderName, HeaderValue};

use crate::args::{ClassName, Conformance};
use crate::commands::check::{Content, content};
use crate::compiler::image_of;
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::json;
use crate::layout::write_item;
use crate::output::{self, Output};
use crate::printable::printable;
use crate::target::{self, Part};

pub(crate) fn run(arguments: &Conformance) -> Result<Exit, Failure> {
    let classes: Vec<Class> = arguments.only.iter().map(|name| name.class()).collect();
    if arguments.list {
        return list(&classes, arguments.json);
    }
    let url = target::url(arguments.url.as_deref().unwrap_or_default())?;
    for name in &arguments.checks {
        known(name)?;
    }
    let input = Input::read(arguments.policy.as_deref().unwrap_or(Path::new("-")))?;
    let image = image(&input)?;
    let policy = Policy::from_bytes(&image).map_err(|error| Failure::unusable(input.name(), error))?;
    let routes = match &arguments.routes {
        Some(path) => {
            let file = Input::read(path)?;
            Routes::of_json(file.text()?)
                .map_err(|error| Failure::unusable(file.name(), printable(&error.to_string())))?
        }
        None => Routes::of_address(&url),
    };
    let plan = Plan {
        routes,
        classes,
        names: arguments.checks.clone(),
        fields: fields(&arguments.headers)?,
        timeout: Duration::from_secs(arguments.timeout),
        time: Duration::from_secs(arguments.time),
        ..Plan::new(url, policy)
    };
    let result = plan.run(progress);
    clear_progress();
    let report = result.map_err(|error| Failure::unusable(plan.url.as_str(), printable(&error)))?;
    if let Some(path) = &arguments.junit {
        fs::write(path, report.junit())
            .map_err(|error| Failure::unusable(crate::input::name(path), error))?;
    }
    let mut output = Output::default();
    if arguments.json {
        output.text(&json::object(&report))?;
    } else {
        output.text(&text(&report, !arguments.checks.is_empty()))?;
    }
    if let Some(doubt) = &report.doubt {
        return Err(Failure::unusable(
            plan.url.as_str(),
            format_args!("{}; {ABOUT_DOUBT}", printable(doubt)),
        ));
    }
    Ok(if report.is_failed() { Exit::Problem } else { Exit::Ok })
}

/// What to do about a report that says nothing.
const ABOUT_DOUBT: &str =
    "name an address that answers 200, or give with --header what lets a program in, such as a key";

/// Returns the fields that every request has besides.
fn fields(lines: &[String]) -> Result<Vec<(String, String)>, Failure> {
    let headers = target::headers(lines)?;
    let field = |(header, line): (&Header<'_>, &String)| {
        let wrong = |what| Failure::from(target::Wrong::new(Part::Headers, line, what));
        let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(header.name().as_bytes()), str::from_utf8(header.value()))
        else {
            return Err(wrong("not a header; a name has letters, digits and hyphens"));
        };
        if HeaderValue::from_str(value).is_err() {
            return Err(wrong("a value has no control characters"));
        }
        if SUITES.contains(&name.as_str()) {
            return Err(wrong("the suite writes this field itself, as browsers do; leave it out"));
        }
        Ok((name.as_str().to_owned(), value.to_owned()))
    };
    headers.iter().zip(lines).map(field).collect()
}

/// The fields by which the suite asks.
const SUITES: [&str; 9] = [
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "connection",
    "content-length",
    "host",
    "if-none-match",
    "origin",
    "transfer-encoding",
];

impl ClassName {
    fn class(self) -> Class {
        match self {
            ClassName::Must => Class::Must,
            ClassName::Security => Class::Security,
            ClassName::Should => Class::Should,
            ClassName::Nice => Class::Nice,
        }
    }
}

fn known(name: &str) -> Result<(), Failure> {
    if checks().any(|check| check.name == name) {
        return Ok(());
    }
    let meant = nearest(name, checks().map(|check| check.name));
    let advice = meant.map_or_else(
        || "`cors conformance --list` prints them".to_owned(),
        |meant| format!("{meant} was meant?"),
    );
    Err(Failure::unusable(
        format_args!("--check {}", printable(name)),
        format_args!("there is no such check; {advice}"),
    ))
}

/// Returns the image of a policy, in whatever form it is given.
fn image(input: &Input) -> Result<Vec<u8>, Failure> {
    if input.is_image() {
        return input.image().map(|policy| policy.as_bytes().to_vec());
    }
    let Content::Configuration(reading) = content(input, None)? else { return image_of(input) };
    let policies = reading.policies(false);
    match policies.as_slice() {
        [one] => {
            for (_, note) in &one.notes {
                output::diagnostic(format_args!("{}: {}", input.name(), printable(note)));
            }
            image_of_config(&one.policy.config()).map_err(|error| Failure::unusable(input.name(), error))
        }
        several => {
            let what = format!(
                "its rules are {} policies; write one of them to a file with `cors import --rule`, and name that file",
                several.len()
            );
            Err(Failure::unusable(input.name(), what))
        }
    }
}

/// Prints which check runs, where a person sees it.
fn progress(progress: Progress) {
    if io::stderr().is_terminal() {
        let Progress { check, number, total } = progress;
        let _ = write!(io::stderr(), "\r\x1b[K{number}/{total} {check}");
    }
}

fn clear_progress() {
    if io::stderr().is_terminal() {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
}

/// Prints the checks.
fn list(classes: &[Class], is_json: bool) -> Result<Exit, Failure> {
    if is_json {
        let chosen: Vec<&Check> =
            checks().filter(|check| classes.is_empty() || classes.contains(&check.class)).collect();
        Output::default().text(&json::object(&chosen))?;
        return Ok(Exit::Ok);
    }
    let mut text = String::new();
    for check in checks().filter(|check| classes.is_empty() || classes.contains(&check.class)) {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{} ({})", check.name, check.class.name());
        let _ = about(&mut text, check);
    }
    Output::default().text(&text)?;
    Ok(Exit::Ok)
}

fn about(text: &mut String, check: &Check) -> fmt::Result {
    write_item(text, "    ", &format!("{}. {}. {}.", check.what, check.reason, check.source))
}

fn text(report: &Report, with_exchanges: bool) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write_text(&mut text, report, with_exchanges);
    text
}

fn write_text(text: &mut String, report: &Report, with_exchanges: bool) -> fmt::Result {
    let of = |outcome: Outcome| report.findings.iter().filter(move |finding| finding.outcome == outcome);
    let mut wrong: Vec<&Finding> = of(Outcome::Failed).chain(of(Outcome::Unanswered)).collect();
    wrong.sort_by_key(|finding| finding.check.class);
    for finding in wrong {
        write_finding(text, finding)?;
        if !with_exchanges {
            let last = finding.exchanges.last();
            last.map_or(Ok(()), |exchange| write_exchange(text, exchange))?;
        }
        writeln!(text)?;
    }
    if of(Outcome::Info).next().is_some() {
        writeln!(text, "Not scored, because both ways are right:")?;
        for finding in of(Outcome::Info) {
            write_item(
                text,
                "  ",
                &format!("{}: {}: {}", finding.check.name, finding.check.what, finding.sentence),
            )?;
        }
        writeln!(text)?;
    }
    if of(Outcome::NotOffered).next().is_some() {
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for finding in of(Outcome::NotOffered) {
            match reasons.iter_mut().find(|(reason, _)| *reason == finding.sentence) {
                Some((_, names)) => names.push(finding.check.name),
                None => reasons.push((&finding.sentence, vec![finding.check.name])),
            }
        }
        writeln!(text, "Not offered:")?;
        for (reason, names) in reasons {
            write_item(text, "  ", &format!("{reason}: {}", names.join(", ")))?;
        }
        writeln!(text)?;
    }
    if with_exchanges {
        for finding in &report.findings {
            writeln!(text, "{}: {}", finding.check.name, finding.outcome.name())?;
            about(text, finding.check)?;
            finding.exchanges.iter().try_for_each(|exchange| write_exchange(text, exchange))?;
            writeln!(text)?;
        }
    }
    if !(200..300).contains(&report.status) {
        let told = format!("The address answers {}: what is judged is that response.", report.status);
        write_item(text, "", &told)?;
    }
    for class in Class::ALL {
        let [passed, failed] = [report.count(class, Outcome::Passed), report.failed(class)];
        if passed.saturating_add(failed) > 0 {
            writeln!(text, "{:<9} {passed} passed, {failed} failed", class.name())?;
        }
    }
    writeln!(text, "{} requests in {:.1} s", report.requests, report.seconds)
}

fn write_finding(text: &mut String, finding: &Finding) -> fmt::Result {
    let Finding { check, outcome, sentence, .. } = finding;
    let mark = if *outcome == Outcome::Unanswered { "no answer" } else { "failed" };
    writeln!(text, "{mark}: {} ({})", check.name, check.class.name())?;
    write_item(text, "  ", sentence)?;
    write_item(text, "  ", &format!("{}. {}. {}.", check.what, check.reason, check.source))
}

/// Writes the lines of an exchange: what was sent, and what of the answer CORS and caches look at.
fn write_exchange(text: &mut String, exchange: &Exchange) -> fmt::Result {
    let line = |name: &str, value: &[u8]| {
        let value: String = String::from_utf8_lossy(value).chars().take(200).collect();
        printable(&format!("{name}: {value}"))
    };
    let Exchange { request, answer } = exchange;
    writeln!(text, "  > {} {}", printable(&request.method), printable(&request.target))?;
    for (name, value) in &request.fields {
        writeln!(text, "  > {}", line(name, value))?;
    }
    match answer {
        Err(error) => writeln!(text, "  < {}", printable(error)),
        Ok(answer) => {
            writeln!(text, "  < {}", answer.status)?;
            let is_shown = |name: &str| {
                let name = name.to_ascii_lowercase();
                name.starts_with("access-control-")
                    || ["vary", "location", "cache-control", "server"].contains(&name.as_str())
            };
            for (name, value) in answer.fields.iter().filter(|(name, _)| is_shown(name)) {
                writeln!(text, "  < {}", line(name, value))?;
            }
            Ok(())
        }
    }
}
