//! `cors_py._native`: the engine for Python. `python/cors_py/_native.pyi` documents its classes and functions.

#![forbid(unsafe_code)]
// The documentation for Python is in the stubs. What `help` shows of the public classes repeats it here, as a test demands.
#![allow(missing_docs)]
// Docstrings of Python are no Markdown.
#![allow(clippy::doc_markdown, clippy::doc_link_with_quotes)]

mod arguments;
mod asgi_send;
mod decision;
mod errors;
mod explain;
mod file;
mod headers;
mod kept;
mod merge;
mod names;
mod origin_regex;
mod pairs;
mod policy;
mod prefixes;
mod tally;
mod wsgi;

/// Runs without the GIL on interpreters that have none: every class is immutable or synchronized.
#[pyo3::pymodule(gil_used = false)]
mod _native {
    use std::sync::OnceLock;

    use pyo3::exceptions::PyImportError;
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::asgi_send::AsgiSend;
    #[pymodule_export]
    use crate::decision::{Decision, restore_decision};
    #[pymodule_export]
    use crate::explain::{Explanation, Obstacle};
    #[pymodule_export]
    use crate::headers::{check_origin, describe, is_same_origin};
    #[pymodule_export]
    use crate::merge::{is_policy_field, merge_vary};
    #[pymodule_export]
    use crate::names::{denial_message, risk_consequence};
    #[pymodule_export]
    use crate::origin_regex::OriginRegex;
    #[pymodule_export]
    use crate::policy::Policy;
    #[pymodule_export]
    use crate::prefixes::{Prefixes, ambiguous_path_policy, path_readings};
    #[pymodule_export]
    use crate::tally::Tally;
    #[pymodule_export]
    use crate::wsgi::{WsgiBody, WsgiHead, wsgi_run};

    /// Classes and enums of the interpreter that imports the module first are kept for the process: another interpreter would get
    /// members of `Denial` that are not its own, and a `ConfigError` that it does not catch.
    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        static FIRST: OnceLock<usize> = OnceLock::new();
        // Each interpreter has a module of built-in functions of its own.
        let this = module.py().import("builtins")?.as_ptr().addr();
        if *FIRST.get_or_init(|| this) == this {
            return Ok(());
        }
        Err(PyImportError::new_err(
            "cors_py serves one interpreter of a process, and another one has it; write `WSGIApplicationGroup %{GLOBAL}` for \
             mod_wsgi, or `single-interpreter = true` for uWSGI",
        ))
    }

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "what Python calls it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
