//! [`Denial`]: why a policy denies a request.

use core::error::Error;

use crate::named;

named! {
    /// Why a policy denies a request. The numbers are stable.
    #[non_exhaustive]
    pub enum Denial: u8 {
        /// `Origin` is a serialized origin that no pattern allows.
        OriginNotAllowed = 1, "the policy does not allow this origin";
        /// `Origin` is not a serialized origin (O5).
        MalformedOrigin = 2, "the Origin field holds no serialized origin";
        /// The request has more than one `Origin` field (E2).
        MultipleOrigins = 3, "the request has more than one Origin field";
        /// The request has more than one `Access-Control-Request-Method` field (E2).
        MultipleRequestMethods = 4, "the request has more than one Access-Control-Request-Method field";
        /// The policy does not list the requested method, or no page can send it.
        MethodNotAllowed = 5, "the policy does not allow this method";
        /// `Access-Control-Request-Method` is not a token.
        MalformedMethod = 6, "the Access-Control-Request-Method field holds no method";
        /// The policy does not list a requested header name.
        HeaderNotAllowed = 7, "the policy does not allow one of these request headers";
        /// `Access-Control-Request-Headers` is not a list of tokens (E7).
        MalformedHeaders = 8, "the Access-Control-Request-Headers field is not a list of header names";
        /// `Access-Control-Request-Headers` is longer than a policy reads (E6, E7): see [`Policy`](crate::Policy).
        HeadersTooLong = 9, "the Access-Control-Request-Headers field is too long";
        /// Servers read the request's path in several ways, and these fall under different policies (A9). An adapter finds this,
        /// and no policy: [`Decision::ambiguous_path`](crate::Decision::ambiguous_path).
        AmbiguousPath = 10, "the path can be read in several ways, under different policies";
    }
    /// Returns the variant's name, for counters and logs: `OriginNotAllowed`.
    fn name = variant;
    /// Returns the reason in a sentence.
    fn message, Display;
}

impl Error for Denial {}
