//! The engine links and runs where there is neither std nor an allocator: `tests/no_std` of the workspace is such a
//! program.

// Elsewhere a program without std does not start by the C runtime's `main` alone.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, reason = "a test's helpers may stop it, too")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use object::{Object, ObjectSymbol};

#[test]
fn dev_profile_needs_no_allocator() {
    needs_no_allocator("dev", "debug");
}

#[test]
fn release_profile_needs_no_allocator() {
    needs_no_allocator("release", "release");
}

#[test]
fn allocators_show_in_the_symbol_table() {
    let bytes = fs::read(env::current_exe().expect("a path")).expect("this program is readable");
    let names = symbols(&bytes);
    for part in ["malloc", "realloc", "__rust_alloc"] {
        assert!(names.iter().any(|name| name.contains(part) && is_allocator(name)), "{part}");
    }
    assert!(!is_allocator("main") && !is_allocator("memcpy"));
}

fn needs_no_allocator(profile: &str, folder: &str) {
    let program = build(profile, folder);
    let status = Command::new(&program).status().expect("the program starts");
    assert_eq!(
        status.code(),
        Some(0),
        "{profile}: `Failure` in tests/no_std/src/main.rs names the check: {status}"
    );

    let bytes = fs::read(&program).expect("the program is readable");
    let names = symbols(&bytes);
    assert!(names.iter().any(|name| name == "main"), "{profile}: the symbol table is there: {names:?}");
    let allocators: Vec<_> = names.iter().filter(|name| is_allocator(name)).collect();
    assert!(allocators.is_empty(), "{profile}: {allocators:?}");
}

fn build(profile: &str, folder: &str) -> PathBuf {
    // A folder for each, since the two tests run side by side.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no_std").join(profile);
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/no_std/Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--profile", profile, "--manifest-path"])
        .arg(manifest)
        .arg("--target-dir")
        .arg(&target)
        // Flags for coverage or a sanitizer ask for a runtime that needs std.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("CARGO_BUILD_TARGET")
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{profile}: {}", String::from_utf8_lossy(&output.stderr));
    target.join(folder).join("cors-no-std")
}

/// Every symbol that the program defines or refers to, without the version of a shared library's.
fn symbols(program: &[u8]) -> Vec<String> {
    let file = object::File::parse(program).expect("an object file");
    let symbols = file.symbols().chain(file.dynamic_symbols());
    let names =
        symbols.map(|symbol| String::from_utf8_lossy(symbol.name_bytes().unwrap_or_default()).into_owned());
    names.map(|name| name.split('@').next().unwrap_or_default().to_owned()).collect()
}

fn is_allocator(name: &str) -> bool {
    const OF_C: [&str; 9] = [
        "malloc",
        "calloc",
        "realloc",
        "reallocarray",
        "free",
        "aligned_alloc",
        "memalign",
        "posix_memalign",
        "valloc",
    ];
    // `__rust_alloc`, `__rust_realloc`, `__rg_alloc`, `__rdl_alloc` …, mangled or not.
    const OF_RUST: [&str; 3] = ["__rust_", "__rg_", "__rdl_"];
    OF_C.contains(&name) || OF_RUST.iter().any(|prefix| name.contains(prefix) && name.contains("alloc"))
}
