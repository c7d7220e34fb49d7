//! `OriginRegex`: origins by regular expressions, matched whole and in linear time; with credentials they are proved (P9).

use std::hash::{DefaultHasher, Hash, Hasher};

use cors_core::{Origin, Risk};
use cors_origin_regex::{Dialect, Expression, SyntaxError};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};
use regex_automata::meta::{Config, Regex};
use regex_syntax::hir::{Hir, Look};

use crate::arguments::texts;
use crate::errors::{Problem, Value, config_error};

#[pyclass(frozen, module = "cors_py")]
pub(crate) struct OriginRegex {
    patterns: Vec<String>,
    expressions: Vec<Expression>,
    regex: Regex,
}

impl OriginRegex {
    /// Returns true if some pattern matches the origin. `null` has to be listed by its name (P7).
    pub(crate) fn allows(&self, origin: &Origin<'_>) -> bool {
        !origin.is_opaque() && self.regex.is_match(origin.as_bytes())
    }
}

#[pymethods]
impl OriginRegex {
    #[new]
    fn new(py: Python<'_>, patterns: &Bound<'_, PyAny>) -> PyResult<Self> {
        let patterns = texts(FIELD, patterns)?;
        let mut problems = Vec::new();
        let mut expressions = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            match Expression::parse(pattern, Dialect::Python) {
                Ok(expression) => expressions.push(expression),
                Err(error) => problems.push(problem(index, pattern, &error)),
            }
        }
        if !problems.is_empty() {
            return Err(config_error(py, problems));
        }
        let trees: Vec<Hir> = expressions.iter().map(|expression| whole(expression.hir().clone())).collect();
        let regex = compile(&trees).map_err(|reason| config_error(py, vec![Problem::unfit(reason)]))?;
        Ok(OriginRegex { patterns, expressions, regex })
    }

    #[getter]
    fn patterns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.patterns)
    }

    fn __call__(&self, origin: &Bound<'_, PyString>) -> bool {
        let origin = origin.to_string_lossy();
        Origin::parse(origin.as_bytes()).is_ok_and(|origin| self.allows(&origin))
    }

    fn risks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let mut problems = Vec::new();
        for (index, expression) in self.expressions.iter().enumerate() {
            for (risk, reason, advice) in risks_of(expression) {
                let problem = Problem {
                    message: None,
                    field: Some(FIELD),
                    index: Some(index),
                    value: Some(Value::Text(expression.as_str().to_owned())),
                    reason,
                    advice: Some(format!("{advice}, or add {risk} to accept_risks")),
                    kind: format!("{:?}", cors_core::Problem::Risk(risk)),
                    place: None,
                };
                problems.push(problem.into_object(py)?);
            }
        }
        PyList::new(py, problems)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let py = other.py();
        match other.cast::<OriginRegex>() {
            Ok(other) => {
                Ok((self.patterns == other.get().patterns).into_pyobject(py)?.to_owned().into_any().unbind())
            }
            Err(_) => Ok(py.NotImplemented()),
        }
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.patterns.hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("OriginRegex({})", PyList::new(py, &self.patterns)?.repr()?))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyAny>, (Vec<String>,)) {
        (py.get_type::<OriginRegex>().into_any(), (self.patterns.clone(),))
    }
}

const FIELD: &str = "allow_origin_regex";

/// The maximum size of a compiled pattern in bytes: the default of the `regex` crate.
const MAX_SIZE: usize = 10 << 20;

/// Anchors the pattern at the first byte and the last, whatever flags or alternatives are in it.
fn whole(tree: Hir) -> Hir {
    Hir::concat(vec![Hir::look(Look::Start), tree, Hir::look(Look::End)])
}

fn compile(trees: &[Hir]) -> Result<Regex, String> {
    let config = Config::new().nfa_size_limit(Some(MAX_SIZE));
    Regex::builder().configure(config).build_many_from_hir(trees).map_err(|error| match error.size_limit() {
        Some(limit) => format!("{FIELD}: compiled, it takes more than {limit} bytes; repeat less in it"),
        None => format!("{FIELD}: {error}"),
    })
}

/// Returns each risk of an expression, with the reason and what to write instead.
fn risks_of(expression: &Expression) -> Vec<(Risk, String, String)> {
    let mut risks = Vec::new();
    if let Err(refusal) = expression.confinement() {
        risks.push((Risk::AnyOriginWithCredentials, refusal.reason, refusal.advice));
    }
    if expression.may_be_insecure() {
        let reason = format!(
            "it lets in origins that are not shown to be https: {}",
            Risk::InsecureOrigin.consequence()
        );
        risks.push((Risk::InsecureOrigin, reason, "begin it with https://".to_owned()));
    }
    risks
}

fn problem(index: usize, pattern: &str, error: &SyntaxError) -> Problem {
    Problem {
        message: None,
        field: Some(FIELD),
        index: Some(index),
        value: Some(Value::Text(pattern.to_owned())),
        reason: error.to_string(),
        advice: error.advice().map(str::to_owned),
        kind: "Regex".to_owned(),
        place: None,
    }
}
