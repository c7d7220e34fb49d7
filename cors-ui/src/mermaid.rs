//! The sequence as a Mermaid diagram, to paste into documents.

use std::fmt::{self, Write};

use cors_core::explain::{Actor, Explanation};

use crate::console::console;
use crate::sequence::{Event, Tone, events};

/// Returns the diagram of an explanation.
pub fn diagram(explanation: &Explanation<'_>) -> String {
    let mut text = diagram_of_responses(explanation);
    // A call that throws is drawn as what it throws.
    let obstacles = explanation.outcome().is_ok().then(|| explanation.obstacles()).into_iter().flatten();
    for obstacle in obstacles {
        let fix = obstacle.fixes().next().map(|fix| fix.to_string()).unwrap_or_default();
        let (obstacle, fix) = (obstacle.to_string(), Escaped(&fix));
        // Writing to a string does not fail.
        let _ = writeln!(text, "    Note over P,S: {}<br/>Fix: {fix}", Escaped(&obstacle));
    }
    text
}

/// Returns the diagram of an explanation by responses, which has no obstacles.
pub fn diagram_of_responses(explanation: &Explanation<'_>) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut text, explanation);
    text
}

fn write(text: &mut String, explanation: &Explanation<'_>) -> fmt::Result {
    let fetch = explanation.fetch();
    let server = fetch.url.split('/').take(3).collect::<Vec<_>>().join("/");
    writeln!(text, "sequenceDiagram")?;
    writeln!(text, "    participant P as Page {}", Escaped(fetch.origin.as_str()))?;
    writeln!(text, "    participant B as Browser, {}", Escaped(explanation.engine().title()))?;
    writeln!(text, "    participant S as Server {}", Escaped(&server))?;
    events(explanation).iter().try_for_each(|event| write_event(text, event))?;
    let Ok(outcome) = explanation.outcome() else {
        return Ok(());
    };
    let (whose, lines) = console(&outcome);
    lines
        .iter()
        .try_for_each(|line| writeln!(text, "    Note over P,B: {}<br/>{}", Escaped(whose), Escaped(line)))
}

fn write_event(text: &mut String, event: &Event) -> fmt::Result {
    let (from, to) = (letter(event.from), letter(event.to));
    match (event.is_decision(), event.tone) {
        (true, _) => write!(text, "    Note over {from}: ")?,
        // An arrow that ends in a cross.
        (false, Tone::Bad) => write!(text, "    {from}-x{to}: ")?,
        // Answers are dashed.
        (false, _) if event.from == Actor::Server || event.to == Actor::Page => {
            write!(text, "    {from}-->>{to}: ")?;
        }
        (false, _) => write!(text, "    {from}->>{to}: ")?,
    }
    for (index, line) in event.lines.iter().enumerate() {
        write!(text, "{}{}", if index == 0 { "" } else { "<br/>" }, Escaped(&line.text))?;
    }
    writeln!(text)
}

fn letter(actor: Actor) -> char {
    match actor {
        Actor::Page => 'P',
        Actor::Browser => 'B',
        Actor::Server => 'S',
    }
}

/// Prints text so that none of it is Mermaid or HTML: characters that might be are printed as codes.
struct Escaped<'t>(&'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            'a'..='z'
            | 'A'..='Z'
            | '0'..='9'
            | ' '
            | ':'
            | '/'
            | '.'
            | ','
            | '-'
            | '_'
            | '('
            | ')'
            | '\''
            | '?'
            | '=' => f.write_char(character),
            _ => write!(f, "#{};", u32::from(character)),
        })
    }
}
