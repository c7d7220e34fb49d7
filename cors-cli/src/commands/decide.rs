//! `cors decide`: a policy's decisions about requests in files.

mod heads;
mod report;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use cors_core::{Policy, Request};

use self::heads::Heads;
use self::report::Report;
use crate::args::Decide;
use crate::compiler::{image_of, policy_of};
use crate::diagnostics;
use crate::exit::{Exit, Failure};
use crate::input::{Input, is_standard};
use crate::output::{self, Output};

pub(crate) fn run(arguments: &Decide) -> Result<Exit, Failure> {
    let standard_input = [PathBuf::from("-")];
    let requests = if arguments.requests.is_empty() { &standard_input[..] } else { &arguments.requests };
    if is_standard(&arguments.policy) && requests.iter().any(|path| is_standard(path)) {
        let what = "cannot be both the policy and the requests; name a file for one of them";
        return Err(Failure::unusable("standard input", what));
    }
    let input = Input::read(&arguments.policy)?;
    let compiled;
    let policy = if input.is_image() {
        input.image()?
    } else {
        compiled = image_of(&input)?;
        policy_of(&compiled, &input)?
    };
    let mut output = Output::default();
    let mut worst = Exit::Ok;
    for path in requests {
        let exit = decide_file(&policy, path, arguments.json, &mut output);
        worst = worst.max(exit.unwrap_or_else(diagnostics::report));
    }
    Ok(worst)
}

fn decide_file(policy: &Policy<'_>, path: &Path, json: bool, output: &mut Output) -> Result<Exit, Failure> {
    if is_standard(path) && io::stdin().is_terminal() {
        output::diagnostic(
            "reading request heads from the terminal; an empty line ends a head, Ctrl-D the input",
        );
    }
    let input = Input::read(path)?;
    let mut worst = Exit::Ok;
    let mut index = 0_usize;
    for head in Heads::new(input.bytes()) {
        let head = head.map_err(|malformed| Failure::unusable(input.name(), malformed))?;
        let request = Request::from_headers(head.method, head.fields.iter().copied());
        let decision = policy.evaluate(&request);
        let report = Report { file: path, index, head: &head, decision: &decision };
        output.text(&if json { report.json() } else { report.text() })?;
        if !decision.is_allowed() {
            worst = Exit::Problem;
        }
        index = index.saturating_add(1);
    }
    if index == 0 {
        let what =
            "it contains no request; write a head such as `GET / HTTP/1.1`, its fields, and an empty line";
        return Err(Failure::unusable(input.name(), what));
    }
    Ok(worst)
}
