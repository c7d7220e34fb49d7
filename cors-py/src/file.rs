//! Policy files: `cors-policy-file`'s diagnostics as problems.

use std::path::Path;

use cors_policy_file::{Compiled, Diagnostic, Error, Format, text_of};

use crate::errors::Problem;

/// Compiles the policy file in these bytes to its image.
pub(crate) fn compile_bytes(bytes: &[u8], path: &Path) -> Result<Box<[u8]>, Vec<Problem>> {
    let named = |mut problem: Problem| {
        problem.message = problem.message.map(|message| format!("{}:{message}", path.display()));
        problem
    };
    let text = text_of(bytes).map_err(|error| vec![named(Problem::unfit(format!(" {error}")))])?;
    compile(text, Format::of(path, text)).map_err(|problems| problems.into_iter().map(named).collect())
}

/// Compiles a policy file to its image.
pub(crate) fn compile(text: &str, format: Format) -> Result<Box<[u8]>, Vec<Problem>> {
    let compiled = cors_policy_file::compile(format, text).map(Compiled::into_image);
    compiled.map(Vec::into_boxed_slice).map_err(|error| match error {
        Error::Problems(diagnostics) => {
            diagnostics.iter().map(|diagnostic| problem(diagnostic, text)).collect()
        }
        error => vec![Problem::unfit(error.to_string())],
    })
}

fn problem(diagnostic: &Diagnostic, text: &str) -> Problem {
    let (line, column) = diagnostic.line_and_column(text);
    Problem {
        message: Some(format!("{line}:{column}: {diagnostic}")),
        place: Some((line, column)),
        ..Problem::of(diagnostic)
    }
}
