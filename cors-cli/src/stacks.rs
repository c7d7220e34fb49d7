//! The lines that make a fetch work, in the software of its server, as the commands print them.

use std::fmt::{self, Write};

use anstyle::Style;
use cors_diagnosis::stack::{Confidence, Lines};

use crate::layout::{write_item, write_wrapped};

const TITLE: Style = Style::new().bold();

/// Writes the lines as they are: each can be copied.
pub(crate) fn write_lines(text: &mut String, lines: &Lines) -> fmt::Result {
    let title = lines.stack.title();
    let how = match lines.confidence {
        None => "",
        Some(Confidence::Sure) => ", which the response names",
        Some(_) => ", as the response looks",
    };
    writeln!(text)?;
    write_wrapped(text, "", "", &format!("{TITLE}In {title}{TITLE:#}{how}"))?;
    let snippet = match &lines.snippet {
        Ok(snippet) => snippet,
        Err(refused) => return write_item(text, "  ", &format!("nothing is written: {refused}")),
    };
    if let Some(command) = snippet.command {
        writeln!(text, "  $ {command}")?;
    }
    for part in &snippet.parts {
        write_item(text, "  ", &format!("{}:", part.place))?;
        writeln!(text)?;
        part.text.lines().try_for_each(|line| writeln!(text, "{}", format!("    {line}").trim_end()))?;
        writeln!(text)?;
    }
    if let Some(placeholder) = lines.placeholder {
        let sentence = format!(
            "The page's origin is not known: write it in place of {placeholder}, or add --origin and it is written for you."
        );
        write_item(text, "  ", &sentence)?;
    }
    for note in snippet.notes {
        write_item(text, "  ", note)?;
    }
    let run = if lines.stack.is_run() {
        "Our tests run these lines in that software."
    } else {
        "These lines have not been run by our tests."
    };
    write_item(text, "  ", run)
}

/// Writes how to go on where the server is somebody else's: in production, and while one develops.
pub(crate) fn write_proxy(text: &mut String, lines: &str) -> fmt::Result {
    writeln!(text)?;
    write_wrapped(text, "", "", &format!("{TITLE}If the server is not yours{TITLE:#}"))?;
    write_item(
        text,
        "  ",
        "ask it from a server of your own, by a route that passes the request on (a reverse proxy): CORS is for pages alone, and \
         keys of the API stay on the server. While you develop, put this policy in front of it, and let the page ask \
         http://127.0.0.1:8787:",
    )?;
    writeln!(text)?;
    lines.lines().try_for_each(|line| writeln!(text, "{}", format!("    {line}").trim_end()))
}
