//! [`Run`]: what checks ask and judge with.

mod ask;
mod judge;

use cors_core::Policy;

pub(crate) use self::judge::Page;
use crate::budget::Budget;
use crate::client::Client;
use crate::exchange::Exchange;
use crate::origins::{LOCAL, Lookalike, Who, listed};
use crate::routes::{Route, Routes};

/// Why a check did not pass, in a sentence.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    Failed(String),
    Info(String),
    NotOffered(String),
    Unanswered(String),
}

/// Why a check of 304s has nothing to judge.
pub(crate) const NO_304: &str = "no route answers 304";

/// Returns an error if `is_so` is false.
pub(crate) fn ensure(is_so: bool, sentence: impl FnOnce() -> String) -> Result<(), Stop> {
    if is_so { Ok(()) } else { Err(Stop::Failed(sentence())) }
}

/// Returns what is not scored.
pub(crate) fn info(sentence: impl Into<String>) -> Result<(), Stop> {
    Err(Stop::Info(sentence.into()))
}

pub(crate) fn not_offered<T>(sentence: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::NotOffered(sentence.into()))
}

/// A check that runs.
pub(crate) struct Run<'a> {
    pub(crate) policy: Policy<'a>,
    routes: &'a Routes,
    client: &'a Client,
    /// The address, as a page writes it.
    pub(crate) url: String,
    /// The address's own origin.
    pub(crate) own_origin: String,
    /// Every exchange so far: a request that is the same is not sent again.
    pub(crate) log: &'a mut Vec<Exchange>,
    /// What may still be sent.
    budget: &'a mut Budget,
    /// The exchanges of this check, as indices of `log`.
    pub(crate) trace: Vec<usize>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        policy: Policy<'a>,
        routes: &'a Routes,
        client: &'a Client,
        url: &url::Url,
        log: &'a mut Vec<Exchange>,
        budget: &'a mut Budget,
    ) -> Self {
        let own_origin = url.origin().ascii_serialization();
        Run {
            policy,
            routes,
            client,
            url: url.as_str().to_owned(),
            own_origin,
            log,
            budget,
            trace: Vec::new(),
        }
    }

    pub(crate) fn path(&self, route: Route) -> Result<String, Stop> {
        match self.routes.path(route) {
            Some(path) => Ok(path.to_owned()),
            None => not_offered(format!("there is no route \"{}\"", route.name())),
        }
    }

    pub(crate) fn origin(&self, who: Who) -> Result<String, Stop> {
        who.origin(&self.policy).map_err(|why| Stop::NotOffered(why.to_owned()))
    }

    /// Returns an origin that the policy allows.
    pub(crate) fn allowed(&self, who: Who) -> Result<String, Stop> {
        let origin = self.origin(who)?;
        if self.allows(&origin) {
            Ok(origin)
        } else {
            not_offered(format!("the policy does not allow {origin}"))
        }
    }

    /// Returns an origin that the policy does not allow.
    pub(crate) fn denied(&self, who: Who) -> Result<String, Stop> {
        let origin = self.origin(who)?;
        if self.allows(&origin) { not_offered(format!("the policy allows {origin}")) } else { Ok(origin) }
    }

    /// Returns look-alikes that the policy does not allow.
    pub(crate) fn lookalikes(&self, lookalike: Lookalike) -> Result<Vec<String>, Stop> {
        let mut origins = lookalike.origins(&self.policy).map_err(|why| Stop::NotOffered(why.to_owned()))?;
        origins.retain(|origin| !self.allows(origin));
        if origins.is_empty() { not_offered("the policy allows every such origin") } else { Ok(origins) }
    }

    /// Returns origins of several kinds that the policy does not allow: what lets in one of a kind need not let in another.
    pub(crate) fn strangers(&self) -> Result<Vec<String>, Stop> {
        let mut origins = vec![self.denied(Who::Unlisted)?];
        origins.extend(self.denied(Who::Null));
        let kinds = [
            Lookalike::Suffixed,
            Lookalike::Prefixed,
            Lookalike::OtherScheme,
            Lookalike::WildcardGlued,
            Lookalike::WildcardOtherScheme,
        ];
        origins.extend(kinds.into_iter().filter_map(|kind| self.lookalikes(kind).ok()?.into_iter().next()));
        Ok(origins)
    }

    /// Returns origins of several kinds that the policy allows: what forgets one need not forget another.
    pub(crate) fn friends(&self) -> Result<Vec<String>, Stop> {
        let mut origins = vec![self.allowed(Who::Listed)?];
        for who in [Who::Another, Who::UnderWildcard] {
            let another = self.allowed(who).ok().filter(|origin| !origins.contains(origin));
            origins.extend(another);
        }
        Ok(origins)
    }

    /// Returns origins that the policy lists, and some that its wildcards allow.
    pub(crate) fn listed(&self) -> Result<Vec<String>, Stop> {
        let mut origins = listed(&self.policy);
        origins.retain(|origin| self.allows(origin));
        if origins.is_empty() { not_offered("the policy lists no origin of a site") } else { Ok(origins) }
    }

    /// Returns origins of this machine and of others that are near, as far as the policy does not allow them.
    pub(crate) fn locals(&self) -> Result<Vec<&'static str>, Stop> {
        let origins: Vec<&str> = LOCAL.into_iter().filter(|origin| !self.allows(origin)).collect();
        if origins.is_empty() { not_offered("the policy allows them") } else { Ok(origins) }
    }

    pub(crate) fn allows(&self, origin: &str) -> bool {
        self.is_public() || self.policy.allows_origin_value(origin.as_bytes())
    }

    /// True for a policy of `*` without credentials (E3).
    pub(crate) fn is_public(&self) -> bool {
        !self.policy.allow_credentials() && self.policy.allow_origins().any(|origin| origin == "*")
    }

    /// Returns a method of the policy that needs a preflight.
    pub(crate) fn method(&self) -> Result<&'a str, Stop> {
        let mut methods = self.policy.allow_methods();
        let listed = methods.find(|method| !matches!(*method, "GET" | "HEAD" | "POST"));
        listed
            .map(|method| if method == "*" { "PUT" } else { method })
            .ok_or_else(|| Stop::NotOffered("the policy lists no method that needs a preflight".to_owned()))
    }

    /// True for a method that the policy lists, and for one that needs no leave.
    pub(crate) fn allows_method(&self, method: &str) -> bool {
        matches!(method, "GET" | "HEAD" | "POST")
            || self.policy.allow_methods().any(|listed| listed == method || listed == "*")
    }

    pub(crate) fn allows_header(&self, name: &str) -> bool {
        self.policy.allow_headers().any(|listed| listed == "*" || listed.eq_ignore_ascii_case(name))
    }

    /// Returns a method that the policy does not allow.
    pub(crate) fn other_method(&self) -> Result<&'static str, Stop> {
        let other =
            ["DELETE", "PATCH", "PUT", "PROPFIND"].into_iter().find(|method| !self.allows_method(method));
        other.ok_or_else(|| Stop::NotOffered("the policy allows every method".to_owned()))
    }

    /// Returns the request headers that the policy lists.
    pub(crate) fn headers(&self) -> Result<Vec<&'a str>, Stop> {
        let listed: Vec<&str> = self.policy.allow_headers().filter(|name| *name != "*").collect();
        if listed.is_empty() { not_offered("the policy lists no request header") } else { Ok(listed) }
    }

    pub(crate) fn allows_any_header(&self) -> bool {
        self.policy.allow_headers().any(|name| name == "*")
    }
}
