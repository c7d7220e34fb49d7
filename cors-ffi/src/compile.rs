//! `cors_policy_size` and `cors_policy_compile`.

use core::ffi::c_void;

use crate::lists::with_config;
use crate::load::view;
use crate::raw;
use crate::text::{Fault, Place};
use crate::types::{cors_code, cors_config, cors_error, cors_policy};

/// Writes to `size` the number of bytes of storage that the policy of a config takes. For a config with problems the number
/// has no meaning.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn cors_policy_size(
    config: *const cors_config,
    size: *mut usize,
    error: *mut cors_error,
) -> cors_code {
    // SAFETY: the pointers are as the header requires.
    unsafe { with_config(config, error, |config| Ok(raw::write(size, config.image_len(), "size")?)) }
}

/// Checks a config and compiles it into `storage`. The caller owns `storage`, and must neither free nor change it as long as
/// `policy` or a copy of it is used. `storage` needs no alignment and must not overlap the config and its strings; its
/// former contents may be lost even if the function fails. The policy does not refer to the strings of the config.
///
/// `CORS_ERROR_CONFIG` reports the first problem; `cors_config_check` reports all. With `CORS_ERROR_BUFFER`, `needed` is the
/// number of bytes that `storage` has to have; `cors_policy_size` returns the same number.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn cors_policy_compile(
    config: *const cors_config,
    storage: *mut c_void,
    storage_len: usize,
    policy: *mut cors_policy,
    error: *mut cors_error,
) -> cors_code {
    // SAFETY: the pointers are as the header requires.
    unsafe {
        with_config(config, error, |config| {
            raw::check(policy, Place::of("policy"))?;
            let storage = raw::Buffer::new(storage, storage_len, "storage")?;
            // If `storage` is too small the engine gets an empty buffer, and reports that.
            let compiled = config.compile_into(storage.front(config.image_len())).map_err(Fault::Engine)?;
            Ok(raw::write(policy, view(&compiled), "policy")?)
        })
    }
}
