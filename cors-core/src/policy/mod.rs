//! [`Policy`]: a compiled config, and what it says of a request (rules E1 to E12).

mod buf;
pub(crate) mod decision;
mod denial;
pub(crate) mod request;
mod response;

pub use buf::PolicyBuf;
pub use decision::{Decision, Kind, Verdict};
pub use denial::Denial;
pub use request::Request;
pub use response::{FieldOp, HeaderField};

use core::fmt;

use crate::config::Risk;
use crate::field::{Elements, is_forbidden_method, is_safelisted_method, is_token};
use crate::image::layout::{Section, flag};
use crate::image::{self, Field, FieldSet, Image, ImageError};
use crate::origin::Origin;
use request::SingleValue;

/// A checked, compiled config: a view over the bytes of an image.
///
/// A few words, and `Copy`: any number of threads may share one. Evaluating allocates nothing, never panics, and takes
/// time that does not grow with the number of origins.
///
/// # Limits
///
/// An `Origin` longer than [`Origin::MAX_LEN`] is denied unread. `Access-Control-Request-Headers` is denied unread
/// beyond [`MAX_REQUEST_HEADERS_LEN`](Self::MAX_REQUEST_HEADERS_LEN) bytes or
/// [`Request::MAX_HEADER_LINES`] lines; a policy that echoes it takes at most
/// [`MAX_ECHOED_NAMES`](Self::MAX_ECHOED_NAMES) names.
#[derive(Clone, Copy)]
pub struct Policy<'a> {
    pub(crate) image: Image<'a>,
}

impl<'a> Policy<'a> {
    /// The bytes that every image begins with.
    pub const IMAGE_MAGIC: [u8; 4] = image::MAGIC;

    /// The version of the image format that this crate writes and reads.
    pub const IMAGE_VERSION: u16 = image::VERSION;

    /// The most bytes of `Access-Control-Request-Headers` that are read, all lines together.
    pub const MAX_REQUEST_HEADERS_LEN: usize = 8192;

    /// The most names in an `Access-Control-Request-Headers` that is echoed.
    pub const MAX_ECHOED_NAMES: usize = 128;

    pub(crate) fn new(image: Image<'a>) -> Self {
        Policy { image }
    }

    /// The policy in the bytes of an image, from wherever they come.
    ///
    /// Takes any bytes, in time linear in their length. Those that pass are what a config compiles to: evaluating
    /// them is safe whoever made them.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, ImageError> {
        Image::check(bytes).map(Policy::new)
    }

    /// The policy in bytes that [`from_bytes`](Self::from_bytes) has accepted before, or that
    /// [`compile_into`](crate::Config::compile_into) has written: without looking at them, in no time.
    ///
    /// For callers that keep a policy as its bytes alone, across a C interface or in flash. Any other bytes give wrong
    /// decisions, and nothing worse: no panic, no access outside of them.
    pub const fn from_trusted_bytes(bytes: &'a [u8]) -> Self {
        Policy { image: Image::new(bytes) }
    }

    /// The image: what [`from_bytes`](Self::from_bytes) takes.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.image.as_bytes()
    }

    /// What the policy says of `request`.
    #[inline]
    pub fn evaluate<'d>(&self, request: &'d Request<'d>) -> Decision<'d>
    where
        'a: 'd,
    {
        self.evaluate_with(request, |_| false)
    }

    /// What the policy says of `request`, where the caller decides about the origins that parse and that no pattern
    /// allows.
    #[inline]
    pub fn evaluate_with<'d>(
        &self,
        request: &'d Request<'d>,
        allow_origin: impl FnOnce(&Origin<'d>) -> bool,
    ) -> Decision<'d>
    where
        'a: 'd,
    {
        let kind = match request.origin {
            SingleValue::Absent => Kind::NotCors,
            _ if request.is_preflight() => Kind::Preflight,
            _ => Kind::Actual,
        };
        let allowed = match (request.origin, request.access_control_request_method) {
            (SingleValue::Absent, _) => Ok(()),
            (SingleValue::Several, _) => Err(Denial::MultipleOrigins), // E2
            (SingleValue::One(origin), method) => self.check_origin(origin, allow_origin).and(match method {
                SingleValue::Several => Err(Denial::MultipleRequestMethods),
                SingleValue::Absent | SingleValue::One(_) => Ok(()),
            }),
        };
        // Whether the page may hear the policy: what it asks for may still be denied.
        let (heard, fields) = match kind {
            Kind::NotCors => (self.is_public(), FieldSet::ACTUAL), // E3
            Kind::Actual => (allowed.is_ok() || self.is_public(), FieldSet::ACTUAL),
            Kind::Preflight => (allowed.is_ok(), FieldSet::PREFLIGHT),
        };
        let mut decision = Decision {
            policy: *self,
            request,
            kind,
            verdict: match allowed {
                Ok(()) => Verdict::Allowed,
                Err(denial) => Verdict::Denied(denial),
            },
            fields: self.image.fields().and(if heard { fields } else { FieldSet::DENIED }),
            echoes_headers: false,
        };
        if kind == Kind::Preflight && heard {
            self.check_preflight(request, &mut decision);
        }
        decision
    }

    fn check_origin<'d>(
        &self,
        origin: &'d [u8],
        allow_origin: impl FnOnce(&Origin<'d>) -> bool,
    ) -> Result<(), Denial> {
        if self.is_public() || self.image.has_exact(origin) || self.image.has_wildcard_for(origin) {
            return Ok(());
        }
        let origin = Origin::parse(origin).map_err(|_| Denial::MalformedOrigin)?;
        let allowed = self.image.has(flag::ANY_ORIGIN) || allow_origin(&origin);
        if allowed { Ok(()) } else { Err(Denial::OriginNotAllowed) }
    }

    /// E5: what is asked for, of an origin that is allowed.
    fn check_preflight(&self, request: &Request<'_>, decision: &mut Decision<'_>) {
        let method = self.check_method(request.access_control_request_method().unwrap_or_default());
        let headers = self.check_headers(request);
        if self.echoes(flag::ANY_METHOD) {
            decision.fields = decision.fields.with(Field::AllowMethods, method.is_ok());
        }
        decision.echoes_headers = self.echoes(flag::ANY_HEADER) && headers.is_ok();
        if self.allow_private_network() {
            let asked = request.access_control_request_private_network;
            // E8, E10: the answer depends on that field, and so does even a public policy's.
            decision.fields = decision.fields.with(Field::AllowPrivateNetwork, asked).with(Field::Vary, true);
        }
        if let Err(denial) = method.and(headers) {
            decision.verdict = Verdict::Denied(denial);
        }
    }

    fn check_method(&self, method: &[u8]) -> Result<(), Denial> {
        let mut listed = Elements::new(self.image.section(Section::AllowMethods));
        // What is listed is a token, and `*` no method that a browser asks for.
        if is_safelisted_method(method) || listed.any(|allowed| allowed == method) {
            Ok(())
        } else if !is_token(method) {
            Err(Denial::MalformedMethod)
        } else if self.image.has(flag::ANY_METHOD) && !is_forbidden_method(method) {
            Ok(())
        } else {
            Err(Denial::MethodNotAllowed)
        }
    }

    /// E7. A longer list is denied whatever is in it, and a malformed one whatever else is in it: the verdict does
    /// not depend on the order of names.
    fn check_headers(&self, request: &Request<'_>) -> Result<(), Denial> {
        let lines = request.access_control_request_headers();
        // As if the lines were joined with commas.
        let len = lines.iter().fold(0_usize, |sum, line| sum.saturating_add(line.len()).saturating_add(1));
        if request.too_many_lines || len > Self::MAX_REQUEST_HEADERS_LEN.saturating_add(1) {
            return Err(Denial::HeadersTooLong);
        }
        let any = self.image.has(flag::ANY_HEADER);
        let echoes = self.echoes(flag::ANY_HEADER);
        let listed = self.image.headers();
        let mut count = 0_usize;
        let mut all_allowed = true;
        for name in lines.iter().flat_map(|line| Elements::new(line)) {
            count = count.saturating_add(1);
            // What the policy lists is a token.
            if !echoes && listed.contains(name) {
                continue;
            }
            if !is_token(name) {
                return Err(Denial::MalformedHeaders);
            }
            // The Fetch standard's `*` does not cover this one name.
            all_allowed &= echoes || (any && !name.eq_ignore_ascii_case(b"authorization"));
        }
        if echoes && count > Self::MAX_ECHOED_NAMES {
            Err(Denial::HeadersTooLong)
        } else if all_allowed {
            Ok(())
        } else {
            Err(Denial::HeaderNotAllowed)
        }
    }

    /// True for a policy that answers every origin with `*`, and so need not look at it (E3).
    pub(crate) fn is_public(&self) -> bool {
        self.image.has(flag::ANY_ORIGIN) && !self.allow_credentials()
    }

    /// True if `any`, a wildcard for methods or headers, is answered with what was asked for: with credentials, a
    /// browser takes `*` for a name (E6).
    pub(crate) fn echoes(&self, any: u16) -> bool {
        self.image.has(any) && self.allow_credentials()
    }
}

/// What the policy allows, read back from the image. Methods are as Fetch normalizes them, header names are in lower
/// case.
impl<'a> Policy<'a> {
    /// [`Config::allow_origins`](crate::Config::allow_origins), as written and in that order.
    pub fn allow_origins(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.image.origins()
    }

    /// [`Config::allow_methods`](crate::Config::allow_methods).
    pub fn allow_methods(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.image.names(Section::AllowMethods)
    }

    /// [`Config::allow_headers`](crate::Config::allow_headers).
    pub fn allow_headers(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.image.names(Section::AllowHeaders)
    }

    /// [`Config::expose_headers`](crate::Config::expose_headers), without those that a page may read anyway.
    pub fn expose_headers(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.image.names(Section::ExposeHeaders)
    }

    /// [`Config::allow_credentials`](crate::Config::allow_credentials).
    #[inline]
    pub fn allow_credentials(&self) -> bool {
        self.image.has(flag::CREDENTIALS)
    }

    /// [`Config::max_age`](crate::Config::max_age), in seconds.
    pub fn max_age(&self) -> Option<u32> {
        self.image.names(Section::MaxAge).next()?.parse().ok()
    }

    /// [`Config::allow_private_network`](crate::Config::allow_private_network).
    pub fn allow_private_network(&self) -> bool {
        self.image.has(flag::PRIVATE_NETWORK)
    }

    /// [`Config::preflight_status`](crate::Config::preflight_status).
    pub fn preflight_status(&self) -> u16 {
        self.image.preflight_status()
    }

    /// [`Config::accept_risks`](crate::Config::accept_risks), in the order of [`Risk::ALL`].
    pub fn accept_risks(&self) -> impl Iterator<Item = Risk> + Clone + use<> {
        let risks = self.image.risks();
        Risk::ALL.into_iter().filter(move |risk| risks & risk.bit() != 0)
    }

    /// True if some pattern allows the origin.
    pub fn allows_origin(&self, origin: &Origin<'_>) -> bool {
        self.check_origin(origin.as_bytes(), |_| false).is_ok()
    }
}

impl fmt::Debug for Policy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("image_len", &self.as_bytes().len())
            .field("allow_credentials", &self.allow_credentials())
            .finish_non_exhaustive()
    }
}

/// Two policies are equal if their images are.
impl PartialEq for Policy<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Policy<'_> {}
