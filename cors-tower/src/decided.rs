//! [`Decided`]: the outcome of a request, without the request.

use cors_core::{Kind, Verdict};

/// What was decided about a request, in the extensions of its response: see
/// [`CorsLayer::record`](crate::CorsLayer::record).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// What the request is to the CORS protocol.
    pub kind: Kind,
    /// Whether the policy allows it.
    pub verdict: Verdict,
}
