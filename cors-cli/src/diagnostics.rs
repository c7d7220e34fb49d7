//! Failures, and the problems of a policy file, each at its place with its fix: printed to standard error.

pub(crate) mod json;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, Title};
use cors_formats::{Finding, Severity};
use cors_policy_file::{Diagnostic, Problems};
pub(crate) use cors_ui::count::count;
use cors_ui::count::grouped;
use cors_ui::place::Place;

use crate::exit::{Exit, Failure};
use crate::output;
use crate::printable::printable_lines;

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
