//! Problems of a policy file as JSON. The fields are stable: new ones may come, none goes. `docs/json.md` describes them.

use std::path::Path;

use cors_core::Risk;
use cors_policy_file::{Compiled, Diagnostic, Error, Format, compile};
use serde::Serialize;

use crate::place::Place;

/// A problem of a policy file.
#[derive(Serialize)]
pub struct ProblemObject {
    /// From 1; none where the whole file is wrong.
    pub line: Option<usize>,
    /// In characters, from 1.
    pub column: Option<usize>,
    /// In characters of that line.
    pub length: Option<usize>,
    /// The name of the risk that the setting needs.
    pub risk: Option<&'static str>,
    /// What is wrong.
    pub text: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// Returns the compiled policy file, or its problems.
pub fn compiled(path: &Path, text: &str) -> Result<Compiled, Vec<ProblemObject>> {
    compile(Format::of(path, text), text).map_err(|error| match error {
        Error::Problems(diagnostics) => problems(text, &diagnostics),
        other => vec![ProblemObject::of_the_whole(other.to_string())],
    })
}

/// Returns the diagnostics, which are in the order of the file, with their places.
fn problems(text: &str, diagnostics: &[Diagnostic]) -> Vec<ProblemObject> {
    let mut place = Place::start(text);
    let problem = |diagnostic: &Diagnostic| {
        place.advance(diagnostic.span().start);
        ProblemObject {
            line: Some(place.line),
            column: Some(place.column),
            length: Some(place.excerpt(diagnostic.span().end).underlined_text().chars().count()),
            risk: diagnostic.risk().map(Risk::name),
            text: diagnostic.title().to_owned(),
            help: diagnostic.help().map(str::to_owned),
        }
    };
    diagnostics.iter().map(problem).collect()
}

impl ProblemObject {
    /// Returns a problem that has no place in the file.
    pub fn of_the_whole(text: String) -> Self {
        ProblemObject { line: None, column: None, length: None, risk: None, text, help: None }
    }

    /// Returns a warning, which is about the policy and has no place.
    pub fn warning(warning: &Diagnostic) -> Self {
        let help = warning.help().map(str::to_owned);
        ProblemObject { help, ..ProblemObject::of_the_whole(warning.title().to_owned()) }
    }
}
