//! `Tally`: how many requests were denied, by reason (A5).

use std::sync::atomic::{AtomicU64, Ordering};

use cors_core::Denial;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::decision::Decision;
use crate::names;

/// The counts, which threads update without a lock.
#[pyclass(frozen, module = "cors_py")]
#[derive(Default)]
pub(crate) struct Tally {
    counts: [AtomicU64; Denial::ALL.len()],
}

impl Tally {
    pub(crate) fn add(&self, denial: Denial) {
        if let Some(count) = self.counts.get(usize::from(denial as u8).wrapping_sub(1)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[pymethods]
impl Tally {
    #[new]
    fn new() -> Self {
        Tally::default()
    }

    fn count<'py>(&self, decision: &Bound<'py, Decision>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let py = decision.py();
        let Some(denial) = decision.get().denial else { return Ok(None) };
        self.add(denial);
        names::denial(py, denial).map(Some)
    }

    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = PyDict::new(py);
        for (denial, count) in Denial::ALL.into_iter().zip(&self.counts) {
            counts.set_item(names::denial(py, denial)?, count.load(Ordering::Relaxed))?;
        }
        Ok(counts)
    }

    fn __repr__(&self) -> String {
        let counts = Denial::ALL
            .into_iter()
            .zip(&self.counts)
            .map(|(denial, count)| (denial, count.load(Ordering::Relaxed)));
        let counts: Vec<String> = counts
            .filter(|&(_, count)| count > 0)
            .map(|(denial, count)| format!("{}: {count}", denial.name()))
            .collect();
        format!("<Tally: {}>", if counts.is_empty() { "nothing".to_owned() } else { counts.join(", ") })
    }
}
