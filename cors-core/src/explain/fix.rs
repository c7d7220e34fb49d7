//! [`Fix`]: a change to the policy or to the page.

use core::fmt::{self, Write};

use super::difference::Difference;
use super::missing_headers::MissingHeaders;
use super::near_miss::{NearMiss, NearMisses};
use super::suggested_pattern::SuggestedPattern;
use super::trial::Trial;
use crate::browser::{Api, FetchError};
use crate::config::Risk;
use crate::named;
use crate::origin::Origin;
use crate::pattern::canonical::Text;

/// A change that takes an [`Obstacle`](super::Obstacle) away.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Fix<'a> {
    /// Add the origin to `allow_origins`.
    AllowOrigin {
        /// The page's origin.
        origin: Origin<'a>,
        /// The risk that has to be added to `accept_risks`, too.
        risk: Option<Risk>,
    },
    /// Add the pattern to `allow_origins`, if all that it allows is one's own.
    AllowPattern {
        /// The pattern.
        pattern: SuggestedPattern<'a>,
        /// The risk that has to be added to `accept_risks`, too.
        risk: Option<Risk>,
    },
    /// Open the page at the origin that the policy lists.
    MovePage {
        /// That origin.
        listed: Origin<'a>,
    },
    /// Serve the page so that it has an origin.
    GiveOrigin,
    /// Serve the page from an origin that a policy can list.
    ChangeOrigin,
    /// Set `allow_credentials`, and replace each `*` that credentials do not allow by names.
    AllowCredentials {
        /// The origin to list in `allow_origins` in place of `*`.
        in_place_of_any_origin: Option<Origin<'a>>,
        /// `expose_headers` is `*`, in place of which the names have to be listed.
        exposes_any_header: bool,
        /// The risk that has to be added to `accept_risks`, too.
        risk: Option<Risk>,
    },
    /// Make the fetch without credentials.
    OmitCredentials(Api),
    /// Add the method to `allow_methods`.
    AllowMethod(&'a str),
    /// Write the method as the policy does.
    WriteMethod {
        /// The method as the policy lists it.
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

named! {
    /// Where a [`Fix`] is made.
    pub enum Place {
        /// In the policy.
        Policy, "policy";
        /// In the page, or in how it is served.
        Page, "page";
    }
    /// Returns the name in lower case: `policy` or `page`.
    fn name;
}

impl Fix<'_> {
    /// Returns where the fix is made.
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

    /// Returns the name, as in JSON: `allow-origin`.
    pub fn name(&self) -> &'static str {
        match self {
            Fix::AllowOrigin { .. } => "allow-origin",
            Fix::AllowPattern { .. } => "allow-pattern",
            Fix::MovePage { .. } => "move-page",
            Fix::GiveOrigin => "give-origin",
            Fix::ChangeOrigin => "change-origin",
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

    /// Returns the risk that the policy has to name in `accept_risks` for it.
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
            Fix::ChangeOrigin => {
                f.write_str("serve the page from another origin: a policy can list this one in no form")?;
            }
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
                if missing.trial.allows_any_header() {
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

/// The fixes of an obstacle, the best guess first: an iterator.
#[derive(Clone, Debug)]
pub(super) struct Fixes<'a> {
    fixes: [Option<Fix<'a>>; 4],
    taken: usize,
}

impl<'a> Fixes<'a> {
    pub(super) fn one(fix: Fix<'a>) -> Self {
        Fixes { fixes: [Some(fix), None, None, None], taken: 0 }
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

/// Returns the fixes for an origin that is not listed.
pub(super) fn for_origin<'a>(trial: Trial<'a>, misses: &NearMisses<'a>) -> Fixes<'a> {
    let origin = trial.fetch.origin;
    let allow = trial
        .can_list_origin()
        .then(|| Fix::AllowOrigin { origin, risk: trial.risk_of(origin.as_str()) })
        .or(Some(Fix::ChangeOrigin));
    if origin.is_opaque() {
        return Fixes { fixes: [Some(Fix::GiveOrigin), allow, None, None], taken: 0 };
    }
    let moved = |moves: fn(&NearMiss<'a>) -> bool| {
        let listed = misses.clone().filter(moves).find_map(|miss| miss.other_origin())?;
        Some(Fix::MovePage { listed })
    };
    let pattern = misses.clone().find_map(|miss| miss.suggested_pattern()).map(|pattern| {
        let mut text = Text::new();
        // A suggested pattern fits: see `SuggestedPattern::checked`.
        let _ = write!(text, "{pattern}");
        Fix::AllowPattern { pattern, risk: trial.risk_of(&text) }
    });
    // A page served insecurely, or under a name that only this machine has, is an accident; `www.` is mostly meant.
    Fixes { fixes: [moved(is_better_origin), allow, moved(is_www), pattern], taken: 0 }
}

fn is_better_origin(miss: &NearMiss<'_>) -> bool {
    let is_secure = miss.other_origin().is_some_and(|origin| origin.scheme() == Some("https"))
        && miss.origin().scheme() == Some("http");
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

/// Returns the fixes for a fetch with credentials that the policy does not allow.
pub(super) fn for_credentials(trial: Trial<'_>) -> Fixes<'_> {
    let origin = trial.fetch.origin;
    let is_public = trial.policy.is_public();
    let listed = trial.policy.allow_origins().filter(|pattern| *pattern != "*");
    let allowed = is_public.then_some(origin.as_str()).into_iter().chain(listed);
    let allow = Fix::AllowCredentials {
        in_place_of_any_origin: is_public.then_some(origin),
        exposes_any_header: trial.policy.expose_headers().any(|name| name == "*"),
        risk: allowed.into_iter().find_map(|text| trial.risk_of(text)),
    };
    let omit = Fix::OmitCredentials(trial.fetch.api);
    // An API for everybody mostly has no use for credentials.
    let [first, second] = if is_public { [omit, allow] } else { [allow, omit] };
    if is_public && !trial.can_list_origin() {
        return Fixes::one(omit);
    }
    Fixes { fixes: [Some(first), Some(second), None, None], taken: 0 }
}

/// Returns the fixes for a method that is not listed.
pub(super) fn for_method(trial: Trial<'_>) -> Fixes<'_> {
    let written = trial.method_in_other_case().map(|listed| Fix::WriteMethod { listed });
    let allow = if trial.can_list_method() {
        Fix::AllowMethod(trial.fetch.method())
    } else {
        Fix::ChangeCall(FetchError::ForbiddenMethod)
    };
    Fixes { fixes: [written, Some(allow), None, None], taken: 0 }
}
