//! An explanation as JSON. `docs/json.md` describes it.

use cors_core::explain::Explanation;
use cors_diagnosis::FoundClue;
use cors_diagnosis::stack::Lines;
use cors_ui::ExplanationObject;
use serde::Serialize;

use crate::json;

pub(super) fn explanation(explanation: &Explanation<'_>, notes: &[String], lines: Option<&Lines>) -> String {
    with_more(ExplanationObject::new(explanation, notes), None, lines)
}

/// Returns an explanation, what a server's responses show besides, and the lines for the server's software if they are asked for.
pub(super) fn with_more(
    explanation: ExplanationObject,
    clues: Option<&[FoundClue]>,
    snippet: Option<&Lines>,
) -> String {
    json::object(&WithMore { explanation, clues, snippet })
}

#[derive(Serialize)]
struct WithMore<'m> {
    #[serde(flatten)]
    explanation: ExplanationObject,
    #[serde(skip_serializing_if = "Option::is_none")]
    clues: Option<&'m [FoundClue]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<&'m Lines>,
}
