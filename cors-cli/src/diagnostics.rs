//! Failures, and the problems of a policy file, each at its place with its fix: printed to standard error.

pub(crate) mod json;

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, Title};
use cors_formats::{Finding, Severity};
use cors_policy_file::{Diagnostic, Problems};

use crate::exit::{Exit, Failure};
use crate::output;
use crate::printable::{printable_except, printable_lines};

/// How many problems of a file are printed unless all are asked for: more than a person reads, and less than a terminal keeps.
const MOST_SHOWN: usize = 100;

/// How many of a file's problems are printed.
#[derive(Clone, Copy)]
pub(crate) enum Shown {
    All,
    First,
}

/// Prints the sentence of a failure, unless its problems have been printed, and returns the exit status.
pub(crate) fn report(failure: Failure) -> Exit {
    match failure {
        Failure::Problems => Exit::Problem,
        Failure::Unusable(sentence) => {
            error(&sentence);
            Exit::Unusable
        }
    }
}

/// Prints the diagnostics, which are in the order of the file, then their number.
pub(crate) fn problems(name: &str, text: &str, problems: &Problems, shown: Shown) {
    let renderer = Renderer::styled();
    let mut place = Place::start(text);
    let most = match shown {
        Shown::All => problems.len(),
        Shown::First => problems.len().min(MOST_SHOWN),
    };
    for diagnostic in problems.iter().take(most) {
        place.advance(diagnostic.span().start);
        output::diagnostic(format_args!("{}\n", renderer.render(&[group(name, &place, diagnostic)])));
    }
    let hidden = grouped(problems.total().saturating_sub(most));
    if most < problems.len() {
        output::diagnostic(format_args!("… and {hidden} more; `cors check --all` prints them\n"));
    } else if most < problems.total() {
        output::diagnostic(format_args!("… and {hidden} more\n"));
    }
    let risks = problems.risks();
    let others = problems.total().saturating_sub(risks);
    let numbers = match (others, risks) {
        (_, 0) => count(others, "problem"),
        (0, _) => count(risks, "risk"),
        _ => format!("{} and {}", count(others, "problem"), count(risks, "risk")),
    };
    error(&format!("{name}: {numbers}"));
}

/// Prints an error that has no place in a file.
pub(crate) fn error(text: &str) {
    let title = Level::ERROR.primary_title(printable_lines(text));
    output::diagnostic(Renderer::styled().render(&[Group::with_title(title)]));
}

/// Prints warnings of a policy that compiled, each with what to write instead.
pub(crate) fn warnings(name: &str, warnings: &[Diagnostic]) {
    for warning in warnings {
        let title = printable_lines(&format!("{name}: {}", warning.title()));
        let group = Group::with_title(Level::WARNING.primary_title(title))
            .elements(warning.help().map(|help| Level::HELP.message(printable_lines(help))));
        output::diagnostic(Renderer::styled().render(&[group]));
    }
}

/// Returns the number with its thing: `1 origin`, `2 origins`, `1,000,000 origins`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", grouped(number))
}

/// Groups the digits: `1,234,567`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && digits.len().saturating_sub(index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn group<'a>(name: &'a str, place: &Place<'_>, diagnostic: &Diagnostic) -> Group<'a> {
    let title = printable_lines(diagnostic.title());
    let title = match diagnostic.risk() {
        None => Level::ERROR.primary_title(title),
        Some(risk) => Level::WARNING.with_name("risk").primary_title(title).id(risk.name()),
    };
    group_at(name, place, diagnostic.span().end, title, diagnostic.help())
}

/// Prints what was found in the configuration of another program.
pub(crate) fn findings(name: &str, text: &str, findings: &[Finding]) {
    let renderer = Renderer::styled();
    let mut place = Place::start(text);
    for finding in findings {
        place.advance(finding.span.start);
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let title = level.primary_title(printable_lines(&finding.text)).id(finding.kind);
        // What is long, such as a whole rule, is underlined as far as its first line.
        let group = group_at(name, &place, finding.span.end, title, finding.fix.as_deref());
        output::diagnostic(format_args!("{}\n", renderer.render(&[group])));
    }
}

fn group_at<'a>(
    name: &'a str,
    place: &Place<'_>,
    end: usize,
    title: Title<'a>,
    help: Option<&str>,
) -> Group<'a> {
    let excerpt = place.excerpt(end);
    let (text, underlined) = excerpt.printable();
    let counts_columns = excerpt.from_line_start && text == excerpt.text;
    let snippet =
        Snippet::source(text).line_start(place.line).annotation(AnnotationKind::Primary.span(underlined));
    let group = if counts_columns {
        title.element(snippet.path(name))
    } else {
        // The snippet alone would count its columns in what is printed.
        title.element(Origin::path(name).line(place.line).char_column(place.column)).element(snippet)
    };
    match help {
        Some(help) => group.element(Level::HELP.message(printable_lines(help))),
        None => group,
    }
}

/// A place in a text. It only moves forward, so that a file is read once however many diagnostics it has.
struct Place<'t> {
    text: &'t str,
    offset: usize,
    line_start: usize,
    line: usize,
    column: usize,
}

/// The part of a line that is shown, and the part of it that is underlined.
struct Excerpt<'t> {
    text: &'t str,
    underlined: Range<usize>,
    from_line_start: bool,
}

impl<'t> Excerpt<'t> {
    fn underlined_text(&self) -> &'t str {
        self.text.get(self.underlined.clone()).unwrap_or_default()
    }

    /// Returns the text as it may be printed, and what of it is underlined. Tabs are printed as spaces.
    fn printable(&self) -> (String, Range<usize>) {
        let escaped = |text: Option<&str>| printable_except(text.unwrap_or_default(), &['\t']);
        let mut text = escaped(self.text.get(..self.underlined.start));
        let start = text.len();
        text.push_str(&escaped(Some(self.underlined_text())));
        let end = text.len();
        text.push_str(&escaped(self.text.get(self.underlined.end..)));
        (text, start..end)
    }
}

/// A line that is longer than this is shown in part.
const MAX_EXCERPT_LEN: usize = 1000;

impl<'t> Place<'t> {
    fn start(text: &'t str) -> Self {
        Place { text, offset: 0, line_start: 0, line: 1, column: 1 }
    }

    fn advance(&mut self, to: usize) {
        let to = floor(self.text, to);
        for (index, character) in self.text.get(self.offset..to).unwrap_or_default().char_indices() {
            if character == '\n' {
                self.line = self.line.saturating_add(1);
                self.line_start = self.offset.saturating_add(index).saturating_add(1);
                self.column = 1;
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
        self.offset = self.offset.max(to);
    }

    /// Returns the line, underlined from here to `end` or the line's end.
    fn excerpt(&self, end: usize) -> Excerpt<'t> {
        let start = self.line_start.max(floor(self.text, self.offset.saturating_sub(MAX_EXCERPT_LEN)));
        let end = floor(self.text, end.min(self.offset.saturating_add(MAX_EXCERPT_LEN)));
        let limit = floor(self.text, end.saturating_add(MAX_EXCERPT_LEN));
        let rest = self.text.get(self.offset..limit).unwrap_or_default();
        let line_end = self.offset.saturating_add(rest.find(['\n', '\r']).unwrap_or(rest.len()));
        let from = self.offset.saturating_sub(start);
        Excerpt {
            text: self.text.get(start..line_end).unwrap_or_default(),
            underlined: from..end.clamp(self.offset, line_end).saturating_sub(start),
            from_line_start: start == self.line_start,
        }
    }
}

/// Returns `offset`, the start of the character around it, or the end of the text.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset = offset.saturating_sub(1);
    }
    offset
}
