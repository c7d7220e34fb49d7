//! [`Addition`]: what is added to the response of the service inside, remembered while it works.

use http::{HeaderMap, HeaderValue, Response};

use crate::compiled::CompiledPolicy;
use crate::fields::apply_preflight;
use crate::service::Decided;

/// What is added to a response.
#[derive(Debug)]
pub(crate) enum Addition {
    /// No policy is for the path.
    Nothing,
    Actual(Actual),
    /// A7.
    Preflight(Box<(HeaderMap, Option<Decided>)>),
}

/// What the response to a request that is no preflight gets.
#[derive(Debug)]
pub(crate) struct Actual {
    pub(crate) policy: CompiledPolicy,
    pub(crate) decided: Decided,
    pub(crate) is_recorded: bool,
    pub(crate) origin: Option<HeaderValue>,
}

impl Addition {
    /// Once.
    #[inline]
    pub(crate) fn apply<B>(&mut self, response: &mut Response<B>) {
        match self {
            Addition::Nothing => {}
            Addition::Actual(Actual { policy, decided, is_recorded, origin }) => {
                policy.fields(*decided).apply(origin.take(), response.headers_mut());
                if *is_recorded {
                    response.extensions_mut().insert(*decided);
                }
            }
            Addition::Preflight(preflight) => {
                let (fields, decided) = std::mem::take(&mut **preflight);
                apply_preflight(fields, response.headers_mut());
                if let Some(decided) = decided {
                    response.extensions_mut().insert(decided);
                }
            }
        }
    }
}
