//! `cors_policy_load`.

use core::ffi::c_void;

use cors_core::{ImageError, Policy};

use crate::raw;
use crate::text::{Fault, Place, answer};
use crate::types::{cors_code, cors_error, cors_policy};

/// Loads the bytes of an image, from a file or from any other source. Checks every byte, in time linear in their number, and
/// copies none. The bytes need no alignment, and have to stay where they are, unchanged, as long as `policy` or a copy of it
/// is used. Bytes that pass are safe to evaluate, whoever made them.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn cors_policy_load(
    data: *const c_void,
    len: usize,
    policy: *mut cors_policy,
    error: *mut cors_error,
) -> cors_code {
    // SAFETY: the pointers are as the header requires.
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

/// Returns a policy as C reads it.
pub(crate) fn view(policy: &Policy<'_>) -> cors_policy {
    let bytes = policy.as_bytes();
    cors_policy { data: bytes.as_ptr(), len: bytes.len() }
}
