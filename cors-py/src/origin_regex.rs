//! `OriginRegex`: origins by regular expressions, matched whole and in linear time; with credentials they are proved (P9).

use std::hash::{DefaultHasher, Hash, Hasher};

use cors_core::{Origin, Policy, Risk};
use cors_origin_regex::{Dialect, Expression, SyntaxError};
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};
use regex_automata::meta::{Config, Regex};
use regex_syntax::hir::{Hir, Look};

use crate::arguments::{self, texts};
use crate::errors::{Problem, Value, config_error};

/// Regular expressions for origins: an `allow_origin` for `Policy.evaluate`, and an argument of the adapters.
///
/// An origin is allowed if one of the patterns matches it **from its first byte to its last**, in time linear in its
/// length. It has to be an origin first, in the form that a browser sends.
///
/// A compiled pattern is read with its flags. With a policy that allows credentials, an expression that is not shown to be
/// confined is a `ConfigError` once an origin depends on it (see `risks`); so is one that names files, with every policy.
///
/// Raises `ConfigError` for a text that is not a pattern, or that cannot be matched in linear time, with what to write
/// instead.
///
/// >>> from cors_py import OriginRegex
/// >>> regex = OriginRegex([r"https://pr-[0-9]+\.example\.com"])
/// >>> regex("https://pr-7.example.com"), regex("https://pr-7.example.com.evil.example")
/// (True, False)
#[pyclass(frozen, module = "cors_py")]
pub(crate) struct OriginRegex {
    patterns: Vec<String>,
    regex: Regex,
    /// Each expression's risks, found once.
    risks: Vec<Vec<(Risk, String, String)>>,
}

impl OriginRegex {
    /// Raises `ConfigError` if the policy accepts not every risk that the expressions have with it (P9).
    pub(crate) fn check(&self, py: Python<'_>, policy: &Policy<'_>) -> PyResult<()> {
        let is_open = |risk: Risk| {
            let is_risk = policy.allow_credentials() || risk == Risk::LocalFileOrigin;
            is_risk && policy.accept_risks().all(|accepted| accepted != risk)
        };
        if self.risks.iter().flatten().any(|(risk, ..)| is_open(*risk)) {
            return Err(config_error(py, self.problems(is_open)));
        }
        Ok(())
    }

    fn problems(&self, is_told: impl Fn(Risk) -> bool) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (index, (pattern, risks)) in self.patterns.iter().zip(&self.risks).enumerate() {
            for (risk, reason, advice) in risks.iter().filter(|(risk, ..)| is_told(*risk)) {
                problems.push(Problem {
                    message: None,
                    field: Some(FIELD),
                    index: Some(index),
                    value: Some(Value::Text(pattern.clone())),
                    reason: reason.clone(),
                    advice: Some(format!("{advice}, or add {risk} to accept_risks")),
                    kind: format!("{:?}", cors_core::Problem::Risk(*risk)),
                    place: None,
                });
            }
        }
        problems
    }

    /// Returns true if some pattern matches the origin. `null` has to be listed by its name (P7).
    pub(crate) fn allows(&self, origin: &Origin<'_>) -> bool {
        !origin.is_opaque() && self.regex.is_match(origin.as_bytes())
    }
}

#[pymethods]
impl OriginRegex {
    #[new]
    fn new(py: Python<'_>, patterns: &Bound<'_, PyAny>) -> PyResult<Self> {
        let patterns = written(patterns)?;
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
        let risks = expressions.iter().map(risks_of).collect();
        Ok(OriginRegex { patterns, regex, risks })
    }

    #[getter]
    fn patterns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.patterns)
    }

    fn __call__(&self, origin: &Bound<'_, PyString>) -> bool {
        let origin = origin.to_string_lossy();
        Origin::parse(origin.as_bytes()).is_ok_and(|origin| self.allows(&origin))
    }

    /// Returns the risks of the patterns: at most one of each risk for a pattern. The first two are risks with credentials.
    ///
    /// `AnyOriginWithCredentials`: it is not shown that its scheme and the end of its host are spelled out, as far as a
    /// domain that nobody else can register. `InsecureOrigin`: it is not shown that every origin is https, this machine or an
    /// application's. `LocalFileOrigin`: it names the scheme `file`. The reason names the part at fault, and the advice the
    /// pattern to write.
    fn risks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let problems = self.problems(|_| true).into_iter().map(|problem| problem.into_object(py));
        PyList::new(py, problems.collect::<PyResult<Vec<_>>>()?)
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

/// Returns the texts of a list of `str` and of compiled expressions, which give their flags in front of their text.
fn written(patterns: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    let py = patterns.py();
    let compiled = py.import(intern!(py, "re"))?.getattr(intern!(py, "Pattern"))?;
    if patterns.is_instance_of::<PyString>() || patterns.is_instance(&compiled)? {
        let given = patterns.repr()?;
        let kind = patterns.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "patterns: a {kind} where a list of str or of compiled patterns should be; write [{given}]"
        )));
    }
    let Some(entries) = arguments::entries("patterns", patterns)? else { return texts("patterns", patterns) };
    let has_compiled =
        entries.iter().try_fold(false, |any, entry| Ok::<_, PyErr>(any | entry.is_instance(&compiled)?))?;
    if !has_compiled {
        return texts("patterns", PyList::new(py, entries)?.as_any());
    }
    let text = py.import("cors_py._peers")?.getattr("regex_text")?;
    let texts = entries
        .into_iter()
        .enumerate()
        .map(|(index, entry)| text.call1((format!("patterns[{index}]"), entry))?.extract());
    texts.collect()
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
    if expression.names_local_files() {
        let reason = format!("it names the scheme file: {}", Risk::LocalFileOrigin.consequence());
        risks.push((Risk::LocalFileOrigin, reason, "remove that scheme from it".to_owned()));
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
