//! The name under which programs find the shared library, and what it leaves out; and the memory of the wasm module.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        // Where the host may write; and more stack than evaluation takes, in a module's first page.
        println!("cargo::rustc-cdylib-link-arg=--export=__heap_base");
        println!("cargo::rustc-cdylib-link-arg=-zstack-size=32768");
    }
    let is_elf = env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "unix")
        && env::var("CARGO_CFG_TARGET_VENDOR").is_ok_and(|vendor| vendor != "apple");
    if is_elf {
        let major = env::var("CARGO_PKG_VERSION_MAJOR").unwrap_or_default();
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libcors.so.{major}");
        println!("cargo::rustc-cdylib-link-arg=-Wl,--gc-sections");
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,defs");
        // memcpy and its kin.
        println!("cargo::rustc-cdylib-link-arg=-lc");
    }
}
