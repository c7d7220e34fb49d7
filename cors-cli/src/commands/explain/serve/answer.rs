//! [`Answer`]: what the page shows for a case: the output of `cors check --json` and of `cors explain --json`.

use std::path::Path;

use cors_core::Policy;
use cors_core::explain::Explanation;
use cors_policy_file::{Compiled, text_of};
use cors_ui::ExplanationObject;
use cors_ui::mermaid::diagram;
use serde::Serialize;

use super::case::EditedCase;
use super::work::Client;
use crate::commands::explain::question::Question;
use crate::diagnostics::json::{self, ProblemObject};
use crate::summary::summary;
use crate::target::{Part, Wrong};

#[derive(Default, Serialize)]
pub(super) struct Answer {
    /// The problems of the policy.
    problems: Vec<ProblemObject>,
    /// What the policy allows, in a line.
    summary: Option<String>,
    /// The part of the fetch that no page can ask.
    wrong: Option<WrongObject>,
    /// The explanation, if there is neither a problem nor a wrong part.
    explanation: Option<ExplanationObject>,
    /// The same as a diagram.
    mermaid: Option<String>,
}

#[derive(Serialize)]
struct WrongObject {
    /// `origin`, `url`, `headers` or `credentials`.
    part: &'static str,
    value: String,
    text: String,
}

impl Answer {
    /// Returns the answer to `case`; nothing if `client` does not wait for it any more.
    pub(super) fn of(case: EditedCase, client: &Client) -> Option<Self> {
        let asked = case.fetch.into_asked();
        let question = Question::of(&asked);
        let image = match image_of(&case.policy) {
            Ok(image) => image,
            Err(problems) => {
                return Some(Answer {
                    problems,
                    wrong: question.err().map(WrongObject::from),
                    ..Answer::default()
                });
            }
        };
        let policy = match Policy::from_bytes(&image) {
            Ok(policy) => policy,
            Err(error) => {
                return Some(Answer {
                    problems: vec![ProblemObject::of_the_whole(error.to_string())],
                    ..Answer::default()
                });
            }
        };
        if !client.is_waiting() {
            return None;
        }
        let explanation = question.and_then(|question| question.explain(asked.engine(), &policy, described));
        let answer = Answer { summary: Some(summary(&policy)), ..Answer::default() };
        Some(match explanation {
            Ok((explanation, mermaid)) => {
                Answer { explanation: Some(explanation), mermaid: Some(mermaid), ..answer }
            }
            Err(wrong) => Answer { wrong: Some(wrong.into()), ..answer },
        })
    }
}

fn described(explanation: &Explanation<'_>, notes: &[String]) -> (ExplanationObject, String) {
    (ExplanationObject::new(explanation, notes), diagram(explanation))
}

fn image_of(text: &str) -> Result<Vec<u8>, Vec<ProblemObject>> {
    let text =
        text_of(text.as_bytes()).map_err(|error| vec![ProblemObject::of_the_whole(error.to_string())])?;
    // The file has no name, so that its content decides between TOML and JSON.
    json::compiled(Path::new(""), text).map(Compiled::into_image)
}

impl From<Wrong> for WrongObject {
    fn from(Wrong { part, value, what }: Wrong) -> Self {
        let part = match part {
            Part::Origin => "origin",
            Part::Url => "url",
            Part::Headers => "headers",
            Part::Credentials => "credentials",
        };
        WrongObject { part, value, text: what }
    }
}
