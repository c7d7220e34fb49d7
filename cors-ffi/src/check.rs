//! `cors_config_check`.

use core::ffi::c_void;

use cors_core::CompileError;

use crate::lists::with_config;
use crate::text::{Fault, error_of};
use crate::types::{cors_code, cors_config, cors_error};

/// Receives a problem. `context` is the argument of `cors_config_check`; the error is valid until the function returns.
#[expect(non_camel_case_types, reason = "it is C's name")]
pub type cors_report = Option<unsafe extern "C" fn(context: *mut c_void, problem: *const cors_error)>;

/// Reports every problem of a config, in the order of its members and of their entries, each with what to write instead.
/// Returns `CORS_OK` for a config without problems; `CORS_ERROR_CONFIG`, with the first problem in `error`; or another code
/// if the config cannot be read. `report` must not unwind.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn cors_config_check(
    config: *const cors_config,
    report: cors_report,
    context: *mut c_void,
    error: *mut cors_error,
) -> cors_code {
    // SAFETY: the pointers are as the header requires.
    unsafe {
        with_config(config, error, |config| {
            let mut first = None;
            config.check(|problem| {
                if let Some(report) = report {
                    let error = error_of(&Fault::Engine(problem));
                    report(context, &raw const error);
                }
                first.get_or_insert(problem);
            });
            first.map_or(Ok(()), |problem| Err(Fault::Engine(CompileError::Config(problem))))
        })
    }
}
