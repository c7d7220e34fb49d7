//! What responses show beyond the fields of CORS, as the commands print it.

use cors_core::browser::Stage;
use cors_core::explain::Clue;
use serde::Serialize;

use crate::printable::printable;

/// Returns what is seen, and what to change: a clause for each clue, and one for all headers that the page cannot read.
pub(crate) fn clauses<'a>(clues: impl IntoIterator<Item = &'a Clue<'a>>) -> Vec<String> {
    let (mut unexposed, mut others) = (Vec::new(), Vec::new());
    for clue in clues {
        match clue {
            Clue::UnexposedHeader { name } => unexposed.push(printable(&name.to_string())),
            clue => others.push(printable(&format!("{clue}; {}", clue.advice()))),
        }
    }
    let names = unexposed.join(", ");
    let opens = (!names.is_empty()).then(|| {
        format!("the page cannot read {names}: `Access-Control-Expose-Headers: {names}` opens what of it pages are to read")
    });
    opens.into_iter().chain(others).collect()
}

/// Returns a clause with a capital letter and a full stop.
pub(crate) fn sentence(clause: &str) -> String {
    let mut characters = clause.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).chain(['.']).collect()
}

/// A clue in JSON.
#[derive(Serialize)]
pub(crate) struct ClueObject {
    clue: &'static str,
    stage: Option<&'static str>,
    text: String,
    advice: String,
}

impl ClueObject {
    pub(crate) fn new(clue: &Clue<'_>) -> Self {
        ClueObject {
            clue: clue.name(),
            stage: clue.stage().map(Stage::name),
            text: printable(&clue.to_string()),
            advice: printable(&clue.advice().to_string()),
        }
    }
}
