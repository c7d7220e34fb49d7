//! Policies: how much room one takes, made of a config, and of the bytes of an image.

use core::ffi::c_void;

use cors_core::{ImageError, Policy};

use crate::lists::with_config;
use crate::raw;
use crate::text::{Fault, Place, answer};
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

/// Takes the bytes of an image, from a file or from wherever: checks every one of them, in time linear in their number,
/// and copies none. Keep them, and leave them alone, as long as `policy` or a copy of it is used. They need no alignment.
/// Bytes that pass are safe to evaluate, whoever made them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn cors_policy_load(
    data: *const c_void,
    len: usize,
    policy: *mut cors_policy,
    error: *mut cors_error,
) -> cors_code {
    // SAFETY: the pointers are what the header says.
    unsafe { answer(error, load(data, len, policy)) }
}

/// # Safety
///
/// As for [`cors_policy_load`].
unsafe fn load(data: *const c_void, len: usize, policy: *mut cors_policy) -> Result<(), Fault<ImageError>> {
    // SAFETY: by the caller's promise.
    unsafe {
        let bytes = raw::objects(data.cast::<u8>(), len, Place::of("data"))?;
        let loaded = Policy::from_bytes(bytes).map_err(Fault::Engine)?;
        Ok(raw::write(policy, view(&loaded), "policy")?)
    }
}

fn view(policy: &Policy<'_>) -> cors_policy {
    let bytes = policy.as_bytes();
    cors_policy { data: bytes.as_ptr(), len: bytes.len() }
}
