//! Names and values of fields as Python objects: pairs that stay the same are made once.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyTuple};

/// The names of the fields of decisions.
const NAMES: [&str; 8] = [
    "access-control-allow-origin",
    "vary",
    "access-control-allow-credentials",
    "access-control-expose-headers",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-max-age",
    "access-control-allow-private-network",
];

/// The first pair that was made for each field: mostly the only one, or the one with the only origin that sends requests.
pub(crate) struct Pairs([PyOnceLock<Py<PyTuple>>; NAMES.len()]);

impl Pairs {
    pub(crate) const fn new() -> Self {
        Pairs([const { PyOnceLock::new() }; NAMES.len()])
    }

    /// Returns the field as ASGI has it. If the value equals `origin`, the pair has that object.
    pub(crate) fn of<'py>(
        &self,
        py: Python<'py>,
        name: &'static str,
        value: &[u8],
        origin: Option<&Bound<'py, PyBytes>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let new = || {
            let value = match origin {
                Some(origin) if origin.as_bytes() == value => origin.clone(),
                _ => PyBytes::new(py, value),
            };
            PyTuple::new(py, [name_bytes(py, name), value])
        };
        let kept = NAMES.iter().position(|known| *known == name).and_then(|index| self.0.get(index));
        let Some(kept) = kept else { return new() };
        let pair = kept.get_or_try_init(py, || new().map(Bound::unbind))?.bind(py);
        if pair.get_borrowed_item(1)?.cast::<PyBytes>()?.as_bytes() == value {
            Ok(pair.clone())
        } else {
            new()
        }
    }
}

/// Returns the name, one object for all policies.
fn name_bytes<'py>(py: Python<'py>, name: &'static str) -> Bound<'py, PyBytes> {
    static OBJECTS: [PyOnceLock<Py<PyBytes>>; NAMES.len()] = [const { PyOnceLock::new() }; NAMES.len()];
    let new = || PyBytes::new(py, name.as_bytes()).unbind();
    match NAMES.iter().position(|known| *known == name).and_then(|index| OBJECTS.get(index)) {
        Some(object) => object.get_or_init(py, new).bind(py).clone(),
        None => new().into_bound(py),
    }
}
