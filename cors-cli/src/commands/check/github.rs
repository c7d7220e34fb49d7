//! Findings as commands of GitHub's workflows, which become annotations of the files.

use std::fmt::Write;

use crate::diagnostics::json::FindingObject;
use crate::printable::printable;

/// Returns a line for each finding.
pub(super) fn annotations(results: &[(String, Vec<FindingObject>)]) -> String {
    let mut lines = String::new();
    for (file, findings) in results {
        for finding in findings {
            let level = if finding.severity == "note" { "notice" } else { finding.severity };
            let text = match &finding.fix {
                Some(fix) => format!("{}; {fix}", finding.text),
                None => finding.text.clone(),
            };
            // Writing to a string does not fail.
            let _ = writeln!(
                lines,
                "::{level} file={},line={},col={},endColumn={},title={}::{}",
                property(file),
                finding.line,
                finding.column,
                finding.column.saturating_add(finding.length),
                property(finding.kind),
                data(&text),
            );
        }
    }
    lines
}

/// A message is one line, in which `%` begins an escape.
fn data(text: &str) -> String {
    printable(&text.replace('\n', " ")).replace('%', "%25")
}

/// A property ends at a comma, and a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::annotations;
    use crate::diagnostics::json::FindingObject;

    #[test]
    fn a_text_cannot_begin_another_command() {
        let finding = FindingObject {
            line: 2,
            column: 3,
            length: 4,
            severity: "note",
            kind: "no-max-age",
            text: "100%\n::error::forged".to_owned(),
            fix: None,
        };
        assert_eq!(
            annotations(&[("a,b:c.json".to_owned(), vec![finding])]),
            "::notice file=a%2Cb%3Ac.json,line=2,col=3,endColumn=7,title=no-max-age::100%25 ::error::forged\n"
        );
    }
}
