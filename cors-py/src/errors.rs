//! Makes the exceptions of `cors_py._errors`.

use cors_core::ImageError;
use cors_policy_file::{Cause, Diagnostic, Scalar};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyTuple, PyType};

/// The contents of a `Problem`.
pub(crate) struct Problem {
    /// The whole problem in a line; if it is missing, it is composed of the other parts.
    pub(crate) message: Option<String>,
    pub(crate) field: Option<&'static str>,
    pub(crate) index: Option<usize>,
    pub(crate) value: Option<Value>,
    pub(crate) reason: String,
    pub(crate) advice: Option<String>,
    pub(crate) kind: String,
    /// Line and column of a policy file, from 1.
    pub(crate) place: Option<(usize, usize)>,
}

/// A value that stands in a config.
#[derive(IntoPyObject)]
pub(crate) enum Value {
    Text(String),
    Number(i64),
}

impl Problem {
    /// Makes a problem of a diagnostic, without a place.
    pub(crate) fn of(diagnostic: &Diagnostic) -> Self {
        let setting = diagnostic.setting();
        Problem {
            message: None,
            field: setting.map(|setting| setting.field.name()),
            index: setting.and_then(|setting| setting.index),
            value: setting.and_then(|setting| setting.value.as_ref()).map(|value| match value {
                Scalar::Text(text) => Value::Text(text.clone()),
                Scalar::Number(number) => Value::Number(*number),
            }),
            reason: diagnostic.reason().to_owned(),
            advice: diagnostic.help().map(str::to_owned),
            kind: match diagnostic.cause() {
                Cause::Refused(problem) => format!("{problem:?}"),
                cause @ (Cause::Negative | Cause::UnknownRisk) => format!("{cause:?}"),
                _ => "PolicyFile".to_owned(),
            },
            place: None,
        }
    }

    /// Makes a problem of a policy that does not fit in an image.
    pub(crate) fn unfit(reason: String) -> Self {
        Problem {
            message: Some(reason.clone()),
            field: None,
            index: None,
            value: None,
            reason,
            advice: None,
            kind: "Unfit".to_owned(),
            place: None,
        }
    }

    /// Returns the parts in a line: `allow_origin_regex[0] "https://.*": it …; write …`.
    fn composed(&self) -> String {
        let index = self.index.map(|index| format!("[{index}]")).unwrap_or_default();
        let value = match &self.value {
            Some(Value::Text(text)) => format!(" {text:?}"),
            Some(Value::Number(number)) => format!(" {number}"),
            None => String::new(),
        };
        let setting = self.field.map(|field| format!("{field}{index}{value}: ")).unwrap_or_default();
        let advice = self.advice.as_ref().map(|advice| format!("; {advice}")).unwrap_or_default();
        format!("{setting}{}{advice}", self.reason)
    }

    pub(crate) fn into_object(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        static PROBLEM: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let message = self.message.clone().unwrap_or_else(|| self.composed());
        let (line, column) = self.place.unzip();
        let Problem { field, index, value, reason, advice, kind, .. } = self;
        PROBLEM
            .import(py, "cors_py._errors", "Problem")?
            .call1((message, field, index, value, reason, advice, kind, line, column))
    }
}

/// Returns the message of the `TypeError` that a diagnostic is in Python: for a value of a wrong type, or a name that
/// arguments do not have.
pub(crate) fn type_error(diagnostic: &Diagnostic) -> Option<String> {
    let is_one = matches!(diagnostic.cause(), Cause::WrongType | Cause::UnknownField);
    is_one.then(|| Problem::of(diagnostic).composed())
}

/// Makes a `ConfigError` with these problems.
pub(crate) fn config_error(py: Python<'_>, problems: Vec<Problem>) -> PyErr {
    static ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let raised = || {
        let problems: PyResult<Vec<_>> =
            problems.into_iter().map(|problem| problem.into_object(py)).collect();
        ERROR.import(py, "cors_py._errors", "ConfigError")?.call1((PyTuple::new(py, problems?)?,))
    };
    raised().map_or_else(|error| error, PyErr::from_value)
}

/// Makes an `ImageError`, with what to do.
pub(crate) fn image_error(py: Python<'_>, error: ImageError) -> PyErr {
    static ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let advice = match error {
        ImageError::NotAnImage => "make one with Policy.to_bytes or the command `cors compile`",
        ImageError::UnsupportedVersion(_) => "compile the policy again with this version",
        _ => "copy it again, whole, or compile the policy again",
    };
    let raised = || ERROR.import(py, "cors_py._errors", "ImageError")?.call1((format!("{error}; {advice}"),));
    raised().map_or_else(|error| error, PyErr::from_value)
}
