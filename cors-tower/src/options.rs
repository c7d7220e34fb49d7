//! [`Options`]: the policies of a layer and how they are applied, shared by its services.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::event::{Denied, Difference};
use crate::policies::Policies;

/// What every service of a layer shares. [`CorsLayer`](crate::CorsLayer) documents each.
#[derive(Clone)]
pub(crate) struct Options {
    pub(crate) policies: Arc<ArcSwap<Policies>>,
    pub(crate) enforce: bool,
    pub(crate) own_origins: Box<[Box<[u8]>]>,
    pub(crate) passthrough: bool,
    pub(crate) record: bool,
    pub(crate) on_denial: Option<OnDenial>,
    pub(crate) on_difference: Option<OnDifference>,
}

type OnDenial = Arc<dyn Fn(&Denied<'_>) + Send + Sync>;
type OnDifference = Arc<dyn Fn(&Difference<'_>) + Send + Sync>;

impl Options {
    pub(crate) fn new(policies: Policies) -> Self {
        Options {
            policies: Arc::new(ArcSwap::from_pointee(policies)),
            enforce: false,
            own_origins: Box::default(),
            passthrough: false,
            record: false,
            on_denial: None,
            on_difference: None,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own_origins: Vec<_> = self.own_origins.iter().map(|own| own.escape_ascii().to_string()).collect();
        f.debug_struct("Options")
            .field("policies", &self.policies.load())
            .field("enforce", &self.enforce)
            .field("own_origins", &own_origins)
            .field("passthrough", &self.passthrough)
            .field("record", &self.record)
            .field("on_denial", &self.on_denial.is_some())
            .field("on_difference", &self.on_difference.is_some())
            .finish()
    }
}
