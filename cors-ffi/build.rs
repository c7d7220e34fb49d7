//! The name under which programs find the shared library, and what it leaves out.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
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
