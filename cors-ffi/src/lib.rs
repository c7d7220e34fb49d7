//! The C interface of `cors-core`: `make generate` makes `include/cors.h` from this crate and its comments.
//!
//! Nothing allocates. Each function checks its pointers and lengths and returns a code; none unwinds. A profile that
//! aborts on a panic, as the release profile does, builds the library without `std`: then it needs only `memcpy`,
//! `memmove`, `memset` and `memcmp` from the C library.

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(
    not(all(feature = "compile", feature = "explain")),
    allow(dead_code, reason = "the helpers of functions that a feature leaves out")
)]

mod adapter;
#[cfg(feature = "compile")]
mod check;
mod code;
#[cfg(feature = "compile")]
mod compile;
mod evaluate;
#[cfg(feature = "explain")]
mod explain;
#[cfg(feature = "compile")]
mod lists;
mod load;
mod names;
mod numbers;
mod raw;
mod text;
mod types;

#[cfg(feature = "paths")]
pub use adapter::cors_path_find;
pub use adapter::{cors_is_policy_field, cors_is_same_origin, cors_vary_merge};
#[cfg(feature = "compile")]
pub use check::{cors_config_check, cors_report};
#[cfg(feature = "compile")]
pub use compile::{cors_policy_compile, cors_policy_size};
pub use evaluate::{cors_evaluate, cors_evaluate_ambiguous_path, cors_policy_allows_origin};
#[cfg(feature = "explain")]
pub use explain::cors_explain;
pub use load::cors_policy_load;
pub use names::{
    cors_code_message, cors_denial_message, cors_denial_name, cors_field_name, cors_risk_from_name,
    cors_risk_name, cors_version,
};
pub use numbers::*;
pub use types::*;

/// Stops the program. No input leads here; without a C library there is no `abort`.
#[cfg(panic = "abort")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        // SAFETY: the instruction is undefined, and traps.
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
