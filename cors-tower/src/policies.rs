//! [`Policies`]: which policy is for which path.

use std::sync::Arc;

use crate::compiled::CompiledPolicy;
use crate::path::{Prefix, PrefixError};

/// Policies by path (A9), and perhaps others in their shadow (A8): what a layer decides by, and what is swapped as a
/// whole.
///
/// The policy whose prefix is the longest decides. A prefix is made of whole segments: `/api` is for `/api` and
/// `/api/orders` and not for `/apis`. Paths are compared with their percent-escapes decoded once, in their case.
/// Where no prefix fits there is no CORS: the layer changes nothing.
///
/// ```
/// use cors_tower::{CompiledPolicy, Config, CorsLayer, Policies};
///
/// let public = CompiledPolicy::compile(&Config { allow_origins: &["*"], ..Config::NEW })?;
/// let app = CompiledPolicy::compile(&Config {
///     allow_origins: &["https://app.example.com"],
///     allow_credentials: true,
///     ..Config::NEW
/// })?;
/// let policies = Policies::new().at("/assets", public)?.at("/api", app)?;
/// let layer = CorsLayer::new(policies);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Policies {
    /// The longest prefix first.
    routes: Vec<(Prefix, CompiledPolicy)>,
    shadow: Option<Arc<Policies>>,
}

impl Policies {
    /// None: no CORS anywhere.
    pub fn new() -> Self {
        Policies::default()
    }

    /// With this policy for the path `prefix` and all below it; `/` is for every path.
    pub fn at(mut self, prefix: &str, policy: CompiledPolicy) -> Result<Self, PrefixError> {
        let parsed = Prefix::parse(prefix)?;
        if self.routes.iter().any(|(other, _)| *other == parsed) {
            return Err(PrefixError::duplicate(prefix));
        }
        let place = self.routes.partition_point(|(other, _)| other.len() > parsed.len());
        self.routes.insert(place, (parsed, policy));
        Ok(self)
    }

    /// With others in the shadow: each CORS request is evaluated by them too, without effect, and where their verdict
    /// differs [`CorsLayer::on_difference`](crate::CorsLayer::on_difference) is told. It is how an operator tries a
    /// change before it counts.
    ///
    /// A shadow that `shadow` itself has is not looked at.
    #[must_use]
    pub fn shadow(mut self, shadow: impl Into<Policies>) -> Self {
        self.shadow = Some(Arc::new(shadow.into()));
        self
    }

    /// The policy for a path, as it stands in a request.
    #[inline]
    pub fn find(&self, path: &str) -> Option<&CompiledPolicy> {
        self.routes.iter().find(|(prefix, _)| prefix.covers(path)).map(|(_, policy)| policy)
    }

    pub(crate) fn shadowed(&self) -> Option<&Policies> {
        self.shadow.as_deref()
    }
}

/// The policy for every path.
impl From<CompiledPolicy> for Policies {
    fn from(policy: CompiledPolicy) -> Self {
        Policies { routes: vec![(Prefix::root(), policy)], shadow: None }
    }
}

#[cfg(test)]
mod tests {
    use cors_core::Config;

    use super::*;

    #[test]
    fn a9_the_longest_prefix_wins_in_any_order() {
        let policy = |origin: &str| {
            CompiledPolicy::compile(&Config { allow_origins: &[origin], ..Config::NEW }).unwrap()
        };
        let prefixes = ["/", "/api", "/api/admin", "/apis"];
        for turn in 0..prefixes.len() {
            let mut policies = Policies::new();
            for index in 0..prefixes.len() {
                let index = (index + turn) % prefixes.len();
                policies =
                    policies.at(prefixes[index], policy(&format!("https://p{index}.example"))).unwrap();
            }
            let cases = [
                ("/", 0),
                ("/other", 0),
                ("/api", 1),
                ("/api/adm", 1),
                ("/api/administrator", 1),
                ("/api/admin", 2),
                ("/api/admin/users", 2),
                ("/api/%61dmin", 2),
                ("/apis/admin", 3),
            ];
            for (path, expected) in cases {
                let found = policies.find(path).unwrap().policy().allow_origins().next().unwrap();
                assert_eq!(found, format!("https://p{expected}.example"), "{path}");
            }
        }
        let error = Policies::new()
            .at("/api", policy("https://a.example"))
            .unwrap()
            .at("/api/", policy("https://b.example"))
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
