//! The enums of `cors_py._names`, and the sentences behind their members.

use cors_core::{Denial, Risk};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// Returns the member of `Denial`.
pub(crate) fn denial(py: Python<'_>, denial: Denial) -> PyResult<Bound<'_, PyAny>> {
    static MEMBERS: [PyOnceLock<Py<PyAny>>; Denial::ALL.len()] =
        [const { PyOnceLock::new() }; Denial::ALL.len()];
    let find = || {
        let class = py.import("cors_py._names")?.getattr("Denial")?;
        class.call1((denial.name(),)).map(Bound::unbind)
    };
    match MEMBERS.get(usize::from(denial as u8).wrapping_sub(1)) {
        Some(member) => Ok(member.get_or_try_init(py, find)?.bind(py).clone()),
        None => find().map(|member| member.into_bound(py)),
    }
}

/// Returns the denial of this name.
pub(crate) fn denial_of(name: &str) -> PyResult<Denial> {
    let known = Denial::ALL.into_iter().find(|denial| denial.name() == name);
    known.ok_or_else(|| PyValueError::new_err(format!("no denial: {name:?}")))
}

/// Returns the member of `Risk`.
pub(crate) fn risk(py: Python<'_>, risk: Risk) -> PyResult<Bound<'_, PyAny>> {
    static RISK: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    RISK.import(py, "cors_py._names", "Risk")?.call1((risk.name(),))
}

#[pyfunction]
pub(crate) fn denial_message(denial: &str) -> PyResult<&'static str> {
    denial_of(denial).map(Denial::message)
}

#[pyfunction]
pub(crate) fn risk_consequence(risk: &str) -> PyResult<&'static str> {
    let known = Risk::from_name(risk).map(Risk::consequence);
    known.ok_or_else(|| PyValueError::new_err(format!("no risk: {risk:?}")))
}
