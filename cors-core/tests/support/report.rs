//! [`Report`]: every failure of a file, told at once.

use std::fmt;

/// What came of the vectors of one file.
pub(crate) struct Report {
    file: &'static str,
    counts: Vec<(usize, &'static str)>,
    failures: Vec<String>,
}

/// The place of a vector: its index in the file and its rule.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) index: usize,
    pub(crate) rule: &'a str,
}

impl Report {
    pub(crate) fn new(file: &'static str) -> Self {
        Report { file, counts: Vec::new(), failures: Vec::new() }
    }

    pub(crate) fn count(&mut self, what: &'static str, many: usize) {
        match self.counts.iter_mut().find(|(_, known)| *known == what) {
            Some((count, _)) => *count += many,
            None => self.counts.push((many, what)),
        }
    }

    /// Notes a failure unless `expected` and `got` are equal.
    pub(crate) fn check<T: PartialEq + fmt::Display>(
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
    pub(crate) fn finish(self) {
        let counts: Vec<String> = self.counts.iter().map(|(count, what)| format!("{count} {what}")).collect();
        println!("{}: {}", self.file.trim_end_matches(".json"), counts.join(", "));
        let failed = self.failures.len();
        assert!(failed == 0, "{failed} failures\n{}", self.failures.join("\n"));
    }
}
