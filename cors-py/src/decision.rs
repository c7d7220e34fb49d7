//! `Decision`: the kind, the verdict and the fields as Python objects, ready to be sent.

use std::hash::{DefaultHasher, Hash, Hasher};

use cors_core::{Decision as CoreDecision, Denial, Kind};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};

use crate::asgi_send::AsgiSend;
use crate::merge::{merge_bytes, merge_texts};
use crate::names;

/// What a policy decides about a request, and the fields to send.
#[pyclass(frozen, module = "cors_py")]
pub(crate) struct Decision {
    pub(crate) kind: Kind,
    pub(crate) denial: Option<Denial>,
    pub(crate) status: Option<u16>,
    /// A6, for a denied actual request.
    pub(crate) same_origin: bool,
    /// Names and values as pairs of bytes. A list, because a response's headers are one; Python code never gets this object.
    fields: Py<PyList>,
    /// The same pairs as texts, made on first use.
    texts: PyOnceLock<Py<PyList>>,
}

impl Decision {
    /// Makes the object of the engine's decision, with its fields as pairs of bytes.
    pub(crate) fn new(decision: &CoreDecision<'_>, same_origin: bool, fields: Py<PyList>) -> Self {
        Decision {
            kind: decision.kind(),
            denial: decision.denial(),
            status: decision.status(),
            same_origin,
            fields,
            texts: PyOnceLock::new(),
        }
    }

    pub(crate) fn is_routine(&self) -> bool {
        self.kind != Kind::Preflight && self.denial.is_none()
    }

    /// True for a request of which A6 asks whether it comes from the site's own pages.
    pub(crate) fn is_denied_actual(&self) -> bool {
        self.kind == Kind::Actual && self.denial.is_some()
    }

    fn pairs<'py>(&self, py: Python<'py>) -> PyResult<Vec<(Bound<'py, PyBytes>, Bound<'py, PyBytes>)>> {
        self.fields.bind(py).extract()
    }

    /// Returns names and values as texts: both are ASCII.
    fn texts(&self, py: Python<'_>) -> PyResult<Vec<(String, String)>> {
        let text = |bytes: &Bound<'_, PyBytes>| String::from_utf8_lossy(bytes.as_bytes()).into_owned();
        Ok(self.pairs(py)?.iter().map(|(name, value)| (text(name), text(value))).collect())
    }

    fn text_fields<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyList>> {
        let new = || PyList::new(py, self.texts(py)?).map(Bound::unbind);
        Ok(self.texts.get_or_try_init(py, new)?.bind(py))
    }

    fn head(&self) -> (Kind, Option<Denial>, Option<u16>, bool) {
        (self.kind, self.denial, self.status, self.same_origin)
    }
}

#[pymethods]
impl Decision {
    /// What the request is to the CORS protocol.
    #[getter]
    fn kind<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        match self.kind {
            Kind::NotCors => intern!(py, "not-cors").clone(),
            Kind::Actual => intern!(py, "actual").clone(),
            Kind::Preflight => intern!(py, "preflight").clone(),
        }
    }

    /// False if the browser will stop the page. True for a request that is not CORS: the policy does not apply to it.
    #[getter]
    fn allowed(&self) -> bool {
        self.denial.is_none()
    }

    /// The reason why the request is denied, or None.
    #[getter]
    fn denial<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.denial.map(|denial| names::denial(py, denial)).transpose()
    }

    /// The status to answer a preflight with, allowed or denied; None for other requests.
    #[getter]
    fn status(&self) -> Option<u16> {
        self.status
    }

    /// True for an actual request that the policy denies and that comes from the site's own pages, as far as the
    /// headers show: `Sec-Fetch-Site`, or without it the origin's host and port, and the scheme of a WSGI environ.
    /// Such a request is not to be refused, counted or logged. `Site.own_origins` adds origins that headers do not show.
    #[getter]
    fn same_origin(&self) -> bool {
        self.same_origin
    }

    /// True if the application's response only has to be sent with the fields: the request is not a preflight, and is
    /// not denied. One check covers the usual case.
    #[getter]
    #[pyo3(name = "is_routine")]
    fn py_is_routine(&self) -> bool {
        self.is_routine()
    }

    /// The response's fields, each with its name in lower case, its value, and whether it replaces the application's
    /// fields of that name.
    #[getter]
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let mut fields: Vec<(String, String, &'static str)> = Vec::new();
        for (name, value) in self.texts(py)? {
            // E11: `Vary`, and the further lines of an echoed list.
            let is_further = name == "vary" || fields.iter().any(|(earlier, ..)| *earlier == name);
            fields.push((name, value, if is_further { "append" } else { "replace" }));
        }
        PyTuple::new(py, fields)
    }

    /// The names and values of `fields`, as an ASGI response has them.
    #[getter]
    fn asgi_fields<'py>(&self, py: Python<'py>) -> Bound<'py, PyTuple> {
        self.fields.bind(py).to_tuple()
    }

    /// Returns the headers of an application's ASGI response with the fields merged in.
    ///
    /// Removes the application's fields that only the policy may set: every `access-control-allow-*`,
    /// `access-control-expose-headers` and `access-control-max-age`. Joins `vary` without repeating a name; `vary: *`
    /// stays as it is.
    pub(crate) fn merge_asgi<'py>(&self, headers: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        merge_bytes(headers, self.fields.bind(headers.py()))
    }

    /// Returns a `send` that merges the fields into the response that an ASGI application sends.
    fn asgi_send(slf: Py<Self>, scope: &Bound<'_, PyAny>, send: Py<PyAny>) -> PyResult<AsgiSend> {
        AsgiSend::new(slf, scope, send, false)
    }

    /// The names and values of `fields`, as a WSGI response has them.
    #[getter]
    fn wsgi_fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        Ok(self.text_fields(py)?.to_tuple())
    }

    /// Returns the headers of an application's WSGI response with the fields merged in, as `merge_asgi` does.
    pub(crate) fn merge_wsgi<'py>(&self, headers: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        merge_texts(headers, self.text_fields(headers.py())?)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let py = other.py();
        let Ok(other) = other.cast::<Decision>() else { return Ok(py.NotImplemented()) };
        let other = other.get();
        let same = self.head() == other.head() && self.fields.bind(py).eq(&other.fields)?;
        Ok(same.into_pyobject(py)?.to_owned().into_any().unbind())
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<u64> {
        let mut hasher = DefaultHasher::new();
        (self.head(), self.asgi_fields(py).hash()?).hash(&mut hasher);
        Ok(hasher.finish())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let mut text = format!("<Decision: {}, ", self.kind);
        text +=
            &self.denial.map_or_else(|| "allowed".to_owned(), |denial| format!("denied: {}", denial.name()));
        if let Some(status) = self.status {
            text += ", ";
            text += &status.to_string();
        }
        for (name, value) in self.texts(py)? {
            text.extend(["; ", &name, ": ", &value]);
        }
        Ok(text + ">")
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let restore = py.import("cors_py._native")?.getattr("_restore_decision")?;
        let parts = (
            self.kind.name(),
            self.denial.map(Denial::name),
            self.status,
            self.same_origin,
            self.asgi_fields(py),
        );
        Ok((restore, parts.into_pyobject(py)?))
    }
}

/// Restores a pickled decision: `Decision.__reduce__` names this function.
#[pyfunction(name = "_restore_decision")]
pub(crate) fn restore_decision(
    kind: &str,
    denial: Option<&str>,
    status: Option<u16>,
    same_origin: bool,
    fields: &Bound<'_, PyTuple>,
) -> PyResult<Decision> {
    let kind = [Kind::NotCors, Kind::Actual, Kind::Preflight].into_iter().find(|known| known.name() == kind);
    let kind = kind.ok_or_else(|| PyValueError::new_err("no kind of request"))?;
    let denial = denial.map(names::denial_of).transpose()?;
    let decision = Decision {
        kind,
        denial,
        status,
        same_origin,
        fields: fields.to_list().unbind(),
        texts: PyOnceLock::new(),
    };
    Python::attach(|py| decision.pairs(py).map(|_| ()))?;
    Ok(decision)
}
