//! Counts the instructions of a fixed set of calls, under Valgrind's callgrind, and compares them with the table
//! `benches/INSTRUCTIONS.md`.
//!
//! `make bench-instructions` fails where a count has grown or fallen by more than 3 percent; with `UPDATE=1` it writes the table
//! anew. It also fails where explaining four times as many headers takes more than five times as many instructions, and where
//! cors-tower's layer takes more than its part of tower-http's. A
//! count is the same on every run. It depends on the compiler, which the table names, and hardly on the machine:
//! `GLIBC_TUNABLES` turns off glibc's variants for newer processors.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a measurement may stop where something is wrong"
)]

#[cfg_attr(
    any(feature = "browser", feature = "layer"),
    allow(dead_code, reason = "its cases are counted without")
)]
mod cases;
#[cfg(all(feature = "browser", not(feature = "layer")))]
mod explain;
#[cfg(feature = "layer")]
mod layer;
mod table;
#[cfg_attr(
    any(feature = "browser", feature = "layer"),
    allow(dead_code, reason = "its case is counted without")
)]
mod worst;

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs};

use cases::Case;
use table::Table;

/// The argument with which the program calls itself under Valgrind.
const CALL: &str = "--call";

fn main() -> ExitCode {
    let cases = cases();
    if env::args().any(|argument| argument == CALL) {
        // The first round is not counted: it loads what later calls find loaded.
        for (_, call) in &cases {
            call();
        }
        for (_, call) in &cases {
            counted(call);
        }
        return ExitCode::SUCCESS;
    }
    let counts = count(cases.len());
    let names = cases.into_iter().map(|(name, _)| name);
    let new = Table { rows: names.zip(counts).collect() };
    #[cfg(feature = "layer")]
    let new = layer::added(&new);
    if let Err(excess) = check(&new) {
        eprintln!("{excess}");
        return ExitCode::FAILURE;
    }
    table::compare(&new, env::var_os("UPDATE").is_some())
}

/// Returns the cases of this build.
fn cases() -> Vec<Case> {
    #[cfg(feature = "layer")]
    return layer::all();
    #[cfg(all(feature = "browser", not(feature = "layer")))]
    return explain::all();
    #[cfg(not(any(feature = "browser", feature = "layer")))]
    cases::all().into_iter().chain([worst::case()]).collect()
}

/// Fails if a count is too large beside another one.
fn check(table: &Table) -> Result<(), String> {
    #[cfg(feature = "layer")]
    return layer::check(table);
    #[cfg(all(feature = "browser", not(feature = "layer")))]
    return explain::check_growth(table);
    #[cfg(not(any(feature = "browser", feature = "layer")))]
    worst::check(table)
}

/// Makes a call that callgrind counts: callgrind finds this function by its name, and writes a file after each call.
#[inline(never)]
fn counted(call: &dyn Fn()) {
    call();
    // Without something to do afterwards, the call would be a jump, which does not return here.
    black_box(());
}

/// Returns the count of each call; `calls` is their number.
fn count(calls: usize) -> Vec<u64> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/instructions");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for callgrind's files");
    let out = folder.join("out");
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet", "--toggle-collect=instructions::counted"])
        .arg("--dump-after=instructions::counted")
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(env::current_exe().expect("a path"))
        .arg(CALL)
        .env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2,-AVX2_Usable,-AVX512VL,-ERMS,-FSRM,-SSE4_1,-SSSE3")
        .status()
        .expect("valgrind starts: apt-get install valgrind");
    assert!(status.success(), "valgrind: {status}");
    (1..=calls).map(|call| total(&folder.join(format!("out.{call}")))).collect()
}

/// Returns the number of instructions in a file of callgrind's.
fn total(path: &Path) -> u64 {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let total = text.lines().find_map(|line| line.strip_prefix("totals: ")).expect("a line of totals");
    total.trim().parse().expect("a number")
}
