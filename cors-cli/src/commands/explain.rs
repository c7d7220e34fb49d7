//! `cors explain`: why a fetch is blocked, and what to change; by a policy, or by whatever else is in hand.

mod diagram;
mod finding;
mod given;
mod idle;
mod json;
mod question;
#[cfg(not(target_family = "wasm"))]
mod serve;
mod text;
mod told;

use cors_core::Policy;
use cors_core::explain::Explanation;
use cors_diagnosis::Wanted;
use cors_diagnosis::stack::Lines;
use cors_ui::{console, mermaid, sequence};

use self::diagram::Strokes;
use self::given::Given;
use self::question::Question;
use crate::args::Explain;
use crate::compiler::{image_of, policy_of};
use crate::exit::{Exit, Failure};
use crate::input::Input;
use crate::output::Output;
use crate::stacks::write_lines;

pub(crate) fn run(arguments: &Explain) -> Result<Exit, Failure> {
    if arguments.serve {
        #[cfg(not(target_family = "wasm"))]
        return serve::run(arguments);
        #[cfg(target_family = "wasm")]
        return Err(Failure::no_network("--serve"));
    }
    let given = Given::of(arguments)?;
    idle::refuse(arguments, &given)?;
    match given {
        Given::Policy(input) => by_policy(arguments, &input),
        Given::Stack => told::lines_alone(arguments),
        Given::Text(text) => told::run(arguments, &text),
    }
}

fn by_policy(arguments: &Explain, input: &Input) -> Result<Exit, Failure> {
    if arguments.asked.origin.is_none() {
        let what =
            "a policy is explained for a page; add --origin https://app.example.com, the page's origin";
        return Err(Failure::unusable(input.name(), what));
    }
    let question = Question::of(&arguments.asked)?;
    let engine = arguments.asked.engine();
    with_policy(input, |policy| {
        question.explain(engine, policy, |explanation, notes| {
            let wanted = Wanted::for_fetch(explanation.fetch(), &arguments.server.exposed);
            let lines = arguments.server.stack().and_then(|stack| Lines::of(Some(stack), [], &wanted));
            Output::default().text(&rendered(arguments, explanation, notes, lines.as_ref()))?;
            Ok(if explanation.is_ok() { Exit::Ok } else { Exit::Problem })
        })?
    })
}

/// Calls `f` with the policy of a policy file or an image.
fn with_policy<R>(input: &Input, f: impl FnOnce(&Policy<'_>) -> Result<R, Failure>) -> Result<R, Failure> {
    if input.is_image() {
        return f(&input.image()?);
    }
    let image = image_of(input)?;
    f(&policy_of(&image, input)?)
}

fn rendered(
    arguments: &Explain,
    explanation: &Explanation<'_>,
    notes: &[String],
    lines: Option<&Lines>,
) -> String {
    if arguments.json {
        json::explanation(explanation, notes, lines)
    } else if arguments.mermaid {
        mermaid::diagram(explanation)
    } else {
        let mut text = text::explanation(explanation, notes, strokes(arguments), !arguments.brief);
        // Writing to a string does not fail.
        let _ = lines.map_or(Ok(()), |lines| write_lines(&mut text, lines));
        text
    }
}

fn strokes(arguments: &Explain) -> &'static Strokes {
    if arguments.ascii { &Strokes::ASCII } else { &Strokes::UNICODE }
}
