//! A decision's fields among those of the application's response (A3).

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};

/// Every field of the CORS protocol begins so: of the application's, none is kept.
const PREFIX: &[u8] = b"access-control-";
const VARY: &[u8] = b"vary";

/// The headers of an ASGI response, a new list.
pub(crate) fn merge_bytes<'py>(
    headers: &Bound<'py, PyAny>,
    fields: &Bound<'py, PyList>,
) -> PyResult<Bound<'py, PyList>> {
    merge(
        headers,
        fields,
        |text| Ok(text.cast::<PyBytes>()?.as_bytes()),
        |value| PyBytes::new(headers.py(), value).into_any(),
    )
}

/// The headers of a WSGI response, a new list.
pub(crate) fn merge_texts<'py>(
    headers: &Bound<'py, PyAny>,
    fields: &Bound<'py, PyList>,
) -> PyResult<Bound<'py, PyList>> {
    merge(
        headers,
        fields,
        |text| Ok(text.cast::<PyString>()?.to_str()?.as_bytes()),
        |value| PyString::new(headers.py(), &String::from_utf8_lossy(value)).into_any(),
    )
}

fn merge<'py>(
    headers: &Bound<'py, PyAny>,
    fields: &Bound<'py, PyList>,
    bytes: impl for<'t> Fn(&'t Bound<'py, PyAny>) -> PyResult<&'t [u8]>,
    text: impl Fn(&[u8]) -> Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyList>> {
    let headers = match headers.cast::<PyList>() {
        Ok(list) => list.clone(),
        Err(_) => PyList::new(headers.py(), headers.try_iter()?.collect::<PyResult<Vec<_>>>()?)?,
    };
    let mut clashes = false;
    for header in headers.to_tuple().iter_borrowed() {
        clashes |= match header.cast::<PyTuple>() {
            Ok(pair) => is_ours(bytes(&*pair.get_borrowed_item(0)?)?),
            Err(_) => is_ours(bytes(&header.get_item(0)?)?),
        };
    }
    if !clashes {
        return Ok(headers.as_sequence().concat(fields.as_sequence())?.cast_into()?);
    }

    let mut kept: Vec<Bound<'py, PyAny>> = Vec::new();
    let mut varies: Vec<Vec<u8>> = Vec::new();
    let mut last_vary = None;
    for header in headers.iter() {
        let name = part(&header, 0)?;
        if !is_ours(bytes(&name)?) {
            kept.push(header);
        } else if bytes(&name)?.eq_ignore_ascii_case(VARY) {
            varies.push(bytes(&part(&header, 1)?)?.to_vec());
            last_vary = Some((kept.len(), name));
            kept.push(header);
        }
    }
    for field in fields.iter() {
        match &last_vary {
            Some((at, name)) if bytes(&part(&field, 0)?)? == VARY => {
                let names = part(&field, 1)?;
                if let Some(value) = joined(&varies, bytes(&names)?)
                    && let Some(header) = kept.get_mut(*at)
                {
                    *header = PyTuple::new(headers.py(), [name.clone(), text(&value)])?.into_any();
                }
            }
            _ => kept.push(field),
        }
    }
    PyList::new(headers.py(), kept)
}

/// The name or the value of a header, which is mostly a tuple.
fn part<'py>(header: &Bound<'py, PyAny>, index: usize) -> PyResult<Bound<'py, PyAny>> {
    match header.cast::<PyTuple>() {
        Ok(pair) => pair.get_item(index),
        Err(_) => header.get_item(index),
    }
}

fn is_ours(name: &[u8]) -> bool {
    match name.len() {
        4 => name.eq_ignore_ascii_case(VARY),
        len => {
            len > PREFIX.len() && name.get(..PREFIX.len()).is_some_and(|it| it.eq_ignore_ascii_case(PREFIX))
        }
    }
}

/// The last of these lines of `Vary` with what of `names` is in none of them; nothing if that is nothing.
fn joined(lines: &[Vec<u8>], names: &[u8]) -> Option<Vec<u8>> {
    let present: Vec<&[u8]> = lines.iter().flat_map(|line| list(line)).collect();
    if present.contains(&b"*".as_slice()) {
        return None;
    }
    let missing = list(names).filter(|name| !present.iter().any(|known| known.eq_ignore_ascii_case(name)));
    let mut value = lines.last()?.trim_ascii_end().to_vec();
    let before = value.len();
    for name in missing {
        if !value.is_empty() {
            value.extend_from_slice(b", ");
        }
        value.extend_from_slice(name);
    }
    (value.len() > before).then_some(value)
}

fn list(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|&byte| byte == b',').map(<[u8]>::trim_ascii).filter(|name| !name.is_empty())
}

#[pyfunction]
pub(crate) fn merge_vary(vary: &str, names: &str) -> String {
    let merged = joined(&[vary.as_bytes().to_vec()], names.as_bytes());
    merged.map_or_else(|| vary.to_owned(), |value| String::from_utf8_lossy(&value).into_owned())
}
