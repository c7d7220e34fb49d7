//! [`MissingHeaders`]: the header names at fault.

use core::fmt;

use super::trial::{Refused, Trial};
use crate::browser::HeaderName;

/// The header names that a policy does not allow: sorted, in lower case, each once. [`Display`](fmt::Display) joins them
/// with `, `.
#[derive(Clone, Copy, Debug)]
pub struct MissingHeaders<'a> {
    pub(super) trial: Trial<'a>,
    kind: Refused,
}

impl<'a> MissingHeaders<'a> {
    pub(super) fn new(trial: Trial<'a>, kind: Refused) -> Self {
        MissingHeaders { trial, kind }
    }

    /// Returns the names.
    pub fn names(&self) -> impl Iterator<Item = HeaderName<'a>> + use<'a> {
        self.trial.refused_headers(self.kind)
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
