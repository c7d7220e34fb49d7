//! The table of counts: writes, reads and compares it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{fmt, fs};

/// The rows that begin so are counted with the feature `browser`.
pub(crate) const EXPLAIN: &str = "explain, ";
/// And those that begin so with the feature `layer`.
pub(crate) const LAYER: &str = "layer, ";

/// The builds in the order of their rows, by how these begin. The first has all the others.
const BUILDS: [&str; 3] = ["", EXPLAIN, LAYER];

/// This build.
const OWN: &str = if cfg!(feature = "layer") {
    LAYER
} else if cfg!(feature = "browser") {
    EXPLAIN
} else {
    ""
};

/// The percentage by which a count may differ. One that has fallen by more is a gain that later growth would hide in.
const TOLERANCE: f64 = 3.0;

/// Names and counts, in their order.
pub(crate) struct Table {
    pub(crate) rows: Vec<(String, u64)>,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# Instructions\n")?;
        writeln!(
            f,
            "What each call executes, counted by Valgrind's callgrind on {} with",
            std::env::consts::ARCH
        )?;
        writeln!(f, "{}. `make bench-instructions` fails where a count differs by more than", compiler())?;
        writeln!(f, "{TOLERANCE} percent, `make bench-instructions UPDATE=1` writes this file.\n")?;
        writeln!(f, "| call | instructions |\n|---|---:|")?;
        self.rows.iter().try_for_each(|(name, count)| writeln!(f, "| {name} | {count} |"))
    }
}

impl Table {
    fn parse(text: &str) -> Self {
        let row = |line: &str| {
            let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ");
            let (name, count) = (cells.next()?, cells.next()?);
            Some((name.to_owned(), count.parse().ok()?))
        };
        Table { rows: text.lines().filter_map(row).collect() }
    }

    pub(crate) fn get(&self, name: &str) -> Option<u64> {
        self.rows.iter().find(|row| row.0 == name).map(|row| row.1)
    }
}

/// Prints old, new and change. A call that has grown or fallen, is new or is gone is a failure, unless the table is to be written.
pub(crate) fn compare(new: &Table, update: bool) -> ExitCode {
    let path = path();
    let text = fs::read_to_string(&path).unwrap_or_default();
    let (own, others): (Vec<_>, Vec<_>) =
        Table::parse(&text).rows.into_iter().partition(|(name, _)| build(name) == OWN);
    let old = Table { rows: own };
    let mut failures = Vec::new();
    println!("{:<56} {:>10} {:>10} {:>8}", "instructions", "old", "new", "change");
    for (name, count) in &new.rows {
        let Some(before) = old.get(name) else {
            println!("{name:<56} {:>10} {count:>10}", "");
            failures.push(format!("{name}: not in the table"));
            continue;
        };
        let change = percent(before, *count);
        let differs = change.abs() > TOLERANCE;
        let mark = if differs { " !" } else { "" };
        println!("{name:<56} {before:>10} {count:>10} {change:>+7.1}%{mark}");
        if differs {
            failures.push(format!("{name}: {change:+.1} percent, from {before} to {count}"));
        }
    }
    let gone = old.rows.iter().filter(|row| new.get(&row.0).is_none());
    failures.extend(gone.map(|row| format!("{}: in the table, and no longer measured", row.0)));
    if update {
        let mut rows = [&others[..], &new.rows].concat();
        rows.sort_by_key(|(name, _)| BUILDS.iter().position(|first| *first == build(name)));
        let all = Table { rows };
        fs::write(&path, all.to_string()).expect("the table can be written");
        println!("\nwritten: {}", path.display());
        return ExitCode::SUCCESS;
    }
    if failures.is_empty() {
        println!("\nno count differs by more than {TOLERANCE} percent");
        return ExitCode::SUCCESS;
    }
    if !text.contains(&compiler()) {
        println!("\nthe table was made by another compiler than {}", compiler());
    }
    eprintln!("\nmore than {TOLERANCE} percent beside the table:");
    for failure in failures {
        eprintln!("  {failure}");
    }
    eprintln!("If that is a gain, or the price of one, `make bench-instructions UPDATE=1` writes the table.");
    ExitCode::FAILURE
}

/// Returns the build that counts the row.
fn build(name: &str) -> &'static str {
    [EXPLAIN, LAYER].into_iter().find(|start| name.starts_with(start)).unwrap_or_default()
}

#[allow(clippy::cast_precision_loss)] // counts are far below 2⁵³
fn percent(before: u64, after: u64) -> f64 {
    (after as f64 / before as f64 - 1.0) * 100.0
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("INSTRUCTIONS.md")
}

/// Returns the version of the compiler on the path: `rustc 1.95.0 …`.
fn compiler() -> String {
    let output = std::process::Command::new("rustc").arg("--version").output().expect("rustc starts");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
