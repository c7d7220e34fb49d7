//! The header fields of a [`Decision`] (rules E3 to E6, E8 to E11).

use core::{fmt, mem, slice};

use crate::image::layout::{Section, flag};
use crate::image::{Field, FieldSet};
use crate::named;
use crate::policy::decision::{Decision, Kind};

/// A header field of a response.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct HeaderField<'a> {
    /// The name, in lower case.
    pub name: &'static str,
    /// The value: visible ASCII and spaces, and in an echoed list tabs.
    pub value: &'a [u8],
    /// What becomes of fields of that name that the application sent.
    pub op: FieldOp,
}

impl fmt::Debug for HeaderField<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({:?})", self.name, self.value.escape_ascii(), self.op)
    }
}

named! {
    /// What becomes of the application's header fields of the same name (E11).
    pub enum FieldOp: u8 {
        /// The field replaces every field of that name.
        Replace = 0, "replace";
        /// The field is added to the others: `Vary`, and the further lines of an echoed list.
        Append = 1, "append";
    }
    /// Returns the name in lower case: `replace` or `append`.
    fn name;
}

/// Joins names to a value of `Vary`.
macro_rules! names {
    ($first:literal $(, $rest:literal)*) => { concat!($first $(, ", ", $rest)*) };
}

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
    /// Returns the header fields to send, in a fixed order.
    #[inline]
    pub fn fields(&self) -> impl Iterator<Item = HeaderField<'a>> + Clone + use<'a> {
        let echoed = if self.echoes_headers { self.request.access_control_request_headers() } else { &[] };
        Fields { decision: *self, rest: self.fields, echoed: echoed.iter(), op: FieldOp::Replace }
    }

    #[inline]
    fn value(&self, field: Field) -> &'a [u8] {
        let image = self.image;
        match field {
            Field::AllowOrigin if image.is_public() => b"*",
            Field::AllowOrigin => self.request.origin().unwrap_or_default(),
            Field::AllowCredentials | Field::AllowPrivateNetwork => b"true",
            Field::AllowMethods if image.echoes(flag::ANY_METHOD) => {
                self.request.access_control_request_method().unwrap_or_default()
            }
            Field::AllowMethods => image.section(Section::AllowMethods),
            Field::AllowHeaders => image.section(Section::AllowHeaders),
            Field::MaxAge => image.section(Section::MaxAge),
            Field::ExposeHeaders => image.section(Section::ExposeHeaders),
            Field::Vary if self.kind != Kind::Preflight => b"origin",
            Field::Vary => self.preflight_vary().as_bytes(),
        }
    }

    /// Returns the names of the request fields that a preflight's response depends on, in a fixed order (E8).
    fn preflight_vary(&self) -> &'static str {
        let image = self.image;
        let origin_allowed = self.fields.contains(Field::AllowOrigin);
        let method = origin_allowed && image.echoes(flag::ANY_METHOD);
        let headers = origin_allowed && image.echoes(flag::ANY_HEADER);
        let private_network = origin_allowed && image.has(flag::PRIVATE_NETWORK);
        // A public policy echoes nothing.
        match (!image.is_public(), method, headers, private_network) {
            (false, ..) => names!("access-control-request-private-network"),
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

/// The fields of a decision, followed by the echoed lines of `Access-Control-Request-Headers`.
#[derive(Clone)]
struct Fields<'a> {
    decision: Decision<'a>,
    rest: FieldSet,
    echoed: slice::Iter<'a, &'a [u8]>,
    /// What the next echoed line does: the first one replaces the application's, the others are appended.
    op: FieldOp,
}

impl<'a> Iterator for Fields<'a> {
    type Item = HeaderField<'a>;

    #[inline]
    fn next(&mut self) -> Option<HeaderField<'a>> {
        let Some(field) = self.rest.pop() else {
            let op = mem::replace(&mut self.op, FieldOp::Append);
            return self.echoed.next().map(|value| HeaderField {
                name: Field::AllowHeaders.name(),
                value,
                op,
            });
        };
        Some(HeaderField { name: field.name(), value: self.decision.value(field), op: field.op() })
    }
}
