//! [`PolicyError`]: why a policy was not compiled.

use std::error::Error;
use std::fmt;

use cors_core::{CompileError, ConfigError, ConfigField, ConfigOf, Problem};

/// Why a policy was not compiled: every problem of it, each with what to write instead.
///
/// The error owns its texts, so that `?` hands it on from any function. Its [`Debug`](fmt::Debug) form is the text that
/// [`Display`](fmt::Display) writes, because that is what a program prints whose `main` returns an error:
///
/// ```
/// use cors_tower::CorsLayer;
///
/// let refused = CorsLayer::builder().allow_origins(["https://Example.com/"]).allow_methods(["TRACE"]).build();
/// assert_eq!(
///     refused.unwrap_err().to_string(),
///     "the CORS policy has 2 problems:\n  \
///      allow_origins[0] \"https://Example.com/\": not in the form that a browser sends, so it would never match; \
///      write https://example.com\n  \
///      allow_methods[0] \"TRACE\": no page can send this method; remove it"
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PolicyError {
    problems: Vec<PolicyProblem>,
}

impl PolicyError {
    /// Returns the problems, in the order of the fields and of their entries. There is one at least.
    pub fn problems(&self) -> &[PolicyProblem] {
        &self.problems
    }

    pub(crate) fn new(problems: Vec<PolicyProblem>) -> Self {
        PolicyError { problems }
    }

    /// Makes the error of a config that did not compile.
    pub(crate) fn of_config(config: &ConfigOf<'_, impl AsRef<str>>, error: CompileError<'_>) -> Self {
        let mut problems = Vec::new();
        config.check(|error| problems.push(PolicyProblem::refused(&error)));
        if problems.is_empty() {
            problems.push(PolicyProblem {
                field: ConfigField::AllowOrigins,
                problem: None,
                text: format!("{error}; split the origins over several policies"),
            });
        }
        PolicyError::new(problems)
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [problem] = &*self.problems {
            return write!(f, "the CORS policy has a problem: {problem}");
        }
        write!(f, "the CORS policy has {} problems:", self.problems.len())?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl fmt::Debug for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for PolicyError {}

/// One problem of a policy.
///
/// [`Display`](fmt::Display) writes it in one line: the place, the value, what is wrong, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyProblem {
    field: ConfigField,
    problem: Option<Problem>,
    text: String,
}

impl PolicyProblem {
    /// Returns the field of the config.
    pub fn field(&self) -> ConfigField {
        self.field
    }

    /// Returns what is wrong with the value; `None` if there is no value: the environment variable is not set, or the
    /// policy as a whole is too large.
    pub fn problem(&self) -> Option<Problem> {
        self.problem
    }

    pub(crate) fn refused(error: &ConfigError<'_>) -> Self {
        PolicyProblem { field: error.field(), problem: Some(error.problem()), text: error.to_string() }
    }

    /// Makes the problem of an entry that stands at `index` of a list `name`, and not where the config has it.
    pub(crate) fn refused_in(error: &ConfigError<'_>, name: &str, index: usize) -> Self {
        let mut problem = PolicyProblem::refused(error);
        let place = error.index().map(|index| format!("{}[{index}]", error.field()));
        if let Some(rest) = place.and_then(|place| problem.text.strip_prefix(&*place)) {
            problem.text = format!("{name}[{index}]{rest}");
        }
        problem
    }

    /// Makes the problem of a list of origins that is not there.
    pub(crate) fn without_origins(text: String) -> Self {
        PolicyProblem { field: ConfigField::AllowOrigins, problem: None, text }
    }
}

impl fmt::Display for PolicyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
