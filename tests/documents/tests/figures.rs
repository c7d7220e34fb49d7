//! Figures in the documents are those of the files that they come from. With `UPDATE=1` they are written so.

use cors_documents::figures::{Wrong, figures, mend_project, wrong, wrong_in_project};
use cors_documents::tree;

#[test]
fn every_figure_is_that_of_its_source() {
    if std::env::var_os("UPDATE").is_some() {
        mend_project();
    }
    let wrong = wrong_in_project();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_documents_have_figures() {
    for page in ["README.md", "docs/embedded.md", "docs/edge.md"] {
        assert!(!figures(&tree::read(page)).is_empty(), "{page}");
    }
}

/// A file, the names that lead to a figure in it, what a document shows, and what it should show.
#[test]
fn a_false_figure_is_found() {
    const SIZES: &str = "Sizes, of 12 programs.\n\n| target | of | bytes |\n|---|---|---|\n| arm | flash | 9458 |\n| arm | stack | 656 |\n";
    const TIMES: &str = "| origins | 1 | 1,000 |\n|---|---:|---:|\n| exact | 17 ns | 22 ns |\n| ÷ set | **2.4** | **2.7** |\n";
    const CARGO: &str = "[workspace.package]\nrust-version = \"1.87\"\n";
    let cases = [
        ("a.md", SIZES, "arm / stack / bytes", "808", "656"),
        ("a.md", SIZES, "arm / flash / bytes", "9,981", "9,458"),
        ("a.md", SIZES, "arm / flash / bytes", "10 KB", "9 KB"),
        ("a.md", SIZES, "arm / flash / bytes", "9.4 KB", "9.5 KB"),
        ("a.md", SIZES, "programs", "11", "12"),
        ("a.md", TIMES, "exact / 1,000", "20 ns", "22 ns"),
        ("a.md", TIMES, "÷ set / 1", "2.5", "2.4"),
        ("a.toml", CARGO, "workspace / package / rust-version", "1.85", "1.87"),
        ("a.json", "[1, 2, 3]", "entries", "4", "3"),
        ("a.txt", "35644\n", "", "37 KB", "36 KB"),
    ];
    for (file, source, names, shown, right) in cases {
        let name = if names.is_empty() { file.into() } else { format!("{file} / {names}") };
        let page = |figure: &str| {
            format!("A page.\n\nIt takes <!-- figure {name} -->{figure}<!-- /figure --> of them.\n")
        };
        let read = |asked: &str| {
            assert_eq!(asked, file);
            source.to_owned()
        };
        assert_eq!(
            wrong("page.md", &page(shown), read),
            [Wrong { line: 3, name: name.clone(), shown: shown.into(), right: right.into() }]
        );
        assert_eq!(wrong("page.md", &page(right), read), [], "{name}");
    }
}
