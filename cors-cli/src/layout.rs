//! How wide the command's lines are, and how sentences are wrapped.

use std::env;
use std::fmt::{self, Write};
use std::sync::LazyLock;

use textwrap::{Options, WordSplitter};

use crate::printable::printable;

/// The least width that lines are laid out for. A narrower terminal wraps them itself.
const LEAST: usize = 60;
/// The greatest width: longer lines are hard to read.
const GREATEST: usize = 100;
/// The width where no terminal reads the output.
const USUAL: usize = 80;

/// The width of the output.
#[derive(Clone, Copy)]
struct Width {
    columns: usize,
    /// True if nothing is known of the reader's width. What is quoted then stays in one line, so that a search finds it.
    is_guess: bool,
}

static WIDTH: LazyLock<Width> = LazyLock::new(|| {
    let asked_for = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    #[cfg(not(target_family = "wasm"))]
    let of_terminal = || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0.into());
    // The host says by COLUMNS.
    #[cfg(target_family = "wasm")]
    let of_terminal = || None;
    let known: Option<usize> = asked_for.or_else(of_terminal).filter(|&columns| columns > 0);
    Width { columns: known.unwrap_or(USUAL).clamp(LEAST, GREATEST), is_guess: known.is_none() }
});

/// Returns how many columns a line may have: those of the terminal, or of `COLUMNS`, from 60 to 100; or else 80.
pub(crate) fn columns() -> usize {
    WIDTH.columns
}

/// Writes a sentence after a mark, and wraps it so that its lines begin below one another.
pub(crate) fn write_item(text: &mut String, mark: &str, sentence: &str) -> fmt::Result {
    write_wrapped(text, mark, &" ".repeat(mark.len()), &printable(sentence))
}

/// Writes a sentence in the same way, for a place that has so many columns less.
pub(crate) fn write_item_within(text: &mut String, margin: usize, mark: &str, sentence: &str) -> fmt::Result {
    let width = columns().saturating_sub(margin);
    write_lines(text, width, mark, &" ".repeat(mark.len()), &printable(sentence))
}

/// Writes a line of somebody else's, such as a browser's message: whole, unless it is known how wide the reader's lines are.
pub(crate) fn write_quotation(text: &mut String, mark: &str, line: &str) -> fmt::Result {
    let line = printable(line);
    if WIDTH.is_guess {
        return writeln!(text, "{mark}{line}");
    }
    write_wrapped(text, mark, &" ".repeat(mark.len().saturating_add(2)), &line)
}

/// Writes a text that may have styles. Words are never broken, so that an address stays in one piece.
pub(crate) fn write_wrapped(text: &mut String, mark: &str, indent: &str, sentence: &str) -> fmt::Result {
    write_lines(text, columns(), mark, indent, sentence)
}

fn write_lines(text: &mut String, width: usize, mark: &str, indent: &str, sentence: &str) -> fmt::Result {
    let options = Options::new(width)
        .initial_indent(mark)
        .subsequent_indent(indent)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false);
    writeln!(text, "{}", textwrap::fill(sentence, options))
}
