//! Completions of shells, and manual pages.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::{cors, folder, stdout};

const COMMANDS: [&str; 11] = [
    "check",
    "compile",
    "show",
    "decide",
    "explain",
    "probe",
    "proxy",
    "completions",
    "man",
    "export",
    "import",
];

fn print(arguments: &[&str]) -> String {
    stdout(&cors().args(arguments).assert().success().stderr(""))
}

/// What bash proposes for the last of these words.
fn proposed(script: &str, words: &[&str]) -> Vec<String> {
    let folder = folder(&[("cors.bash", script.as_bytes())]);
    let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let program = format!(
        "set -eu; shopt -s extglob; source ./cors.bash; COMP_WORDS=({}); COMP_CWORD={}; set +u; _cors cors \
         \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\" || true; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.join(" "),
        words.len() - 1
    );
    let output = Command::new("bash").args(["-c", &program]).current_dir(&folder).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_options_and_values() {
    let script = print(&["completions", "bash"]);
    assert_eq!(proposed(&script, &["cors", "exp"]), ["explain", "export"]);
    assert_eq!(proposed(&script, &["cors", "explain", "--or"]), ["--origin"]);
    assert_eq!(proposed(&script, &["cors", "explain", "--engine", "w"]), ["webkit"]);
    assert_eq!(proposed(&script, &["cors", "completions", "z"]), ["zsh"]);
    let commands = proposed(&script, &["cors", ""]);
    for command in COMMANDS {
        assert!(commands.iter().any(|proposal| proposal == command), "{command}: {commands:?}");
    }
}

#[test]
fn every_shell_has_completions_of_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = print(&["completions", shell]);
        for command in COMMANDS {
            assert!(script.contains(command), "{shell}: {command}");
        }
    }
    cors().args(["completions", "tcsh"]).assert().code(2);
}

#[test]
fn every_command_has_a_manual_page() {
    let page = print(&["man"]);
    assert!(page.contains(".TH cors 1"), "{page}");
    for command in COMMANDS {
        assert!(page.contains(&format!("cors\\-{command}(1)")), "{command}");
        let page = print(&["man", command]);
        assert!(page.contains(&format!(".TH cors-{command} 1")), "{page}");
        assert!(page.contains(".SH DESCRIPTION") && page.contains("Examples:"), "{page}");
    }
    cors().args(["man", "help"]).assert().code(2);
}

#[test]
fn manual_pages_are_read_without_a_warning() {
    // The pages themselves are tested above: what has no `man` has no reader for them.
    if Command::new("man").arg("--version").output().is_err() {
        eprintln!("man is not installed");
        return;
    }
    for command in COMMANDS {
        let page = print(&["man", command]);
        let mut man = Command::new("man")
            .args(["--warnings=mac", "--local-file", "-"])
            .env("MANWIDTH", "80")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        man.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
        let output = man.wait_with_output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("SYNOPSIS") && text.contains(&format!("cors {command}")), "{text}");
    }
}

#[test]
fn help_leads_to_the_message_and_to_the_page() {
    let help = print(&["--help"]);
    let (_, lead) = help.split_once("Blocked by CORS?").expect("the lead");
    let (lead, _) = lead.split_once("Examples:").expect("the examples come after it");
    assert!(lead.contains("cors explain --message '") && lead.contains("cors explain --serve"), "{lead}");
}
