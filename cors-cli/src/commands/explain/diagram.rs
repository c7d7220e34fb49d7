//! The sequence between page, browser and server, drawn with characters: three lifelines, and arrows between them.

use anstyle::{AnsiColor, Style};
use cors_core::browser::Engine;
use cors_core::explain::{Actor, Explanation};

use super::sequence::{Event, Line, Tone, events};
use crate::layout::columns;
use crate::printable::printable;

/// The most between the page's lifeline and the browser's, whose messages are short.
const LEFT: usize = 34;
/// The most between the browser's lifeline and the server's: the longest field name, and an origin.
const RIGHT: usize = 60;
/// The lifelines.
const LINES: usize = 3;
const STYLE: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();

/// The characters that lines are drawn with.
pub(super) struct Strokes {
    lifeline: char,
    /// The start of an arrow to the right, and to the left.
    leaves: [char; 2],
    shaft: char,
    /// The heads of arrows to the right, and to the left.
    heads: [char; 2],
    decision: char,
}

impl Strokes {
    pub(super) const UNICODE: Strokes =
        Strokes {
            lifeline: '│', leaves: ['├', '┤'], shaft: '─', heads: ['▶', '◀'], decision: '·'
        };
    pub(super) const ASCII: Strokes =
        Strokes { lifeline: '|', leaves: ['+', '+'], shaft: '-', heads: ['>', '<'], decision: '*' };
}

/// Returns the drawing, as wide as [`columns`] at most, with a line end after each line.
pub(super) fn draw(explanation: &Explanation<'_>, strokes: &Strokes) -> String {
    // Where there is less room, both gaps give in proportion.
    let room = columns().saturating_sub(LINES).min(LEFT + RIGHT);
    let left = room * LEFT / (LEFT + RIGHT);
    let mut drawing = Drawing { strokes, left, right: room - left, text: String::new() };
    drawing.heads(explanation);
    let events = events(explanation);
    for (index, event) in events.iter().enumerate() {
        let follows_decision = index
            .checked_sub(1)
            .and_then(|before| events.get(before))
            .is_some_and(|before| before.is_decision() && before.from == event.from);
        if !(event.is_decision() && follows_decision) {
            drawing.row("", "");
        }
        drawing.event(event);
    }
    drawing.row("", "");
    drawing.text
}

struct Drawing<'s> {
    strokes: &'s Strokes,
    /// The widths between the lifelines.
    left: usize,
    right: usize,
    text: String,
}

impl Drawing<'_> {
    /// Draws the actors, over their lifelines.
    fn heads(&mut self, explanation: &Explanation<'_>) {
        let fetch = explanation.fetch();
        let server = fetch.url.split('/').take(3).collect::<Vec<_>>().join("/");
        let browser = match explanation.engine() {
            Engine::Standard => "browser, by the standard",
            engine => engine.title(),
        };
        let (before, after) = (self.left + 1, self.right + 2 - browser.len());
        self.push(&format!("{STYLE}{:<before$}{browser}{:>after$}{STYLE:#}", "page", "server"));
        // In one line if there is room.
        let (page, server) = (fetch.origin.to_string(), printable(&server));
        let total = self.left + self.right + LINES;
        if page.len() + server.len() + 2 <= total {
            let gap = total - page.len();
            self.push(&format!("{page}{server:>gap$}"));
        } else {
            for (text, is_right) in [(page, false), (server, true)] {
                for line in textwrap::wrap(&text, total) {
                    self.push(&if is_right { format!("{line:>total$}") } else { line.into_owned() });
                }
            }
        }
    }

    fn event(&mut self, event: &Event) {
        let style = style(event.tone);
        match (event.from, event.to) {
            (Actor::Server, Actor::Server) => {
                for text in wrapped(&event.lines, self.right) {
                    let text = format!("{} {}", text.trim_end(), self.strokes.decision);
                    self.row("", &format!("{}{style}{text}{style:#}", pad(&text, self.right)));
                }
            }
            (from, to) if from == to => {
                for (index, text) in wrapped(&event.lines, self.right).iter().enumerate() {
                    let mark = if index == 0 { self.strokes.decision } else { ' ' };
                    let text = format!("{mark} {text}");
                    self.row("", &format!("{style}{text}{style:#}{}", pad(&text, self.right)));
                }
            }
            (from, to) => {
                let is_left = from == Actor::Page || to == Actor::Page;
                let width = if is_left { self.left } else { self.right };
                for line in &event.lines {
                    let style = if line.is_title { style.bold() } else { Style::new() };
                    for text in wrapped(std::slice::from_ref(line), width) {
                        let cell = format!(" {style}{text}{style:#}{}", pad(&text, width - 1));
                        if is_left { self.row(&cell, "") } else { self.row("", &cell) }
                    }
                }
                let is_rightward = from == Actor::Page || to == Actor::Server;
                self.arrow(is_left, is_rightward, width);
            }
        }
    }

    fn arrow(&mut self, is_left: bool, is_rightward: bool, width: usize) {
        let Strokes { lifeline, leaves, shaft, heads, .. } = *self.strokes;
        let shaft: String = std::iter::repeat_n(shaft, width - 1).collect();
        let [right, left] = heads;
        let [leaves_right, leaves_left] = leaves;
        let gap = if is_rightward { format!("{shaft}{right}") } else { format!("{left}{shaft}") };
        let (before, after) = if is_rightward { (leaves_right, lifeline) } else { (lifeline, leaves_left) };
        let line = if is_left {
            format!("{before}{gap}{after}{}{lifeline}", " ".repeat(self.right))
        } else {
            format!("{lifeline}{}{before}{gap}{after}", " ".repeat(self.left))
        };
        self.push(&line);
    }

    /// Draws the lifelines, with texts between them that are empty or as wide as the gap.
    fn row(&mut self, left: &str, right: &str) {
        let lifeline = self.strokes.lifeline;
        let fill = |cell: &str, width| if cell.is_empty() { " ".repeat(width) } else { cell.to_owned() };
        let (left, right) = (fill(left, self.left), fill(right, self.right));
        self.push(&format!("{lifeline}{left}{lifeline}{right}{lifeline}"));
    }

    fn push(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Good => GOOD,
        Tone::Bad => BAD,
    }
}

/// Wraps lines, with room for a mark or a margin on either side.
fn wrapped(lines: &[Line], width: usize) -> Vec<String> {
    let options = textwrap::Options::new(width - 3).subsequent_indent("  ");
    let options = options.word_splitter(textwrap::WordSplitter::NoHyphenation);
    lines.iter().flat_map(|line| textwrap::wrap(&line.text, &options)).map(Into::into).collect()
}

/// Returns the spaces that `text` lacks to this width.
fn pad(text: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(textwrap::core::display_width(text)))
}
