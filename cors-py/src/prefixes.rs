//! `Prefixes` and `path_readings`: which policy a path falls under, however it is read (A9).

use std::collections::BTreeSet;

use cors_core::adapter::{
    FoundPrefix, PathPrefix, PathPrefixError, PathPrefixErrorKind, RequestPath, find_prefix,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use crate::headers::raw;
use crate::policy::Policy;

/// Prefixes, each with a policy.
#[pyclass(frozen, module = "cors_py")]
pub(crate) struct Prefixes {
    prefixes: Vec<PathPrefix<String>>,
    /// Of the prefix in the same place.
    policies: Vec<Py<PyAny>>,
}

#[pymethods]
impl Prefixes {
    #[new]
    fn new(policies: &Bound<'_, PyDict>) -> PyResult<Self> {
        let mut made = Prefixes { prefixes: Vec::new(), policies: Vec::new() };
        for (prefix, policy) in policies {
            let text: String = prefix.extract()?;
            let prefix = PathPrefix::parse(&text).map_err(|error| refused(&error))?.to();
            if made.prefixes.contains(&prefix) {
                return Err(refused(&PathPrefixError::new(&text, PathPrefixErrorKind::Duplicate)));
            }
            made.prefixes.push(prefix);
            made.policies.push(policy.unbind());
        }
        Ok(made)
    }

    /// Returns the policy of the path. The server has decoded the path's escapes.
    fn policy_for<'py>(&self, path: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let py = path.py();
        match find_prefix(RequestPath::Decoded(&raw(path)?), &self.prefixes) {
            FoundPrefix::At(index) => Ok(self.policies.get(index).map(|policy| policy.bind(py).clone())),
            FoundPrefix::Nowhere => Ok(None),
            FoundPrefix::Ambiguous => ambiguous_path_policy(py).map(|policy| Some(policy.into_any())),
        }
    }
}

fn refused(error: &PathPrefixError<'_>) -> PyErr {
    PyValueError::new_err(format!("policies: {error}"))
}

#[pyfunction]
pub(crate) fn ambiguous_path_policy(py: Python<'_>) -> PyResult<Bound<'_, Policy>> {
    static POLICY: PyOnceLock<Py<Policy>> = PyOnceLock::new();
    let policy = POLICY.get_or_try_init(py, || Py::new(py, Policy::of_ambiguous_paths()))?;
    Ok(policy.bind(py).clone())
}

/// The most places at which a server may be mounted: a path with more that leads up is ambiguous.
const MOST_MOUNTS: usize = 16;

#[pyfunction]
pub(crate) fn path_readings(path: &Bound<'_, PyAny>) -> PyResult<Option<BTreeSet<String>>> {
    let path = raw(path)?;
    let Some(mut found) = readings(&path) else { return Ok(None) };
    if !found.iter().any(|reading| leads_up(reading)) {
        return Ok(Some(found));
    }
    // A server that is mounted somewhere does not let `..` lead out of that.
    let mounts = path.iter().enumerate().skip(1).filter(|&(_, &byte)| byte == b'/');
    for (number, (end, _)) in mounts.enumerate() {
        let (mount, below) = path.split_at_checked(end).unwrap_or_default();
        let Some(of_mount) = readings(mount) else { return Ok(None) };
        if of_mount.iter().any(|reading| leads_up(reading)) {
            break;
        }
        match (readings(below), of_mount.first()) {
            (Some(below), Some(mount)) if of_mount.len() == 1 && number < MOST_MOUNTS => {
                found.extend(below.into_iter().map(|below| format!("{mount}{below}")));
            }
            _ => return Ok(None),
        }
    }
    Ok(Some(found))
}

fn leads_up(path: &str) -> bool {
    path.split('/').any(|segment| segment == "..")
}

fn readings(path: &[u8]) -> Option<BTreeSet<String>> {
    let readings = cors_core::adapter::path_readings(RequestPath::Decoded(path)).ok()?;
    let text = |reading: cors_core::adapter::PathReading<'_>| {
        let mut bytes: Vec<u8> = reading.bytes_from_end().collect();
        bytes.reverse();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Some(readings.map(text).collect())
}
