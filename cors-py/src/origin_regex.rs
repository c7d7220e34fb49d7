//! `OriginRegex`: origins by regular expressions, matched whole and in linear time (P6).

use std::hash::{DefaultHasher, Hash, Hasher};

use cors_core::{Origin, Risk};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};
use regex_automata::meta::{Config, Regex};
use regex_syntax::ast::{Error as SyntaxError, ErrorKind};
use regex_syntax::hir::{Hir, Look};
use regex_syntax::{Error, parse};

use crate::arguments::texts;
use crate::attacks;
use crate::errors::{Problem, Value, config_error};

#[pyclass(frozen, module = "cors_py")]
pub(crate) struct OriginRegex {
    patterns: Vec<String>,
    regex: Regex,
}

impl OriginRegex {
    /// `null` has to be listed by its name (P7).
    pub(crate) fn allows(&self, origin: &Origin<'_>) -> bool {
        !origin.is_opaque() && self.regex.is_match(origin.as_bytes())
    }
}

#[pymethods]
impl OriginRegex {
    #[new]
    fn new(py: Python<'_>, patterns: &Bound<'_, PyAny>) -> PyResult<Self> {
        let patterns = texts(FIELD, patterns)?;
        let mut problems = Vec::new();
        let mut trees = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            match parse(pattern) {
                Ok(tree) => trees.push(whole(tree)),
                Err(error) => problems.push(problem(index, pattern, &error)),
            }
        }
        if !problems.is_empty() {
            return Err(config_error(py, problems));
        }
        let regex = compile(&trees).map_err(|reason| config_error(py, vec![Problem::unfit(reason)]))?;
        Ok(OriginRegex { patterns, regex })
    }

    #[getter]
    fn patterns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.patterns)
    }

    fn __call__(&self, origin: &Bound<'_, PyString>) -> bool {
        let origin = origin.to_string_lossy();
        Origin::parse(origin.as_bytes()).is_ok_and(|origin| self.allows(&origin))
    }

    fn risks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let mut problems = Vec::new();
        for (index, pattern) in self.patterns.iter().enumerate() {
            for (risk, reason, advice) in risks_of(pattern) {
                let problem = Problem {
                    message: None,
                    field: Some(FIELD),
                    index: Some(index),
                    value: Some(Value::Text(pattern.clone())),
                    reason,
                    advice: Some(format!("{advice}, or add {risk} to accept_risks")),
                    kind: format!("{:?}", cors_core::Problem::Risk(risk)),
                    place: None,
                };
                problems.push(problem.into_object(py)?);
            }
        }
        PyList::new(py, problems)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let py = other.py();
        match other.cast::<OriginRegex>() {
            Ok(other) => {
                Ok((self.patterns == other.get().patterns).into_pyobject(py)?.to_owned().into_any().unbind())
            }
            Err(_) => Ok(py.NotImplemented()),
        }
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.patterns.hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("OriginRegex({})", PyList::new(py, &self.patterns)?.repr()?))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyAny>, (Vec<String>,)) {
        (py.get_type::<OriginRegex>().into_any(), (self.patterns.clone(),))
    }
}

const FIELD: &str = "allow_origin_regex";

/// What a compiled pattern may take: as the `regex` crate has it.
const MAX_SIZE: usize = 10 << 20;

/// The pattern from the first byte to the last, whatever flags or alternatives are in it.
fn whole(tree: Hir) -> Hir {
    Hir::concat(vec![Hir::look(Look::Start), tree, Hir::look(Look::End)])
}

fn compile(trees: &[Hir]) -> Result<Regex, String> {
    let config = Config::new().nfa_size_limit(Some(MAX_SIZE));
    Regex::builder().configure(config).build_many_from_hir(trees).map_err(|error| match error.size_limit() {
        Some(limit) => format!("{FIELD}: compiled, it takes more than {limit} bytes; repeat less in it"),
        None => format!("{FIELD}: {error}"),
    })
}

/// Each risk of a pattern, with the reason and what to write instead.
fn risks_of(pattern: &str) -> Vec<(Risk, String, String)> {
    let mut risks = Vec::new();
    if let Some(stranger) = found(pattern, attacks::stranger) {
        let escaped = attacks::escape_dots(pattern);
        let advice = if escaped != pattern && found(&escaped, attacks::stranger).is_none() {
            format!("write {escaped}")
        } else {
            r"write out the end of the host, such as https://([a-z0-9-]+\.)*example\.com".to_owned()
        };
        let reason = format!("it matches {stranger}, and anybody can register such a name");
        risks.push((Risk::AnyOriginWithCredentials, reason, advice));
    }
    if let Some(insecure) = found(pattern, attacks::insecure) {
        let reason = format!("it matches {insecure}: {}", Risk::InsecureOrigin.consequence());
        risks.push((Risk::InsecureOrigin, reason, "begin it with https://".to_owned()));
    }
    risks
}

/// An origin that the pattern matches, of those that `find` tries.
fn found(pattern: &str, find: impl Fn(&Hir, &dyn Fn(&str) -> bool) -> Option<String>) -> Option<String> {
    // It was parsed and compiled before, with the others.
    let tree = parse(pattern).ok()?;
    let regex = compile(&[whole(tree.clone())]).ok()?;
    find(&tree, &|origin| regex.is_match(origin))
}

fn problem(index: usize, pattern: &str, error: &Error) -> Problem {
    let (reason, advice) = match error {
        Error::Parse(error) => {
            (error.kind().to_string(), rewritten(pattern).map(|written| advice(error, &written)))
        }
        Error::Translate(error) => (error.kind().to_string(), None),
        _ => (error.to_string(), None),
    };
    Problem {
        message: None,
        field: Some(FIELD),
        index: Some(index),
        value: Some(Value::Text(pattern.to_owned())),
        reason: format!("not a regular expression that takes linear time: {reason}"),
        advice,
        kind: "Regex".to_owned(),
        place: None,
    }
}

fn advice(error: &SyntaxError, written: &str) -> String {
    match error.kind() {
        ErrorKind::UnsupportedLookAround | ErrorKind::UnsupportedBackreference => {
            format!("write {written}, which allows more, or list the origins, such as https://*.example.com")
        }
        _ => format!("write {written}"),
    }
}

/// The pattern without what Python's `re` knows and a linear matcher does not.
fn rewritten(pattern: &str) -> Option<String> {
    let mut written = pattern.to_owned();
    for _ in 0..pattern.len() {
        let Err(Error::Parse(error)) = parse(&written) else { break };
        let (start, end) = (error.span().start.offset, error.span().end.offset);
        let found = written.get(start..end)?;
        let (range, by) = match error.kind() {
            // The pattern is matched whole as it is.
            ErrorKind::EscapeUnrecognized if found == "\\Z" => (start..end, String::new()),
            ErrorKind::UnsupportedLookAround => (start..group_end(&written, start)?, String::new()),
            ErrorKind::UnsupportedBackreference => {
                let number: usize = found.strip_prefix('\\')?.parse().ok()?;
                (start..end, format!("(?:{})", captured(&written, number)?))
            }
            // An atomic group.
            ErrorKind::FlagUnrecognized if found == ">" => (start..end, ":".to_owned()),
            _ => return None,
        };
        written.replace_range(range, &by);
    }
    (written != pattern && parse(&written).is_ok()).then_some(written)
}

/// What stands in the group of that number, from 1.
fn captured(pattern: &str, number: usize) -> Option<String> {
    let opens = significant(pattern, 0).filter(|&(at, byte)| {
        let rest = pattern.get(at..).unwrap_or_default();
        byte == b'(' && (!rest.starts_with("(?") || rest.starts_with("(?P<") || rest.starts_with("(?<"))
    });
    let start = opens.map(|(at, _)| at).nth(number.checked_sub(1)?)?;
    let group = pattern.get(start..group_end(pattern, start)?)?;
    let inner = group.strip_prefix('(')?.strip_suffix(')')?;
    Some(if inner.starts_with('?') { inner.split_once('>')?.1 } else { inner }.to_owned())
}

/// Where the group ends that begins at `start`.
fn group_end(pattern: &str, start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in significant(pattern, start) {
        match byte {
            b'(' => depth = depth.saturating_add(1),
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at.checked_add(1);
        }
    }
    None
}

/// The bytes from `start` that are neither escaped nor in a class.
fn significant(pattern: &str, start: usize) -> impl Iterator<Item = (usize, u8)> {
    let mut escaped = false;
    let mut in_class = false;
    pattern.bytes().enumerate().skip(start).filter(move |&(_, byte)| {
        let counts = !escaped && !in_class;
        match byte {
            b'\\' if !escaped => escaped = true,
            b'[' if counts => in_class = true,
            b']' if !escaped => in_class = false,
            _ => escaped = false,
        }
        counts && byte != b'\\' && byte != b'['
    })
}
