//! `Explanation`: the result of a page's fetch, and the reasons for it.

use cors_core::browser::{CredentialsMode, Engine, Fetch, Header};
use cors_core::explain::{Explanation as CoreExplanation, Requests};
use cors_core::{Denial, Origin, OriginPattern, Policy};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyMapping, PyTuple};

use crate::names;

/// The fetch to explain, as the arguments of `Policy.explain`.
pub(crate) struct Question<'q, 'py> {
    pub(crate) origin: &'q str,
    pub(crate) url: &'q str,
    pub(crate) method: &'q str,
    pub(crate) headers: Option<&'q Bound<'py, PyAny>>,
    pub(crate) credentials: bool,
    pub(crate) engine: &'q str,
}

impl Question<'_, '_> {
    pub(crate) fn put_to(&self, policy: &Policy<'_>) -> PyResult<Explanation> {
        let engine = engine_of(self.engine)?;
        let headers = self.headers()?;
        let listed: Vec<Header<'_>> =
            headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        let fetch = Fetch {
            method: self.method,
            headers: &listed,
            credentials: if self.credentials {
                CredentialsMode::Include
            } else {
                CredentialsMode::SameOrigin
            },
            has_body: ["POST", "PUT", "PATCH"].iter().any(|other| other.eq_ignore_ascii_case(self.method)),
            ..Fetch::new(origin_of(self.origin)?, self.url)
        };
        // Room for the names of a preflight: it lists each name at most as often as the page sets it.
        let mut buffer = vec![0; headers.iter().map(|(name, _)| name.len().saturating_add(1)).sum()];
        let requests = Requests::of(&fetch, engine, &mut buffer)
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(Explanation::of(&requests.explain(policy)))
    }

    fn headers(&self) -> PyResult<Vec<(String, String)>> {
        let Some(headers) = self.headers else { return Ok(Vec::new()) };
        let pairs = match headers.cast::<PyMapping>() {
            Ok(mapping) => mapping.items()?.into_any(),
            Err(_) => headers.clone(),
        };
        pairs.try_iter()?.map(|pair| pair?.extract()).collect()
    }
}

fn engine_of(name: &str) -> PyResult<Engine> {
    match name {
        "standard" => Ok(Engine::Standard),
        "chromium" => Ok(Engine::Chromium),
        "firefox" => Ok(Engine::Firefox),
        "webkit" => Ok(Engine::WebKit),
        _ => {
            let what = format!("engine {name:?}: write standard, chromium, firefox or webkit");
            Err(PyValueError::new_err(what))
        }
    }
}

fn origin_of(text: &str) -> PyResult<Origin<'_>> {
    Origin::parse(text.as_bytes()).map_err(|error| {
        let advice = match OriginPattern::parse(text) {
            Ok(_) => Some("a page has one origin; write one that the pattern is to allow".to_owned()),
            Err(error) => error.advice().map(|advice| advice.to_string()),
        };
        let advice = advice.unwrap_or_else(|| error.to_string());
        PyValueError::new_err(format!("origin {text:?}: not an origin as a browser sends it; {advice}"))
    })
}

/// The result of a fetch, and the reasons for it. `str()` returns the whole explanation.
#[pyclass(frozen, module = "cors_py")]
pub(crate) struct Explanation {
    text: String,
    /// True if the page gets the response.
    #[pyo3(get)]
    allowed: bool,
    /// The browser's error, as Chromium names it: `PreflightMissingAllowOriginHeader`.
    #[pyo3(get)]
    error: Option<&'static str>,
    denial: Option<Denial>,
    console: Vec<String>,
    obstacles: Vec<Py<Obstacle>>,
}

impl Explanation {
    fn of(explanation: &CoreExplanation<'_>) -> Self {
        let outcome = explanation.outcome().ok();
        let console = outcome.map_or_else(Vec::new, |outcome| match outcome.engine() {
            Engine::Firefox => outcome.firefox_lines().map(|line| line.to_string()).collect(),
            _ if outcome.is_ok() => Vec::new(),
            _ => vec![ChromiumMessage(&outcome).to_string()],
        });
        let obstacles = Python::attach(|py| {
            let obstacles = explanation.obstacles().map(|obstacle| {
                let near = |miss: cors_core::explain::NearMiss<'_>| {
                    format!("the page is {}, but the policy lists {miss}", miss.origin())
                };
                Py::new(
                    py,
                    Obstacle {
                        text: obstacle.to_string(),
                        fixes: obstacle.fixes().map(|fix| fix.to_string()).collect(),
                        near_misses: obstacle.near_misses().map(near).collect(),
                    },
                )
            });
            obstacles.collect::<PyResult<Vec<_>>>().unwrap_or_default()
        });
        Explanation {
            text: explanation.to_string(),
            allowed: explanation.is_ok(),
            error: explanation.error().map(|error| error.name()),
            denial: explanation.denial(),
            console,
            obstacles,
        }
    }
}

struct ChromiumMessage<'o>(&'o cors_core::browser::Outcome<'o>);

impl std::fmt::Display for ChromiumMessage<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.chromium_message(f)
    }
}

#[pymethods]
impl Explanation {
    /// Why the policy denies the preflight or, if it allows the preflight, the request.
    #[getter]
    fn denial<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.denial.map(|denial| names::denial(py, denial)).transpose()
    }

    /// The lines in the browser's console: Firefox's if `engine` is `firefox`, else Chromium's.
    #[getter]
    fn console<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.console)
    }

    /// Every obstacle, not only the one that the browser names first: all of them have to go.
    #[getter]
    fn obstacles<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.obstacles.iter().map(|obstacle| obstacle.bind(py)))
    }

    fn __str__(&self) -> String {
        let lines = self.console.iter().map(|line| format!("\nconsole: {line}"));
        self.text.clone() + &lines.collect::<String>()
    }

    fn __repr__(&self) -> String {
        let verdict = self.error.unwrap_or(if self.allowed { "allowed" } else { "the call throws" });
        format!("<Explanation: {verdict}>")
    }
}

/// An obstacle to a fetch. `str()` returns its sentence.
#[pyclass(frozen, module = "cors_py")]
pub(crate) struct Obstacle {
    text: String,
    fixes: Vec<String>,
    near_misses: Vec<String>,
}

#[pymethods]
impl Obstacle {
    /// The changes that remove the obstacle; one of them is enough.
    #[getter]
    fn fixes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.fixes)
    }

    /// The patterns that the page's origin was perhaps meant to match, each with the difference.
    #[getter]
    fn near_misses<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.near_misses)
    }

    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        format!("<Obstacle: {}>", self.text)
    }
}
