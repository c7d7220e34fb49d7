//! [`Trial`]: the policy's lists against what an engine asks for.

use core::fmt::{self, Write};

use super::stop::{try_address, written_address};
use crate::browser::{CorsError, Engine, Fetch, HeaderName, Preflight, Rule};
use crate::config::rules::{self, has_risk};
use crate::config::{Config, Risk};
use crate::field;
use crate::origin::Origin;
use crate::pattern::{LOCAL_FILE_ORIGIN, OriginPattern};
use crate::policy::Policy;

/// A fetch that is tried on a policy, in an engine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trial<'a> {
    pub(super) policy: Policy<'a>,
    pub(super) fetch: Fetch<'a>,
    pub(super) engine: Engine,
    /// The names that the preflight of this engine asks for, if they were written already.
    pub(super) written: Option<&'a str>,
}

impl<'a> Trial<'a> {
    pub(super) fn lacks_origin(self) -> bool {
        !self.policy.allows_origin(&self.fetch.origin)
    }

    pub(super) fn lacks_credentials(self) -> bool {
        self.fetch.with_credentials() && !self.policy.allow_credentials()
    }

    pub(super) fn lacks_method(self) -> bool {
        let method = self.fetch.method();
        let allows = |listed: &str| listed == "*" || listed == method;
        !field::is_safelisted_method(method.as_bytes()) && !self.policy.allow_methods().any(allows)
    }

    /// Returns the listed method that differs from the page's only in case.
    pub(super) fn method_in_other_case(self) -> Option<&'a str> {
        self.policy.allow_methods().find(|listed| listed.eq_ignore_ascii_case(self.fetch.method()))
    }

    /// Returns true if the policy writes the method in lower case and the page in upper case, as methods mostly are.
    pub(super) fn lists_in_lower_case(self, listed: &str) -> bool {
        let has_any = |text: &str, is_case: fn(&u8) -> bool| text.bytes().any(|byte| is_case(&byte));
        has_any(listed, u8::is_ascii_lowercase) && !has_any(self.fetch.method(), u8::is_ascii_lowercase)
    }

    /// Returns true if the page's origin is that of one page or application, and not of every file or sandboxed frame.
    pub(super) fn has_own_origin(self) -> bool {
        let origin = self.fetch.origin;
        !origin.is_opaque() && origin.as_str() != LOCAL_FILE_ORIGIN
    }

    /// Returns true if the page has to come by https before it may ask a near address.
    pub(super) fn needs_secure_page(self) -> bool {
        let checked = self.fetch.check_address_at_any_port(self.engine);
        matches!(checked, Err(CorsError::InsecureLocalNetwork { .. }))
    }

    /// Returns true if the address can be asked from a page of another origin, as far as it can from the page's. An address without a
    /// scheme is tried with the one that the page is told to write.
    pub(super) fn may_ask_from(self, origin: Origin<'a>) -> bool {
        let kind =
            |fetch: Fetch<'_>| fetch.check_address_at_any_port(self.engine).err().map(|error| error.kind());
        let moved = Fetch { origin, redirected_from: None, ..self.fetch };
        let found = kind(moved);
        (found.is_none() || found == kind(self.fetch))
            && written_address(&self.fetch, self.engine).is_none_or(|(address, space)| {
                try_address(&moved, address, self.engine).is_ok_and(|other| other.is_none() || other == space)
            })
    }

    /// Returns true if the policy's config may list the method besides what it has. A page that asks for a method `*` asks for no
    /// other.
    pub(super) fn can_list_method(self) -> bool {
        let method = self.fetch.method();
        let has_room = self.policy.allow_methods().count() < Config::MAX_METHODS;
        has_room && method != "*" && rules::method_problem(method, false).is_none()
    }

    /// Returns the names of this kind that the policy does not allow: sorted, each once.
    pub(super) fn refused_headers(self, kind: Refused) -> impl Iterator<Item = HeaderName<'a>> {
        let is_refused = self.refuses();
        self.requested_headers().filter(move |name| is_refused(name) && Refused::of(name) == kind)
    }

    pub(super) fn has_refused_headers(self, kind: Refused) -> bool {
        let is_refused = self.refuses();
        self.requested_in_page_order().any(|name| is_refused(&name) && Refused::of(&name) == kind)
    }

    /// Returns a test for the requested names that the policy does not allow.
    fn refuses(self) -> impl Fn(&HeaderName<'a>) -> bool {
        let any = self.allows_any_header();
        // `*` covers `authorization` if the policy echoes header names, or if this engine lets it.
        let covers_authorization =
            self.policy.allow_credentials() || self.engine.departs(Rule::WildcardCoversAuthorization);
        move |name| {
            let is_covered = any && (covers_authorization || *name != "authorization");
            !is_covered && !self.policy.image.headers().contains(name.as_written().as_bytes())
        }
    }

    /// Returns the names that the preflight asks for: sorted, each once.
    pub(super) fn requested_headers(self) -> impl Iterator<Item = HeaderName<'a>> {
        let is_cors = self.fetch.is_cors();
        let preflight = Preflight::new(&self.fetch, self.engine, self.written);
        preflight.header_names().filter(move |_| is_cors)
    }

    /// Returns the same names as often and in the order in which the page sets them.
    fn requested_in_page_order(self) -> impl Iterator<Item = HeaderName<'a>> {
        let is_cors = self.fetch.is_cors();
        self.fetch.unsafe_headers(self.engine).map(|(name, _)| name).filter(move |_| is_cors)
    }

    /// True if the preflight asks for this name.
    pub(super) fn requests(self, name: HeaderName<'_>) -> bool {
        self.requested_in_page_order().any(|requested| requested == name)
    }

    /// E6: a policy echoes only so many names.
    pub(super) fn has_too_many_headers(self) -> bool {
        let echoes = self.policy.allow_credentials() || self.fetch.with_credentials();
        if !echoes || !self.allows_any_header() {
            return false;
        }
        let preflight =
            self.fetch.preflight(self.engine).map(|_| Preflight::new(&self.fetch, self.engine, self.written));
        let headers = preflight.and_then(|preflight| preflight.access_control_request_headers());
        // Firefox may name a header twice.
        headers.is_some_and(|headers| write!(EchoLimit::default(), "{headers}").is_err())
    }

    pub(super) fn allows_any_header(self) -> bool {
        self.policy.allow_headers().any(|name| name == "*")
    }

    /// Returns the risk that the policy would have to accept, and does not, to list `text` for this fetch.
    pub(super) fn risk_of(self, text: &str) -> Option<Risk> {
        let credentials = self.policy.allow_credentials() || self.fetch.with_credentials();
        risks_of(text, credentials).find(|risk| !self.policy.accept_risks().any(|accepted| accepted == *risk))
    }

    /// Returns whether the policy allows a page already, if it does or may list it without a risk.
    pub(super) fn may_list(self, page: &Origin<'_>) -> Option<bool> {
        let text = page.as_str();
        let is_allowed = self.policy.allows_origin(page);
        (is_allowed || (can_list(text) && self.risk_of(text).is_none())).then_some(is_allowed)
    }
}

/// Returns the risks that a policy has to accept to list `text`.
pub(super) fn risks_of(text: &str, credentials: bool) -> impl Iterator<Item = Risk> {
    let pattern = OriginPattern::parse(text).ok();
    let has = move |risk: &Risk| {
        pattern.is_some_and(|pattern| has_risk(&pattern, *risk, credentials, Config::NEW.is_public_suffix))
    };
    Risk::ALL.into_iter().filter(has)
}

/// Returns true if a config may list an origin: a pattern is stricter than what a browser can send.
pub(super) fn can_list(origin: &str) -> bool {
    OriginPattern::parse(origin).is_ok()
}

/// Why a policy does not allow the name of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It would have to list the name.
    Missing,
    /// Only a server sets it, so that no config may list it.
    OfResponses,
    /// No config may list it for another reason: it is longer than 256 bytes, or `*`, which stands for every name there.
    Unlistable,
}

impl Refused {
    fn of(name: &HeaderName<'_>) -> Self {
        let name = name.as_written();
        if field::is_cors_response_header(name) {
            Refused::OfResponses
        } else if name == "*" || rules::header_problem(name, false).is_some() {
            Refused::Unlistable
        } else {
            Refused::Missing
        }
    }
}

/// Takes as much of a list as a policy echoes.
#[derive(Default)]
struct EchoLimit {
    len: usize,
    commas: usize,
}

impl Write for EchoLimit {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.len = self.len.saturating_add(text.len());
        self.commas = self.commas.saturating_add(text.bytes().filter(|&byte| byte == b',').count());
        let fits = self.commas < Policy::MAX_ECHOED_NAMES && self.len <= Policy::MAX_REQUEST_HEADERS_LEN;
        fits.then_some(()).ok_or(fmt::Error)
    }
}
