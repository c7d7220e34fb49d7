//! [`Decision`]: what a policy says of a request.

use core::error::Error;
use core::fmt;

use crate::image::{Field, FieldSet};
use crate::policy::Policy;
use crate::policy::request::Request;

/// What a policy says of a request: what kind of request it is, the verdict, and what to send.
///
/// It borrows from the policy and the request, and copies no bytes: the header fields are picked from both as they
/// are iterated over.
#[derive(Clone, Copy)]
pub struct Decision<'a> {
    pub(crate) policy: Policy<'a>,
    pub(crate) request: &'a Request<'a>,
    pub(crate) kind: Kind,
    pub(crate) verdict: Verdict,
    pub(crate) fields: FieldSet,
    /// The lines of `Access-Control-Request-Headers` are among the fields (E6).
    pub(crate) echoes_headers: bool,
}

impl<'a> Decision<'a> {
    /// What the request is to the CORS protocol.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether the policy allows the request, or why not.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// True unless the request is denied. A request that is not CORS is allowed: there is nothing to decide.
    pub fn is_allowed(&self) -> bool {
        self.verdict == Verdict::Allowed
    }

    /// The reason of a denial.
    pub fn denial(&self) -> Option<Denial> {
        match self.verdict {
            Verdict::Allowed => None,
            Verdict::Denied(denial) => Some(denial),
        }
    }

    /// The status to answer a preflight with, allowed or denied; `None` for other requests, whose status is the
    /// application's.
    pub fn status(&self) -> Option<u16> {
        match self.kind {
            Kind::Preflight if self.fields.contains(Field::AllowOrigin) => {
                Some(self.policy.preflight_status())
            }
            Kind::Preflight => Some(403), // E4
            Kind::NotCors | Kind::Actual => None,
        }
    }
}

impl fmt::Debug for Decision<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decision")
            .field("kind", &self.kind)
            .field("verdict", &self.verdict)
            .field("status", &self.status())
            .field("fields", &DebugFields(*self))
            .finish()
    }
}

struct DebugFields<'a>(Decision<'a>);

impl fmt::Debug for DebugFields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.fields()).finish()
    }
}

/// What a request is to the CORS protocol (E1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// No `Origin`: the CORS protocol has nothing to say.
    NotCors = 0,
    /// A request with `Origin` that is no preflight: the application answers it.
    Actual = 1,
    /// `OPTIONS` with `Origin` and `Access-Control-Request-Method`: the answer is the decision's, and the
    /// application never sees it.
    Preflight = 2,
}

impl Kind {
    /// The name in lower case: `not-cors`, `actual` or `preflight`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::NotCors => "not-cors",
            Kind::Actual => "actual",
            Kind::Preflight => "preflight",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether the policy allows a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The browser will let the page go on.
    Allowed,
    /// The browser will stop the page, for this reason.
    Denied(Denial),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Allowed => f.write_str("allowed"),
            Verdict::Denied(denial) => write!(f, "denied: {denial}"),
        }
    }
}

/// Why a request is denied. The numbers are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Denial {
    /// The origin parses, and no pattern allows it.
    OriginNotAllowed = 1,
    /// `Origin` holds no serialized origin (O5).
    MalformedOrigin = 2,
    /// More than one `Origin` field (E2).
    MultipleOrigins = 3,
    /// More than one `Access-Control-Request-Method` field (E2).
    MultipleRequestMethods = 4,
    /// The method asked for is not among the policy's, or is one that no page can send.
    MethodNotAllowed = 5,
    /// `Access-Control-Request-Method` is no token.
    MalformedMethod = 6,
    /// A header name asked for is not among the policy's.
    HeaderNotAllowed = 7,
    /// `Access-Control-Request-Headers` is no list of tokens (E7).
    MalformedHeaders = 8,
    /// `Access-Control-Request-Headers` is longer than a policy reads (E6, E7): see [`Policy`](crate::Policy).
    HeadersTooLong = 9,
}

impl Denial {
    /// Every denial, in the order of their numbers.
    pub const ALL: [Denial; 9] = [
        Denial::OriginNotAllowed,
        Denial::MalformedOrigin,
        Denial::MultipleOrigins,
        Denial::MultipleRequestMethods,
        Denial::MethodNotAllowed,
        Denial::MalformedMethod,
        Denial::HeaderNotAllowed,
        Denial::MalformedHeaders,
        Denial::HeadersTooLong,
    ];

    /// The variant's name, for counters and logs: `OriginNotAllowed`.
    pub fn name(self) -> &'static str {
        match self {
            Denial::OriginNotAllowed => "OriginNotAllowed",
            Denial::MalformedOrigin => "MalformedOrigin",
            Denial::MultipleOrigins => "MultipleOrigins",
            Denial::MultipleRequestMethods => "MultipleRequestMethods",
            Denial::MethodNotAllowed => "MethodNotAllowed",
            Denial::MalformedMethod => "MalformedMethod",
            Denial::HeaderNotAllowed => "HeaderNotAllowed",
            Denial::MalformedHeaders => "MalformedHeaders",
            Denial::HeadersTooLong => "HeadersTooLong",
        }
    }

    /// The reason in a sentence, as [`Display`](fmt::Display) writes it.
    pub fn message(self) -> &'static str {
        match self {
            Denial::OriginNotAllowed => "the policy does not allow this origin",
            Denial::MalformedOrigin => "the Origin field holds no serialized origin",
            Denial::MultipleOrigins => "the request has more than one Origin field",
            Denial::MultipleRequestMethods => {
                "the request has more than one Access-Control-Request-Method field"
            }
            Denial::MethodNotAllowed => "the policy does not allow this method",
            Denial::MalformedMethod => "the Access-Control-Request-Method field holds no method",
            Denial::HeaderNotAllowed => "the policy does not allow one of these request headers",
            Denial::MalformedHeaders => "the Access-Control-Request-Headers field is no list of header names",
            Denial::HeadersTooLong => "the Access-Control-Request-Headers field is too long",
        }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl Error for Denial {}
