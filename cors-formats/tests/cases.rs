//! Configurations with mistakes, and what is found in each.
//!
//! A file of `cases/` holds the cases of a format: `### NAME`, whose extension is the file's, then the text, then a line
//! `--- SEVERITY KIND LINE: FIX` for each finding, in the order of the text. The fix may be left out.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use cors_formats::{Format, read};

struct Case {
    name: String,
    text: String,
    expected: Vec<String>,
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("### ") {
            cases.push(Case { name: name.to_owned(), text: String::new(), expected: Vec::new() });
        } else if let Some(case) = cases.last_mut() {
            if let Some(expected) = line.strip_prefix("--- ") {
                case.expected.push(expected.to_owned());
            } else if case.expected.is_empty() {
                case.text.push_str(line);
                case.text.push('\n');
            }
        }
    }
    cases
}

fn found(name: &str, text: &str, format: Format) -> Vec<(String, Option<String>)> {
    let reading = match read(name, text, None) {
        Ok(reading) => reading,
        Err(error) => return vec![(format!("{error:?}"), None)],
    };
    assert!(reading.formats().contains(&format), "{name}: told as {:?}", reading.formats());
    let line =
        |offset: usize| text[..offset].lines().count().max(1) + usize::from(text[..offset].ends_with('\n'));
    reading
        .findings()
        .into_iter()
        .map(|finding| {
            assert!(
                finding.span.end <= text.len() && finding.span.start <= finding.span.end,
                "{name}: {finding:?}"
            );
            assert!(
                text.is_char_boundary(finding.span.start) && text.is_char_boundary(finding.span.end),
                "{name}: {finding:?}"
            );
            (
                format!("{} {} {}", finding.severity.name(), finding.kind, line(finding.span.start)),
                finding.fix,
            )
        })
        .collect()
}

#[test]
fn findings_are_those_that_were_thought_of() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut report = String::new();
    let mut formats: Vec<Format> = Format::all().filter(|format| !format.is_variant()).collect();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let format = Format::named(path.file_stem().unwrap().to_str().unwrap()).unwrap();
        formats.retain(|other| *other != format);
        let cases = cases(&fs::read_to_string(&path).unwrap());
        assert!(cases.len() >= 4, "{format:?} has {} cases", cases.len());
        for case in cases {
            let found = found(&case.name, &case.text, format);
            let mut expected = case.expected.clone();
            let mut missing = found.clone();
            // Findings at one place may come in any order.
            expected.retain(|expected| {
                let place = missing.iter().position(|(what, fix)| match expected.split_once(": ") {
                    Some((kind, wanted)) => {
                        what == kind && fix.as_deref().is_some_and(|fix| fix.starts_with(wanted))
                    }
                    None => what == expected,
                });
                place.map(|place| missing.remove(place)).is_none()
            });
            for expected in expected {
                writeln!(report, "{} {}: not found: {expected}", format.name(), case.name).unwrap();
            }
            for (what, fix) in missing {
                writeln!(
                    report,
                    "{} {}: not expected: {what}: {}",
                    format.name(),
                    case.name,
                    fix.unwrap_or_default()
                )
                .unwrap();
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
    assert!(formats.is_empty(), "no cases of {formats:?}");
}
