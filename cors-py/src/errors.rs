//! What is raised: the exceptions of `cors_py._errors`.

use cors_core::{ConfigError, ImageError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyTuple, PyType};

/// What a `Problem` holds.
pub(crate) struct Problem {
    /// The whole, in a line; composed of the other parts if there is none.
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

/// What stands in a config.
#[derive(IntoPyObject)]
pub(crate) enum Value {
    Text(String),
    Number(i64),
}

impl Problem {
    /// What the engine's check says; `number` is what stands there if it is one.
    pub(crate) fn of(error: &ConfigError<'_>, number: Option<i64>) -> Self {
        let value = error.value().to_string();
        let message = match number {
            // The engine saw the nearest number that it can hold.
            Some(number) => error.to_string().replacen(&value, &number.to_string(), 1),
            None => error.to_string(),
        };
        Problem {
            message: Some(message),
            field: Some(error.field().name()),
            index: error.index(),
            value: Some(number.map_or(Value::Text(value), Value::Number)),
            reason: error.problem().to_string(),
            advice: error.advice().map(|advice| advice.to_string()),
            kind: format!("{:?}", error.problem()),
            place: None,
        }
    }

    /// A whole that fits in no image.
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

    /// `allow_origin_regex[0] "https://.*": it …; write …`.
    fn composed(&self) -> String {
        let field = self.field.unwrap_or_default();
        let index = self.index.map(|index| format!("[{index}]")).unwrap_or_default();
        let value = match &self.value {
            Some(Value::Text(text)) => format!(" {text:?}"),
            Some(Value::Number(number)) => format!(" {number}"),
            None => String::new(),
        };
        let advice = self.advice.as_ref().map(|advice| format!("; {advice}")).unwrap_or_default();
        format!("{field}{index}{value}: {}{advice}", self.reason)
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

/// `ConfigError`, with these problems.
pub(crate) fn config_error(py: Python<'_>, problems: Vec<Problem>) -> PyErr {
    static ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let raised = || {
        let problems: PyResult<Vec<_>> =
            problems.into_iter().map(|problem| problem.into_object(py)).collect();
        ERROR.import(py, "cors_py._errors", "ConfigError")?.call1((PyTuple::new(py, problems?)?,))
    };
    raised().map_or_else(|error| error, PyErr::from_value)
}

/// `ImageError`, with what to do.
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
