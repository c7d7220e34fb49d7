//! `cors check`: every problem of each policy, or a line on what it allows.

use std::path::Path;

use cors_core::Policy;

use crate::args::Check;
use crate::compiler::{image_of, policy_of};
use crate::diagnostics::count;
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::output::Output;

pub(crate) fn run(arguments: &Check) -> Exit {
    let mut output = Output::default();
    let mut worst = Exit::Ok;
    for path in &arguments.policies {
        worst = worst.max(check(path, &mut output).map_or_else(Failure::tell, |()| Exit::Ok));
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
