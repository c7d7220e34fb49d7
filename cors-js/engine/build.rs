//! The memory of the modules: more stack than explaining takes, below the data, so that an overflow is a trap.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        let size = if env::var_os("CARGO_FEATURE_FULL").is_some() { 512 * 1024 } else { 32 * 1024 };
        println!("cargo::rustc-cdylib-link-arg=-zstack-size={size}");
    }
}
