//! Policy files: `cors-policy-file`'s diagnostics as problems.

use std::path::Path;

use cors_policy_file::{Diagnostic, Error, Format, text_of};

use crate::errors::{Problem, Value};

/// The image of the policy file in these bytes.
pub(crate) fn compile_bytes(bytes: &[u8], path: &Path) -> Result<Box<[u8]>, Vec<Problem>> {
    let named = |mut problem: Problem| {
        problem.message = problem.message.map(|message| format!("{}:{message}", path.display()));
        problem
    };
    let text = text_of(bytes).map_err(|error| vec![named(Problem::unfit(format!(" {error}")))])?;
    compile(text, Format::of(path, text)).map_err(|problems| problems.into_iter().map(named).collect())
}

/// The image of a policy file.
pub(crate) fn compile(text: &str, format: Format) -> Result<Box<[u8]>, Vec<Problem>> {
    cors_policy_file::compile(format, text).map(Vec::into_boxed_slice).map_err(|error| match error {
        Error::Problems(diagnostics) => {
            diagnostics.iter().map(|diagnostic| problem(diagnostic, text)).collect()
        }
        error => vec![Problem::unfit(error.to_string())],
    })
}

fn problem(diagnostic: &Diagnostic, text: &str) -> Problem {
    let (line, column) = diagnostic.line_and_column(text);
    let entry = diagnostic.entry();
    let title = diagnostic.title();
    let advice = diagnostic.help().map(str::to_owned);
    let fix = advice.as_ref().map_or_else(String::new, |advice| format!("; {advice}"));
    let value = entry.map(|entry| match entry.value.parse() {
        Ok(number) if entry.index.is_none() => Value::Number(number),
        _ => Value::Text(entry.value.clone()),
    });
    Problem {
        message: Some(format!("{line}:{column}: {title}{fix}")),
        field: entry.map(|entry| entry.field),
        index: entry.and_then(|entry| entry.index),
        value,
        reason: entry.map_or_else(|| title.to_owned(), |entry| entry.problem.to_string()),
        advice,
        kind: entry.map_or_else(|| "PolicyFile".to_owned(), |entry| format!("{:?}", entry.problem)),
        place: Some((line, column)),
    }
}
