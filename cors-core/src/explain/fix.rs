//! [`Fix`]: what to change, in the policy or in the page.

use core::fmt::{self, Write};

use super::case::Case;
use super::difference::Difference;
use super::near_miss::NearMiss;
use super::obstacle::{Obstacle, ObstacleKind};
use crate::browser::{Api, FetchError, HeaderName};
use crate::config::Risk;
use crate::origin::Origin;
use crate::pattern::OriginPattern;
use crate::pattern::canonical::Text;

/// A change that takes an [`Obstacle`] away.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Fix<'a> {
    /// Add the origin to `allow_origins`.
    AllowOrigin {
        /// The page's origin.
        origin: Origin<'a>,
        /// What has to be added to `accept_risks`, too.
        risk: Option<Risk>,
    },
    /// Add the pattern to `allow_origins`, if all that it allows is one's own.
    AllowPattern {
        /// The pattern.
        pattern: SuggestedPattern<'a>,
        /// What has to be added to `accept_risks`, too.
        risk: Option<Risk>,
    },
    /// Open the page at the origin that the policy lists.
    MovePage {
        /// That origin.
        listed: Origin<'a>,
    },
    /// Serve the page so that it has an origin.
    GiveOrigin,
    /// Set `allow_credentials`, and name what stands as `*` where that does not go with credentials.
    AllowCredentials {
        /// What to list in `allow_origins` in place of `*`.
        in_place_of_any_origin: Option<Origin<'a>>,
        /// `expose_headers` is `*`, in place of which the names have to be listed.
        exposes_any_header: bool,
        /// What has to be added to `accept_risks`, too.
        risk: Option<Risk>,
    },
    /// Make the fetch without credentials.
    OmitCredentials(Api),
    /// Add the method to `allow_methods`.
    AllowMethod(&'a str),
    /// Write the method as the policy does.
    WriteMethod {
        /// As the policy does.
        listed: &'a str,
    },
    /// Add the names to `allow_headers`.
    AllowHeaders(MissingHeaders<'a>),
    /// Take the headers out of the fetch.
    RemoveHeaders(MissingHeaders<'a>),
    /// Send fewer headers.
    SendFewerHeaders,
    /// Make the fetch in the mode `cors`.
    UseCorsMode,
    /// Call otherwise.
    ChangeCall(FetchError),
}

/// Where a [`Fix`] is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the policy.
    Policy,
    /// In the page, or in how it is served.
    Page,
}

impl Place {
    /// The name in lower case: `policy` or `page`.
    pub fn name(self) -> &'static str {
        match self {
            Place::Policy => "policy",
            Place::Page => "page",
        }
    }
}

impl Fix<'_> {
    /// Where it is made.
    pub fn place(&self) -> Place {
        match self {
            Fix::AllowOrigin { .. }
            | Fix::AllowPattern { .. }
            | Fix::AllowCredentials { .. }
            | Fix::AllowMethod(_)
            | Fix::AllowHeaders(_) => Place::Policy,
            _ => Place::Page,
        }
    }

    /// The name, as in JSON: `allow-origin`.
    pub fn name(&self) -> &'static str {
        match self {
            Fix::AllowOrigin { .. } => "allow-origin",
            Fix::AllowPattern { .. } => "allow-pattern",
            Fix::MovePage { .. } => "move-page",
            Fix::GiveOrigin => "give-origin",
            Fix::AllowCredentials { .. } => "allow-credentials",
            Fix::OmitCredentials(_) => "omit-credentials",
            Fix::AllowMethod(_) => "allow-method",
            Fix::WriteMethod { .. } => "write-method",
            Fix::AllowHeaders(_) => "allow-headers",
            Fix::RemoveHeaders(_) => "remove-headers",
            Fix::SendFewerHeaders => "send-fewer-headers",
            Fix::UseCorsMode => "use-cors-mode",
            Fix::ChangeCall(_) => "change-call",
        }
    }

    /// The risk that the policy has to name in `accept_risks` for it.
    pub fn risk(&self) -> Option<Risk> {
        match self {
            Fix::AllowOrigin { risk, .. }
            | Fix::AllowPattern { risk, .. }
            | Fix::AllowCredentials { risk, .. } => *risk,
            _ => None,
        }
    }
}

/// In the imperative.
impl fmt::Display for Fix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fix::AllowOrigin { origin, .. } => write!(f, "add {origin} to allow_origins")?,
            Fix::AllowPattern { pattern, .. } => {
                write!(f, "add {pattern} to allow_origins, if all that it allows is yours")?;
            }
            Fix::MovePage { listed } => write!(f, "open the page at {listed}")?,
            Fix::GiveOrigin => f.write_str(
                "give the page an origin: serve it over https or from localhost, give a sandboxed frame \
                 allow-same-origin, let no redirect lead from one server to another",
            )?,
            Fix::AllowCredentials { in_place_of_any_origin, exposes_any_header, .. } => {
                f.write_str("set allow_credentials = true")?;
                if let Some(origin) = in_place_of_any_origin {
                    write!(f, ", and in allow_origins write {origin} in place of `*`")?;
                }
                if *exposes_any_header {
                    f.write_str(", and in expose_headers write the names in place of `*`")?;
                }
            }
            Fix::OmitCredentials(Api::Fetch) => {
                f.write_str("fetch without credentials: leave `credentials: \"include\"` out")?;
            }
            Fix::OmitCredentials(Api::XmlHttpRequest) => {
                f.write_str("ask without credentials: do not set withCredentials")?;
            }
            Fix::OmitCredentials(Api::Script | Api::Image) => {
                f.write_str("ask without credentials: write `crossorigin`, without `use-credentials`")?;
            }
            // A font is always asked for without.
            Fix::OmitCredentials(Api::Font) => f.write_str("ask for the font without credentials")?,
            Fix::AllowMethod(method) => write!(f, "add {method} to allow_methods")?,
            Fix::WriteMethod { listed } => {
                let is_upper = !listed.bytes().any(|byte| byte.is_ascii_lowercase());
                let case = if is_upper { ", in upper case," } else { "" };
                write!(f, "write {listed}{case} in the page")?;
            }
            Fix::AllowHeaders(missing) => {
                write!(f, "add {missing} to allow_headers")?;
                if missing.case.allows_any_header() {
                    f.write_str(", beside the `*`")?;
                }
            }
            Fix::RemoveHeaders(headers) => write!(f, "take {headers} out of the fetch")?,
            Fix::SendFewerHeaders => {
                f.write_str("set fewer headers, or list their names in allow_headers in place of `*`")?;
            }
            Fix::UseCorsMode => f.write_str("fetch in the mode cors, which is the default")?,
            Fix::ChangeCall(error) => f.write_str(match error {
                FetchError::ForbiddenMethod => "use another method",
                FetchError::MalformedMethod => "write a method of letters",
                FetchError::MalformedHeaderName { .. } => {
                    "write a header name of letters, digits and hyphens"
                }
                FetchError::MalformedHeaderValue { .. } => "write a header value in one line",
                _ => "fetch in the mode cors",
            })?,
        }
        match self.risk() {
            Some(risk) => {
                write!(f, "; this is the risk {risk}, which accept_risks has to name: {}", risk.consequence())
            }
            None => Ok(()),
        }
    }
}

/// The fixes of an obstacle: an iterator.
#[derive(Clone, Debug)]
pub(super) struct Fixes<'a> {
    fixes: [Option<Fix<'a>>; 4],
    taken: usize,
}

impl<'a> Fixes<'a> {
    pub(super) fn of(obstacle: &Obstacle<'a>) -> Self {
        let case = obstacle.case;
        let one = |fix| [Some(fix), None, None, None];
        let fixes = match obstacle.kind {
            ObstacleKind::Call(error) => one(Fix::ChangeCall(error)),
            ObstacleKind::Mode => one(Fix::UseCorsMode),
            ObstacleKind::Origin => origin_fixes(obstacle),
            ObstacleKind::Credentials => credentials_fixes(case),
            ObstacleKind::Method => {
                let written = case.method_in_other_case().map(|listed| Fix::WriteMethod { listed });
                [written, Some(Fix::AllowMethod(case.fetch.method())), None, None]
            }
            ObstacleKind::ResponseHeaders => one(Fix::RemoveHeaders(MissingHeaders::of_responses(case))),
            ObstacleKind::Headers => one(Fix::AllowHeaders(MissingHeaders::new(case))),
            ObstacleKind::HeaderCount => one(Fix::SendFewerHeaders),
        };
        Fixes { fixes, taken: 0 }
    }
}

impl<'a> Iterator for Fixes<'a> {
    type Item = Fix<'a>;

    fn next(&mut self) -> Option<Fix<'a>> {
        let rest = self.fixes.get(self.taken..)?;
        let next = rest.iter().position(Option::is_some)?;
        let fix = *rest.get(next)?;
        self.taken = self.taken.saturating_add(next).saturating_add(1);
        fix
    }
}

fn origin_fixes<'a>(obstacle: &Obstacle<'a>) -> [Option<Fix<'a>>; 4] {
    let case = obstacle.case;
    let origin = case.fetch.origin;
    let allow = Some(Fix::AllowOrigin { origin, risk: case.risk_of(origin.as_str()) });
    if origin.is_opaque() {
        return [Some(Fix::GiveOrigin), allow, None, None];
    }
    let misses = obstacle.near_misses();
    let moved = |moves: fn(&NearMiss<'a>) -> bool| {
        let listed = misses.clone().filter(moves).find_map(|miss| miss.other_origin())?;
        Some(Fix::MovePage { listed })
    };
    let pattern = misses.clone().find_map(|miss| miss.suggested_pattern()).map(|pattern| {
        let mut text = Text::new();
        // It was written once before.
        let _ = write!(text, "{pattern}");
        Fix::AllowPattern { pattern, risk: case.risk_of(&text) }
    });
    // To serve a page insecurely, or under the name of a machine that others do not have, is an accident; with `www.` and
    // without, it mostly is meant.
    [moved(is_better_origin), allow, moved(is_www), pattern]
}

fn is_better_origin(miss: &NearMiss<'_>) -> bool {
    let is_secure = miss.other_origin().is_some_and(|origin| origin.scheme() == Some("https"));
    miss.differences().all(|difference| match difference {
        Difference::Scheme => is_secure,
        difference => matches!(difference, Difference::Loopback | Difference::PageHasDot),
    })
}

fn is_www(miss: &NearMiss<'_>) -> bool {
    let mut differences = miss.differences();
    let first = differences.next();
    matches!(first, Some(Difference::PageHasWww | Difference::PageLacksWww)) && differences.next().is_none()
}

fn credentials_fixes(case: Case<'_>) -> [Option<Fix<'_>>; 4] {
    let origin = case.fetch.origin;
    let is_public = case.policy.is_public();
    let listed = case.policy.allow_origins().filter(|pattern| *pattern != "*");
    let allowed = is_public.then_some(origin.as_str()).into_iter().chain(listed);
    let allow = Fix::AllowCredentials {
        in_place_of_any_origin: is_public.then_some(origin),
        exposes_any_header: case.policy.expose_headers().any(|name| name == "*"),
        risk: allowed.into_iter().find_map(|text| case.risk_of(text)),
    };
    let omit = Fix::OmitCredentials(case.fetch.api);
    // An API for everybody mostly has no use for them.
    let [first, second] = if is_public { [omit, allow] } else { [allow, omit] };
    [Some(first), Some(second), None, None]
}

/// The header names that a policy does not allow: sorted, in lower case, each once. [`Display`](fmt::Display) joins them
/// with `, `.
#[derive(Clone, Copy, Debug)]
pub struct MissingHeaders<'a> {
    case: Case<'a>,
    of_responses: bool,
}

impl<'a> MissingHeaders<'a> {
    pub(super) fn new(case: Case<'a>) -> Self {
        MissingHeaders { case, of_responses: false }
    }

    pub(super) fn of_responses(case: Case<'a>) -> Self {
        MissingHeaders { case, of_responses: true }
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = HeaderName<'a>> + use<'a> {
        let missing = (!self.of_responses).then(|| self.case.missing_headers());
        let of_responses = self.of_responses.then(|| self.case.response_headers());
        missing.into_iter().flatten().chain(of_responses.into_iter().flatten())
    }
}

impl fmt::Display for MissingHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.names().enumerate().try_for_each(|(index, name)| {
            f.write_str(if index == 0 { "" } else { ", " })?;
            name.fmt(f)
        })
    }
}

/// A pattern made from a listed origin: the names under its host, or all its ports. [`Display`](fmt::Display) writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuggestedPattern<'a> {
    scheme: &'a str,
    labels: &'static str,
    host: &'a str,
    port: &'a str,
}

impl<'a> SuggestedPattern<'a> {
    /// `https://*.example.com`
    pub(super) fn subdomains(scheme: &'a str, host: &'a str, port: &'a str) -> Option<Self> {
        SuggestedPattern { scheme, labels: "*.", host, port }.checked()
    }

    /// `http://localhost:*`
    pub(super) fn ports(scheme: &'a str, host: &'a str) -> Option<Self> {
        SuggestedPattern { scheme, labels: "", host, port: "*" }.checked()
    }

    /// A long host has no room for another label.
    fn checked(self) -> Option<Self> {
        let mut text = Text::new();
        write!(text, "{self}").ok()?;
        OriginPattern::parse_canonical(&text).is_some().then_some(self)
    }
}

impl fmt::Display for SuggestedPattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SuggestedPattern { scheme, labels, host, port } = self;
        let colon = if port.is_empty() { "" } else { ":" };
        write!(f, "{scheme}://{labels}{host}{colon}{port}")
    }
}
