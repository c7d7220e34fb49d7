//! Policies of configs: how much room one takes, and made.

use core::ffi::c_void;

use crate::lists::with_config;
use crate::load::view;
use crate::raw;
use crate::text::{Fault, Place};
use crate::types::{cors_code, cors_config, cors_error, cors_policy};

/// Writes to `size` how many bytes of storage the policy of a config takes. For a config with problems it means nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_policy_size(
    config: *const cors_config,
    size: *mut usize,
    error: *mut cors_error,
) -> cors_code {
    // SAFETY: the pointers are what the header says.
    unsafe { with_config(config, error, |config| Ok(raw::write(size, config.image_len(), "size")?)) }
}

/// Checks a config and compiles it into `storage`, which is the caller's and holds the policy from then on: keep it, and
/// leave it alone, as long as `policy` or a copy of it is used. `storage` needs no alignment, must not overlap the config
/// and its strings, and may have lost what was in it even if this fails. The strings of the config are not needed any more.
///
/// `CORS_ERROR_CONFIG` tells the first problem, `cors_config_check` every one. `CORS_ERROR_BUFFER` tells in `needed` how
/// many bytes it takes; so does `cors_policy_size`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_policy_compile(
    config: *const cors_config,
    storage: *mut c_void,
    storage_len: usize,
    policy: *mut cors_policy,
    error: *mut cors_error,
) -> cors_code {
    // SAFETY: the pointers are what the header says.
    unsafe {
        with_config(config, error, |config| {
            raw::check(policy, Place::of("policy"))?;
            let storage = raw::Buffer::new(storage, storage_len, "storage")?;
            // Without enough room the engine gets none, and says what is wrong.
            let compiled = config.compile_into(storage.front(config.image_len())).map_err(Fault::Engine)?;
            Ok(raw::write(policy, view(&compiled), "policy")?)
        })
    }
}
