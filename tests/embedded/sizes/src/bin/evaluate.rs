//! Evaluation alone, of a policy compiled in.

#![no_std]
#![no_main]

use core::hint::black_box;

use cors_core::Policy;
use cors_embedded_sizes::{decide, stop};
use cors_macros::policy;

static POLICY: Policy<'static> = policy! {
    allow_origins: ["https://app.example.com", "https://*.example.org"],
    allow_methods: ["PUT", "DELETE"],
    allow_headers: ["content-type"],
    allow_credentials: true,
    max_age: 7200,
};

// SAFETY: the linker script names it, and nothing else does.
#[unsafe(no_mangle)]
extern "C" fn start() -> ! {
    decide(black_box(&POLICY));
    stop()
}
