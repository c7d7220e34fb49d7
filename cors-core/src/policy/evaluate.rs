//! [`Policy::evaluate`]: a request becomes a decision (rules E1 to E8, E10, E12). [`Policy::grants`]: and half of one.

use crate::config::Risk;
use crate::field::{Elements, is_forbidden_method, is_safelisted_method, is_token, without_white_space};
use crate::image::layout::{Section, flag};
use crate::image::{Field, FieldSet};
use crate::origin::Origin;
use crate::policy::decision::{Decision, Kind, Verdict};
use crate::policy::denial::Denial;
use crate::policy::request::{Request, SingleValue};
use crate::policy::view::Policy;

impl<'a> Policy<'a> {
    /// Decides about `request`.
    #[inline]
    pub fn evaluate<'d>(&self, request: &'d Request<'d>) -> Decision<'d>
    where
        'a: 'd,
    {
        self.evaluate_with(request, |_| false)
    }

    /// Decides about `request`, and asks the caller about an origin that parses and that no pattern allows (E12).
    ///
    /// The caller is asked about `null` only if the policy accepts [`Risk::NullOrigin`], and about an origin of the scheme `file` only if
    /// it accepts [`Risk::LocalFileOrigin`]. Any site or any file can send them, and they would pass a check such as "does not end in
    /// `.evil.example`".
    #[inline]
    pub fn evaluate_with<'d>(
        &self,
        request: &'d Request<'d>,
        allow_origin: impl FnOnce(&Origin<'d>) -> bool,
    ) -> Decision<'d>
    where
        'a: 'd,
    {
        let kind = request.kind();
        let allowed = match (request.origin, request.access_control_request_method) {
            (SingleValue::Absent, _) => Ok(()),
            (SingleValue::Several, _) => Err(Denial::MultipleOrigins), // E2
            (SingleValue::One(origin), method) => self.check_origin(origin, allow_origin).and(match method {
                SingleValue::Several => Err(Denial::MultipleRequestMethods),
                SingleValue::Absent | SingleValue::One(_) => Ok(()),
            }),
        };
        // The response carries the policy's fields. The method or a header may still be denied.
        let (origin_allowed, fields) = match kind {
            Kind::NotCors => (self.is_public(), FieldSet::ACTUAL), // E3
            Kind::Actual => (allowed.is_ok() || self.is_public(), FieldSet::ACTUAL),
            Kind::Preflight => (allowed.is_ok(), FieldSet::PREFLIGHT),
        };
        let mut decision = Decision {
            image: self.image,
            request,
            kind,
            verdict: match allowed {
                Ok(()) => Verdict::Allowed,
                Err(denial) => Verdict::Denied(denial),
            },
            fields: self.image.fields().and(if origin_allowed { fields } else { FieldSet::DENIED }),
            echoes_headers: false,
        };
        if kind == Kind::Preflight && origin_allowed {
            self.check_preflight(request, &mut decision);
        }
        decision
    }

    /// Returns true if the response to `request` has `Access-Control-Allow-Origin`: what [`evaluate`](Self::evaluate) finds out about
    /// the origin, for a caller that tells nobody why a request is denied, and has the fields from elsewhere.
    ///
    /// What a preflight asks for is not looked at, since the response to it has the same fields whether the policy allows
    /// that or not (E5): the browser compares.
    ///
    /// ```
    /// use cors_core::{Config, Request};
    ///
    /// let config = Config { allow_origins: &["https://app.example.com"], ..Config::NEW };
    /// let mut image = vec![0; config.image_len()];
    /// let policy = config.compile_into(&mut image).unwrap();
    /// assert!(policy.grants(&Request::from_headers("GET", [("origin", "https://app.example.com")])));
    /// assert!(!policy.grants(&Request::from_headers("GET", [("origin", "https://evil.example")])));
    /// ```
    #[inline]
    pub fn grants(&self, request: &Request<'_>) -> bool {
        let allowed = match (request.origin, request.access_control_request_method) {
            (SingleValue::Absent, _) => self.is_public(), // E3
            (SingleValue::One(origin), SingleValue::Absent | SingleValue::One(_)) => {
                // As in `check_origin`: one function for both would cost an evaluation nine instructions.
                self.is_public()
                    || self.image.has_exact(origin)
                    || self.image.has_wildcard_for(origin)
                    || self.image.has(flag::ANY_ORIGIN) && Origin::parse(origin).is_ok()
            }
            (SingleValue::Several, _) | (_, SingleValue::Several) => false, // E2
        };
        allowed || (self.is_public() && !request.is_preflight())
    }

    /// Returns true if some pattern allows the origin.
    pub fn allows_origin(&self, origin: &Origin<'_>) -> bool {
        self.check_origin(origin.as_bytes(), |_| false).is_ok()
    }

    /// Returns true if some pattern allows the origin in this value of an `Origin` field, as for a WebSocket handshake. Spaces
    /// and tabs around the value do not count (E7). Returns false for a value that is not an origin.
    ///
    /// ```
    /// use cors_core::Config;
    ///
    /// let config = Config { allow_origins: &["https://app.example.com"], ..Config::NEW };
    /// let mut image = vec![0; config.image_len()];
    /// let policy = config.compile_into(&mut image).unwrap();
    /// assert!(policy.allows_origin_value(b" https://app.example.com\t"));
    /// assert!(!policy.allows_origin_value(b"https://app.example.com/"));
    /// ```
    pub fn allows_origin_value(&self, value: &[u8]) -> bool {
        Origin::parse(without_white_space(value)).is_ok_and(|origin| self.allows_origin(&origin))
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
        let allowed =
            self.image.has(flag::ANY_ORIGIN) || (self.may_ask_about(&origin) && allow_origin(&origin));
        if allowed { Ok(()) } else { Err(Denial::OriginNotAllowed) }
    }

    fn may_ask_about(&self, origin: &Origin<'_>) -> bool {
        let risk = match origin.scheme_bytes() {
            _ if origin.is_opaque() => Risk::NullOrigin,
            // With a host, too, which a check such as `file://.*` lets in.
            b"file" => Risk::LocalFileOrigin,
            _ => return true,
        };
        self.image.risks() & risk.bit() != 0
    }

    /// Decides about the method and the headers that a preflight asks for, once its origin is allowed (E5).
    fn check_preflight(&self, request: &Request<'_>, decision: &mut Decision<'_>) {
        let method = self.check_method(request.access_control_request_method().unwrap_or_default());
        let headers = self.check_headers(request);
        if self.image.echoes(flag::ANY_METHOD) {
            decision.fields = decision.fields.with(Field::AllowMethods, method.is_ok());
        }
        decision.echoes_headers = self.image.echoes(flag::ANY_HEADER) && headers.is_ok();
        if self.allow_private_network() {
            let asked = request.access_control_request_private_network;
            // E8, E10: the response depends on that field, even if the policy is public.
            decision.fields = decision.fields.with(Field::AllowPrivateNetwork, asked).with(Field::Vary, true);
        }
        if let Err(denial) = method.and(headers) {
            decision.verdict = Verdict::Denied(denial);
        }
    }

    fn check_method(&self, method: &[u8]) -> Result<(), Denial> {
        let mut listed = Elements::new(self.image.section(Section::AllowMethods));
        // A listed method is a token; a browser never asks for a method `*`.
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

    /// E7. A list that is too long is denied whatever it names, and a malformed one whatever else it names: the verdict
    /// does not depend on the order of the names.
    fn check_headers(&self, request: &Request<'_>) -> Result<(), Denial> {
        let lines = request.access_control_request_headers();
        // The length of the lines if they were joined with commas.
        let len = lines.iter().fold(0_usize, |sum, line| sum.saturating_add(line.len()).saturating_add(1));
        if request.too_many_lines || len > Self::MAX_REQUEST_HEADERS_LEN.saturating_add(1) {
            return Err(Denial::HeadersTooLong);
        }
        let any = self.image.has(flag::ANY_HEADER);
        let echoes = self.image.echoes(flag::ANY_HEADER);
        let listed = self.image.headers();
        let mut count = 0_usize;
        let mut all_allowed = true;
        for name in lines.iter().flat_map(|line| Elements::new(line)) {
            count = count.saturating_add(1);
            // A listed name is a token.
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
}
