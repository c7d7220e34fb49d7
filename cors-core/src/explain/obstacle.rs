//! [`Obstacle`]: something that stands between a fetch and its success, and how to take it away.

use core::fmt;

use super::case::Case;
use super::fix::{Fix, Fixes, MissingHeaders};
use super::near_miss::{NearMisses, near_misses};
use crate::browser::FetchError;
use crate::policy::Policy;

/// Something that makes a fetch fail by a policy. All of a fetch's obstacles have to go.
#[derive(Clone, Copy, Debug)]
pub struct Obstacle<'a> {
    pub(super) case: Case<'a>,
    pub(super) kind: ObstacleKind,
}

/// What an [`Obstacle`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ObstacleKind {
    /// The page's call throws.
    Call(FetchError),
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
    /// The policy does not list all headers.
    Headers,
    /// There are more headers than a policy echoes.
    HeaderCount,
}

impl ObstacleKind {
    /// The name, as in JSON: `origin`, `credentials`, `method`, `headers` and others.
    pub fn name(self) -> &'static str {
        match self {
            ObstacleKind::Call(_) => "call",
            ObstacleKind::Mode => "mode",
            ObstacleKind::Origin => "origin",
            ObstacleKind::Credentials => "credentials",
            ObstacleKind::Method => "method",
            ObstacleKind::ResponseHeaders => "response-headers",
            ObstacleKind::Headers => "headers",
            ObstacleKind::HeaderCount => "header-count",
        }
    }
}

impl<'a> Obstacle<'a> {
    /// What it is about.
    pub fn kind(&self) -> ObstacleKind {
        self.kind
    }

    /// What takes it away. One of them is enough; the first is the best guess.
    pub fn fixes(&self) -> impl Iterator<Item = Fix<'a>> + Clone + use<'a> {
        Fixes::of(self)
    }

    /// What in the policy the page's origin was probably meant to match. Nothing where the obstacle is another.
    pub fn near_misses(&self) -> NearMisses<'a> {
        match self.kind {
            ObstacleKind::Origin => near_misses(&self.case.fetch.origin, self.case.policy.allow_origins()),
            _ => NearMisses::default(),
        }
    }
}

impl fmt::Display for Obstacle<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Case { policy, fetch, .. } = &self.case;
        match self.kind {
            ObstacleKind::Call(error) => error.fmt(f),
            ObstacleKind::Mode => {
                f.write_str("the mode same-origin lets no request leave the page's own origin")
            }
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
                MissingHeaders::of_responses(self.case)
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
        let method = self.case.fetch.method();
        match self.case.method_in_other_case() {
            Some(listed) => write!(
                f,
                "the page writes the method {method}, the policy lists {listed}, and methods are case-sensitive"
            ),
            None => write!(f, "the policy does not list the method {method}"),
        }
    }

    fn write_headers(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing = MissingHeaders::new(self.case);
        if self.case.allows_any_header() {
            return f.write_str("the policy's `*` stands for every header but authorization");
        }
        let plural = if missing.names().nth(1).is_some() { "headers" } else { "header" };
        write!(f, "the policy does not list the {plural} {missing}")
    }
}
