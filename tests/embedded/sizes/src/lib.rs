//! What the firmware of `src/bin` has in common.

#![no_std]

use core::hint::{black_box, spin_loop};
use core::panic::PanicInfo;

use cors_core::{Policy, Request};

/// Decides a request that the compiler knows nothing of, and hands on all that is to be sent.
pub fn decide(policy: &Policy<'_>) {
    let (method, headers): (&[u8], &[(&str, &[u8])]) = black_box((b"", &[]));
    let request = Request::from_headers(method, headers.iter().copied());
    let decision = policy.evaluate(&request);
    black_box((decision.kind(), decision.denial(), decision.status()));
    for field in decision.fields() {
        black_box(field);
    }
}

/// The end of a program, which there is none.
pub fn stop() -> ! {
    loop {
        spin_loop();
    }
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    stop()
}
