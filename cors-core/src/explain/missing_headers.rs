//! [`MissingHeaders`]: the header names at fault.

use core::fmt;

use super::trial::Trial;
use crate::browser::HeaderName;

/// The header names that a policy does not allow: sorted, in lower case, each once. [`Display`](fmt::Display) joins them
/// with `, `.
#[derive(Clone, Copy, Debug)]
pub struct MissingHeaders<'a> {
    pub(super) trial: Trial<'a>,
    of_responses: bool,
}

impl<'a> MissingHeaders<'a> {
    pub(super) fn new(trial: Trial<'a>) -> Self {
        MissingHeaders { trial, of_responses: false }
    }

    pub(super) fn of_responses(trial: Trial<'a>) -> Self {
        MissingHeaders { trial, of_responses: true }
    }

    /// Returns the names.
    pub fn names(&self) -> impl Iterator<Item = HeaderName<'a>> + use<'a> {
        let missing = (!self.of_responses).then(|| self.trial.missing_headers());
        let of_responses = self.of_responses.then(|| self.trial.response_headers());
        missing.into_iter().flatten().chain(of_responses.into_iter().flatten())
    }
}

impl fmt::Display for MissingHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.names().enumerate().try_for_each(|(index, name)| {
            f.write_str(if index == 0 { "" } else { ", " })?;
            name.fmt(f)
        })
    }
}
