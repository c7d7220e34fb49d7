//! Merges a decision's fields into those of the application's response (A3).

use cors_core::adapter;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};

use crate::headers::quick_cast;

const VARY: &[u8] = b"vary";

/// Returns the headers of an ASGI response with the decision's fields, as a new list.
pub(crate) fn merge_bytes<'py>(
    headers: &Bound<'py, PyAny>,
    fields: &Bound<'py, PyList>,
) -> PyResult<Bound<'py, PyList>> {
    merge(
        headers,
        fields,
        |text| Ok(quick_cast::<PyBytes>(text)?.as_bytes()),
        |value| PyBytes::new(headers.py(), value).into_any(),
    )
}

/// Returns the headers of a WSGI response with the decision's fields, as a new list.
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
    for header in headers.iter() {
        clashes |= match quick_cast::<PyTuple>(&header) {
            Ok(pair) => is_ours(bytes(&*pair.get_borrowed_item(0)?)?),
            Err(_) => is_ours(bytes(&header.get_item(0)?)?),
        };
    }
    if !clashes {
        return Ok(headers.as_sequence().concat(fields.as_sequence())?.cast_into()?);
    }

    let mut kept: Vec<Bound<'py, PyAny>> = Vec::new();
    let mut varies: Vec<Vec<u8>> = Vec::new();
    let mut vary_at = None;
    for header in headers.iter() {
        let name = part(&header, 0)?;
        if !is_ours(bytes(&name)?) {
            kept.push(header);
        } else if bytes(&name)?.eq_ignore_ascii_case(VARY) {
            varies.push(bytes(&part(&header, 1)?)?.to_vec());
            // One line, where the first was.
            if vary_at.is_none() {
                vary_at = Some((kept.len(), name));
                kept.push(header);
            }
        }
    }
    for field in fields.iter() {
        match &vary_at {
            Some((at, name)) if bytes(&part(&field, 0)?)? == VARY => {
                if let Some(value) = merged(&varies, bytes(&part(&field, 1)?)?)
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

/// Returns the name or the value of a header, which is mostly a tuple.
fn part<'py>(header: &Bound<'py, PyAny>, index: usize) -> PyResult<Bound<'py, PyAny>> {
    match header.cast::<PyTuple>() {
        Ok(pair) => pair.get_item(index),
        Err(_) => header.get_item(index),
    }
}

/// Returns true for a field that the merge changes.
fn is_ours(name: &[u8]) -> bool {
    match name.len() {
        4 => name.eq_ignore_ascii_case(VARY),
        _ => adapter::is_policy_field(name),
    }
}

/// Returns the one line of `Vary`, or `None` where it may stay as it is.
fn merged(lines: &[Vec<u8>], names: &[u8]) -> Option<Vec<u8>> {
    let merged = adapter::merge_vary(|| lines.iter().map(Vec::as_slice), names)?;
    let mut value = Vec::with_capacity(merged.len());
    merged.for_each_piece(|piece| value.extend_from_slice(piece));
    Some(value)
}

#[pyfunction]
pub(crate) fn merge_vary(vary: &str, names: &str) -> String {
    let line = merged(&[vary.as_bytes().to_vec()], names.as_bytes());
    line.map_or_else(|| vary.to_owned(), |value| String::from_utf8_lossy(&value).into_owned())
}

#[pyfunction]
pub(crate) fn is_policy_field(name: &str) -> bool {
    adapter::is_policy_field(name.as_bytes())
}
