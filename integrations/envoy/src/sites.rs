//! [`Sites`]: which policy a host and a path fall under (A9).

use std::collections::HashMap;
use std::rc::Rc;

use cors_core::adapter::{FoundPrefix, PathPrefix, RequestPath, find_prefix};

use crate::compiled::CompiledPolicy;

/// Policies by host, and by path prefix within a host. The most specific host that fits decides, alone: an exact one, then the
/// longest of those that begin with `*.`, then the one for every host.
#[derive(Debug, Default)]
pub(crate) struct Sites {
    of_hosts: Vec<Site>,
    exact: HashMap<String, usize>,
    /// By what follows the `*.`.
    under: HashMap<String, usize>,
    every: Option<usize>,
}

/// The policies of a host by path prefix.
#[derive(Debug, Default)]
struct Site {
    prefixes: Vec<PathPrefix<Box<str>>>,
    /// Of the prefix in the same place.
    policies: Vec<Rc<CompiledPolicy>>,
}

/// A host as an operator writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    /// `api.example.com`
    Exact(String),
    /// `*.example.com`: one label or more in the place of the `*`.
    Under(String),
    /// Any host.
    Every,
}

/// What [`Sites::find`] finds.
#[derive(Debug)]
pub(crate) enum Found<'a> {
    /// The policy.
    Policy(&'a Rc<CompiledPolicy>),
    /// No policy: no CORS.
    Nowhere,
    /// Servers read the path in several ways, under different policies.
    Ambiguous,
}

impl Sites {
    /// Adds the policy of a host and a prefix. Returns false if the two have a policy already.
    pub(crate) fn add(&mut self, host: Host, prefix: PathPrefix<&str>, policy: &Rc<CompiledPolicy>) -> bool {
        let place = match host {
            Host::Exact(name) => self.exact.entry(name).or_insert(self.of_hosts.len()),
            Host::Under(name) => self.under.entry(name).or_insert(self.of_hosts.len()),
            Host::Every => self.every.get_or_insert(self.of_hosts.len()),
        };
        if *place == self.of_hosts.len() {
            self.of_hosts.push(Site::default());
        }
        let Some(site) = self.of_hosts.get_mut(*place) else { return false };
        let prefix = prefix.to();
        if site.prefixes.contains(&prefix) {
            return false;
        }
        site.prefixes.push(prefix);
        site.policies.push(Rc::clone(policy));
        true
    }

    /// Returns the policy of a request. Its host and its path are asked for where policies depend on them.
    pub(crate) fn find(
        &self,
        host: impl FnOnce() -> Option<Vec<u8>>,
        path: impl FnOnce() -> Option<Vec<u8>>,
    ) -> Found<'_> {
        let Some(site) = self.site(host) else { return Found::Nowhere };
        if let ([prefix], [policy]) = (&*site.prefixes, &*site.policies)
            && *prefix == PathPrefix::EVERY.to()
        {
            return Found::Policy(policy);
        }
        let target = path().unwrap_or_default();
        let path = target.split(|byte| *byte == b'?').next().unwrap_or_default();
        match find_prefix(RequestPath::Raw(path), &site.prefixes) {
            FoundPrefix::At(place) => site.policies.get(place).map_or(Found::Nowhere, Found::Policy),
            FoundPrefix::Nowhere => Found::Nowhere,
            FoundPrefix::Ambiguous => Found::Ambiguous,
        }
    }

    fn site(&self, host: impl FnOnce() -> Option<Vec<u8>>) -> Option<&Site> {
        let every = self.every.and_then(|place| self.of_hosts.get(place));
        if self.exact.is_empty() && self.under.is_empty() {
            return every;
        }
        let authority = String::from_utf8(host().unwrap_or_default()).unwrap_or_default();
        let host = host_of(&authority);
        let place = self.exact.get(&host).or_else(|| {
            host.match_indices('.').find_map(|(at, _)| self.under.get(host.get(at.saturating_add(1)..)?))
        });
        place.and_then(|&place| self.of_hosts.get(place)).or(every)
    }
}

/// Returns the host of an authority: in lower case, without its port and without a dot at its end.
fn host_of(authority: &str) -> String {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use cors_core::{Config, ConfigOf};

    use super::*;

    fn policy(origin: &str) -> Rc<CompiledPolicy> {
        let config: Config<'_> = ConfigOf { allow_origins: &[origin], ..Config::NEW };
        let mut image = vec![0; config.image_len()];
        config.compile_into(&mut image).unwrap();
        Rc::new(CompiledPolicy::new(image))
    }

    fn name(found: &Found<'_>) -> String {
        match found {
            Found::Policy(policy) => policy.policy().allow_origins().next().unwrap_or_default().to_owned(),
            Found::Nowhere => "nowhere".to_owned(),
            Found::Ambiguous => "ambiguous".to_owned(),
        }
    }

    #[test]
    fn a9_hosts_and_prefixes() {
        let mut sites = Sites::default();
        for (host, prefix, origin) in [
            (Host::Every, "/", "https://every.example"),
            (Host::Exact("api.example".into()), "/", "https://api.example"),
            (Host::Exact("api.example".into()), "/public", "https://public.example"),
            (Host::Under("example".into()), "/", "https://under.example"),
            (Host::Under("deep.example".into()), "/only", "https://deep.example"),
            (Host::Exact("[::1]".into()), "/", "https://loopback.example"),
        ] {
            assert!(sites.add(host, PathPrefix::parse(prefix).unwrap(), &policy(origin)), "{origin}");
        }
        for (authority, target, expected) in [
            ("api.example", "/", "https://api.example"),
            ("API.Example:8443", "/x?/public", "https://api.example"),
            ("api.example.", "/public/x", "https://public.example"),
            ("api.example", "/%70ublic", "https://public.example"),
            ("api.example", "/PUBLIC", "ambiguous"),
            ("api.example", "//public", "ambiguous"),
            ("x.api.example", "/", "https://under.example"),
            ("a.b.c.example:80", "/", "https://under.example"),
            // The most specific host decides alone.
            ("x.deep.example", "/only/x", "https://deep.example"),
            ("x.deep.example", "/", "nowhere"),
            ("deep.example", "/", "https://under.example"),
            ("example", "/", "https://every.example"),
            ("notexample", "/", "https://every.example"),
            ("[::1]", "/", "https://loopback.example"),
            ("[::1]:8080", "/", "https://loopback.example"),
            ("", "/", "https://every.example"),
            ("api.example:x", "/", "https://every.example"),
        ] {
            let found = sites.find(|| Some(authority.into()), || Some(target.into()));
            assert_eq!(name(&found), expected, "{authority} {target}");
        }
    }

    #[test]
    fn a9_a_host_and_a_prefix_have_one_policy() {
        let mut sites = Sites::default();
        let api = || Host::Exact("api.example".into());
        let prefix = |text| PathPrefix::parse(text).unwrap();
        let policy = policy("https://a.example");
        assert!(sites.add(api(), prefix("/x"), &policy));
        assert!(!sites.add(api(), prefix("/x/"), &policy));
        assert!(sites.add(Host::Every, prefix("/x"), &policy));
    }

    #[test]
    fn what_nobody_needs_is_not_asked_for() {
        let mut sites = Sites::default();
        assert!(sites.add(Host::Every, PathPrefix::EVERY, &policy("https://a.example")));
        let found = sites.find(|| panic!("host"), || panic!("path"));
        assert_eq!(name(&found), "https://a.example");
    }
}
