//! [`Addition`]: what the response of the service inside gets, kept while that works.

use http::{HeaderMap, HeaderValue, Response};

use crate::compiled::CompiledPolicy;
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
    pub(crate) decided: Decided,
    pub(crate) is_recorded: bool,
    pub(crate) origin: Option<HeaderValue>,
}

impl Addition {
    /// Puts the fields into the response. It is called once.
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
