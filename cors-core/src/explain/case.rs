//! What stands between a fetch and its success by a policy: the policy's lists against what the engine asks for.

use core::fmt::{self, Write};

use super::obstacle::{Obstacle, ObstacleKind};
use crate::browser::{Engine, Fetch, HeaderName, Mode, Rule};
use crate::config::Risk;
use crate::config::check::has_risk;
use crate::field;
use crate::pattern::OriginPattern;
use crate::policy::Policy;

/// A fetch by a policy, in an engine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case<'a> {
    pub(super) policy: Policy<'a>,
    pub(super) fetch: Fetch<'a>,
    pub(super) engine: Engine,
}

impl<'a> Case<'a> {
    /// Everything that stands in the way, whether or not the browser comes to see it.
    pub(super) fn obstacles(self) -> impl Iterator<Item = Obstacle<'a>> + Clone {
        let call = self.fetch.check().err().map(ObstacleKind::Call);
        let is_called = call.is_none();
        let escapes = self.fetch.mode == Mode::SameOrigin && self.fetch.is_cross_origin();
        // What would come next.
        let mode = if escapes { Mode::Cors } else { self.fetch.mode };
        let case = Case { fetch: Fetch { mode, ..self.fetch }, ..self };
        let is_cors = is_called && case.fetch.is_cors();
        let found = [
            (is_called && escapes, ObstacleKind::Mode),
            (is_cors && !case.policy.allows_origin(&case.fetch.origin), ObstacleKind::Origin),
            (is_cors && case.lacks_credentials(), ObstacleKind::Credentials),
            (is_cors && case.lacks_method(), ObstacleKind::Method),
            (is_cors && case.response_headers().next().is_some(), ObstacleKind::ResponseHeaders),
            (is_cors && case.missing_headers().next().is_some(), ObstacleKind::Headers),
            (is_cors && case.has_too_many_headers(), ObstacleKind::HeaderCount),
        ];
        let found = found.into_iter().filter_map(|(is_found, kind)| is_found.then_some(kind));
        call.into_iter().chain(found).map(move |kind| Obstacle { case, kind })
    }

    /// True if nothing stands in the way.
    pub(super) fn is_ok(self) -> bool {
        self.obstacles().next().is_none()
    }

    fn lacks_credentials(self) -> bool {
        self.fetch.with_credentials() && !self.policy.allow_credentials()
    }

    fn lacks_method(self) -> bool {
        let method = self.fetch.method();
        let allows = |listed: &str| listed == "*" || listed == method;
        !field::is_safelisted_method(method.as_bytes()) && !self.policy.allow_methods().any(allows)
    }

    /// The method of the policy that is the page's but for its case.
    pub(super) fn method_in_other_case(self) -> Option<&'a str> {
        self.policy.allow_methods().find(|listed| listed.eq_ignore_ascii_case(self.fetch.method()))
    }

    /// The names that the policy would have to list and does not.
    pub(super) fn missing_headers(self) -> impl Iterator<Item = HeaderName<'a>> {
        self.refused_headers().filter(|name| !field::is_cors_response_header(name.as_written()))
    }

    /// The names that no policy can list: the page sets what only a server may.
    pub(super) fn response_headers(self) -> impl Iterator<Item = HeaderName<'a>> {
        self.refused_headers().filter(|name| field::is_cors_response_header(name.as_written()))
    }

    fn refused_headers(self) -> impl Iterator<Item = HeaderName<'a>> {
        let any = self.allows_any_header();
        // Where the policy echoes, or the engine takes it so.
        let covers_authorization =
            self.policy.allow_credentials() || self.engine.departs(Rule::WildcardCoversAuthorization);
        self.requested_headers().filter(move |name| {
            let is_covered = any && (covers_authorization || *name != "authorization");
            !is_covered && !self.policy.image.headers().contains(name.as_written().as_bytes())
        })
    }

    /// The names that the preflight asks for.
    pub(super) fn requested_headers(self) -> impl Iterator<Item = HeaderName<'a>> {
        let is_cors = self.fetch.is_cors();
        self.fetch.unsafe_names(self.engine).filter(move |_| is_cors)
    }

    /// E6: what is echoed is bounded.
    fn has_too_many_headers(self) -> bool {
        let echoes = self.policy.allow_credentials() || self.fetch.with_credentials();
        if !echoes || !self.allows_any_header() {
            return false;
        }
        let mut list = ListSize::default();
        if let Some(preflight) = self.fetch.preflight(self.engine) {
            // Names may be in it twice.
            let headers = preflight.access_control_request_headers();
            let _ = headers.map_or(Ok(()), |headers| write!(list, "{headers}"));
        }
        list.commas >= Policy::MAX_ECHOED_NAMES || list.len > Policy::MAX_REQUEST_HEADERS_LEN
    }

    pub(super) fn allows_any_header(self) -> bool {
        self.policy.allow_headers().any(|name| name == "*")
    }

    /// The risk that the policy would have to accept, and does not, to list `text` for this fetch.
    pub(super) fn risk_of(self, text: &str) -> Option<Risk> {
        let pattern = OriginPattern::parse(text).ok()?;
        let credentials = self.policy.allow_credentials() || self.fetch.with_credentials();
        Risk::ALL.into_iter().find(|&risk| {
            has_risk(&pattern, risk, credentials, None)
                && !self.policy.accept_risks().any(|accepted| accepted == risk)
        })
    }
}

/// Measures a list that is only rendered.
#[derive(Default)]
struct ListSize {
    len: usize,
    commas: usize,
}

impl Write for ListSize {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.len = self.len.saturating_add(text.len());
        self.commas = self.commas.saturating_add(text.bytes().filter(|&byte| byte == b',').count());
        Ok(())
    }
}
