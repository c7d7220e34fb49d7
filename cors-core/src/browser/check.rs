//! The CORS check and the preflight check (Fetch, "CORS check" and "CORS-preflight fetch").

use crate::browser::engine::{Engine, Rule};
use crate::browser::error::{CorsError, Element, Stage};
use crate::browser::fetch::Fetch;
use crate::browser::hash_order::in_hash_order;
use crate::browser::header::{CombinedValue, HeaderName, elements};
use crate::browser::options::Mode;
use crate::browser::response::Response;
use crate::browser::url;
use crate::field;

/// True if an `Access-Control-Allow-Origin` that is not the page's origin looks like several. The standard does not
/// distinguish wrong values; Chromium does so by this.
pub(crate) fn is_list(mut bytes: impl Iterator<Item = u8>) -> bool {
    bytes.any(|byte| matches!(byte, b' ' | b','))
}

impl<'a> Fetch<'a> {
    /// Checks the preflight's answer: if it passes, the browser sends the request itself.
    ///
    /// Whether the fetch needs a preflight is not checked.
    pub fn check_preflight(&self, engine: Engine, response: &Response<'a>) -> Result<(), CorsError<'a>> {
        let status = response.status;
        let redirects = response
            .location()
            .is_some_and(|location| !(location.is_empty() && engine.departs(Rule::EmptyLocationIsNone)));
        if redirects && engine.departs(Rule::RedirectBeforeCheck) {
            return Err(CorsError::PreflightDisallowedRedirect { status });
        }
        let asking = Fetch { origin: self.preflight_origin(engine), ..*self };
        asking.check_cors(engine, Stage::Preflight, response)?;
        if redirects {
            return Err(CorsError::PreflightDisallowedRedirect { status });
        }
        if !response.is_ok_status() {
            return Err(CorsError::PreflightInvalidStatus { status });
        }
        let methods = response.get("access-control-allow-methods");
        let headers = response.get("access-control-allow-headers");
        let read_methods = find_malformed(methods)
            .map(|element| CorsError::InvalidAllowMethodsPreflightResponse { element });
        let read_headers = find_malformed(headers)
            .map(|element| CorsError::InvalidAllowHeadersPreflightResponse { element });
        let found_method = (!self.allows_method(methods))
            .then_some(CorsError::MethodDisallowedByPreflightResponse { method: self.method() });
        let found_headers = self
            .find_disallowed(engine, headers)
            .map(|name| CorsError::HeaderDisallowedByPreflightResponse { name });
        let in_order = if engine.departs(Rule::MethodBeforeHeaders) {
            [read_methods, found_method, read_headers, found_headers]
        } else {
            [read_methods, read_headers, found_method, found_headers]
        };
        in_order.into_iter().flatten().next().map_or(Ok(()), Err)
    }

    /// Checks the response itself: if it passes, the page may read it, except for the headers that are not
    /// [exposed](Self::exposed_headers).
    ///
    /// Passes every response within the page's own origin, and every one in the mode `no-cors`.
    pub fn check_response(&self, engine: Engine, response: &Response<'a>) -> Result<(), CorsError<'a>> {
        if !self.is_cross_origin() || self.mode == Mode::NoCors {
            return Ok(());
        }
        if self.mode == Mode::SameOrigin {
            return Err(CorsError::DisallowedByMode);
        }
        self.check_cors(engine, Stage::Actual, response)?;
        match response.location() {
            Some(location) if url::has_user_info(location) => {
                Err(CorsError::RedirectContainsCredentials { location: Element::new(location) })
            }
            _ => Ok(()),
        }
    }

    /// Fetch, "CORS check".
    fn check_cors(&self, engine: Engine, stage: Stage, response: &Response<'a>) -> Result<(), CorsError<'a>> {
        let status = response.status;
        let Some(value) = response.get_in(engine, "access-control-allow-origin") else {
            return Err(CorsError::MissingAllowOriginHeader { stage, status });
        };
        if value == *"*" {
            return if self.with_credentials() {
                Err(CorsError::WildcardOriginNotAllowed { stage })
            } else {
                Ok(())
            };
        }
        if value != *self.origin.as_bytes() {
            return Err(if is_list(value.bytes()) {
                CorsError::MultipleAllowOriginValues { stage, value }
            } else if value == *"null" || value.lines().all(url::is_valid) {
                CorsError::AllowOriginMismatch { stage, value }
            } else {
                CorsError::InvalidAllowOriginValue { stage, value }
            });
        }
        let credentials = response.get_in(engine, "access-control-allow-credentials");
        if self.with_credentials() && credentials.is_none_or(|value| value != *"true") {
            return Err(CorsError::InvalidAllowCredentials { stage, value: credentials });
        }
        Ok(())
    }

    fn allows_method(&self, allowed: Option<CombinedValue<'a>>) -> bool {
        let method = self.method().as_bytes();
        field::is_safelisted_method(method)
            || elements(allowed).any(|element| element == method || self.is_wildcard(element))
    }

    /// Returns the header that the engine names of those that need a preflight and that the response does not allow.
    fn find_disallowed(&self, engine: Engine, allowed: Option<CombinedValue<'a>>) -> Option<HeaderName<'a>> {
        let is_listed = |name: HeaderName<'a>| elements(allowed).any(|element| name.compare(element).is_eq());
        // The standard checks `authorization` before the others, engines in list order.
        if !engine.departs(Rule::WildcardCoversAuthorization) {
            let mut names = self.unsafe_headers(engine).map(|(name, _)| name);
            let authorization = names.find(|name| *name == "authorization");
            if let Some(name) = authorization.filter(|name| !is_listed(*name)) {
                return Some(name);
            }
        }
        if elements(allowed).any(|element| self.is_wildcard(element)) {
            return None;
        }
        let by_name = self.unlisted_names(engine, allowed).next()?;
        if !engine.departs(Rule::NamesHeaderByHash) {
            return Some(by_name);
        }
        let in_table =
            in_hash_order(self.header_list(engine).map(|header| HeaderName::new(header.name())), self.api);
        let is_named = |name: &HeaderName<'a>| !is_listed(*name) && self.needs_name(engine, *name);
        in_table.and_then(|names| names.into_iter().find(is_named)).or(Some(by_name))
    }

    /// With credentials, `*` is the name of a method or a header like any other.
    pub(crate) fn is_wildcard(&self, element: &[u8]) -> bool {
        element == b"*" && !self.with_credentials()
    }

    /// True if `authorization` passed a preflight only because this engine lets `*` cover it. Firefox warns of that.
    pub(crate) fn relies_on_wildcard(&self, engine: Engine, response: &Response<'a>) -> bool {
        let allowed = response.get("access-control-allow-headers");
        engine.departs(Rule::WildcardCoversAuthorization)
            && self.unsafe_headers(engine).any(|(name, _)| name == "authorization")
            && elements(allowed).any(|element| self.is_wildcard(element))
            && !elements(allowed).any(|element| element.eq_ignore_ascii_case(b"authorization"))
    }
}

/// Returns the first list element that is not a token.
fn find_malformed(value: Option<CombinedValue<'_>>) -> Option<Element<'_>> {
    elements(value).find(|element| !field::is_token(element)).map(Element::new)
}
