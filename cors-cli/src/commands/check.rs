//! `cors check`: every problem of each policy, or a line on what it allows.

use std::path::Path;

use cors_core::Policy;
use serde::Serialize;

use crate::args::Check;
use crate::compiler::{image_of, policy_of};
use crate::diagnostics::json::ProblemObject;
use crate::diagnostics::{self, count};
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::json;
use crate::output::Output;

pub(crate) fn run(arguments: &Check) -> Exit {
    let mut output = Output::default();
    let mut worst = Exit::Ok;
    for path in &arguments.policies {
        let checked = if arguments.json {
            check_as_json(path, &mut output)
        } else {
            check(path, &mut output).map(|()| Exit::Ok)
        };
        worst = worst.max(checked.unwrap_or_else(Failure::tell));
    }
    worst
}

fn check(path: &Path, output: &mut Output) -> Result<(), Failure> {
    let input = Input::read(path)?;
    // Compiled as well: a policy that is too large is found only then.
    let image = image_of(&input)?;
    let summary = summary(&policy_of(&image, &input)?);
    output.text(&format!("{}: ok: {summary}\n", input.name()))
}

#[derive(Serialize)]
struct CheckObject {
    policy: String,
    problems: Vec<ProblemObject>,
    summary: Option<String>,
}

fn check_as_json(path: &Path, output: &mut Output) -> Result<Exit, Failure> {
    let input = Input::read(path)?;
    let (problems, summary) = match diagnostics::json::image_of(path, input.text()?) {
        Ok(image) => (Vec::new(), Some(summary(&policy_of(&image, &input)?))),
        Err(problems) => (problems, None),
    };
    let exit = if problems.is_empty() { Exit::Ok } else { Exit::Problem };
    output.text(&json::object(&CheckObject { policy: input.name(), problems, summary }))?;
    Ok(exit)
}

/// What the policy allows, in a line.
pub(super) fn summary(policy: &Policy<'_>) -> String {
    let mut parts = vec![origins(policy)];
    if policy.allow_origins().next().is_some() {
        parts.push(methods(policy));
        match policy.allow_headers().count() {
            _ if policy.allow_headers().any(|name| name == "*") => parts.push("any header".to_owned()),
            0 => {}
            headers => parts.push(count(headers, "header")),
        }
        if policy.allow_credentials() {
            parts.push("credentials".to_owned());
        }
        if let Some(seconds) = policy.max_age() {
            parts.push(format!("preflights kept for {seconds} s"));
        }
    }
    parts.extend(policy.accept_risks().map(|risk| format!("the risk {risk} accepted")));
    parts.join("; ")
}

fn origins(policy: &Policy<'_>) -> String {
    if policy.allow_origins().any(|origin| origin == "*") {
        return "allows any origin".to_owned();
    }
    let patterns = policy.allow_origins().filter(|origin| origin.contains('*')).count();
    match (policy.allow_origins().count().saturating_sub(patterns), patterns) {
        (0, 0) => "allows no origin".to_owned(),
        (exact, 0) => format!("allows {}", count(exact, "origin")),
        (0, patterns) => format!("allows {} of origins", count(patterns, "pattern")),
        (exact, patterns) => {
            format!("allows {} and {} of origins", count(exact, "origin"), count(patterns, "pattern"))
        }
    }
}

fn methods(policy: &Policy<'_>) -> String {
    // Always allowed (C1).
    let mut methods = vec!["GET", "HEAD", "POST"];
    for method in policy.allow_methods() {
        if method == "*" {
            return "any method".to_owned();
        }
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    methods.join(", ")
}
