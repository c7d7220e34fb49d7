//! `AsgiSend`: what an application under the ASGI middleware sends through. In Python it was half of the middleware's time.

use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::decision::Decision;
use crate::merge::merge_bytes;

#[pyclass(frozen, module = "cors_py")]
pub(crate) struct AsgiSend {
    decision: Py<Decision>,
    send: Py<PyAny>,
    started: AtomicBool,
}

impl AsgiSend {
    pub(crate) fn new(decision: Py<Decision>, send: Py<PyAny>) -> Self {
        AsgiSend { decision, send, started: AtomicBool::new(false) }
    }
}

#[pymethods]
impl AsgiSend {
    #[getter]
    fn started(&self) -> bool {
        self.started.load(Ordering::Relaxed)
    }

    /// Returns what `send` does: something to be awaited.
    fn __call__<'py>(&self, message: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = message.py();
        let send = self.send.bind(py);
        if self.started() || !message.get_item(intern!(py, "type"))?.eq(intern!(py, "http.response.start"))? {
            return send.call1((message,));
        }
        self.started.store(true, Ordering::Relaxed);
        // The application's message stays as it is: it may send it again.
        let message = match message.cast::<PyDict>() {
            Ok(dict) => dict.copy()?,
            Err(_) => py.get_type::<PyDict>().call1((message,))?.cast_into()?,
        };
        let headers = match message.get_item(intern!(py, "headers"))? {
            Some(headers) => headers,
            None => PyTuple::empty(py).into_any(),
        };
        let fields = self.decision.get().fields.bind(py);
        message.set_item(intern!(py, "headers"), merge_bytes(&headers, fields)?)?;
        send.call1((message,))
    }
}
