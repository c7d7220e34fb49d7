//! A program with a policy from the macro links the evaluation, and nothing of the compiler.

// Elsewhere programs are not ELF files.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test's helpers may stop it, too")]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use cors_core::{Config, Policy};
use object::{Object, ObjectSymbol};

/// Parts of names that only a program has which compiles or loads policies.
const OF_THE_COMPILER: [&str; 6] = [
    "compile_into",
    "cors_core::config::check",
    "cors_core::image::validate",
    "cors_core::image::set_writer",
    "cors_core::image::write",
    "cors_core::pattern",
];
const TEXT_OF_THE_COMPILER: &[u8] = b"not in the form that a browser sends";

#[test]
fn a_policy_compiled_in_needs_no_compiler() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--locked", "--package", "cors-macros", "--example", "compiled_in"])
        .arg("--target-dir")
        .arg(&target)
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let program = target.join("debug/examples/compiled_in");

    let ran = Command::new(&program).output().unwrap();
    let expected = "allowed\n\
        access-control-allow-origin: https://shop.example.org\n\
        access-control-allow-credentials: true\n\
        access-control-allow-methods: PUT, DELETE\n\
        access-control-allow-headers: content-type\n\
        vary: origin\n";
    assert_eq!(String::from_utf8_lossy(&ran.stdout), expected);

    let bytes = fs::read(program).unwrap();
    let symbols = symbols(&bytes);
    assert!(
        symbols.iter().any(|symbol| symbol.contains("cors_core::policy::evaluate")),
        "evaluation is there"
    );
    let compiler = |symbol: &&String| OF_THE_COMPILER.iter().any(|part| symbol.contains(part));
    assert_eq!(symbols.iter().filter(compiler).collect::<Vec<_>>(), [""; 0]);
    assert!(!contains(&bytes, TEXT_OF_THE_COMPILER));
}

/// The other test looks for symbols that a compiling program does have.
#[test]
fn a_program_that_compiles_policies_shows_it() {
    let mut image = [0; 512];
    let bad = Config { allow_origins: &["https://Example.com"], ..Config::NEW };
    let error = bad.compile_into(&mut image).unwrap_err().to_string();
    assert!(contains(error.as_bytes(), TEXT_OF_THE_COMPILER), "{error}");
    assert!(Config::NEW.compile_into(&mut image).is_ok());
    assert!(Policy::from_bytes(&image).is_err());

    let bytes = fs::read(env::current_exe().unwrap()).unwrap();
    let symbols = symbols(&bytes);
    for part in OF_THE_COMPILER {
        assert!(symbols.iter().any(|symbol| symbol.contains(part)), "{part}");
    }
    assert!(contains(&bytes, TEXT_OF_THE_COMPILER));
}

fn symbols(program: &[u8]) -> Vec<String> {
    let file = object::File::parse(program).unwrap();
    let names =
        file.symbols().map(|symbol| String::from_utf8_lossy(symbol.name_bytes().unwrap()).into_owned());
    names.map(|name| format!("{:#}", rustc_demangle::demangle(&name))).collect()
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}
