//! `Policy`: an image that Python owns, and its ready decisions.

use std::path::PathBuf;

use cors_core::{Decision as CoreDecision, Kind, Origin, Policy as CorePolicy, Risk};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple, PyType};

use crate::arguments;
use crate::asgi_send::AsgiSend;
use crate::decision::Decision;
use crate::errors::{config_error, image_error};
use crate::explain::{Explanation, Question};
use crate::file;
use crate::headers::{Fields, raw};
use crate::kept::Kept;
use crate::names;
use crate::origin_regex::OriginRegex;
use crate::pairs::Pairs;

/// The rules for pages of other origins: checked, compiled and immutable.
///
/// Every argument is optional, and nothing is allowed by default. A policy is hashable, equal to another with the same
/// settings, and can be pickled. Any number of threads may share one; a decision takes no lock, and about the same time
/// for one origin and for a million.
///
/// `is_public_suffix` returns true for a domain under which anybody can register a name, for the risk `PublicSuffix`; by
/// default the public suffix list decides.
///
/// Raises `ConfigError` with every problem of the arguments, and `TypeError` for an argument of the wrong type.
///
/// >>> from cors_py import Policy
/// >>> Policy(allow_origins=["https://app.example.com"], allow_methods=["PUT"], allow_credentials=True)
/// Policy(allow_origins=['https://app.example.com'], allow_methods=['PUT'], allow_credentials=True)
#[pyclass(frozen, module = "cors_py")]
pub(crate) struct Policy {
    /// The bytes of an image that was compiled or checked.
    image: Box<[u8]>,
    /// True for what stands for a policy where a path is ambiguous (A9): it denies every request as such.
    is_ambiguous: bool,
    ready: Ready,
}

/// The objects that depend on nothing of the request except its kind and its denial, made on first use.
struct Ready {
    /// Decisions by kind, then by the denial's number. For preflights, only those whose origin is denied.
    decisions: [[PyOnceLock<Py<Decision>>; DENIALS]; 3],
    /// Decisions about actual same-origin requests (A6), by the denial's number.
    same_origin: [PyOnceLock<Py<Decision>>; DENIALS],
    /// The other decisions, for the origins that send requests first.
    kept: Kept,
    /// The fields whose values come from the policy.
    pairs: Pairs,
}

impl Ready {
    const fn new() -> Self {
        Ready {
            decisions: [const { [const { PyOnceLock::new() }; DENIALS] }; 3],
            same_origin: [const { PyOnceLock::new() }; DENIALS],
            kept: Kept::new(),
            pairs: Pairs::new(),
        }
    }
}

const DENIALS: usize = cors_core::Denial::ALL.len() + 1;

/// Returns true if the answer does not depend on the origin: `*` without credentials.
fn is_public(decision: &CoreDecision<'_>) -> bool {
    decision.fields().next().is_none_or(|field| field.value == b"*")
}

impl Policy {
    fn new(image: Box<[u8]>) -> Self {
        Policy { image, is_ambiguous: false, ready: Ready::new() }
    }

    /// Makes what stands for a policy where a path is ambiguous (A9).
    pub(crate) fn of_ambiguous_paths() -> Self {
        Policy { image: Box::default(), is_ambiguous: true, ready: Ready::new() }
    }

    fn head(&self) -> (&[u8], bool) {
        (&self.image, self.is_ambiguous)
    }

    fn view(&self) -> CorePolicy<'_> {
        CorePolicy::from_trusted_bytes(&self.image)
    }

    /// Evaluates a request, as the method `evaluate` does.
    fn decide<'py>(
        &self,
        method: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        allow_origin: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Py<Decision>> {
        self.decide_by(&Fields::of(headers)?, method, headers, allow_origin)
    }

    /// Decides by the fields that were read from `headers`.
    fn decide_by<'py>(
        &self,
        fields: &Fields<'py>,
        method: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        allow_origin: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Py<Decision>> {
        let method = raw(method)?;
        let request = fields.request(&method);
        let mut raised = None;
        let decision = match allow_origin {
            _ if self.is_ambiguous => CoreDecision::ambiguous_path(&request),
            None => self.view().evaluate(&request),
            Some(allow_origin) => self.view().evaluate_with(&request, |origin| {
                self.allows(allow_origin, origin).unwrap_or_else(|error| {
                    raised = Some(error);
                    false
                })
            }),
        };
        match raised {
            Some(error) => Err(error),
            None => self.decision(&decision, fields, headers),
        }
    }

    /// Returns the caller's answer about an origin that no pattern allows (E12). With credentials an expression has to be proved,
    /// whoever passes it (P9).
    fn allows(&self, allow_origin: &Bound<'_, PyAny>, origin: &Origin<'_>) -> PyResult<bool> {
        let ask = |regex: &OriginRegex| {
            regex.check(allow_origin.py(), &self.view())?;
            Ok(regex.allows(origin))
        };
        if let Ok(regex) = allow_origin.cast::<OriginRegex>() {
            return ask(regex.get());
        }
        // A method of an expression asks the expression.
        let owner = allow_origin.getattr_opt(intern!(allow_origin.py(), "__self__"))?;
        if let Some(Ok(regex)) = owner.as_ref().map(Bound::cast::<OriginRegex>) {
            return ask(regex.get());
        }
        let hint = "; an adapter for ASGI also takes a coroutine function";
        arguments::answer(allow_origin, "allow_origin", &origin.to_string(), hint)
    }

    /// Returns the decision as a Python object, made of ready parts if there are any.
    fn decision<'py>(
        &self,
        decision: &CoreDecision<'_>,
        fields: &Fields<'py>,
        headers: &Bound<'py, PyAny>,
    ) -> PyResult<Py<Decision>> {
        let py = headers.py();
        let origin = fields.origin.as_ref();
        let denial = decision.denial().map_or(0, |denial| usize::from(denial as u8));
        let same_origin =
            decision.kind() == Kind::Actual && denial != 0 && fields.is_same_origin(headers, None, &[])?;
        let new = || {
            let pairs =
                decision.fields().map(|field| self.ready.pairs.of(py, field.name, field.value, origin));
            let fields = PyList::new(py, pairs.collect::<PyResult<Vec<_>>>()?)?.unbind();
            Py::new(py, Decision::new(decision, same_origin, fields))
        };
        // A decision whose fields contain the origin, or a preflight's whose origin is allowed, is made for the request.
        let is_own = match decision.kind() {
            Kind::Actual => denial == 0 && !is_public(decision),
            Kind::Preflight => decision.status() != Some(403),
            Kind::NotCors => false,
        };
        let by_denial = if same_origin {
            Some(&self.ready.same_origin)
        } else {
            self.ready.decisions.get(decision.kind() as usize)
        };
        match (by_denial.and_then(|by_denial| by_denial.get(denial)), origin) {
            (Some(ready), _) if !is_own => Ok(ready.get_or_try_init(py, new)?.clone_ref(py)),
            (_, Some(origin)) => self.ready.kept.get(py, origin.as_bytes(), decision, new),
            _ => new(),
        }
    }

    /// Returns the decision about every request without a field of the protocol, if it has been made.
    fn ready_not_cors(&self, py: Python<'_>) -> Option<Py<Decision>> {
        let not_cors = self.ready.decisions.get(Kind::NotCors as usize)?.first()?;
        not_cors.get(py).map(|decision| decision.clone_ref(py))
    }

    fn of_text(py: Python<'_>, text: &str, format: cors_policy_file::Format) -> PyResult<Self> {
        py.detach(|| file::compile(text, format))
            .map(Policy::new)
            .map_err(|problems| config_error(py, problems))
    }
}

#[pymethods]
impl Policy {
    #[new]
    #[pyo3(
        signature = (**arguments),
        text_signature = "(*, allow_origins=(), allow_methods=(), allow_headers=(), expose_headers=(), \
            allow_credentials=False, max_age=None, allow_private_network=False, preflight_status=204, \
            accept_risks=(), is_public_suffix=None)",
    )]
    fn py_new(py: Python<'_>, arguments: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let arguments = arguments.map_or_else(|| PyDict::new(py), Clone::clone);
        arguments::compile(&arguments).map(Policy::new)
    }

    /// Returns every problem that `Policy` would raise for these arguments; an empty list if there are none.
    #[staticmethod]
    #[pyo3(
        signature = (**settings),
        text_signature = "(*, allow_origins=(), allow_methods=(), allow_headers=(), expose_headers=(), \
            allow_credentials=False, max_age=None, allow_private_network=False, preflight_status=204, \
            accept_risks=(), is_public_suffix=None)",
    )]
    fn check<'py>(py: Python<'py>, settings: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        match py.get_type::<Policy>().call((), settings) {
            Ok(_) => Ok(PyList::empty(py).into_any()),
            Err(error) => match error.value(py).getattr_opt("problems")? {
                Some(problems) => {
                    Ok(PyList::new(py, problems.try_iter()?.collect::<PyResult<Vec<_>>>()?)?.into_any())
                }
                None => Err(error),
            },
        }
    }

    /// Compiles the text of a policy file. Raises `ConfigError` with every problem, each with its place.
    #[staticmethod]
    fn from_toml(py: Python<'_>, text: &str) -> PyResult<Self> {
        Policy::of_text(py, text, cors_policy_file::Format::Toml)
    }

    /// Compiles the text of a policy file in JSON, as `from_toml` does.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        Policy::of_text(py, text, cors_policy_file::Format::Json)
    }

    /// Reads the policy in a file: TOML, JSON, or an image that `cors compile` or `to_bytes` made.
    ///
    /// Raises `OSError` if the file cannot be read, `ConfigError` or `ImageError` if the file does not hold a policy.
    #[staticmethod]
    fn from_file(path: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = path.py();
        // Reads through Python, whose errors name the file.
        let read = py.import("pathlib")?.getattr("Path")?.call1((path,))?.call_method0("read_bytes")?;
        let bytes = read.cast::<PyBytes>()?.as_bytes();
        if CorePolicy::is_image(bytes) {
            return Policy::from_bytes(py, bytes);
        }
        let path: PathBuf = path.extract()?;
        py.detach(|| file::compile_bytes(bytes, &path))
            .map(Policy::new)
            .map_err(|problems| config_error(py, problems))
    }

    /// Returns the policy in an image from any source. Raises `ImageError` for bytes that are not an image.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, image: &[u8]) -> PyResult<Self> {
        match py.detach(|| CorePolicy::from_bytes(image).map(|policy| policy.as_bytes().into())) {
            Ok(image) => Ok(Policy::new(image)),
            Err(error) => Err(image_error(py, error)),
        }
    }

    /// Returns the image, which `from_bytes` and every other program of this project read.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.image)
    }

    /// Decides a request.
    ///
    /// `headers` are those of an ASGI scope, a WSGI environ (any dict with `REQUEST_METHOD`), a mapping of names to
    /// values, or any pairs of them, `str` or `bytes`. Names may be in any case. A field that occurs twice has to be
    /// given twice: a second `Origin` is an attack.
    ///
    /// `allow_origin` decides about a well-formed origin that no pattern allows; an `OriginRegex` can be given for it. It
    /// is asked about `null` only if the policy accepts `NullOrigin`: any site can send it; and about origins of the
    /// scheme `file` only if it accepts `LocalFileOrigin`.
    /// Its exceptions are passed on, and an answer that is not a `bool` (for example a coroutine) is a `TypeError`.
    ///
    /// Raises `TypeError` for headers of another type, and no error of its own for their contents.
    #[pyo3(signature = (method, headers, allow_origin=None))]
    fn evaluate<'py>(
        &self,
        method: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        allow_origin: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Py<Decision>> {
        self.decide(method, headers, allow_origin)
    }

    /// Does `evaluate` and `Decision.asgi_send` in one step, for the request of this scope.
    #[pyo3(signature = (scope, send, allow_origin=None))]
    fn asgi_send<'py>(
        &self,
        scope: &Bound<'py, PyAny>,
        send: Py<PyAny>,
        allow_origin: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<AsgiSend> {
        let py = scope.py();
        let (method, headers) = (intern!(py, "method"), intern!(py, "headers"));
        let headers = scope.get_item(headers)?;
        let fields = Fields::of(&headers)?;
        let ready = if fields.is_empty() { self.ready_not_cors(py) } else { None };
        let decision = match ready {
            Some(decision) => decision,
            None => self.decide_by(&fields, &scope.get_item(method)?, &headers, allow_origin)?,
        };
        let is_foreign =
            decision.get().is_denied_actual() && fields.is_told_foreign(decision.get().same_origin);
        AsgiSend::new(decision, scope, send, is_foreign)
    }

    /// Returns true if some pattern allows the origin, false for a text that is not an origin.
    ///
    /// White space around the text does not count.
    fn allows_origin(&self, origin: &Bound<'_, PyString>) -> bool {
        self.view().allows_origin_value(origin.to_string_lossy().as_bytes())
    }

    /// Explains the result of a page's fetch: what page, browser and server send to each other, and what to change.
    ///
    /// Raises `ValueError` if `origin` is not an origin as a browser sends it.
    #[pyo3(
        signature = (*, origin, url="https://api.example.com/", method="GET", headers=None, credentials=false, engine="standard"),
        text_signature = "($self, *, origin, url='https://api.example.com/', method='GET', headers=(), \
            credentials=False, engine='standard')",
    )]
    fn explain(
        &self,
        origin: &str,
        url: &str,
        method: &str,
        headers: Option<&Bound<'_, PyAny>>,
        credentials: bool,
        engine: &str,
    ) -> PyResult<Explanation> {
        Question { origin, url, method, headers, credentials, engine }.put_to(&self.view())
    }

    #[getter]
    fn allow_origins<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.view().allow_origins().collect::<Vec<_>>())
    }

    #[getter]
    fn allow_methods<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.view().allow_methods().collect::<Vec<_>>())
    }

    #[getter]
    fn allow_headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.view().allow_headers().collect::<Vec<_>>())
    }

    #[getter]
    fn expose_headers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.view().expose_headers().collect::<Vec<_>>())
    }

    #[getter]
    fn allow_credentials(&self) -> bool {
        self.view().allow_credentials()
    }

    #[getter]
    fn max_age(&self) -> Option<u32> {
        self.view().max_age()
    }

    #[getter]
    fn allow_private_network(&self) -> bool {
        self.view().allow_private_network()
    }

    #[getter]
    fn preflight_status(&self) -> u16 {
        self.view().preflight_status()
    }

    #[getter]
    fn accept_risks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let risks: PyResult<Vec<_>> = self.view().accept_risks().map(|risk| names::risk(py, risk)).collect();
        PyTuple::new(py, risks?)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let py = other.py();
        match other.cast::<Policy>() {
            Ok(other) => {
                Ok((self.head() == other.get().head()).into_pyobject(py)?.to_owned().into_any().unbind())
            }
            Err(_) => Ok(py.NotImplemented()),
        }
    }

    /// Returns the image's checksum: equal images have equal checksums.
    fn __hash__(&self) -> u64 {
        self.view().checksum()
    }

    fn __repr__(&self) -> String {
        if self.is_ambiguous {
            return "<Policy of ambiguous paths>".to_owned();
        }
        let policy = self.view();
        let mut arguments = Vec::new();
        let mut push = |name: &str, list: Vec<&str>| {
            if !list.is_empty() {
                arguments.push(format!("{name}=[{}]", quoted(&list)));
            }
        };
        push("allow_origins", policy.allow_origins().collect());
        push("allow_methods", policy.allow_methods().collect());
        push("allow_headers", policy.allow_headers().collect());
        push("expose_headers", policy.expose_headers().collect());
        if policy.allow_credentials() {
            arguments.push("allow_credentials=True".to_owned());
        }
        arguments.extend(policy.max_age().map(|seconds| format!("max_age={seconds}")));
        if policy.allow_private_network() {
            arguments.push("allow_private_network=True".to_owned());
        }
        if policy.preflight_status() != 204 {
            arguments.push(format!("preflight_status={}", policy.preflight_status()));
        }
        let risks: Vec<&str> = policy.accept_risks().map(Risk::name).collect();
        if !risks.is_empty() {
            arguments.push(format!("accept_risks=[{}]", quoted(&risks)));
        }
        format!("Policy({})", arguments.join(", "))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        let class: Bound<'py, PyType> = py.get_type::<Policy>();
        Ok((class.getattr("from_bytes")?, (self.to_bytes(py),)))
    }
}

/// Returns the entries of a list as Python writes them; for a long list, the first entries.
fn quoted(list: &[&str]) -> String {
    const MOST: usize = 8;
    // Some tokens have a `'`. No token or pattern has a `"` or a backslash.
    let quote = |text: &&str| if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") };
    let mut quoted: Vec<String> = list.iter().take(MOST).map(quote).collect();
    if list.len() > MOST {
        quoted.push(format!("… {} more", list.len().saturating_sub(MOST)));
    }
    quoted.join(", ")
}
