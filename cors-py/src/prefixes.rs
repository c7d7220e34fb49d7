//! `Prefixes`: the path prefixes of a site, and which of them a path falls under (A9).

use cors_core::adapter::{PathPrefix, PathPrefixError, PathPrefixErrorKind, RequestPath, find_prefix};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::headers::raw;

/// Prefixes, each with a place of its own.
#[pyclass(frozen, module = "cors_py")]
pub(crate) struct Prefixes(Vec<PathPrefix<String>>);

#[pymethods]
impl Prefixes {
    #[new]
    #[expect(clippy::needless_pass_by_value, reason = "a list of Python's")]
    fn new(prefixes: Vec<String>) -> PyResult<Self> {
        let mut parsed: Vec<PathPrefix<String>> = Vec::with_capacity(prefixes.len());
        for text in &prefixes {
            let prefix = PathPrefix::parse(text).map_err(|error| refused(&error))?.to();
            if parsed.contains(&prefix) {
                return Err(refused(&PathPrefixError::new(text, PathPrefixErrorKind::Duplicate)));
            }
            parsed.push(prefix);
        }
        Ok(Prefixes(parsed))
    }

    /// Returns the place of the longest prefix that covers the path. The server has decoded the path's escapes.
    fn find(&self, path: &Bound<'_, PyAny>) -> PyResult<Option<usize>> {
        Ok(find_prefix(RequestPath::Decoded(&raw(path)?), &self.0))
    }
}

fn refused(error: &PathPrefixError<'_>) -> PyErr {
    PyValueError::new_err(format!("policies: {error}"))
}
