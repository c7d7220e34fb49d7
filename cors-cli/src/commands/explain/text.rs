//! An explanation for a person: the drawing, the verdict, the console, and what to change.

use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};
use cors_core::explain::{Explanation, Obstacle};

use super::console::console;
use super::diagram::{Strokes, draw};
pub(super) use crate::layout::write_item;
use crate::layout::{write_quotation, write_wrapped};
use crate::printable::printable;

const TITLE: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();

pub(super) fn explanation(
    explanation: &Explanation<'_>,
    notes: &[String],
    strokes: &Strokes,
    is_drawn: bool,
) -> String {
    let mut text = String::new();
    if is_drawn {
        text = draw(explanation, strokes);
        text.push('\n');
    }
    // Writing to a string does not fail.
    let _ = write(&mut text, explanation, notes);
    text
}

fn write(text: &mut String, explanation: &Explanation<'_>, notes: &[String]) -> fmt::Result {
    write_verdict(text, explanation)?;
    if let Ok(outcome) = explanation.outcome() {
        let (whose, lines) = console(&outcome);
        if !lines.is_empty() {
            writeln!(text, "\n{TITLE}{whose}{TITLE:#}")?;
            lines.iter().try_for_each(|line| write_quotation(text, "  ", line))?;
        }
    }
    write_fixes(text, explanation)?;
    let disagreements = explanation.disagreements().map(|disagreement| disagreement.to_string());
    let notes: Vec<String> = disagreements.chain(notes.iter().cloned()).collect();
    if !notes.is_empty() {
        writeln!(text, "\n{TITLE}Note{TITLE:#}")?;
        notes.iter().try_for_each(|note| write_item(text, "- ", note))?;
    }
    Ok(())
}

fn write_verdict(text: &mut String, explanation: &Explanation<'_>) -> fmt::Result {
    match (explanation.outcome(), explanation.error()) {
        (Err(error), _) => {
            let why = printable(&error.to_string());
            write_wrapped(text, "", "", &format!("{BAD}The call throws{BAD:#}: {why}"))
        }
        (Ok(_), Some(error)) => {
            let whose = explanation.engine().title();
            let by = if whose.starts_with("the ") {
                "By the standard the".to_owned()
            } else {
                format!("In {whose} the")
            };
            let sentence = format!("{BAD}Blocked{BAD:#}. {by} page sees no response: {}", error.name());
            write_wrapped(text, "", "", &sentence)
        }
        (Ok(_), None) => writeln!(text, "{GOOD}Allowed{GOOD:#}: the page gets the response."),
    }
}

/// Writes every obstacle with its fixes. Several obstacles are numbered, since all of them have to go.
pub(super) fn write_fixes(text: &mut String, explanation: &Explanation<'_>) -> fmt::Result {
    let obstacles: Vec<Obstacle<'_>> = explanation.obstacles().collect();
    if obstacles.is_empty() {
        return Ok(());
    }
    let title = match obstacles.len() {
        1 => "What to change".to_owned(),
        count => format!("What to change: there are {count} obstacles, and all have to go"),
    };
    writeln!(text)?;
    write_wrapped(text, "", "", &format!("{TITLE}{title}{TITLE:#}"))?;
    for (index, obstacle) in obstacles.iter().enumerate() {
        let number =
            if obstacles.len() > 1 { format!("{}. ", index.saturating_add(1)) } else { "- ".to_owned() };
        write_item(text, &number, &obstacle.to_string())?;
        for miss in obstacle.near_misses() {
            let miss = format!("near miss: the page is {}, but the policy lists {miss}", miss.origin());
            write_item(text, "   ", &miss)?;
        }
        for (index, fix) in obstacle.fixes().enumerate() {
            write_item(text, if index == 0 { "   fix: " } else { "   or:  " }, &fix.to_string())?;
        }
    }
    Ok(())
}
