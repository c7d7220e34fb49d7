//! [`answer`]: what the page shows for a case.

use cors_core::Policy;
use cors_core::explain::Explanation;
use cors_ui::ExplanationObject;
use cors_ui::mermaid::diagram;
use cors_ui::question::{ExplainAnswer, WrongObject, image_of};

use super::case::EditedCase;
use super::work::Client;
use crate::commands::explain::question::Question;
use crate::diagnostics::json::ProblemObject;
use crate::summary::summary;
use crate::target::{Part, Wrong};

/// Returns the answer to `case`; nothing if `client` does not wait for it any more.
pub(super) fn answer(case: EditedCase, client: &Client) -> Option<ExplainAnswer> {
    let asked = case.fetch.into_asked();
    let question = Question::of(&asked);
    let image = match image_of(&case.policy) {
        Ok(image) => image,
        Err(problems) => {
            let wrong = question.err().map(wrong_object);
            return Some(ExplainAnswer { problems, wrong, ..ExplainAnswer::default() });
        }
    };
    let policy = match Policy::from_bytes(&image) {
        Ok(policy) => policy,
        Err(error) => {
            let problems = vec![ProblemObject::of_the_whole(error.to_string())];
            return Some(ExplainAnswer { problems, ..ExplainAnswer::default() });
        }
    };
    if !client.is_waiting() {
        return None;
    }
    let explanation = question.and_then(|question| question.explain(asked.engine(), &policy, described));
    let answer = ExplainAnswer { summary: Some(summary(&policy)), ..ExplainAnswer::default() };
    Some(match explanation {
        Ok((explanation, mermaid)) => {
            ExplainAnswer { explanation: Some(explanation), mermaid: Some(mermaid), ..answer }
        }
        Err(wrong) => ExplainAnswer { wrong: Some(wrong_object(wrong)), ..answer },
    })
}

fn described(explanation: &Explanation<'_>, notes: &[String]) -> (ExplanationObject, String) {
    (ExplanationObject::new(explanation, notes), diagram(explanation))
}

fn wrong_object(Wrong { part, value, what }: Wrong) -> WrongObject {
    let part = match part {
        Part::Origin => "origin",
        Part::Url => "url",
        Part::Headers => "headers",
        Part::Credentials => "credentials",
    };
    WrongObject { part, value, text: what }
}
