//! [`Fix`]: a change to the policy or to the page.

use core::fmt;

use super::address::SuggestedAddress;
use super::difference::Difference;
use super::missing_headers::MissingHeaders;
use super::near_miss::{NearMiss, NearMisses};
use super::stop::{place_of, serve_page_by_https};
use super::trial::{Trial, can_list};
use crate::browser::{AddressSpace, Api, FetchError};
use crate::named;
use crate::origin::Origin;

/// A change that takes an [`Obstacle`](super::Obstacle) away.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Fix<'a> {
    /// Add the origin to `allow_origins`.
    AllowOrigin {
        /// The page's origin.
        origin: Origin<'a>,
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
    },
    /// Make the fetch without credentials.
    OmitCredentials(Api),
    /// Add the method to `allow_methods`.
    AllowMethod {
        /// The method.
        method: &'a str,
        /// The method as the policy lists it, in lower case, where that is a slip.
        in_place_of: Option<&'a str>,
    },
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
    /// Write the scheme in front of the address.
    WriteScheme {
        /// The address with its scheme.
        address: SuggestedAddress<'a>,
        /// Where that is, if the person who uses the page has to permit it, too.
        space: Option<AddressSpace>,
    },
    /// Ask an address of http or https.
    ChangeScheme,
    /// Serve the address by https, and ask it so.
    AskByHttps {
        /// The address by https.
        address: SuggestedAddress<'a>,
        /// Where that is, if the person who uses the page has to permit it, too.
        space: Option<AddressSpace>,
    },
    /// Let the server listen on another port, and ask it there.
    ChangePort,
    /// Ask the page's own server, which passes the request on.
    AskOwnServer,
    /// Serve the page by https.
    ServePageByHttps {
        /// The page's origin by https.
        origin: SuggestedAddress<'a>,
        /// Whether the policy allows that origin already.
        is_allowed: bool,
        /// The address by https, if the page then has to ask so.
        address: Option<SuggestedAddress<'a>>,
        /// Where the address is, if the person who uses the page then has to permit it.
        space: Option<AddressSpace>,
    },
    /// Let the page reach that space, which only the person who uses it can.
    PermitLocalNetwork(AddressSpace),
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
            | Fix::AllowCredentials { .. }
            | Fix::AllowMethod { .. }
            | Fix::AllowHeaders(_) => Place::Policy,
            _ => Place::Page,
        }
    }

    /// Returns the name, as in JSON: `allow-origin`.
    pub fn name(&self) -> &'static str {
        match self {
            Fix::AllowOrigin { .. } => "allow-origin",
            Fix::MovePage { .. } => "move-page",
            Fix::GiveOrigin => "give-origin",
            Fix::ChangeOrigin => "change-origin",
            Fix::AllowCredentials { .. } => "allow-credentials",
            Fix::OmitCredentials(_) => "omit-credentials",
            Fix::AllowMethod { .. } => "allow-method",
            Fix::WriteMethod { .. } => "write-method",
            Fix::AllowHeaders(_) => "allow-headers",
            Fix::RemoveHeaders(_) => "remove-headers",
            Fix::SendFewerHeaders => "send-fewer-headers",
            Fix::UseCorsMode => "use-cors-mode",
            Fix::ChangeCall(_) => "change-call",
            Fix::WriteScheme { .. } => "write-scheme",
            Fix::ChangeScheme => "change-scheme",
            Fix::AskByHttps { .. } => "ask-by-https",
            Fix::ChangePort => "change-port",
            Fix::AskOwnServer => "ask-own-server",
            Fix::ServePageByHttps { .. } => "serve-page-by-https",
            Fix::PermitLocalNetwork(_) => "permit-local-network",
        }
    }
}

/// How a page has an origin, after "serve the page".
pub(super) const WITH_AN_ORIGIN: &str = "over http or https, not from a file; give a sandboxed frame allow-same-origin, if you trust \
    what is in it; let no redirect lead from one origin to another";

/// In the imperative.
impl fmt::Display for Fix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fix::UseCorsMode
            | Fix::WriteScheme { .. }
            | Fix::ChangeScheme
            | Fix::AskByHttps { .. }
            | Fix::ChangePort
            | Fix::AskOwnServer
            | Fix::ServePageByHttps { .. }
            | Fix::PermitLocalNetwork(_) => self.write_of_stop(f)?,
            Fix::AllowOrigin { origin } => write!(f, "add {origin} to allow_origins")?,
            Fix::MovePage { listed } => write!(f, "open the page at {listed}")?,
            Fix::GiveOrigin => {
                write!(f, "give the page an origin of its own: serve it {WITH_AN_ORIGIN}")?;
            }
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
            Fix::AllowMethod { method, in_place_of: None } => write!(f, "add {method} to allow_methods")?,
            Fix::AllowMethod { method, in_place_of: Some(listed) } => {
                write!(f, "write {method}, in upper case, in allow_methods, in place of {listed}")?;
            }
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
        Ok(())
    }
}

impl Fix<'_> {
    /// Writes a fix that no policy has a part in; of the others, nothing.
    pub(super) fn write_of_stop(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fix::UseCorsMode => f.write_str("fetch in the mode cors, which is the default")?,
            Fix::WriteScheme { address, space } => {
                write!(f, "write {address}, if that server is meant")?;
                write_permission(f, *space)?;
            }
            Fix::ChangeScheme => f.write_str("ask an address that begins with http:// or https://")?,
            Fix::AskByHttps { address, space } => {
                write!(f, "serve the address over https, and ask {address}")?;
                f.write_str(if address.has_port() { ", or the port at which it speaks TLS" } else { "" })?;
                write_permission(f, *space)?;
            }
            Fix::ChangePort => {
                f.write_str("let the server listen on another port, such as 8080, and ask it there")?;
            }
            Fix::AskOwnServer => {
                f.write_str("ask the page's own server, and let that pass the request on (a reverse proxy)")?;
            }
            Fix::ServePageByHttps { origin, is_allowed, address, space } => {
                write!(f, "serve the page over https, as {origin}")?;
                f.write_str(if *is_allowed { "" } else { ", and list that origin in allow_origins" })?;
                if let Some(address) = address {
                    write!(f, ", and let it ask {address}")?;
                }
                write_permission(f, *space)?;
            }
            Fix::PermitLocalNetwork(space) => write!(
                f,
                "let the page reach {} when the browser asks, or in its settings for the site: only the person who uses it can",
                place_of(*space)
            )?,
            _ => {}
        }
        Ok(())
    }
}

fn write_permission(f: &mut fmt::Formatter<'_>, space: Option<AddressSpace>) -> fmt::Result {
    match space {
        Some(space) => write!(f, ", and let the page reach {} when the browser asks", place_of(space)),
        None => Ok(()),
    }
}

/// The fixes of an obstacle, the best guess first: an iterator.
#[derive(Clone, Debug)]
pub(super) struct Fixes<'a> {
    fixes: [Option<Fix<'a>>; 4],
    taken: usize,
}

impl<'a> Fixes<'a> {
    pub(super) fn two(first: Option<Fix<'a>>, second: Option<Fix<'a>>) -> Self {
        Fixes { fixes: [first, second, None, None], taken: 0 }
    }

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
    if !trial.has_own_origin() {
        return Fixes::one(Fix::GiveOrigin);
    }
    let secure = serve_page_by_https(&trial.fetch, trial.engine, |page| trial.may_list(page));
    if trial.needs_secure_page() {
        return Fixes::one(secure.unwrap_or(Fix::ChangeOrigin));
    }
    let moved = |moves: fn(&NearMiss<'a>) -> bool| {
        let listed = misses.clone().filter(moves).find_map(|miss| miss.other_origin())?;
        trial.may_ask_from(listed).then_some(Fix::MovePage { listed })
    };
    let secure = secure.filter(|fix| matches!(fix, Fix::ServePageByHttps { is_allowed: true, .. }));
    // Whoever allows a page by https is careless to allow it by http, too.
    let allow = if secure.is_some() {
        None
    } else if !can_list(origin.as_str()) {
        Some(Fix::ChangeOrigin)
    } else if trial.risk_of(origin.as_str()).is_none() {
        Some(Fix::AllowOrigin { origin })
    } else {
        serve_page_by_https(&trial.fetch, trial.engine, |page| trial.may_list(page))
            .or(Some(Fix::ChangeOrigin))
    };
    // A page served insecurely, or under a name that only this machine has, is an accident; `www.` is mostly meant.
    let better = moved(is_better_origin);
    let secure = secure.filter(|_| better.is_none());
    Fixes { fixes: [better, secure, allow, moved(is_www)], taken: 0 }
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
    let omit = Fix::OmitCredentials(trial.fetch.api);
    let listed = trial.policy.allow_origins().filter(|pattern| *pattern != "*");
    let allowed = is_public.then_some(origin.as_str()).into_iter().chain(listed);
    let is_risky = allowed.into_iter().any(|text| trial.risk_of(text).is_some());
    // A page that has to come by https first has another origin then, which the policy would have to list.
    if is_risky || (is_public && (!can_list(origin.as_str()) || trial.needs_secure_page())) {
        return Fixes::one(omit);
    }
    let allow = Fix::AllowCredentials {
        in_place_of_any_origin: is_public.then_some(origin),
        exposes_any_header: trial.policy.expose_headers().any(|name| name == "*"),
    };
    // An API for everybody mostly has no use for credentials.
    let [first, second] = if is_public { [omit, allow] } else { [allow, omit] };
    Fixes { fixes: [Some(first), Some(second), None, None], taken: 0 }
}

/// Returns the fixes for a method that is not listed.
pub(super) fn for_method(trial: Trial<'_>) -> Fixes<'_> {
    let written = trial.method_in_other_case().filter(|listed| !trial.lists_in_lower_case(listed));
    let written = written.map(|listed| Fix::WriteMethod { listed });
    let allow = if trial.can_list_method() {
        let in_place_of = trial.method_in_other_case().filter(|listed| trial.lists_in_lower_case(listed));
        Fix::AllowMethod { method: trial.fetch.method(), in_place_of }
    } else {
        Fix::ChangeCall(FetchError::ForbiddenMethod)
    };
    Fixes { fixes: [written, Some(allow), None, None], taken: 0 }
}
