//! Running the command, and reading what it says.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use cors_testing::program::program;
pub(crate) use tempfile::TempDir;

/// The command, outside of any terminal.
pub(crate) fn cors() -> Command {
    let mut command = Command::new(program(env!("CARGO_BIN_EXE_cors")));
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(variable);
    }
    command
}

/// The folder of the sample policies.
pub(crate) fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo")
}

/// The folder of the requests that browsers sent.
pub(crate) fn recorded_requests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/requests")
}

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// The image of a policy.
pub(crate) fn compile(policy: &str) -> Vec<u8> {
    cors()
        .args(["compile", "-", "-o", "-"])
        .write_stdin(policy)
        .assert()
        .success()
        .get_output()
        .stdout
        .clone()
}

pub(crate) fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

pub(crate) fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

/// The problems in a rendering, each in a line: `2:5 error: what is wrong; what to write`.
pub(crate) fn problems(rendered: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for part in rendered.split("\n\n").filter(|part| part.contains("--> ")) {
        let line_after = |mark: &str| part.lines().find_map(|line| line.trim_start().strip_prefix(mark));
        let title = part.lines().next().unwrap();
        let place = line_after("--> ").unwrap();
        let [column, line, _] = place.rsplitn(3, ':').collect::<Vec<_>>()[..] else {
            panic!("no place: {place}")
        };
        let help = line_after("= help: ").map(|help| format!("; {help}")).unwrap_or_default();
        problems.push(format!("{line}:{column} {title}{help}"));
    }
    problems
}
