//! A policy's settings, from keyword arguments.

use cors_core::{ConfigField, ConfigOf, Risk};
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyFrozenSet, PyMapping, PySet, PyString};

use crate::errors::{Problem, Value};

/// Tells whether a domain is a public suffix.
type PublicSuffixes<'a> = dyn Fn(&str) -> bool + Sync + 'a;

/// What the arguments say, with nothing of Python's left in it.
pub(crate) struct Settings {
    pub(crate) allow_origins: Vec<String>,
    pub(crate) allow_methods: Vec<String>,
    pub(crate) allow_headers: Vec<String>,
    pub(crate) expose_headers: Vec<String>,
    pub(crate) allow_credentials: bool,
    pub(crate) max_age: Option<i64>,
    pub(crate) allow_private_network: bool,
    pub(crate) preflight_status: i64,
    pub(crate) accept_risks: Vec<String>,
}

impl Settings {
    /// The image, or every problem, in the order of the fields.
    pub(crate) fn compile(&self, public_suffixes: &PublicSuffixes<'_>) -> Result<Box<[u8]>, Vec<Problem>> {
        let (risks, unknown) = self.risks();
        let config = self.config(&risks, public_suffixes);
        let problems = self.problems(&config, unknown);
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut image = vec![0; config.image_len()].into_boxed_slice();
        match config.compile_into(&mut image) {
            Ok(_) => Ok(image),
            Err(error) => Err(vec![Problem::unfit(error.to_string())]),
        }
    }

    fn problems(&self, config: &ConfigOf<'_, String>, unknown_risks: Vec<Problem>) -> Vec<Problem> {
        let mut problems = Vec::new();
        config.check(|error| {
            let number = match error.field() {
                ConfigField::MaxAge => self.max_age,
                ConfigField::PreflightStatus => Some(self.preflight_status),
                _ => None,
            };
            problems.push(Problem::of(&error, number));
        });
        problems.extend(self.max_age.filter(|&seconds| seconds < 0).map(|seconds| Problem {
            message: None,
            field: Some("max_age"),
            index: None,
            value: Some(Value::Number(seconds)),
            reason: "fewer than no seconds".to_owned(),
            advice: Some("write 0, so that no browser keeps a preflight, or leave it out".to_owned()),
            kind: "Negative".to_owned(),
            place: None,
        }));
        problems.extend(unknown_risks);
        problems
    }

    fn config<'c>(
        &'c self,
        risks: &'c [Risk],
        public_suffixes: &'c PublicSuffixes<'c>,
    ) -> ConfigOf<'c, String> {
        let nearest = |seconds: i64| u32::try_from(seconds.max(0)).unwrap_or(u32::MAX);
        ConfigOf {
            allow_origins: &self.allow_origins,
            allow_methods: &self.allow_methods,
            allow_headers: &self.allow_headers,
            expose_headers: &self.expose_headers,
            allow_credentials: self.allow_credentials,
            max_age: self.max_age.map(nearest),
            allow_private_network: self.allow_private_network,
            preflight_status: u16::try_from(self.preflight_status).unwrap_or(u16::MAX),
            accept_risks: risks,
            is_public_suffix: Some(public_suffixes),
        }
    }

    fn risks(&self) -> (Vec<Risk>, Vec<Problem>) {
        let mut risks = Vec::new();
        let mut unknown = Vec::new();
        for (index, name) in self.accept_risks.iter().enumerate() {
            if let Some(risk) = Risk::from_name(name) {
                risks.push(risk);
                continue;
            }
            let names = Risk::ALL.map(Risk::name);
            let meant = cors_policy_file::nearest(name, names);
            // Reported once, not again for what has it.
            risks.extend(meant.and_then(Risk::from_name));
            unknown.push(Problem {
                message: None,
                field: Some("accept_risks"),
                index: Some(index),
                value: Some(Value::Text(name.clone())),
                reason: "not the name of a risk".to_owned(),
                advice: Some(match meant {
                    Some(risk) => format!("did you mean {risk}?"),
                    None => format!("the risks are {}", names.join(", ")),
                }),
                kind: "UnknownRisk".to_owned(),
                place: None,
            });
        }
        (risks, unknown)
    }
}

/// An argument that is a list of texts.
pub(crate) fn texts(name: &str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<String>> {
    let Some(value) = value else { return Ok(Vec::new()) };
    if value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>() {
        // Its characters would be taken for the entries.
        let kind = value.get_type().name()?;
        let list = format!("[{}]", value.repr()?);
        return Err(PyTypeError::new_err(format!(
            "{name}: a {kind} where a list of str should be; write {list}"
        )));
    }
    let wrong_type = || {
        let kind = value.get_type().name().map_or_else(|_| String::new(), |name| name.to_string());
        PyTypeError::new_err(format!("{name}: a list of str is expected, not {kind}"))
    };
    if value.cast::<PyMapping>().is_ok() {
        return Err(wrong_type());
    }
    let mut texts = Vec::new();
    for (index, entry) in value.try_iter().map_err(|_| wrong_type())?.enumerate() {
        let entry = entry?;
        let Ok(text) = entry.cast::<PyString>() else {
            let kind = entry.get_type().name()?;
            return Err(PyTypeError::new_err(format!("{name}[{index}]: a str is expected, not {kind}")));
        };
        // What is no UTF-8 is a token or an origin in no case, and told as such.
        texts.push(text.to_string_lossy().into_owned());
    }
    if value.is_instance_of::<PySet>() || value.is_instance_of::<PyFrozenSet>() {
        // The same policy has the same bytes, in whatever order a set gives its members.
        texts.sort_unstable();
    }
    Ok(texts)
}

/// An argument that is a whole number; the nearest where it is out of the range.
pub(crate) fn number(name: &str, value: &Bound<'_, PyAny>) -> PyResult<i64> {
    value.extract().or_else(|error: PyErr| {
        if error.is_instance_of::<PyOverflowError>(value.py()) {
            return Ok(if value.lt(0)? { i64::MIN } else { i64::MAX });
        }
        let kind = value.get_type().name()?;
        Err(PyTypeError::new_err(format!("{name}: an int is expected, not {kind}")))
    })
}
