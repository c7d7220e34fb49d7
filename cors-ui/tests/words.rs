//! The errors in words, of the page.

use cors_core::browser::ErrorKind;

#[test]
fn every_error_has_words() {
    let words = include_str!("../page/words.js");
    for kind in ErrorKind::ALL {
        let name = kind.name(cors_core::browser::Stage::Actual);
        assert_eq!(words.matches(&format!("\n  {name}: '")).count(), 1, "{name}");
    }
    let lines = words.lines().filter(|line| line.starts_with("  ") && line.contains(": '")).count();
    assert_eq!(lines, ErrorKind::ALL.len());
}
