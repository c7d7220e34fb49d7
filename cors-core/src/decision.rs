//! [`Decision`]: what a policy says of a request, and the header fields to send.

use core::error::Error;
use core::fmt;

use heapless::Vec;

/// What a policy says of a request: what kind of request it is, the verdict, and what to send.
#[derive(Clone, Debug)]
pub struct Decision<'a> {
    pub(crate) kind: Kind,
    pub(crate) verdict: Verdict,
    pub(crate) status: Option<u16>,
    pub(crate) fields: Vec<HeaderField<'a>, MAX_FIELDS>,
    /// `Access-Control-Request-Headers` lines to echo (E6).
    pub(crate) echoed_headers: &'a [&'a [u8]],
}

/// Allow-Origin, -Credentials, -Methods, -Headers, -Private-Network, Max-Age, and Vary.
const MAX_FIELDS: usize = 7;

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
        self.status
    }

    /// The header fields to send, in a fixed order.
    pub fn fields(&self) -> impl Iterator<Item = HeaderField<'a>> + Clone + '_ {
        let echoed = self.echoed_headers.iter().enumerate().map(|(index, &value)| HeaderField {
            name: "access-control-allow-headers",
            value,
            op: if index == 0 { FieldOp::Replace } else { FieldOp::Append },
        });
        self.fields.iter().copied().chain(echoed)
    }

    pub(crate) fn push(&mut self, name: &'static str, value: &'a [u8], op: FieldOp) {
        let fits = self.fields.push(HeaderField { name, value, op });
        debug_assert!(fits.is_ok(), "MAX_FIELDS");
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
    /// `Access-Control-Request-Method` is no token, in a policy that allows any method.
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
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
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
        })
    }
}

impl Error for Denial {}

/// A header field of a response.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct HeaderField<'a> {
    /// The name, in lower case.
    pub name: &'static str,
    /// The value: visible ASCII and spaces, and in an echoed list tabs.
    pub value: &'a [u8],
    /// How it meets a field of that name which the application sent.
    pub op: FieldOp,
}

impl fmt::Debug for HeaderField<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({:?})", self.name, self.value.escape_ascii(), self.op)
    }
}

/// How a header field meets one of the same name that the application sent (E11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum FieldOp {
    /// Takes the place of every field of that name.
    Replace = 0,
    /// Stands beside the others: `Vary`, and the further lines of an echoed list.
    Append = 1,
}
