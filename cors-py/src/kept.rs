//! Kept decisions whose fields contain the request's origin: a site has few pages, and they send request after request.

use cors_core::{Decision as CoreDecision, Denial, Kind};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::decision::Decision;

const MOST: usize = 8;

/// The first decisions that were made. They stay: nobody can push them out with requests from other origins.
pub(crate) struct Kept([PyOnceLock<Entry>; MOST]);

struct Entry {
    origin: Box<[u8]>,
    kind: Kind,
    denial: Option<Denial>,
    fields: Vec<(&'static str, Box<[u8]>)>,
    decision: Py<Decision>,
}

impl Kept {
    pub(crate) const fn new() -> Self {
        Kept([const { PyOnceLock::new() }; MOST])
    }

    /// Returns the kept decision that is equal to `decided`, for a request with this origin; if there is none, a new one.
    pub(crate) fn get(
        &self,
        py: Python<'_>,
        origin: &[u8],
        decided: &CoreDecision<'_>,
        new: impl FnOnce() -> PyResult<Py<Decision>>,
    ) -> PyResult<Py<Decision>> {
        for slot in &self.0 {
            let Some(entry) = slot.get(py) else {
                let decision = new()?;
                // Fails if another thread has filled the slot first; either entry is right.
                let _ = slot.set(py, Entry::new(origin, decided, decision.clone_ref(py)));
                return Ok(decision);
            };
            if *entry.origin == *origin && entry.says(decided) {
                return Ok(entry.decision.clone_ref(py));
            }
        }
        new()
    }
}

impl Entry {
    fn new(origin: &[u8], decided: &CoreDecision<'_>, decision: Py<Decision>) -> Self {
        Entry {
            origin: origin.into(),
            kind: decided.kind(),
            denial: decided.denial(),
            fields: decided.fields().map(|field| (field.name, field.value.into())).collect(),
            decision,
        }
    }

    fn says(&self, decided: &CoreDecision<'_>) -> bool {
        self.kind == decided.kind()
            && self.denial == decided.denial()
            && decided
                .fields()
                .map(|field| (field.name, field.value))
                .eq(self.fields.iter().map(|(name, value)| (*name, &**value)))
    }
}
