//! What responses show beyond the fields of CORS, as the commands print it.

use cors_diagnosis::FoundClue;

/// Returns what is seen, and what to change: a clause for each clue, and one for all headers that the page cannot read.
pub(crate) fn clauses<'a>(clues: impl IntoIterator<Item = &'a FoundClue>) -> Vec<String> {
    let (mut unexposed, mut others) = (Vec::new(), Vec::new());
    for clue in clues {
        match &clue.header {
            Some(name) => unexposed.push(name.clone()),
            None => others.push(format!("{}; {}", clue.text, clue.advice)),
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
