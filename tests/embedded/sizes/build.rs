//! Tells the linker where `sizes.x` is.

fn main() {
    println!("cargo::rerun-if-changed=sizes.x");
    println!("cargo::rustc-link-arg-bins=-T{}/sizes.x", env!("CARGO_MANIFEST_DIR"));
}
