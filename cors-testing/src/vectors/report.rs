//! [`Report`]: all failures of a file of vectors at once.

use std::fmt;

/// The failures among the vectors of one file, and how many were tried.
pub struct Report {
    file: &'static str,
    counts: Vec<(usize, &'static str)>,
    failures: Vec<String>,
}

/// The place of a vector.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The vector's index in the file.
    pub index: usize,
    /// The vector's rule.
    pub rule: &'a str,
}

impl Report {
    /// Begins the report of a file.
    pub fn new(file: &'static str) -> Self {
        Report { file, counts: Vec::new(), failures: Vec::new() }
    }

    /// Adds to one of the counts that [`finish`](Report::finish) prints.
    pub fn count(&mut self, what: &'static str, many: usize) {
        match self.counts.iter_mut().find(|(_, known)| *known == what) {
            Some((count, _)) => *count += many,
            None => self.counts.push((many, what)),
        }
    }

    /// Notes a failure unless `expected` and `got` are equal.
    pub fn check<T: PartialEq + fmt::Display>(
        &mut self,
        place: Place<'_>,
        input: impl fmt::Display,
        expected: &T,
        got: &T,
    ) {
        if expected != got {
            let Place { index, rule } = place;
            let file = self.file;
            let failure =
                format!("{file}[{index}] {rule}: {input}\n  expected: {expected}\n  got:      {got}");
            self.failures.push(failure);
        }
    }

    /// Prints the counts and panics if anything failed.
    pub fn finish(self) {
        let counts: Vec<String> = self.counts.iter().map(|(count, what)| format!("{count} {what}")).collect();
        println!("{}: {}", self.file.trim_end_matches(".json"), counts.join(", "));
        let failed = self.failures.len();
        assert!(failed == 0, "{failed} failures\n{}", self.failures.join("\n"));
    }
}
