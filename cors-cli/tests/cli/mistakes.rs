//! `docs/ten-mistakes.md`: each command prints what the page says. `UPDATE=1` writes what they print into the page.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::support::folder;

#[test]
fn the_page_is_true() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ten-mistakes.md");
    let written = fs::read_to_string(&page).unwrap();
    let folder = folder(&[]);
    let mut told = String::new();
    let mut commands = 0;
    let mut rest = written.as_str();
    while let Some((before, block)) = rest.split_once("\n```") {
        let (block, after) = block.split_once("\n```").expect("the block has an end");
        let (language, body) = block.split_once('\n').unwrap();
        told.push_str(before);
        told.push_str("\n```");
        match language {
            "toml" => {
                let name = body.lines().next().unwrap().strip_prefix("# ").expect("a name");
                fs::write(folder.path().join(name), body).unwrap();
                told.push_str(block);
            }
            "console" => {
                commands += 1;
                told.push_str("console\n");
                told.push_str(&run(body, folder.path()));
            }
            other => panic!("a block of {other}"),
        }
        told.push_str("\n```");
        rest = after;
    }
    told.push_str(rest);
    assert_eq!(commands, 10);
    if env::var_os("UPDATE").is_some() {
        fs::write(page, told).unwrap();
    } else {
        assert_eq!(told, written, "UPDATE=1 writes what the commands print");
    }
}

/// The command in a block, and what it prints.
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
    let cors = PathBuf::from(env!("CARGO_BIN_EXE_cors"));
    let path = format!("{}:{}", cors.parent().unwrap().display(), env::var("PATH").unwrap());
    let output =
        Command::new("sh").args(["-c", command]).current_dir(folder).env("PATH", path).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{command}");
    // Each of them is blocked, or is the text of one that was.
    assert!(output.status.code() < Some(2), "{command}");
    format!("$ {command}\n{}", String::from_utf8(output.stdout).unwrap().trim_end())
}
