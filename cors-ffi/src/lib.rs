//! The C interface of `cors-core`: `include/cors.h` is made of this crate, and its comments are that header's.
//!
//! Nothing allocates. Each function checks its pointers and lengths, and answers with a code; none unwinds. Where the
//! profile aborts on a panic, as the release profile does, the library is built without `std` and needs of the C
//! library no more than `memcpy`, `memmove`, `memset` and `memcmp`.

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(
    not(all(feature = "compile", feature = "explain")),
    allow(dead_code, reason = "functions that are left out leave helpers behind")
)]

#[cfg(feature = "compile")]
mod check;
#[cfg(feature = "compile")]
mod compile;
mod evaluate;
#[cfg(feature = "explain")]
mod explain;
#[cfg(feature = "compile")]
mod lists;
mod load;
mod names;
mod raw;
mod text;
mod types;

#[cfg(feature = "compile")]
pub use check::{cors_config_check, cors_report};
#[cfg(feature = "compile")]
pub use compile::{cors_policy_compile, cors_policy_size};
pub use evaluate::{cors_evaluate, cors_policy_allows_origin};
#[cfg(feature = "explain")]
pub use explain::cors_explain;
pub use load::cors_policy_load;
pub use names::{
    CORS_VERSION_MAJOR, CORS_VERSION_MINOR, CORS_VERSION_PATCH, cors_code_message, cors_denial_message,
    cors_denial_name, cors_field_name, cors_risk_from_name, cors_risk_name, cors_version,
};
pub use types::*;

/// Nothing panics on input. If something does after all, the program stops here: there is no `abort` without a C library.
#[cfg(panic = "abort")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        // SAFETY: an undefined instruction, which traps.
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        unsafe {
            core::arch::asm!("ud2", options(noreturn, nomem, nostack));
        }
        // SAFETY: as above.
        #[cfg(any(target_arch = "arm", target_arch = "aarch64"))]
        unsafe {
            core::arch::asm!("udf #0", options(noreturn, nomem, nostack));
        }
        #[cfg(not(any(
            target_arch = "x86",
            target_arch = "x86_64",
            target_arch = "arm",
            target_arch = "aarch64"
        )))]
        core::hint::spin_loop();
    }
}
