//! `AsgiSend`: the `send` of an application under the ASGI middleware. In Python it took half of the middleware's time.

use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyString, PyTuple};

use crate::decision::Decision;
use crate::headers::quick_cast;
use crate::tally::Tally;

#[pyclass(frozen, module = "cors_py")]
pub(crate) struct AsgiSend {
    #[pyo3(get)]
    decision: Py<Decision>,
    /// The scope's `app` as it came: an application inside may put itself there.
    scope_app: Option<Py<PyAny>>,
    send: Py<PyAny>,
    started: AtomicBool,
    /// What Python reads of a member that is an object costs a tenth of what a getter does.
    #[pyo3(get)]
    review: Py<PyAny>,
}

impl AsgiSend {
    pub(crate) fn new(
        decision: Py<Decision>,
        scope: &Bound<'_, PyAny>,
        send: Py<PyAny>,
        is_foreign: bool,
    ) -> PyResult<Self> {
        let py = scope.py();
        let scope_app = item(scope, intern!(py, "app"))?.map(Bound::unbind);
        let review = if decision.get().is_routine() {
            py.None()
        } else {
            PyBool::new(py, !is_foreign).to_owned().into_any().unbind()
        };
        Ok(AsgiSend { decision, scope_app, send, started: AtomicBool::new(false), review })
    }
}

#[pymethods]
impl AsgiSend {
    /// Counts a denied request, and returns true; false for one that is not denied.
    fn count(&self, tally: &Bound<'_, Tally>) -> bool {
        let denial = self.decision.get().denial;
        denial.inspect(|denial| tally.get().add(*denial)).is_some()
    }

    #[getter]
    fn scope_app(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.scope_app.as_ref().map(|app| app.clone_ref(py))
    }

    #[getter]
    fn started(&self) -> bool {
        self.started.load(Ordering::Relaxed)
    }

    /// Returns the awaitable that `send` returns.
    #[pyo3(signature = (*message))]
    fn __call__<'py>(&self, message: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        let py = message.py();
        let send = self.send.bind(py);
        // Passes the message on in the tuple that it came in: a new tuple takes a third of the time.
        if self.started() || message.len() != 1 {
            return send.call1(message);
        }
        let given = message.get_borrowed_item(0)?;
        let kind = item(&given, intern!(py, "type"))?;
        if !kind.is_some_and(|kind| quick_cast::<PyString>(&kind).is_ok_and(|kind| is_start(kind))) {
            return send.call1(message);
        }
        self.started.store(true, Ordering::Relaxed);
        // The application's message stays unchanged: the application may send the same object again.
        let started = match quick_cast::<PyDict>(&given) {
            Ok(dict) => dict.copy()?,
            Err(_) => py.get_type::<PyDict>().call1((given,))?.cast_into()?,
        };
        let headers = match started.get_item(intern!(py, "headers"))? {
            Some(headers) => headers,
            None => PyTuple::empty(py).into_any(),
        };
        started.set_item(intern!(py, "headers"), self.decision.get().merge_asgi(&headers)?)?;
        send.call1((started,))
    }
}

fn is_start(kind: &Bound<'_, PyString>) -> bool {
    kind.to_str().is_ok_and(|kind| kind == "http.response.start")
}

/// Returns the value of this key in a dict or another mapping.
fn item<'py>(mapping: &Bound<'py, PyAny>, key: &Bound<'py, PyString>) -> PyResult<Option<Bound<'py, PyAny>>> {
    match quick_cast::<PyDict>(mapping) {
        Ok(dict) => dict.get_item(key),
        Err(_) => Ok(mapping.call_method1(intern!(mapping.py(), "get"), (key,))?.extract()?),
    }
}
