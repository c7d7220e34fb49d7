//! The engine for a host in JavaScript: functions over the module's memory, which `cors-js/src/engine.js` calls.
//!
//! A function takes texts as the address and the length of their bytes, in memory that the host got from [`allocate`]. One
//! that returns a text writes it to the *output*, whose place [`output_data`] and [`output_length`] return until the next call.
//! The module has one thread, and calls nothing of the host's.
//!
//! In: images and requests; in the module `full` also paths, configs and fetches. Out: decisions, images, problems, explanations.

#![cfg_attr(not(feature = "full"), no_std)]

extern crate alloc;

mod adapter;
#[cfg(feature = "full")]
mod compile;
mod evaluate;
mod memory;
#[cfg(feature = "full")]
mod paths;
#[cfg(feature = "full")]
mod problem;
#[cfg(feature = "full")]
mod regex;
#[cfg(feature = "full")]
mod show;

pub use adapter::{is_policy_field, is_same_origin, merge_vary};
#[cfg(feature = "full")]
pub use compile::{check_origin, compile, compile_file};
pub use evaluate::{allows_origin, check_image, denial_message, denial_name, evaluate, field_name};
pub use memory::{allocate, output_data, output_length, release};
#[cfg(feature = "full")]
pub use paths::{find_prefix, parse_prefix};
#[cfg(feature = "full")]
pub use regex::{regex_compile, regex_matches, regex_release, regex_risks};
#[cfg(feature = "full")]
pub use show::show;

#[cfg(all(target_family = "wasm", not(feature = "full")))]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// No input leads here. The trap is a `WebAssembly.RuntimeError` in the host.
#[cfg(all(target_family = "wasm", not(feature = "full")))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
