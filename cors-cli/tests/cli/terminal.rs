//! Colour, help, usage and readers that go away.

use std::io::Read;
use std::process::{Command, Stdio};

use cors_testing::program::program;
use predicates::prelude::*;

use crate::support::{cors, demo, recorded_requests};

#[test]
fn no_escape_sequence_in_a_pipe() {
    let escape = || predicate::str::contains("\x1b").not();
    let request = recorded_requests().join("chromium-preflight-options.http");
    for arguments in
        [&["check", "bad.toml"][..], &["check", "shop.toml"], &["check", "missing"], &["--help"], &["frob"]]
    {
        cors().current_dir(demo()).args(arguments).assert().stdout(escape()).stderr(escape());
    }
    cors()
        .current_dir(demo())
        .args(["decide", "shop.toml"])
        .arg(request)
        .assert()
        .stdout(escape())
        .stderr(escape());
}

#[test]
fn colour_where_it_is_asked_for() {
    let coloured = || predicate::str::contains("\x1b[");
    let request = recorded_requests().join("chromium-preflight-options.http");
    let forced = |variables: &[&str]| {
        let mut command = cors();
        command.current_dir(demo()).env("CLICOLOR_FORCE", "1");
        for variable in variables {
            command.env(variable, "1");
        }
        command
    };
    forced(&[]).args(["check", "bad.toml"]).assert().code(1).stderr(coloured());
    forced(&[]).args(["decide", "shop.toml"]).arg(&request).assert().code(1).stdout(coloured());
    forced(&[]).args(["decide", "shop.toml", "--json"]).arg(&request).assert().stdout(coloured().not());
    forced(&[])
        .args(["compile", "shop.toml", "-o", "-"])
        .assert()
        .stdout(predicate::function(|image: &[u8]| image.len() == 420));
}

#[test]
fn help_and_version() {
    let help = || predicate::str::contains("Usage: cors").and(predicate::str::contains("Examples:\n  cors "));
    for arguments in [
        &["--help"][..],
        &["check", "--help"],
        &["compile", "-h"],
        &["show", "--help"],
        &["help", "decide"],
        &["proxy", "--help"],
    ] {
        cors().args(arguments).assert().code(0).stdout(help()).stderr("");
    }
    cors()
        .arg("--version")
        .assert()
        .code(0)
        .stdout(concat!("cors ", env!("CARGO_PKG_VERSION"), "\n"))
        .stderr("");
}

#[test]
fn a_wrong_command_line() {
    let cases: [(&[&str], &str); 5] = [
        (&[], "Usage: cors"),
        (&["chekc", "shop.toml"], "a similar subcommand exists: 'check'"),
        (&["check"], "<FILE>..."),
        (&["compile", "shop.toml"], "--output <IMAGE>"),
        (&["show", "--jso", "x"], "--json"),
    ];
    for (arguments, expected) in cases {
        cors().args(arguments).assert().code(2).stdout("").stderr(predicate::str::contains(expected));
    }
}

#[test]
fn a_reader_that_goes_away() {
    // More than a pipe holds, so that the command is still writing when the reader has gone.
    let heads = "GET / HTTP/1.1\nOrigin: http://app.example.com\n\n".repeat(5_000)
        + "GET / HTTP/1.1\nOrigin: null\n\n";
    let folder = crate::support::folder(&[("heads", heads.as_bytes())]);
    let mut child = Command::new(program(env!("CARGO_BIN_EXE_cors")))
        .current_dir(&folder)
        .arg("decide")
        .arg(demo().join("shop.toml"))
        .arg("heads")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 5];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
    // The last request is denied, whether or not anyone reads of it.
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(program(env!("CARGO_BIN_EXE_cors")))
        .current_dir(demo())
        .args(["check", "shop.toml"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("error: standard output: "));
}
