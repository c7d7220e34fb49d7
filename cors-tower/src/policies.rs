//! [`Policies`]: which policy is for which path.

use std::sync::Arc;

use cors_core::Policy;
use cors_core::adapter::{FoundPrefix, PathPrefix, RequestPath, find_prefix};

use crate::compiled::CompiledPolicy;
use crate::prefix::PrefixError;

/// Policies by path (A9), and perhaps others in their shadow (A8). A layer decides by them, and they are swapped as a
/// whole.
///
/// The policy whose prefix is the longest decides. A prefix is made of whole segments: `/api` is for `/api` and
/// `/api/orders` and not for `/apis`. Paths are compared with their percent-escapes decoded once, in their case.
/// Where no prefix fits there is no CORS: the layer changes nothing.
///
/// Servers read some paths in several ways: `//api`, `/assets/..%2Fapi`, `/API`. Where these ways fall under different
/// policies, the request is denied as [`Denial::AmbiguousPath`](crate::Denial::AmbiguousPath).
///
/// Prefixes are of the paths that a browser sends. A layer inside of a router that `axum` nests at `/v1` sees them with the
/// feature `axum`; without it, or behind a proxy that strips a prefix, it sees what is left, and prefixes are written for that.
///
/// ```
/// use cors_tower::{CompiledPolicy, CorsLayer, Policies};
///
/// let public = CompiledPolicy::builder().allow_origins(["*"]).build_policy()?;
/// let app = CompiledPolicy::builder()
///     .allow_origins(["https://app.example.com"])
///     .allow_credentials(true)
///     .build_policy()?;
/// let policies = Policies::new().at("/assets", public)?.at("/api", app)?;
/// let layer = CorsLayer::new(policies);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Policies {
    prefixes: Vec<PathPrefix<Box<str>>>,
    /// Of the prefix in the same place.
    compiled: Vec<CompiledPolicy>,
    shadow: Option<Arc<Policies>>,
}

impl Policies {
    /// Makes a set without a policy: there is no CORS anywhere.
    pub fn new() -> Self {
        Policies::default()
    }

    /// Adds a policy for the path `prefix` and all paths below it; `/` is for every path.
    pub fn at(mut self, prefix: &str, policy: impl Into<CompiledPolicy>) -> Result<Self, PrefixError> {
        let parsed = PathPrefix::parse(prefix)?.to();
        if self.prefixes.contains(&parsed) {
            return Err(PrefixError::duplicate(prefix));
        }
        self.prefixes.push(parsed);
        self.compiled.push(policy.into());
        Ok(self)
    }

    /// Sets other policies in the shadow: each CORS request is evaluated by them too, without effect, and where their
    /// verdict differs [`CorsLayer::on_difference`](crate::CorsLayer::on_difference) is called. An operator tries a change
    /// this way before it counts.
    ///
    /// A shadow that `shadow` itself has is ignored.
    #[must_use]
    pub fn shadow(mut self, shadow: impl Into<Policies>) -> Self {
        self.shadow = Some(Arc::new(shadow.into()));
        self
    }

    /// Returns the policy for a path, as it stands in a request. For a path that can be read in several ways, under different
    /// policies, it is one that denies every request as [`Denial::AmbiguousPath`](crate::Denial::AmbiguousPath).
    #[inline]
    pub fn find(&self, path: &str) -> Option<&CompiledPolicy> {
        match find_prefix(RequestPath::Raw(path.as_bytes()), &self.prefixes) {
            FoundPrefix::At(index) => self.compiled.get(index),
            FoundPrefix::Nowhere => None,
            FoundPrefix::Ambiguous => Some(CompiledPolicy::of_ambiguous_paths()),
        }
    }

    pub(crate) fn shadowed(&self) -> Option<&Policies> {
        self.shadow.as_deref()
    }
}

/// The policy for every path.
impl From<Policy<'_>> for Policies {
    fn from(policy: Policy<'_>) -> Self {
        CompiledPolicy::from(policy).into()
    }
}

/// The policy for every path.
impl From<CompiledPolicy> for Policies {
    fn from(policy: CompiledPolicy) -> Self {
        Policies { prefixes: vec![PathPrefix::EVERY.to()], compiled: vec![policy], shadow: None }
    }
}

#[cfg(test)]
mod tests {
    use cors_core::{Config, Denial, Request};

    use super::*;
    use crate::head::RequestHead;

    fn policy(origin: &str) -> CompiledPolicy {
        CompiledPolicy::compile(&Config { allow_origins: &[origin], ..Config::NEW }).unwrap()
    }

    #[test]
    fn a9_each_prefix_has_its_policy() {
        let policies = Policies::new()
            .at("/api", policy("https://api.example"))
            .and_then(|policies| policies.at("/", policy("https://all.example")))
            .and_then(|policies| policies.at("/api/admin", policy("https://admin.example")))
            .unwrap();
        for (path, expected) in [
            ("/other", "https://all.example"),
            ("/api/orders", "https://api.example"),
            ("/api/%61dmin", "https://admin.example"),
        ] {
            let found = policies.find(path).unwrap();
            assert_eq!(found.policy().allow_origins().next().unwrap(), expected, "{path}");
        }
    }

    #[test]
    fn a9_readings_that_disagree() {
        let policies = Policies::new()
            .at("/", policy("https://all.example"))
            .and_then(|policies| policies.at("/api", policy("https://api.example")))
            .unwrap();
        for path in ["//api/orders", "/x/..%2Fapi", "/api/..%2f", "/.%2fapi", "/API"] {
            let request = Request::from_headers("GET", [("origin", "https://api.example")]);
            let found = policies.find(path).unwrap();
            let sent = http::Request::new(());
            assert_eq!(
                found.evaluate(&request, &RequestHead::of(&sent), None).ok().unwrap().denial(),
                Some(Denial::AmbiguousPath),
                "{path}"
            );
            assert!(found.policy().allow_origins().next().is_none(), "{path}");
        }
    }

    #[test]
    fn a9_a_prefix_has_one_policy() {
        let error = Policies::new()
            .at("/api", policy("https://a.example"))
            .and_then(|policies| policies.at("/api/", policy("https://b.example")))
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"the path prefix "/api/" has a policy already; leave one of the two out"#
        );
    }

    #[test]
    fn a9_no_prefix_no_policy() {
        assert!(Policies::new().find("/").is_none());
    }
}
