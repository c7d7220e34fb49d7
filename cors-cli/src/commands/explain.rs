//! `cors explain`: what a policy does to a page's fetch, and what to change; or what a console message means.

mod console;
mod diagram;
mod json;
mod mermaid;
mod message;
mod question;
mod sequence;
mod serve;
mod text;

use std::path::Path;

use cors_core::Policy;
use cors_core::explain::Explanation;

use self::diagram::Strokes;
use self::question::Question;
use crate::args::Explain;
use crate::compiler::{image_of, policy_of};
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::output::Output;

pub(crate) fn run(arguments: &Explain) -> Result<Exit, Failure> {
    if let Some(message) = &arguments.message {
        return message::run(arguments, message);
    }
    if arguments.serve {
        return serve::run(arguments);
    }
    let question = Question::of(&arguments.asked)?;
    let path = arguments.policy.as_deref().unwrap_or(Path::new("-"));
    with_policy(path, |policy| {
        question.explain(arguments.asked.engine(), policy, |explanation, notes| {
            Output::default().text(&rendered(arguments, explanation, notes))?;
            Ok(if explanation.is_ok() { Exit::Ok } else { Exit::Problem })
        })?
    })
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

fn rendered(arguments: &Explain, explanation: &Explanation<'_>, notes: &[String]) -> String {
    if arguments.json {
        json::explanation(explanation, notes)
    } else if arguments.mermaid {
        mermaid::diagram(explanation)
    } else {
        let strokes = if arguments.ascii { &Strokes::ASCII } else { &Strokes::UNICODE };
        text::explanation(explanation, notes, strokes, !arguments.brief)
    }
}
