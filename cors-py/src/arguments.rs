//! Keyword arguments as a [`Document`], which is compiled as policy files are.

use std::borrow::Cow;
use std::sync::OnceLock;

use cors_core::ConfigField;
use cors_policy_file::{Document, Error, Field, Located, Places, Value, Words, compile_document_with};
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyFloat, PyFrozenSet, PyMapping, PySet, PyString};

use crate::errors::{Problem, config_error, type_error};

/// Python's words for what policies are made of.
const WORDS: Words = Words {
    field: "argument",
    string: "a str",
    strings: "str",
    integer: "an int",
    boolean: "a bool",
    fraction: "a float",
    null: "None",
    booleans: ["False", "True"],
    quote: '\'',
};

const PUBLIC_SUFFIXES: &str = "is_public_suffix";

/// Compiles the policy of these arguments to its image. Raises `TypeError` for those of a wrong type or name, else
/// `ConfigError` with every problem.
pub(crate) fn compile(arguments: &Bound<'_, PyDict>) -> PyResult<Box<[u8]>> {
    let py = arguments.py();
    let predicate = predicate(arguments)?;
    let document = document(arguments)?;
    let raised = OnceLock::new();
    let compiled = py.detach(|| {
        compile_document_with(document, &WORDS, &|domain: &str| match &predicate {
            None => cors_core::is_shared_domain(domain),
            Some(predicate) => Python::attach(|py| answer(predicate.bind(py), PUBLIC_SUFFIXES, domain, ""))
                .unwrap_or_else(|error| {
                    // The first of several is raised.
                    let _ = raised.set(error);
                    false
                }),
        })
    });
    if let Some(error) = raised.into_inner() {
        return Err(error);
    }
    match compiled {
        Ok(compiled) => Ok(compiled.into_image().into_boxed_slice()),
        Err(Error::Problems(problems)) => {
            let wrong_types: Vec<String> = problems.iter().filter_map(type_error).collect();
            if wrong_types.is_empty() {
                Err(config_error(py, problems.iter().map(Problem::of).collect()))
            } else {
                Err(PyTypeError::new_err(wrong_types.join("\n")))
            }
        }
        Err(error) => Err(config_error(py, vec![Problem::unfit(error.to_string())])),
    }
}

/// Asks a predicate of the caller's. Its answer has to be a bool: a coroutine that nobody awaits is true, too.
pub(crate) fn answer(predicate: &Bound<'_, PyAny>, name: &str, text: &str, hint: &str) -> PyResult<bool> {
    let answer = predicate.call1((text,))?;
    answer.extract().map_err(|_| PyTypeError::new_err(format!("{name}: True or False is expected{hint}")))
}

/// Reads a list of texts that is not an argument of `Policy`. Raises `TypeError`.
pub(crate) fn texts(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    let entries = match argument(name, value, &mut Places::default())?.value {
        Value::List(entries) => entries,
        other => {
            let help = if value.is_instance_of::<PyString>() {
                format!("write [{}]", value.repr()?)
            } else {
                "write a list".to_owned()
            };
            let kind = other.kind(&WORDS);
            return Err(PyTypeError::new_err(format!(
                "{name}: {kind} where a list of str should be; {help}"
            )));
        }
    };
    let texts = entries.into_iter().enumerate().map(|(index, entry)| match entry.value {
        Value::String(text) => Ok(text.into_owned()),
        other => {
            let kind = other.kind(&WORDS);
            Err(PyTypeError::new_err(format!("{name}[{index}]: {kind} where a str should be")))
        }
    });
    texts.collect()
}

fn predicate(arguments: &Bound<'_, PyDict>) -> PyResult<Option<Py<PyAny>>> {
    match arguments.get_item(PUBLIC_SUFFIXES)? {
        Some(predicate) if predicate.is_callable() => {
            let checked = predicate.py().import("cors_py._settings")?.getattr("checked_callable")?;
            checked.call1((PUBLIC_SUFFIXES, &predicate, ["domain"], "a function of a domain"))?;
            Ok(Some(predicate.unbind()))
        }
        Some(other) if !other.is_none() => Err(PyTypeError::new_err(format!(
            "{PUBLIC_SUFFIXES}: {} where a function of a domain should be",
            scalar(&other)?.kind(&WORDS)
        ))),
        _ => Ok(None),
    }
}

/// Reads the arguments. Each has a place of its own, in the order of the fields of a config whatever that of the arguments,
/// and so has each entry of a list.
fn document(arguments: &Bound<'_, PyDict>) -> PyResult<Document<'static>> {
    let mut places = Places::default();
    let mut document = Document::new();
    let mut named: Vec<(String, Bound<'_, PyAny>)> = Vec::new();
    for (name, value) in arguments {
        named.push((name.cast::<PyString>()?.to_string_lossy().into_owned(), value));
    }
    named.sort_by_key(|(name, _)| ConfigField::ALL.into_iter().position(|field| field.name() == name));
    for (name, value) in named {
        // `max_age=None` is the default: the field is left out.
        if name == PUBLIC_SUFFIXES || (name == "max_age" && value.is_none()) {
            continue;
        }
        let place = places.next(());
        let value = argument(&name, &value, &mut places)?;
        document.push(Field { name: Located { value: Cow::from(name), span: place.span }, value });
    }
    Ok(document)
}

fn argument(name: &str, value: &Bound<'_, PyAny>, places: &mut Places) -> PyResult<Located<Value<'static>>> {
    let Some(members) = members(name, value)? else {
        return Ok(places.next(match scalar(value)? {
            // A subclass of `str`, such as a member of `Risk`: the error names the class.
            Value::String(text) if !value.is_exact_instance_of::<PyString>() => {
                Value::Other { kind: kind(value)?.into(), text: Some(text) }
            }
            value => value,
        }));
    };
    let entries: PyResult<Vec<_>> = members.iter().map(|member| Ok(places.next(scalar(member)?))).collect();
    Ok(places.next(Value::List(entries?)))
}

/// Takes the members out of what can be iterated over, once, since an iterator has them only once.
fn members<'py>(name: &str, value: &Bound<'py, PyAny>) -> PyResult<Option<Vec<Bound<'py, PyAny>>>> {
    // The characters of a text would be taken for the entries, and a mapping's values would be lost.
    if is_text(value) || value.cast::<PyMapping>().is_ok() {
        return Ok(None);
    }
    let Some(mut members) = entries(name, value)? else { return Ok(None) };
    if value.is_instance_of::<PySet>() || value.is_instance_of::<PyFrozenSet>() {
        // The same policy has the same bytes, in whatever order a set gives its members.
        members.sort_by_cached_key(|member| {
            member.str().map_or_else(|_| String::new(), |text| text.to_string())
        });
    }
    Ok(Some(members))
}

/// Returns the entries of what can be iterated over. Raises `TypeError` for an iterator that has none: it returns its entries once,
/// and whatever read it before has them.
pub(crate) fn entries<'py>(
    name: &str,
    value: &Bound<'py, PyAny>,
) -> PyResult<Option<Vec<Bound<'py, PyAny>>>> {
    let Ok(iterator) = value.try_iter() else { return Ok(None) };
    let is_iterator = iterator.is(value);
    let entries: Vec<_> = iterator.collect::<PyResult<_>>()?;
    if is_iterator && entries.is_empty() {
        return Err(PyTypeError::new_err(format!(
            "{name}: an iterator without entries, perhaps because it was read before; write list(...) where it is made"
        )));
    }
    Ok(Some(entries))
}

fn scalar(value: &Bound<'_, PyAny>) -> PyResult<Value<'static>> {
    if value.is_none() {
        return Ok(Value::Null);
    }
    if let Ok(boolean) = value.extract() {
        return Ok(Value::Boolean(boolean));
    }
    if let Ok(text) = value.cast::<PyString>() {
        // A text that is not UTF-8 is neither a token nor an origin, and is refused as such.
        return Ok(Value::String(text.to_string_lossy().into_owned().into()));
    }
    if let Ok(float) = value.cast::<PyFloat>() {
        return Ok(Value::Fraction(float.extract()?));
    }
    match value.extract() {
        Ok(number) => return Ok(Value::Integer(number)),
        Err(error) if error.is_instance_of::<PyOverflowError>(value.py()) => {
            return Ok(Value::Integer(if value.lt(0)? { i64::MIN } else { i64::MAX }));
        }
        Err(_) => {}
    }
    Ok(Value::Other { kind: kind(value)?.into(), text: text(value)?.map(Into::into) })
}

fn is_text(value: &Bound<'_, PyAny>) -> bool {
    value.is_instance_of::<PyString>()
        || value.is_instance_of::<PyBytes>()
        || value.is_instance_of::<PyByteArray>()
}

/// Returns the text that an object stands for: that of bytes, and what `str()` makes of a class that is not Python's own,
/// such as pydantic's addresses.
fn text(value: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    if is_text(value) {
        return Ok(String::from_utf8(value.extract()?).ok());
    }
    if value.get_type().module()? == "builtins" {
        return Ok(None);
    }
    Ok(value.str().ok().map(|text| text.to_string_lossy().into_owned()))
}

/// Returns the name of the class, with an article.
fn kind(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let name = value.get_type().name()?.to_string();
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) { "an" } else { "a" };
    Ok(format!("{article} {name}"))
}
