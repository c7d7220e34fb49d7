//! Pages of the documentation: each command prints what the page shows, and each policy is one without problems.
//! `UPDATE=1` writes what the commands print into the pages.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::support::folder;
use cors_testing::program::program;

#[test]
fn ten_mistakes() {
    // Each of them is blocked, or is the text of one that was.
    assert_page("docs/ten-mistakes.md", 10);
}

#[test]
fn ten_questions() {
    assert_page("docs/ten-questions.md", 10);
}

#[test]
fn how_to() {
    assert_page("docs/how-to.md", 13);
}

#[test]
fn front_page() {
    assert_page("README.md", 7);
}

/// Asserts that the page's policies compile and that its commands, of which there are so many, print what it shows.
///
/// A block of TOML that begins with the comment `# NAME.toml` is a file of that name for the commands after it; any other
/// is a policy, or has a table of another program's settings. A block of `console` holds commands, each after a `$ `, and
/// what they print. If a block holds several, or one that prints nothing on the page, only their exit status counts.
fn assert_page(page: &str, commands: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = root.join(page);
    let written = fs::read_to_string(&page).unwrap();
    let folder = folder(&[]);
    for name in ["cors-cli", "tests"] {
        std::os::unix::fs::symlink(root.join(name).canonicalize().unwrap(), folder.path().join(name))
            .unwrap();
    }
    let mut printed = String::new();
    let mut ran = 0;
    let mut rest = written.as_str();
    while let Some((before, block)) = rest.split_once("\n```") {
        let (block, after) = block.split_once("\n```").expect("the block has an end");
        let (language, body) = block.split_once('\n').unwrap();
        printed.push_str(before);
        printed.push_str("\n```");
        match language {
            "toml" => {
                assert_policy(body, folder.path());
                printed.push_str(block);
            }
            "console" if body.matches("\n$ ").count() > 0 => {
                for line in body.lines() {
                    ran += 1;
                    run(line, folder.path());
                }
                printed.push_str(block);
            }
            "console" => {
                ran += 1;
                printed.push_str("console\n");
                printed.push_str(&run(body, folder.path()));
            }
            _ => printed.push_str(block),
        }
        printed.push_str("\n```");
        rest = after;
    }
    printed.push_str(rest);
    assert_eq!(ran, commands);
    if env::var_os("UPDATE").is_some() {
        fs::write(page, printed).unwrap();
    } else {
        assert_eq!(printed, written, "UPDATE=1 writes what the commands print");
    }
}

/// Asserts that `cors check` takes a policy, and leaves it in the folder under its name, if it has one.
fn assert_policy(policy: &str, folder: &Path) {
    let name = policy
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("# "))
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "toml"));
    fs::write(folder.join(name.unwrap_or("policy.toml")), policy).unwrap();
    run(&format!("$ cors check {}", name.unwrap_or("policy.toml")), folder);
}

/// Runs the command in a block, and returns the block with what the command prints.
fn run(block: &str, folder: &Path) -> String {
    let line = block.strip_prefix("$ ").expect("a command");
    let mut length = 0;
    for line in line.split_inclusive('\n') {
        length += line.len();
        if !line.trim_end().ends_with('\\') {
            break;
        }
    }
    let command = line[..length].trim_end();
    let cors = program(env!("CARGO_BIN_EXE_cors"));
    let path = format!("{}:{}", cors.parent().unwrap().display(), env::var("PATH").unwrap());
    let script = format!("exec 2>&1\n{command}");
    let output =
        Command::new("sh").args(["-c", &script]).current_dir(folder).env("PATH", path).output().unwrap();
    // A check has to find nothing; a fetch may be blocked.
    let worst = i32::from(!command.starts_with("cors check"));
    assert!(output.status.code().is_some_and(|code| code <= worst), "{command}: {output:?}");
    format!("$ {command}\n{}", String::from_utf8(output.stdout).unwrap().trim_end())
}
