//! Picks what a decision depends on from whatever holds a request's header fields.

use std::borrow::Cow;

use cors_core::adapter::Sender;
use cors_core::{Origin, Request};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyMapping, PyString, PyTuple};
use pyo3::{CastError, PyTypeCheck, PyTypeInfo};

const ORIGIN: &[u8] = b"origin";
const REQUEST_METHOD: &[u8] = b"access-control-request-method";
const REQUEST_HEADERS: &[u8] = b"access-control-request-headers";
const REQUEST_PRIVATE_NETWORK: &[u8] = b"access-control-request-private-network";

/// The fields of the CORS protocol that a request has.
#[derive(Default)]
pub(crate) struct Fields<'py> {
    /// The first `Origin`. Most requests have no other field of the protocol.
    pub(crate) origin: Option<Bound<'py, PyBytes>>,
    others: Vec<(&'static [u8], Bound<'py, PyBytes>)>,
    /// `Host` and `Sec-Fetch-Site` of pairs, for a denial (A6). For several lines of one field, an empty value.
    host: Option<Bound<'py, PyAny>>,
    site: Option<Bound<'py, PyAny>>,
}

impl<'py> Fields<'py> {
    /// Reads the headers of an ASGI scope, a WSGI environ, a mapping or any pairs.
    pub(crate) fn of(headers: &Bound<'py, PyAny>) -> PyResult<Self> {
        let mut fields = Fields::default();
        if let Some(environ) = environ(headers)? {
            let py = headers.py();
            for (key, name) in [
                (intern!(py, "HTTP_ORIGIN"), ORIGIN),
                (intern!(py, "HTTP_ACCESS_CONTROL_REQUEST_METHOD"), REQUEST_METHOD),
                (intern!(py, "HTTP_ACCESS_CONTROL_REQUEST_HEADERS"), REQUEST_HEADERS),
                (intern!(py, "HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK"), REQUEST_PRIVATE_NETWORK),
            ] {
                if let Some(value) = environ.get_item(key)? {
                    fields.add(name, value)?;
                }
            }
            return Ok(fields);
        }
        for_each_pair(headers, |name, value| {
            // The length alone rules nearly every field out.
            match name.len() {
                4 if is_name(name, b"host") => {
                    fields.host = Some(only(fields.host.as_ref(), value()?));
                }
                6 | 29 | 30 | 38 => {
                    if let Some(name) = known(name) {
                        fields.add(name, value()?)?;
                    }
                }
                // `sec-fetch-mode` is as long.
                14 if name.get(10) != Some(&b'm') && is_name(name, b"sec-fetch-site") => {
                    fields.site = Some(only(fields.site.as_ref(), value()?));
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(fields)
    }

    /// Returns the request with this method and these fields.
    #[inline]
    pub(crate) fn request<'r>(&'r self, method: &'r [u8]) -> Request<'r> {
        let mut request = Request::new(method);
        if let Some(origin) = &self.origin {
            request.add_header(ORIGIN, origin.as_bytes());
        }
        for (name, value) in &self.others {
            request.add_header(name, value.as_bytes());
        }
        request
    }

    /// Returns true if the request comes from the site's own pages (A6). Without a `scheme`, a WSGI environ's scheme counts.
    pub(crate) fn is_same_origin(
        &self,
        headers: &Bound<'py, PyAny>,
        scheme: Option<&Bound<'py, PyAny>>,
        own_origins: &[String],
    ) -> PyResult<bool> {
        let py = headers.py();
        if let Some(site) = &self.site {
            // What a browser says of itself counts alone: the rest need not be read.
            let sec_fetch_site = Some(raw(site)?);
            let (origin, sec_fetch_site) = (self.origin_bytes(), sec_fetch_site.as_deref());
            return Ok(
                Sender { origin, sec_fetch_site, scheme: None, host: None }.is_same_origin(own_origins)
            );
        }
        let (host, site, scheme) = match environ(headers)? {
            Some(environ) => (
                environ.get_item(intern!(py, "HTTP_HOST"))?,
                environ.get_item(intern!(py, "HTTP_SEC_FETCH_SITE"))?,
                scheme
                    .cloned()
                    .map_or_else(|| environ.get_item(intern!(py, "wsgi.url_scheme")), |it| Ok(Some(it)))?,
            ),
            None => (self.host.clone(), None, scheme.cloned()),
        };
        let [host, site, scheme] = [&host, &site, &scheme].map(|value| value.as_ref().map(raw).transpose());
        let (host, site, scheme) = (host?, site?, scheme?);
        let sender = Sender {
            origin: self.origin_bytes(),
            sec_fetch_site: site.as_deref(),
            scheme: scheme.as_deref(),
            host: host.as_deref(),
        };
        Ok(sender.is_same_origin(own_origins))
    }

    /// Returns true if the browser itself says that the request comes from elsewhere: nothing else counts then (A6). `same_origin` is
    /// what [`is_same_origin`](Self::is_same_origin) says.
    pub(crate) fn is_told_foreign(&self, same_origin: bool) -> bool {
        self.site.is_some() && !same_origin
    }

    /// Returns true if the request has no field of the protocol.
    pub(crate) fn is_empty(&self) -> bool {
        self.origin.is_none() && self.others.is_empty()
    }

    fn origin_bytes(&self) -> &[u8] {
        self.origin.as_ref().map(PyBytesMethods::as_bytes).unwrap_or_default()
    }

    fn add(&mut self, name: &'static [u8], value: Bound<'py, PyAny>) -> PyResult<()> {
        let value = bytes(value)?;
        if name == ORIGIN && self.origin.is_none() {
            self.origin = Some(value);
        } else {
            self.others.push((name, value));
        }
        Ok(())
    }
}

/// Returns the value of a field that has one line, or else an empty one.
fn only<'py>(earlier: Option<&Bound<'py, PyAny>>, value: Bound<'py, PyAny>) -> Bound<'py, PyAny> {
    if earlier.is_none() { value } else { PyBytes::new(value.py(), b"").into_any() }
}

/// Returns the dict that is a WSGI environ.
fn environ<'h, 'py>(headers: &'h Bound<'py, PyAny>) -> PyResult<Option<&'h Bound<'py, PyDict>>> {
    match headers.cast::<PyDict>() {
        Ok(dict) if dict.contains(intern!(headers.py(), "REQUEST_METHOD"))? => Ok(Some(dict)),
        _ => Ok(None),
    }
}

/// Calls `visit` with each name, and with what gives the value.
fn for_each_pair<'py>(
    headers: &Bound<'py, PyAny>,
    mut visit: impl FnMut(&[u8], &dyn Fn() -> PyResult<Bound<'py, PyAny>>) -> PyResult<()>,
) -> PyResult<()> {
    let mut visit_item = |item: &Bound<'py, PyAny>| {
        if let Ok(pair) = quick_cast::<PyTuple>(item)
            && pair.len() == 2
        {
            let name = pair.get_borrowed_item(0)?;
            return visit(name_of(&name)?, &|| pair.get_item(1));
        }
        // ASGI allows any iterable of two.
        let pair: Vec<Bound<'py, PyAny>> =
            item.try_iter().and_then(Iterator::collect).map_err(|_| wrong_type(item))?;
        match pair.as_slice() {
            [name, value] => visit(name_of(name)?, &|| Ok(value.clone())),
            _ => Err(wrong_type(item)),
        }
    };
    if let Ok(list) = headers.cast::<PyList>() {
        // The items of a tuple are borrowed.
        return list.to_tuple().iter_borrowed().try_for_each(|item| visit_item(&item));
    }
    let pairs = match headers.cast::<PyMapping>() {
        Ok(mapping) => mapping.call_method0(intern!(headers.py(), "items"))?,
        Err(_) => headers.clone(),
    };
    if pairs.is_instance_of::<PyString>() || pairs.is_instance_of::<PyBytes>() {
        return Err(wrong_type(headers));
    }
    pairs.try_iter().map_err(|_| wrong_type(headers))?.try_for_each(|item| visit_item(&item?))
}

/// Does what `cast` does. The usual type itself is told without a call.
#[inline]
pub(crate) fn quick_cast<'v, 'py, T: PyTypeInfo + PyTypeCheck>(
    value: &'v Bound<'py, PyAny>,
) -> Result<&'v Bound<'py, T>, CastError<'v, 'py>> {
    value.cast_exact::<T>().or_else(|_| value.cast::<T>())
}

/// Returns true if `name` is `expected`, in any case; most servers send lower case.
#[inline]
fn is_name<const N: usize>(name: &[u8], expected: &[u8; N]) -> bool {
    name == expected || name.eq_ignore_ascii_case(expected)
}

fn name_of<'n>(name: &'n Bound<'_, PyAny>) -> PyResult<&'n [u8]> {
    if let Ok(bytes) = quick_cast::<PyBytes>(name) {
        Ok(bytes.as_bytes())
    } else if let Ok(text) = name.cast::<PyString>() {
        // A name with a lone surrogate is not that of a field.
        Ok(text.to_str().unwrap_or_default().as_bytes())
    } else {
        Err(wrong_type(name))
    }
}

/// Returns the field of the CORS protocol that has this name, in any case.
fn known(name: &[u8]) -> Option<&'static [u8]> {
    let known = match name.len() {
        6 => ORIGIN,
        29 => REQUEST_METHOD,
        30 => REQUEST_HEADERS,
        38 => REQUEST_PRIVATE_NETWORK,
        _ => return None,
    };
    name.eq_ignore_ascii_case(known).then_some(known)
}

/// Returns the bytes of a text, without a copy unless it has a lone surrogate.
pub(crate) fn raw<'v>(value: &'v Bound<'_, PyAny>) -> PyResult<Cow<'v, [u8]>> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(match text.to_str() {
            Ok(text) => Cow::Borrowed(text.as_bytes()),
            Err(_) => Cow::Owned(text.to_string_lossy().into_owned().into_bytes()),
        });
    }
    value.cast::<PyBytes>().map(|bytes| Cow::Borrowed(bytes.as_bytes())).map_err(|_| wrong_type(value))
}

/// Returns a value as bytes. Text that is not ASCII is malformed in any encoding.
pub(crate) fn bytes(value: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyBytes>> {
    let text = match value.cast_into::<PyBytes>() {
        Ok(bytes) => return Ok(bytes),
        Err(error) => error.into_inner(),
    };
    let Ok(text) = text.cast::<PyString>() else { return Err(wrong_type(&text)) };
    Ok(PyBytes::new(text.py(), text.to_string_lossy().as_bytes()))
}

fn wrong_type(value: &Bound<'_, PyAny>) -> PyErr {
    let kind = value.get_type().name().map_or_else(|_| String::new(), |name| name.to_string());
    PyTypeError::new_err(format!(
        "headers: pairs of str or of bytes, a mapping of str or a WSGI environ is expected, not {kind}"
    ))
}

/// Does the check of `Site.is_own` (A6).
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "a list of Python's")]
pub(crate) fn is_same_origin(
    headers: &Bound<'_, PyAny>,
    scheme: Option<&Bound<'_, PyAny>>,
    own_origins: Vec<String>,
) -> PyResult<bool> {
    Fields::of(headers)?.is_same_origin(headers, scheme, &own_origins)
}

/// Raises `ValueError` for a text that is not an origin as browsers send it.
#[pyfunction]
pub(crate) fn check_origin(text: &str) -> PyResult<()> {
    Origin::parse(text.as_bytes()).map(drop).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Returns a line of a log about a request: visible ASCII, a few hundred bytes at most.
#[pyfunction]
pub(crate) fn describe(
    method: &Bound<'_, PyAny>,
    path: &str,
    headers: &Bound<'_, PyAny>,
) -> PyResult<String> {
    const MOST: usize = 200;
    let shown = |bytes: &[u8]| {
        let cut = if bytes.len() > MOST { "…" } else { "" };
        format!("{}{cut}", bytes.get(..MOST).unwrap_or(bytes).escape_ascii())
    };
    let fields = Fields::of(headers)?;
    let mut line = format!("{} {}", shown(&raw(method)?), shown(path.as_bytes()));
    let origin = fields.origin.iter().map(|value| (ORIGIN, value));
    for (name, value) in origin.chain(fields.others.iter().map(|(name, value)| (*name, value))) {
        line.extend([", ", &name.escape_ascii().to_string(), " \"", &shown(value.as_bytes()), "\""]);
        if line.len() > MOST.saturating_mul(4) {
            line += ", …";
            break;
        }
    }
    Ok(line)
}
