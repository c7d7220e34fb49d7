//! `cors check`: every problem of each policy, or a line on what it allows.

use std::path::Path;

use cors_core::Policy;
use serde::Serialize;

use crate::args::Check;
use crate::compiler::{image_or_problems, policy_of};
use crate::diagnostics::json::ProblemObject;
use crate::diagnostics::{self, Shown};
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::json;
use crate::output::Output;
use crate::summary::summary;

pub(crate) fn run(arguments: &Check) -> Exit {
    let mut output = Output::default();
    let mut worst = Exit::Ok;
    for path in &arguments.policies {
        let checked = if arguments.json {
            check_as_json(path, &mut output)
        } else {
            let shown = if arguments.all { Shown::All } else { Shown::First };
            check(path, shown, &mut output).map(|()| Exit::Ok)
        };
        worst = worst.max(checked.unwrap_or_else(diagnostics::report));
    }
    worst
}

fn check(path: &Path, shown: Shown, output: &mut Output) -> Result<(), Failure> {
    let input = Input::read(path)?;
    // Compiled as well: a policy that is too large is found only then.
    let image = image_or_problems(&input, shown)?;
    let policy = policy_of(&image, &input)?;
    let summary = summary(&policy);
    if allows_nobody(&policy) {
        diagnostics::warning(&format!("{}: {NOBODY}", input.name()), NOBODY_HELP);
    }
    output.text(&format!("{}: ok: {summary}\n", input.name()))
}

const NOBODY: &str = "no page of another origin may read anything: allow_origins is empty";
const NOBODY_HELP: &str = "list the origins of your pages: allow_origins = [\"https://app.example.com\"]";

/// Returns true for a policy that changes nothing of what browsers do without one, which is seldom meant (C1).
fn allows_nobody(policy: &Policy<'_>) -> bool {
    policy.allow_origins().next().is_none()
}

#[derive(Serialize)]
struct CheckObject {
    policy: String,
    problems: Vec<ProblemObject>,
    warnings: Vec<ProblemObject>,
    summary: Option<String>,
}

fn check_as_json(path: &Path, output: &mut Output) -> Result<Exit, Failure> {
    let input = Input::read(path)?;
    let mut warnings = Vec::new();
    let (problems, summary) = match diagnostics::json::image_of(path, input.text()?) {
        Ok(image) => {
            let policy = policy_of(&image, &input)?;
            if allows_nobody(&policy) {
                warnings.push(ProblemObject::with_help(NOBODY.to_owned(), NOBODY_HELP));
            }
            (Vec::new(), Some(summary(&policy)))
        }
        Err(problems) => (problems, None),
    };
    let exit = if problems.is_empty() { Exit::Ok } else { Exit::Problem };
    output.text(&json::object(&CheckObject { policy: input.name(), problems, warnings, summary }))?;
    Ok(exit)
}
