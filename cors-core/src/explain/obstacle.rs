//! [`Obstacle`]: something that stands between a fetch and its success, and its fixes.

use core::fmt;

use super::fix::{self, Fix, Fixes};
use super::missing_headers::MissingHeaders;
use super::near_miss::{NearMisses, near_misses};
use super::stop;
use super::trial::{Refused, Trial};
use crate::browser::{Fetch, FetchError, Mode};
use crate::policy::Policy;

/// Something that makes a fetch fail, before any request or by a policy. All of a fetch's obstacles have to go.
#[derive(Clone, Copy, Debug)]
pub struct Obstacle<'a> {
    trial: Trial<'a>,
    kind: ObstacleKind,
}

/// The kinds of [`Obstacle`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ObstacleKind {
    /// The page's call throws.
    Call(FetchError),
    /// No page can ask the address: it has no scheme, or another than http and https.
    Address,
    /// The page came by https, and the address is one of http.
    MixedContent,
    /// The address is nearer than the page's own, on a private network or on this machine.
    LocalNetwork,
    /// The port of the address is another protocol's.
    Port,
    /// The mode `same-origin`, for another origin.
    Mode,
    /// The policy does not list the page's origin.
    Origin,
    /// The fetch is made with credentials, and the policy does not allow them.
    Credentials,
    /// The policy does not list the method.
    Method,
    /// The page sets a response header of the CORS protocol on its request.
    ResponseHeaders,
    /// The page sets a header that no policy can list: its name is `*`, or longer than
    /// [`Config::MAX_NAME_LEN`](crate::Config::MAX_NAME_LEN).
    UnlistableHeaders,
    /// The policy does not list all headers.
    Headers,
    /// There are more headers than a policy echoes.
    HeaderCount,
}

impl ObstacleKind {
    /// Returns the name, as in JSON: `origin`, `credentials`, `method`, `headers` and others.
    pub fn name(self) -> &'static str {
        match self {
            ObstacleKind::Call(_) => "call",
            ObstacleKind::Address => "address",
            ObstacleKind::MixedContent => "mixed-content",
            ObstacleKind::LocalNetwork => "local-network",
            ObstacleKind::Port => "port",
            ObstacleKind::Mode => "mode",
            ObstacleKind::Origin => "origin",
            ObstacleKind::Credentials => "credentials",
            ObstacleKind::Method => "method",
            ObstacleKind::ResponseHeaders => "response-headers",
            ObstacleKind::UnlistableHeaders => "unlistable-headers",
            ObstacleKind::Headers => "headers",
            ObstacleKind::HeaderCount => "header-count",
        }
    }
}

/// Returns everything that stands in the way of a fetch, whether or not the browser comes to see it.
pub(super) fn obstacles(trial: Trial<'_>) -> impl Iterator<Item = Obstacle<'_>> + Clone {
    let call = trial.fetch.check().err().map(ObstacleKind::Call);
    let is_called = call.is_none();
    let escapes = trial.fetch.mode == Mode::SameOrigin && trial.fetch.is_cross_origin();
    // With the mode mended, these obstacles would come next.
    let mode = if escapes { Mode::Cors } else { trial.fetch.mode };
    let trial = Trial { fetch: Fetch { mode, ..trial.fetch }, ..trial };
    let is_cors = is_called && trial.fetch.is_cors();
    let stops = stop::kinds(&trial.fetch, trial.engine, escapes).into_iter().flatten();
    let stops = stops.filter(move |_| is_called);
    let found = [
        (is_cors && trial.lacks_origin(), ObstacleKind::Origin),
        (is_cors && trial.lacks_credentials(), ObstacleKind::Credentials),
        (is_cors && trial.lacks_method(), ObstacleKind::Method),
        (is_cors && trial.has_refused_headers(Refused::OfResponses), ObstacleKind::ResponseHeaders),
        (is_cors && trial.has_refused_headers(Refused::Unlistable), ObstacleKind::UnlistableHeaders),
        (is_cors && trial.has_refused_headers(Refused::Missing), ObstacleKind::Headers),
        (is_cors && trial.has_too_many_headers(), ObstacleKind::HeaderCount),
    ];
    let found = found.into_iter().filter_map(|(is_found, kind)| is_found.then_some(kind));
    call.into_iter().chain(stops).chain(found).map(move |kind| Obstacle { trial, kind })
}

impl<'a> Obstacle<'a> {
    /// Returns what it is about.
    pub fn kind(&self) -> ObstacleKind {
        self.kind
    }

    /// Returns what takes it away. One of the fixes is enough; the first is the best guess.
    pub fn fixes(&self) -> impl Iterator<Item = Fix<'a>> + Clone + use<'a> {
        let trial = self.trial;
        match self.kind {
            ObstacleKind::Call(error) => Fixes::one(Fix::ChangeCall(error)),
            ObstacleKind::Address
            | ObstacleKind::MixedContent
            | ObstacleKind::LocalNetwork
            | ObstacleKind::Port
            | ObstacleKind::Mode => {
                stop::fixes(self.kind, &trial.fetch, trial.engine, |page| trial.may_list(page))
            }
            ObstacleKind::Origin => fix::for_origin(trial, &self.near_misses()),
            ObstacleKind::Credentials => fix::for_credentials(trial),
            ObstacleKind::Method => fix::for_method(trial),
            ObstacleKind::ResponseHeaders => {
                Fixes::one(Fix::RemoveHeaders(MissingHeaders::new(trial, Refused::OfResponses)))
            }
            ObstacleKind::UnlistableHeaders => {
                Fixes::one(Fix::RemoveHeaders(MissingHeaders::new(trial, Refused::Unlistable)))
            }
            ObstacleKind::Headers => {
                Fixes::one(Fix::AllowHeaders(MissingHeaders::new(trial, Refused::Missing)))
            }
            ObstacleKind::HeaderCount => Fixes::one(Fix::SendFewerHeaders),
        }
    }

    /// Returns what in the policy the page's origin was probably meant to match. Nothing for the other obstacles.
    pub fn near_misses(&self) -> NearMisses<'a> {
        match self.kind {
            ObstacleKind::Origin => near_misses(&self.trial.fetch.origin, self.trial.policy.allow_origins()),
            _ => NearMisses::default(),
        }
    }
}

impl fmt::Display for Obstacle<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Trial { policy, fetch, .. } = &self.trial;
        match self.kind {
            ObstacleKind::Call(error) => error.fmt(f),
            ObstacleKind::Address
            | ObstacleKind::MixedContent
            | ObstacleKind::LocalNetwork
            | ObstacleKind::Port
            | ObstacleKind::Mode => stop::write(f, self.kind, fetch, self.trial.engine),
            ObstacleKind::Origin if fetch.origin.is_opaque() => f.write_str(
                "the page's origin is opaque: a browser writes `null` for a sandboxed frame, a page opened as a file, \
                 a data: page and a redirect across origins, and nobody can tell one from another",
            ),
            ObstacleKind::Origin => {
                write!(f, "the policy does not list the page's origin, {}", fetch.origin)
            }
            ObstacleKind::Credentials if policy.is_public() => f.write_str(
                "the fetch is made with credentials, and the policy answers `*`, which does not count for them",
            ),
            ObstacleKind::Credentials => {
                f.write_str("the fetch is made with credentials, and the policy does not allow them")
            }
            ObstacleKind::Method => self.write_method(f),
            ObstacleKind::ResponseHeaders => write!(
                f,
                "the page sets {} on its request, where only a response may have it",
                MissingHeaders::new(self.trial, Refused::OfResponses)
            ),
            ObstacleKind::UnlistableHeaders => write!(
                f,
                "no policy can list {}: names are of 256 bytes at most, and `*` stands for every name",
                MissingHeaders::new(self.trial, Refused::Unlistable)
            ),
            ObstacleKind::Headers => self.write_headers(f),
            ObstacleKind::HeaderCount => write!(
                f,
                "the policy allows any header by repeating the names, and repeats {} and {} bytes of them at most",
                Policy::MAX_ECHOED_NAMES,
                Policy::MAX_REQUEST_HEADERS_LEN
            ),
        }
    }
}

impl Obstacle<'_> {
    fn write_method(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = self.trial.fetch.method();
        match self.trial.method_in_other_case() {
            Some(listed) if self.trial.lists_in_lower_case(listed) => write!(
                f,
                "the policy lists the method {listed} in lower case, the page sends {method}, and methods are case-sensitive"
            ),
            Some(listed) => write!(
                f,
                "the page writes the method {method}, the policy lists {listed}, and methods are case-sensitive"
            ),
            None => write!(f, "the policy does not list the method {method}"),
        }
    }

    fn write_headers(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing = MissingHeaders::new(self.trial, Refused::Missing);
        if self.trial.allows_any_header() {
            return f.write_str("the policy's `*` stands for every header but authorization");
        }
        let plural = if missing.names().nth(1).is_some() { "headers" } else { "header" };
        write!(f, "the policy does not list the {plural} {missing}")
    }
}
