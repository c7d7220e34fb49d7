//! An image from elsewhere, loaded and evaluated.

#![no_std]
#![no_main]

use core::hint::black_box;

use cors_core::Policy;
use cors_embedded_sizes::{decide, stop};

// SAFETY: the linker script names it, and nothing else does.
#[unsafe(no_mangle)]
extern "C" fn start() -> ! {
    if let Ok(policy) = Policy::from_bytes(black_box(&[])) {
        decide(&policy);
    }
    stop()
}
