//! Running `cors probe`.

use std::process::Command;

use cors_testing::program::program;
use serde_json::Value;

/// The page.
pub(crate) const PAGE: &str = "https://app.example.com";

/// What came of a run.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn probe(arguments: &[&str]) -> Run {
    run(Command::new(program(env!("CARGO_BIN_EXE_cors"))).arg("probe").args(arguments))
}

/// A run outside of any terminal.
pub(crate) fn run(command: &mut Command) -> Run {
    output_of(command.env_remove("COLUMNS"))
}

/// A run in a terminal of so many columns.
pub(crate) fn run_in(command: &mut Command, columns: &str) -> Run {
    output_of(command.env("COLUMNS", columns))
}

fn output_of(command: &mut Command) -> Run {
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    // Nobody listens there: whoever takes a proxy from the environment fails.
    for variable in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env(variable, "http://127.0.0.1:1");
    }
    let output = command.output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A probe from `PAGE`.
pub(crate) fn from_page(url: &str, arguments: &[&str]) -> Run {
    probe(&[&[url, "--origin", PAGE], arguments].concat())
}

impl Run {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!("{error}: {}{}", self.stdout, self.stderr);
        })
    }

    /// In JSON, the verdict of each engine, with its error.
    pub(crate) fn verdicts(&self) -> Vec<String> {
        let object = self.json();
        let engines = object["engines"].as_array().unwrap().iter();
        engines
            .map(|engine| {
                let error = engine["error"].as_str().map(|error| format!(" {error}")).unwrap_or_default();
                format!(
                    "{} {}{error}",
                    engine["engine"].as_str().unwrap(),
                    engine["verdict"].as_str().unwrap()
                )
            })
            .collect()
    }

    /// In JSON, what all engines say.
    #[track_caller]
    pub(crate) fn verdict(&self) -> String {
        let mut verdicts: Vec<String> =
            self.verdicts().iter().map(|verdict| verdict.split_once(' ').unwrap().1.to_owned()).collect();
        assert_eq!(verdicts.len(), 4);
        verdicts.dedup();
        assert_eq!(verdicts.len(), 1, "{verdicts:?}");
        verdicts.remove(0)
    }

    /// In JSON, the sentences of a list.
    pub(crate) fn sentences(&self, list: &str) -> Vec<String> {
        let object = self.json();
        object[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|sentence| sentence.as_str().unwrap().to_owned())
            .collect()
    }

    /// In JSON, the failure of the last exchange: its kind and its sentence.
    pub(crate) fn failure(&self) -> (String, String) {
        let object = self.json();
        let failure = &object["exchanges"].as_array().unwrap().last().unwrap()["failure"];
        (failure["kind"].as_str().unwrap().to_owned(), failure["message"].as_str().unwrap().to_owned())
    }
}
