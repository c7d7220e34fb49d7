//! The functions that a server calls for each request, or with bytes from elsewhere, have no code that panics.
//!
//! The release library is linked with one function as the root, so that the linker keeps what that function can reach,
//! by calls or by pointers, and drops everything else. Every panic in Rust ends in `core::panicking`: if nothing of
//! this module is kept, no input reaches a panic.

#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, reason = "a test's helpers may stop it, too")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use object::{Object, ObjectSymbol, SymbolKind};

#[test]
fn no_panic_is_reachable() {
    let library = build();
    // The compiler inlines all callees of the last function.
    for (entry, more_than) in [
        ("cors_evaluate", 5),
        ("cors_policy_allows_origin", 5),
        ("cors_policy_load", 5),
        ("cors_is_same_origin", 5),
        ("cors_vary_merge", 0),
        // Not `cors_path_find`: `str::from_utf8` and the searches of `str`, which read the prefixes, check their own indexes.
        ("cors_evaluate_ambiguous_path", 0),
    ] {
        let functions = reachable(&library, entry);
        assert!(functions.iter().any(|name| name == entry), "{entry} is there: {functions:?}");
        assert!(functions.len() > more_than, "so is what it calls: {functions:?}");
        // A program that only evaluates does not link the public suffix list either.
        let list: Vec<_> = functions.iter().filter(|name| name.contains("3psl")).collect();
        assert!(list.is_empty(), "{entry} reaches {list:?}");
        let panics: Vec<_> = functions.iter().filter(|name| panics(name)).collect();
        assert!(panics.is_empty(), "{entry} reaches {panics:?}");
        println!("{entry}: {} functions, none of which panics", functions.len());
    }
    // The check finds panics if there are some: explanations are text, whose formatting cannot be proved free of them.
    let functions = reachable(&library, "cors_explain");
    assert!(functions.iter().any(|name| panics(name)), "{functions:?}");
}

/// Parts of the names of functions that panic: `core::panicking::…`, and the functions that end there.
fn panics(name: &str) -> bool {
    ["9panicking", "rust_begin_unwind", "unwrap_failed", "expect_failed", "index_fail", "error_fail"]
        .iter()
        .any(|part| name.contains(part))
}

fn build() -> PathBuf {
    // The workspace's target folder: some of its other builds need this library as well.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a folder in the target folder");
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--release", "--lib", "--manifest-path"])
        .arg(manifest)
        .arg("--target-dir")
        .arg(target)
        // Flags for coverage or a sanitizer add code of their own.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("CARGO_BUILD_TARGET")
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    target.join("release/libcors.a")
}

/// Returns the functions that the linker keeps for `entry`.
fn reachable(library: &Path, entry: &str) -> Vec<String> {
    let program = library.with_file_name(entry);
    let output = Command::new("cc")
        .args(["-nostdlib", "-static", "-Wl,--gc-sections", "-Wl,--unresolved-symbols=ignore-all"])
        .arg(format!("-Wl,-e,{entry}"))
        .arg(format!("-Wl,-u,{entry}"))
        .arg("-o")
        .args([&program, library])
        .output()
        .expect("a C compiler");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let bytes = fs::read(&program).expect("the program is readable");
    let file = object::File::parse(&*bytes).expect("an object file");
    let functions =
        file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.is_definition());
    let names = functions.map(|symbol| String::from_utf8_lossy(symbol.name_bytes().unwrap_or_default()));
    names.map(std::borrow::Cow::into_owned).collect()
}
