//! Figures in Markdown, each beside the name of the file that it comes from:
//!
//! ```text
//! <!-- figure tests/embedded/sizes.md / thumbv7m-none-eabi / evaluate / stack / bytes -->656<!-- /figure -->
//! ```
//!
//! After the file, the name depends on its kind:
//!
//! - Markdown: the first cells of a row, and the column; or one word, before which the figure stands in the text.
//! - TOML: the keys that lead to a text.
//! - JSON: `entries`, of the array that the file is.
//! - Text: nothing; the file holds one number.
//!
//! Thousands may have commas. `KB` and `MB` after a figure round a number of bytes.

use std::fmt;

use crate::tree;

const BEGIN: &str = "<!-- figure ";
const NAMED: &str = " -->";
const END: &str = "<!-- /figure -->";

/// A figure as a document shows it.
pub struct Figure<'a> {
    /// The line in the document, from 1.
    pub line: usize,
    /// The file that the figure comes from, and the names that lead to it there.
    pub name: &'a str,
    /// The text between the markers.
    pub shown: &'a str,
}

/// A figure that differs from its source.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong {
    /// As in [`Figure`].
    pub line: usize,
    /// As in [`Figure`].
    pub name: String,
    /// As in [`Figure`].
    pub shown: String,
    /// What to write instead.
    pub right: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Wrong { line, name, shown, right } = self;
        write!(f, "{line}: the figure `{name}` is {shown}; write {right}")
    }
}

/// Returns the figures of a document.
pub fn figures(document: &str) -> Vec<Figure<'_>> {
    document
        .match_indices(BEGIN)
        .map(|(at, _)| {
            let (before, rest) = document.split_at(at);
            let line = before.matches('\n').count() + 1;
            let (name, rest) = rest[BEGIN.len()..].split_once(NAMED).expect("the name has an end");
            let (shown, _) = rest.split_once(END).unwrap_or_else(|| panic!("line {line}: no {END}"));
            Figure { line, name, shown }
        })
        .collect()
}

/// Returns the figures of a document, whose name is `page`, that differ from what `read` returns for their files.
pub fn wrong(page: &str, document: &str, read: impl Fn(&str) -> String) -> Vec<Wrong> {
    figures(document)
        .into_iter()
        .filter_map(|Figure { line, name, shown }| {
            let mut names = name.split(" / ");
            let file = names.next().unwrap_or_default();
            let source = source(file, &read(file), &names.collect::<Vec<_>>())
                .unwrap_or_else(|| panic!("{page}:{line}: `{name}` leads to no single figure"));
            let right = as_shown(&source, shown);
            (right != shown).then(|| Wrong { line, name: name.into(), shown: shown.into(), right })
        })
        .collect()
}

/// Returns the figures of the project's Markdown that differ from their sources, each after its file.
pub fn wrong_in_project() -> Vec<String> {
    tree::files("md")
        .into_iter()
        .flat_map(|path| {
            let page = path.display().to_string();
            let wrong = wrong(&page, &tree::read(&path), |file| tree::read(file));
            wrong.into_iter().map(move |wrong| format!("{page}:{wrong}"))
        })
        .collect()
}

/// Writes the figures of the project's Markdown as their sources have them.
pub fn mend_project() {
    for path in tree::files("md") {
        let page = path.display().to_string();
        let mut document = tree::read(&path);
        let wrong = wrong(&page, &document, |file| tree::read(file));
        for Wrong { name, shown, right, .. } in &wrong {
            let figure = |text: &str| format!("{BEGIN}{name}{NAMED}{text}{END}");
            document = document.replace(&figure(shown), &figure(right));
        }
        if !wrong.is_empty() {
            tree::write(&path, &document);
        }
    }
}

/// Returns the figure as its source has it.
fn source(file: &str, text: &str, names: &[&str]) -> Option<String> {
    match file.rsplit_once('.')?.1 {
        "md" => match names {
            [word] => before_word(text, word),
            [row @ .., column] => cell(text, row, column),
            [] => None,
        },
        "toml" => {
            let document: toml::Value = toml::from_str(text).ok()?;
            let value = names.iter().try_fold(&document, |value, name| value.get(name))?;
            value.as_str().map(Into::into)
        }
        "json" if names == ["entries"] => {
            let document: serde_json::Value = serde_json::from_str(text).ok()?;
            Some(document.as_array()?.len().to_string())
        }
        "txt" if names.is_empty() => Some(text.trim().into()),
        _ => None,
    }
}

/// Returns the only number before this word.
fn before_word(text: &str, word: &str) -> Option<String> {
    let words: Vec<&str> =
        text.split_whitespace().map(|word| word.trim_end_matches([',', '.', ':', ';'])).collect();
    let mut found =
        words.windows(2).filter(|pair| pair[1] == word && pair[0].starts_with(|c: char| c.is_ascii_digit()));
    let number = found.next()?[0];
    found.next().is_none().then(|| number.into())
}

/// Returns the cell in `column` of the only row that begins with these cells.
fn cell(text: &str, row: &[&str], column: &str) -> Option<String> {
    let mut header: Option<Vec<&str>> = None;
    let mut found = Vec::new();
    for line in text.lines() {
        let Some(cells) = line.strip_prefix('|').and_then(|line| line.trim_end().strip_suffix('|')) else {
            header = None;
            continue;
        };
        let cells: Vec<&str> = cells.split('|').map(str::trim).collect();
        match &header {
            None => header = Some(cells),
            Some(header) => {
                if row
                    .iter()
                    .enumerate()
                    .all(|(at, name)| cells.get(at).is_some_and(|cell| bare(cell) == bare(name)))
                    && let Some(at) = header.iter().position(|name| bare(name) == bare(column))
                {
                    found.extend(cells.get(at).copied());
                }
            }
        }
    }
    match found.as_slice() {
        [cell] => Some(bare(cell)),
        _ => None,
    }
}

/// Returns a cell without its emphasis.
fn bare(cell: &str) -> String {
    cell.replace(['*', '`'], "")
}

/// Writes the source's figure in the form in which the document shows its own: its unit, its decimals, its commas.
fn as_shown(source: &str, shown: &str) -> String {
    let (number, unit) = shown.split_once(' ').map_or((shown, None), |(number, unit)| (number, Some(unit)));
    let bytes = source.replace(',', "").parse::<f64>().ok();
    match (bytes, unit) {
        (Some(bytes), Some(unit @ ("KB" | "MB"))) => {
            let scale = if unit == "KB" { 1e3 } else { 1e6 };
            let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            format!("{} {unit}", with_commas(&format!("{:.decimals$}", bytes / scale)))
        }
        (Some(_), None) if !source.contains(['.', ',']) => with_commas(source),
        _ => source.into(),
    }
}

/// Groups the digits of a number of four digits or more.
fn with_commas(number: &str) -> String {
    let (whole, rest) = number.split_at(number.find('.').unwrap_or(number.len()));
    let mut written = String::new();
    for (index, digit) in whole.char_indices() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written + rest
}
