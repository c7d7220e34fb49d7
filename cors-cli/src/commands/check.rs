//! `cors check`: every problem of each policy, or a line on what it allows.

use std::path::Path;

use serde::Serialize;

use crate::args::Check;
use crate::compiler::{compiled, policy_of};
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
    let compiled = compiled(&input, shown)?;
    diagnostics::warnings(&input.name(), compiled.warnings());
    let image = compiled.into_image();
    let summary = summary(&policy_of(&image, &input)?);
    output.text(&format!("{}: ok: {summary}\n", input.name()))
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
    let (problems, summary) = match diagnostics::json::compiled(path, input.text()?) {
        Ok(compiled) => {
            warnings.extend(compiled.warnings().iter().map(ProblemObject::warning));
            (Vec::new(), Some(summary(&policy_of(&compiled.into_image(), &input)?)))
        }
        Err(problems) => (problems, None),
    };
    let exit = if problems.is_empty() { Exit::Ok } else { Exit::Problem };
    output.text(&json::object(&CheckObject { policy: input.name(), problems, warnings, summary }))?;
    Ok(exit)
}
