//! A WSGI application's response: its head, which is held back until the body begins, and its body, which may fail before
//! its first part. In Python they took most of the middleware's time.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::{PyAssertionError, PyException};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyIterator, PyList, PyTuple, PyType};

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
    let mut body = WsgiBody {
        head: head.clone().unbind(),
        body: None,
        environ: environ.clone().unbind(),
        handles_errors,
        step: Mutex::new(Step::Begin),
    };
    let answered = app.call1((environ, head.getattr(intern!(py, "start"))?)).and_then(|answer| {
        let is_for_the_server = is_for_the_server(&answer, environ)?;
        body.body = Some(answer.clone().unbind());
        if is_for_the_server {
            head.get().send(py)?;
        }
        Ok(is_for_the_server.then_some(answer))
    });
    match answered {
        Ok(Some(answer)) => return Ok(answer),
        Ok(None) => {}
        Err(error) => body.step = Mutex::new(Step::Fail(body.handled(py, error)?)),
    }
    Ok(Bound::new(py, body)?.into_any())
}

/// Returns true for a body that a server treats in its own way, or that raises nothing.
fn is_for_the_server(body: &Bound<'_, PyAny>, environ: &Bound<'_, PyDict>) -> PyResult<bool> {
    if body.is_instance_of::<PyList>() || body.is_instance_of::<PyTuple>() {
        return Ok(true);
    }
    match environ.get_item(intern!(body.py(), "wsgi.file_wrapper"))? {
        Some(wrapper) if wrapper.is_instance_of::<PyType>() => body.is_instance(&wrapper),
        _ => Ok(false),
    }
}

/// A body that may fail before its first part, when the head is not sent yet.
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
            && !self.head.get().is_sent()
            && self.handles_errors.bind(py).call1((&self.environ,))?.is_truthy()?;
        if is_handled { Ok(error) } else { Err(error) }
    }

    fn part<'py>(&self, parts: &mut Bound<'py, PyIterator>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let part = parts.next().transpose()?;
        self.head.get().send(parts.py())?;
        Ok(part)
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

/// Status and headers of the application's response, held back for as long as it may still fail. A server may add the headers
/// of a second `start_response` to the first's, and a browser rejects a response with two Access-Control-Allow-Origin fields.
#[pyclass(frozen, module = "cors_py")]
pub(crate) struct WsgiHead {
    start_response: Py<PyAny>,
    state: Mutex<State>,
}

struct State {
    fields: Source,
    /// Status and headers.
    held: Option<(Py<PyAny>, Py<PyAny>)>,
    /// The server's `write`, once the server has the head.
    write: Option<Py<PyAny>>,
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
        WsgiHead { start_response, state: Mutex::new(State { fields, held: None, write: None }) }
    }

    fn is_sent(&self) -> bool {
        locked(&self.state).write.is_some()
    }

    /// Passes the head on to the server.
    fn send(&self, py: Python<'_>) -> PyResult<()> {
        let held = {
            let mut state = locked(&self.state);
            if state.write.is_some() {
                return Ok(());
            }
            state.held.take()
        };
        let Some((status, headers)) = held else {
            return Err(PyAssertionError::new_err("the application has not called start_response"));
        };
        let headers = self.merged(headers.into_bound(py))?;
        let write = self.start_response.call1(py, (status, headers))?;
        locked(&self.state).write = Some(write);
        Ok(())
    }

    /// Replaces the head with that of a 500.
    fn fail(&self, py: Python<'_>) -> PyResult<()> {
        self.decide(py)?;
        let length = ERROR.len().to_string();
        let headers = [("content-type", "text/plain; charset=utf-8"), ("content-length", length.as_str())];
        let status = format!("500 {ERROR}").into_pyobject(py)?.into_any().unbind();
        locked(&self.state).held = Some((status, PyList::new(py, headers)?.into_any().unbind()));
        self.send(py)
    }

    fn decide(&self, py: Python<'_>) -> PyResult<()> {
        let asked = match &locked(&self.state).fields {
            Source::Asked(asked) => asked.clone_ref(py),
            Source::Known(_) => return Ok(()),
        };
        let decision = asked.call0(py)?.extract(py)?;
        locked(&self.state).fields = Source::Known(decision);
        Ok(())
    }

    fn merged<'py>(&self, headers: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let decision = match &locked(&self.state).fields {
            Source::Known(Some(decision)) => decision.clone_ref(headers.py()),
            _ => return Ok(headers),
        };
        Ok(decision.get().merge_wsgi(&headers)?.into_any())
    }
}

#[pymethods]
impl WsgiHead {
    /// The application's `start_response`.
    #[pyo3(signature = (status, headers, exc_info=None))]
    fn start<'py>(
        slf: &Bound<'py, Self>,
        status: Py<PyAny>,
        headers: Bound<'py, PyAny>,
        exc_info: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, head) = (slf.py(), slf.get());
        head.decide(py)?;
        if head.is_sent() {
            // The application called again after the head was sent: the server judges that.
            let headers = head.merged(headers)?;
            let start_response = head.start_response.bind(py);
            return match exc_info {
                Some(exc_info) => start_response.call1((status, headers, exc_info)),
                None => start_response.call1((status, headers)),
            };
        }
        let mut state = locked(&head.state);
        if state.held.is_some() && exc_info.is_none() {
            return Err(PyAssertionError::new_err("start_response is called twice without exc_info"));
        }
        state.held = Some((status, headers.unbind()));
        drop(state);
        slf.getattr(intern!(py, "write"))
    }

    fn write<'py>(&self, part: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = part.py();
        self.send(py)?;
        let write = locked(&self.state).write.as_ref().map(|write| write.clone_ref(py));
        match write {
            Some(write) => write.into_bound(py).call1((part,)),
            None => Ok(py.None().into_bound(py)),
        }
    }
}

/// Locks the mutex. No lock is held while Python runs.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
