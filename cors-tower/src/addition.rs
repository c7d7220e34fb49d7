//! [`Addition`]: what the response of the service inside gets, kept while that works.

use http::{HeaderMap, HeaderValue, Response};

use crate::compiled::{CompiledPolicy, Outcome};
use crate::decided::Decided;
use crate::fields::apply_preflight;

/// The fields and the record that a response gets.
#[derive(Debug)]
pub(crate) enum Addition {
    /// No policy is for the path.
    Nothing,
    Actual(Actual),
    /// A7.
    Preflight(Box<(HeaderMap, Option<Decided>)>),
}

/// What the response to a request that is not a preflight gets.
#[derive(Debug)]
pub(crate) struct Actual {
    pub(crate) policy: CompiledPolicy,
    pub(crate) outcome: Outcome,
    pub(crate) recorded: Option<Decided>,
    pub(crate) origin: Option<HeaderValue>,
}

impl Addition {
    /// Puts the fields into the response. It is called once.
    #[inline]
    pub(crate) fn apply<B>(&mut self, response: &mut Response<B>) {
        match self {
            Addition::Nothing => {}
            Addition::Actual(Actual { policy, outcome, recorded, origin }) => {
                policy.fields(*outcome).apply(origin.take(), response.headers_mut());
                if let Some(decided) = recorded {
                    response.extensions_mut().insert(*decided);
                }
            }
            Addition::Preflight(preflight) => {
                let (fields, recorded) = std::mem::take(&mut **preflight);
                apply_preflight(fields, response.headers_mut());
                if let Some(decided) = recorded {
                    response.extensions_mut().insert(decided);
                }
            }
        }
    }
}
