//! The header fields of a [`Decision`] (rules E3 to E6, E8 to E11).

use core::fmt;

use crate::decision::{Decision, Kind};
use crate::image::layout::{Section, flag};

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

impl FieldOp {
    /// The name in lower case: `replace` or `append`.
    pub fn name(self) -> &'static str {
        match self {
            FieldOp::Replace => "replace",
            FieldOp::Append => "append",
        }
    }
}

/// The value of `Vary`: some names, joined.
macro_rules! names {
    ($first:literal $(, $rest:literal)*) => { Some(concat!($first $(, ", ", $rest)*)) };
}

/// The fields of a response.
#[derive(Clone, Copy)]
enum Field {
    AllowOrigin,
    AllowCredentials,
    AllowMethods,
    AllowHeaders,
    MaxAge,
    AllowPrivateNetwork,
    ExposeHeaders,
    Vary,
}

/// E3.
const ACTUAL: &[Field] = &[Field::AllowOrigin, Field::AllowCredentials, Field::ExposeHeaders, Field::Vary];
/// E5.
const PREFLIGHT: &[Field] = &[
    Field::AllowOrigin,
    Field::AllowCredentials,
    Field::AllowMethods,
    Field::AllowHeaders,
    Field::MaxAge,
    Field::AllowPrivateNetwork,
    Field::Vary,
];
/// E4.
const DENIED: &[Field] = &[Field::Vary];

impl Field {
    fn name(self) -> &'static str {
        match self {
            Field::AllowOrigin => "access-control-allow-origin",
            Field::AllowCredentials => "access-control-allow-credentials",
            Field::AllowMethods => "access-control-allow-methods",
            Field::AllowHeaders => "access-control-allow-headers",
            Field::MaxAge => "access-control-max-age",
            Field::AllowPrivateNetwork => "access-control-allow-private-network",
            Field::ExposeHeaders => "access-control-expose-headers",
            Field::Vary => "vary",
        }
    }

    fn op(self) -> FieldOp {
        if matches!(self, Field::Vary) { FieldOp::Append } else { FieldOp::Replace }
    }
}

impl<'a> Decision<'a> {
    /// The header fields to send, in a fixed order.
    #[inline]
    pub fn fields(&self) -> impl Iterator<Item = HeaderField<'a>> + Clone + use<'a> {
        let decision = *self;
        let fields = match self.kind {
            _ if !self.origin_allowed => DENIED,
            Kind::Preflight => PREFLIGHT,
            Kind::NotCors | Kind::Actual => ACTUAL,
        };
        let replaced = fields.iter().filter_map(move |&field| {
            let value = decision.value(field)?;
            Some(HeaderField { name: field.name(), value, op: field.op() })
        });
        replaced.chain(self.echoed_headers())
    }

    fn value(&self, field: Field) -> Option<&'a [u8]> {
        let policy = &self.policy;
        match field {
            Field::AllowOrigin if policy.is_public() => Some(b"*"),
            Field::AllowOrigin => self.request.origin(),
            Field::AllowCredentials => policy.allow_credentials().then_some(b"true"),
            Field::AllowMethods if policy.echoes(flag::ANY_METHOD) => {
                self.request.access_control_request_method().filter(|_| self.method_allowed)
            }
            Field::AllowMethods => self.rendered(Section::AllowMethods),
            Field::AllowHeaders if policy.echoes(flag::ANY_HEADER) => None,
            Field::AllowHeaders => self.rendered(Section::AllowHeaders),
            Field::MaxAge => self.rendered(Section::MaxAge),
            Field::AllowPrivateNetwork => {
                let asked = self.request.access_control_request_private_network;
                (asked && policy.allow_private_network()).then_some(b"true") // E10
            }
            Field::ExposeHeaders => self.rendered(Section::ExposeHeaders),
            Field::Vary => self.vary().map(str::as_bytes),
        }
    }

    /// I5.
    fn rendered(&self, section: Section) -> Option<&'a [u8]> {
        Some(self.policy.image.section(section)).filter(|value| !value.is_empty())
    }

    /// The lines of `Access-Control-Request-Headers`, where they are echoed (E6).
    fn echoed_headers(&self) -> impl Iterator<Item = HeaderField<'a>> + Clone + use<'a> {
        let echoed = self.kind == Kind::Preflight
            && self.origin_allowed
            && self.headers_allowed
            && self.policy.echoes(flag::ANY_HEADER);
        let lines = if echoed { self.request.access_control_request_headers() } else { &[] };
        lines.iter().enumerate().map(|(index, &value)| HeaderField {
            name: Field::AllowHeaders.name(),
            value,
            op: if index == 0 { FieldOp::Replace } else { FieldOp::Append },
        })
    }

    /// E8: the request fields that the answer depends on, in a fixed order; `None` where there are none.
    fn vary(&self) -> Option<&'static str> {
        let preflight = self.kind == Kind::Preflight && self.origin_allowed;
        let method = preflight && self.policy.echoes(flag::ANY_METHOD);
        let headers = preflight && self.policy.echoes(flag::ANY_HEADER);
        let private_network = preflight && self.policy.allow_private_network();
        // A public policy echoes nothing.
        match (!self.policy.is_public(), method, headers, private_network) {
            (false, _, _, false) => None,
            (false, _, _, true) => names!("access-control-request-private-network"),
            (true, false, false, false) => names!("origin"),
            (true, false, false, true) => names!("origin", "access-control-request-private-network"),
            (true, true, false, false) => names!("origin", "access-control-request-method"),
            (true, true, false, true) => {
                names!("origin", "access-control-request-method", "access-control-request-private-network")
            }
            (true, false, true, false) => names!("origin", "access-control-request-headers"),
            (true, false, true, true) => {
                names!("origin", "access-control-request-headers", "access-control-request-private-network")
            }
            (true, true, true, false) => {
                names!("origin", "access-control-request-method", "access-control-request-headers")
            }
            (true, true, true, true) => names!(
                "origin",
                "access-control-request-method",
                "access-control-request-headers",
                "access-control-request-private-network"
            ),
        }
    }
}
