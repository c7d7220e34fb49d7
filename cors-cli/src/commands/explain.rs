//! `cors explain`: what comes of a page's fetch by a policy, and what to change; or what a console message means.

mod console;
mod diagram;
mod json;
mod mermaid;
mod message;
mod question;
mod sequence;
mod text;

use std::path::Path;

use cors_core::Policy;
use cors_core::browser::{Engine, Fetch};
use cors_core::explain::Requests;

use self::diagram::Strokes;
use self::question::Question;
use crate::args::{EngineName, Explain};
use crate::compiler::{image_of, policy_of};
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::output::Output;

pub(crate) fn run(arguments: &Explain) -> Result<Exit, Failure> {
    if let Some(message) = &arguments.message {
        return message::run(arguments, message);
    }
    let question = Question::of(arguments)?;
    let path = arguments.policy.as_deref().unwrap_or(Path::new("-"));
    with_policy(path, |policy| question.with(|fetch| explain(arguments, policy, fetch, &question)))
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

fn explain(
    arguments: &Explain,
    policy: &Policy<'_>,
    fetch: &Fetch<'_>,
    question: &Question,
) -> Result<Exit, Failure> {
    let engine = arguments.engine.map_or(Engine::Standard, EngineName::engine);
    let mut buffer = question.buffer();
    let requests = Requests::of(fetch, engine, &mut buffer)
        .map_err(|error| Failure::unusable("the headers of the page", error))?;
    let explanation = requests.explain(policy);
    let notes = question.notes(fetch);
    let text = if arguments.json {
        json::explanation(&explanation, &notes)
    } else if arguments.mermaid {
        mermaid::diagram(&explanation)
    } else {
        let strokes = if arguments.ascii { &Strokes::ASCII } else { &Strokes::UNICODE };
        text::explanation(&explanation, &notes, strokes, !arguments.brief)
    };
    Output::default().text(&text)?;
    Ok(if explanation.is_ok() { Exit::Ok } else { Exit::Problem })
}
