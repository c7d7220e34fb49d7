//! Writes the snippets for tower into functions, one for each fetch, so that they are compiled as they are printed.

#![expect(clippy::expect_used, reason = "a build script stops at what is wrong")]

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use cors_diagnosis::stack::Stack;

#[path = "src/fetches.rs"]
#[expect(dead_code, reason = "the parts that the tests need")]
mod fetches;

fn main() {
    println!("cargo::rerun-if-changed=src/fetches.rs");
    let stack = Stack::named("tower").expect("it is a stack");
    let mut text = String::new();
    for (number, case) in fetches::CASES.iter().enumerate() {
        let snippet = stack.snippet(&case.wanted()).expect("there is no case that cors-tower cannot allow");
        let lines: String = snippet.parts.iter().map(|part| part.text.as_str()).collect();
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "fn case_{number}(router: Router) -> Result<Router, PolicyError> {{\n{lines}Ok(router)\n}}"
        );
    }
    let _ = writeln!(
        text,
        "type Case = fn(Router) -> Result<Router, PolicyError>;\nconst CASES: &[Case] = &[{}];",
        (0..fetches::CASES.len()).map(|number| format!("case_{number}")).collect::<Vec<_>>().join(", ")
    );
    let out = env::var_os("OUT_DIR").expect("cargo says where");
    fs::write(Path::new(&out).join("tower_cases.rs"), text).expect("cargo's folder can be written");
}
