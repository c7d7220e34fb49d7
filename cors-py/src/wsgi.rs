//! A WSGI application's response: the fields in its head, which goes on at once (A12), and a body that may fail before the
//! application has begun the response. In Python they took most of the middleware's time.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::{PyAssertionError, PyException};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyIterator, PyList};

use crate::decision::Decision;

const ERROR: &str = "Internal Server Error";

#[pyfunction]
pub(crate) fn wsgi_run<'py>(
    app: &Bound<'py, PyAny>,
    environ: &Bound<'py, PyDict>,
    start_response: Py<PyAny>,
    decision: &Bound<'py, PyAny>,
    handles_errors: Py<PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    let head = Bound::new(py, WsgiHead::new(start_response, decision))?;
    let answered = app.call1((environ, &head));
    let (body, step) = match answered {
        // The response has begun: its body is for the server, as it is.
        Ok(answer) if head.get().is_begun() => return Ok(answer),
        Ok(answer) => (Some(answer.unbind()), Step::Begin),
        Err(error) => (None, Step::Fail(error)),
    };
    let body = WsgiBody {
        head: head.unbind(),
        body,
        environ: environ.clone().unbind(),
        handles_errors,
        step: Mutex::new(Step::End),
    };
    let step = match step {
        Step::Fail(error) => Step::Fail(body.handled(py, error)?),
        step => step,
    };
    *locked(&body.step) = step;
    Ok(Bound::new(py, body)?.into_any())
}

/// The body of an application that has not begun its response: a generator, which calls `start_response` when the server asks
/// for its first part, or that of a 500.
#[pyclass(frozen, module = "cors_py")]
pub(crate) struct WsgiBody {
    head: Py<WsgiHead>,
    /// The application's body, if the application has returned one.
    body: Option<Py<PyAny>>,
    environ: Py<PyDict>,
    handles_errors: Py<PyAny>,
    step: Mutex<Step>,
}

/// The next step of the body.
enum Step {
    Begin,
    Parts(Py<PyIterator>),
    /// A 500 (A2), after which the exception goes on to the server, which logs it.
    Fail(PyErr),
    Raise(PyErr),
    End,
}

impl WsgiBody {
    /// Returns the exception if it is to be answered here.
    fn handled(&self, py: Python<'_>, error: PyErr) -> PyResult<PyErr> {
        let is_handled = error.is_instance_of::<PyException>(py)
            && !self.head.get().is_begun()
            && self.handles_errors.bind(py).call1((&self.environ,))?.is_truthy()?;
        if is_handled { Ok(error) } else { Err(error) }
    }

    fn part<'py>(&self, parts: &mut Bound<'py, PyIterator>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let part = parts.next().transpose()?;
        if self.head.get().is_begun() {
            Ok(part)
        } else {
            Err(PyAssertionError::new_err("the application has not called start_response"))
        }
    }
}

#[pymethods]
impl WsgiBody {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        // A body that asks itself for its next part is at its end.
        let step = mem::replace(&mut *locked(&self.step), Step::End);
        let parts = match step {
            Step::Begin => match &self.body {
                Some(body) => body.bind(py).try_iter(),
                None => return Ok(None),
            },
            Step::Parts(parts) => Ok(parts.into_bound(py)),
            Step::Fail(error) => Err(error),
            Step::Raise(error) => return Err(error),
            Step::End => return Ok(None),
        };
        let error = match parts.and_then(|mut parts| Ok((self.part(&mut parts)?, parts))) {
            Ok((None, _)) => return Ok(None),
            Ok((part, parts)) => {
                *locked(&self.step) = Step::Parts(parts.unbind());
                return Ok(part);
            }
            Err(error) => self.handled(py, error)?,
        };
        if let Err(further) = self.head.get().fail(py) {
            further.set_cause(py, Some(error));
            return Err(further);
        }
        *locked(&self.step) = Step::Raise(error);
        Ok(Some(PyBytes::new(py, ERROR.as_bytes()).into_any()))
    }

    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let close = match &self.body {
            Some(body) => body.bind(py).getattr_opt(intern!(py, "close"))?,
            None => None,
        };
        close.map_or(Ok(()), |close| close.call0().map(|_| ()))
    }
}

/// The application's `start_response`, which adds the fields. It hands on at once what it is given: some servers read status and
/// headers when the application returns.
#[pyclass(frozen, module = "cors_py")]
pub(crate) struct WsgiHead {
    start_response: Py<PyAny>,
    fields: Mutex<Source>,
    is_begun: AtomicBool,
}

/// The source of the fields to send.
enum Source {
    /// A function that returns a decision or None, called as soon as the response begins.
    Asked(Py<PyAny>),
    Known(Option<Py<Decision>>),
}

impl WsgiHead {
    fn new(start_response: Py<PyAny>, decision: &Bound<'_, PyAny>) -> Self {
        let fields = match decision.cast::<Decision>() {
            Ok(decision) => Source::Known(Some(decision.clone().unbind())),
            Err(_) => Source::Asked(decision.clone().unbind()),
        };
        WsgiHead { start_response, fields: Mutex::new(fields), is_begun: AtomicBool::new(false) }
    }

    fn is_begun(&self) -> bool {
        self.is_begun.load(Ordering::Relaxed)
    }

    /// Answers 500 in the application's place.
    fn fail(&self, py: Python<'_>) -> PyResult<()> {
        let length = ERROR.len().to_string();
        let headers = [("content-type", "text/plain; charset=utf-8"), ("content-length", length.as_str())];
        let headers = self.merged(PyList::new(py, headers)?.into_any())?;
        self.is_begun.store(true, Ordering::Relaxed);
        self.start_response.call1(py, (format!("500 {ERROR}"), headers)).map(drop)
    }

    /// Returns the decision, asked for once.
    fn decision(&self, py: Python<'_>) -> PyResult<Option<Py<Decision>>> {
        let asked = match &*locked(&self.fields) {
            Source::Known(decision) => return Ok(decision.as_ref().map(|decision| decision.clone_ref(py))),
            Source::Asked(asked) => asked.clone_ref(py),
        };
        let decision: Option<Py<Decision>> = asked.call0(py)?.extract(py)?;
        let known = decision.as_ref().map(|decision| decision.clone_ref(py));
        *locked(&self.fields) = Source::Known(known);
        Ok(decision)
    }

    fn merged<'py>(&self, headers: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        match self.decision(headers.py())? {
            Some(decision) => Ok(decision.get().merge_wsgi(&headers)?.into_any()),
            None => Ok(headers),
        }
    }
}

#[pymethods]
impl WsgiHead {
    #[pyo3(signature = (status, headers, exc_info=None))]
    fn __call__<'py>(
        &self,
        status: Py<PyAny>,
        headers: Bound<'py, PyAny>,
        exc_info: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let start_response = self.start_response.bind(headers.py()).clone();
        let headers = self.merged(headers)?;
        self.is_begun.store(true, Ordering::Relaxed);
        match exc_info {
            Some(exc_info) => start_response.call1((status, headers, exc_info)),
            None => start_response.call1((status, headers)),
        }
    }
}

/// Locks the mutex. No lock is held while Python runs.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
