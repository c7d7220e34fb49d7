//! `cors explain`: why a fetch is blocked, and what to change; by a policy, or by whatever else is in hand.

mod console;
mod copied;
mod diagram;
mod given;
mod har;
mod json;
mod mermaid;
mod message;
mod question;
mod sequence;
#[cfg(not(target_family = "wasm"))]
mod serve;
mod text;

use std::path::Path;

use cors_core::explain::Explanation;
use cors_core::{Config, Policy};

use self::diagram::Strokes;
use self::given::Given;
use self::question::Question;
use crate::args::Explain;
use crate::compiler::{image_of, policy_of};
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::output::Output;
use crate::stacks::{self, Lines};

pub(crate) fn run(arguments: &Explain) -> Result<Exit, Failure> {
    if arguments.serve {
        #[cfg(not(target_family = "wasm"))]
        return serve::run(arguments);
        #[cfg(target_family = "wasm")]
        return Err(Failure::no_network("--serve"));
    }
    match Given::of(arguments)? {
        Given::Policy(path) => by_policy(arguments, Some(&path)),
        Given::Stack => by_policy(arguments, None),
        Given::Message(text) => message::run(arguments, &text),
        Given::Har(bytes) => har::run(arguments, &bytes),
        Given::Curl(command) => copied::run_curl(arguments, &command),
        Given::FetchCall(call) => copied::run_call(arguments, &call),
        Given::Response(bytes) => copied::run_response(arguments, &bytes),
    }
}

fn by_policy(arguments: &Explain, path: Option<&Path>) -> Result<Exit, Failure> {
    let question = Question::of(&arguments.asked)?;
    let engine = arguments.asked.engine();
    match (path, arguments.server.stack()) {
        (None, Some(stack)) => {
            // A policy that allows nobody: only the fetch counts.
            let mut image = [0; 256];
            let policy = Config::NEW.compile_into(&mut image);
            let policy = policy.map_err(|error| Failure::unusable("--stack", error))?;
            question.explain(engine, &policy, |explanation, _| {
                let wanted = stacks::wanted(explanation.fetch(), &arguments.server.exposed);
                let lines = Lines::of(Some(stack), [], &wanted);
                Output::default()
                    .text(&lines.as_ref().map(|lines| alone(arguments, lines)).unwrap_or_default())?;
                Ok(if lines.is_some_and(|lines| lines.is_refused()) { Exit::Problem } else { Exit::Ok })
            })?
        }
        (path, stack) => with_policy(path.unwrap_or(Path::new("-")), |policy| {
            question.explain(engine, policy, |explanation, notes| {
                let wanted = stacks::wanted(explanation.fetch(), &arguments.server.exposed);
                let lines = stack.and_then(|stack| Lines::of(Some(stack), [], &wanted));
                Output::default().text(&rendered(arguments, explanation, notes, lines.as_ref()))?;
                Ok(if explanation.is_ok() { Exit::Ok } else { Exit::Problem })
            })?
        }),
    }
}

/// Returns the lines for a stack alone: no policy was given.
fn alone(arguments: &Explain, lines: &Lines) -> String {
    if arguments.json {
        return crate::json::object(&lines.object());
    }
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = lines.write(&mut text);
    text.trim_start().to_owned()
}

/// Calls `f` with the policy of a policy file or an image.
fn with_policy<R>(path: &Path, f: impl FnOnce(&Policy<'_>) -> Result<R, Failure>) -> Result<R, Failure> {
    let input = Input::read(path)?;
    if input.is_image() {
        return f(&input.image()?);
    }
    let image = image_of(&input)?;
    f(&policy_of(&image, &input)?)
}

fn rendered(
    arguments: &Explain,
    explanation: &Explanation<'_>,
    notes: &[String],
    lines: Option<&Lines>,
) -> String {
    if arguments.json {
        json::explanation(explanation, notes, None, lines)
    } else if arguments.mermaid {
        mermaid::diagram(explanation)
    } else {
        let mut text = text::explanation(explanation, notes, strokes(arguments), !arguments.brief);
        // Writing to a string does not fail.
        let _ = lines.map_or(Ok(()), |lines| lines.write(&mut text));
        text
    }
}

fn strokes(arguments: &Explain) -> &'static Strokes {
    if arguments.ascii { &Strokes::ASCII } else { &Strokes::UNICODE }
}
