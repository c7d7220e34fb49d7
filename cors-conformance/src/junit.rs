//! The XML that programs for continuous integration read: a test suite of `JUnit`.

use std::fmt::Write;

use crate::check::Outcome;
use crate::report::Report;

pub(crate) fn write(report: &Report) -> String {
    let count = |outcomes: &[Outcome]| {
        report.findings.iter().filter(|finding| outcomes.contains(&finding.outcome)).count()
    };
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "<testsuite name=\"cors conformance {}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3}\">",
        escaped(&report.url),
        report.findings.len(),
        count(&[Outcome::Failed]),
        count(&[Outcome::Unanswered]),
        count(&[Outcome::Info, Outcome::NotOffered]),
        report.seconds
    );
    for finding in &report.findings {
        let element = match finding.outcome {
            Outcome::Passed => None,
            Outcome::Failed => Some("failure"),
            Outcome::Unanswered => Some("error"),
            Outcome::Info | Outcome::NotOffered => Some("skipped"),
        };
        let _ = write!(
            text,
            "  <testcase classname=\"{}\" name=\"{}\"",
            finding.check.class.name(),
            finding.check.name
        );
        let _ = match element {
            None => writeln!(text, "/>"),
            Some(element) => {
                let reason = if element == "skipped" { "" } else { finding.check.reason };
                writeln!(
                    text,
                    "><{element} message=\"{}\">{}</{element}></testcase>",
                    escaped(&finding.sentence),
                    escaped(reason)
                )
            }
        };
    }
    text.push_str("</testsuite>\n");
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
