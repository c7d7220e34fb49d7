//! [`Places`]: where the settings of a policy stand.

use std::collections::HashMap;
use std::ops::Range;

use cors_core::{ConfigError, ConfigField, Problem};

use crate::diagnostic::{Diagnostic, Scalar, Setting};
use crate::repair;

/// Where the values stand that a config got, and what stands there.
#[derive(Default)]
pub(crate) struct Places {
    fields: HashMap<ConfigField, Place>,
}

/// The place of a field's value.
#[derive(Default)]
pub(crate) struct Place {
    pub(crate) span: Range<usize>,
    /// The number, if it is one; the config has the nearest that fits.
    pub(crate) number: Option<i64>,
    /// If it is a list: for each entry of the config's its index in the list, if it was in one, and its place.
    pub(crate) entries: Vec<(Option<usize>, Range<usize>)>,
}

impl Places {
    pub(crate) fn of(&mut self, field: ConfigField) -> &mut Place {
        self.fields.entry(field).or_default()
    }

    pub(crate) fn span(&self, field: ConfigField) -> Range<usize> {
        self.fields.get(&field).map_or(0..0, |place| place.span.clone())
    }

    /// Returns the index and the place of an entry, by its index in the config.
    pub(crate) fn entry(&self, field: ConfigField, index: usize) -> (Option<usize>, Range<usize>) {
        let entry = self.fields.get(&field).and_then(|place| place.entries.get(index));
        entry.cloned().unwrap_or_else(|| (Some(index), self.span(field)))
    }

    /// Makes a diagnostic of what the engine's check found in the config.
    pub(crate) fn refused(&self, error: &ConfigError<'_>) -> Diagnostic {
        let field = error.field();
        let (index, span) = match error.index() {
            Some(index) => self.entry(field, index),
            None => (None, self.span(field)),
        };
        let value = error.value().to_string();
        let help = help(error, &value);
        let number = self.fields.get(&field).and_then(|place| place.number);
        let value = number.map_or(Scalar::Text(value), Scalar::Number);
        Diagnostic::refused(error, span, Setting { field, index, value: Some(value) }, help)
    }
}

/// Returns the engine's advice, or the text that was probably meant where the engine knows none.
fn help(error: &ConfigError<'_>, value: &str) -> Option<String> {
    let advice = error.advice();
    let exact = advice.as_ref().is_some_and(|advice| advice.replacement().is_some());
    if !exact
        && matches!(error.problem(), Problem::Pattern(_))
        && let Some([meant]) = repair::entries(error.field(), value).as_deref()
    {
        return Some(format!("write {meant}"));
    }
    advice.map(|advice| advice.to_string())
}
