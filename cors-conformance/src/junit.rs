//! The XML that programs for continuous integration read: a test suite of `JUnit`.

use std::fmt::Write;

use crate::check::Outcome;
use crate::report::{Finding, Report};

pub(crate) fn write(report: &Report) -> String {
    let count = |element: Element| {
        report.findings.iter().filter(|finding| element_of(report, finding) == element).count()
    };
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "<testsuite name=\"cors conformance {}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3}\">",
        escaped(&report.url),
        report.findings.len(),
        count(Element::Failure),
        count(Element::Error),
        count(Element::Skipped),
        report.seconds
    );
    for finding in &report.findings {
        let element = element_of(report, finding);
        let _ = write!(
            text,
            "  <testcase classname=\"{}\" name=\"{}\"",
            finding.check.class.name(),
            finding.check.name
        );
        let _ = match element.name() {
            None => writeln!(text, "/>"),
            Some(name) => {
                let about = if element == Element::Skipped { String::new() } else { about(finding) };
                writeln!(
                    text,
                    "><{name} message=\"{}\">{}</{name}></testcase>",
                    escaped(&finding.sentence),
                    escaped(&about)
                )
            }
        };
    }
    text.push_str("</testsuite>\n");
    text
}

/// What a test case has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    Nothing,
    Failure,
    Error,
    Skipped,
}

impl Element {
    fn name(self) -> Option<&'static str> {
        match self {
            Element::Nothing => None,
            Element::Failure => Some("failure"),
            Element::Error => Some("error"),
            Element::Skipped => Some("skipped"),
        }
    }
}

/// A failure in a class that does not decide is told and skipped, so that the build fails exactly if the command does.
fn element_of(report: &Report, finding: &Finding) -> Element {
    match finding.outcome {
        Outcome::Passed => Element::Nothing,
        Outcome::Failed if report.is_against(finding) => Element::Failure,
        Outcome::Unanswered if report.is_against(finding) => Element::Error,
        Outcome::Failed | Outcome::Unanswered | Outcome::Info | Outcome::NotOffered => Element::Skipped,
    }
}

/// Returns why the check is there, and the request and the response that it failed by.
fn about(finding: &Finding) -> String {
    let mut text = format!("{}. {}. {}.", finding.check.what, finding.check.reason, finding.check.source);
    if let Some(exchange) = finding.exchanges.last() {
        let lines = exchange.request_lines().into_iter().map(|line| format!("> {line}"));
        let answer = match exchange.answer_lines() {
            Ok(lines) => lines,
            Err(error) => vec![error.clone()],
        };
        for line in lines.chain(answer.into_iter().map(|line| format!("< {line}"))) {
            text.push('\n');
            text.push_str(&line);
        }
    }
    text
}

/// Returns text for an attribute or an element. XML has no way to write most control characters.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            character if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn texts_in_xml() {
        assert_eq!(escaped("a<b>&\"c\"\n\u{7}"), "a&lt;b&gt;&amp;&quot;c&quot;&#10;\u{fffd}");
    }
}
