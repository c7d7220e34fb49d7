//! Origins that a careless comparison takes for the trusted one.

use std::net::Ipv4Addr;

use cors_core::{Origin, is_public_suffix};

/// A name that nobody can have (RFC 2606): a server that trusts an origin under it would trust anyone's.
const ANYONE: &str = "evil.example";

/// Characters that end the trusted host only for a pattern such as `[^.a-z0-9]`. Some browsers or all send such hosts.
pub(super) const SPECIAL: [&str; 8] = ["_", "-", "`", "{", "}", "!", "&", "%60"];

/// The trusted origin, the model of the made-up origins.
pub(super) struct Trusted<'o> {
    origin: Origin<'o>,
    scheme: &'o str,
    host: &'o str,
    /// The port as in `:8443`, or nothing.
    port: String,
    /// The registrable domain, as `example.com` for `app.example.com`; `None` for an address or a local name, and for an
    /// application's scheme.
    domain: Option<&'o str>,
}

impl<'o> Trusted<'o> {
    /// Returns nothing for the opaque origin.
    pub(super) fn new(origin: Origin<'o>) -> Option<Self> {
        let (scheme, host) = (origin.scheme()?, origin.host()?);
        let port = origin.port().map_or_else(String::new, |port| format!(":{port}"));
        let has_domain = matches!(scheme, "http" | "https");
        Some(Trusted { origin, scheme, host, port, domain: registrable_domain(host).filter(|_| has_domain) })
    }

    pub(super) fn origin(&self) -> &'o str {
        self.origin.as_str()
    }

    pub(super) fn unrelated(&self) -> String {
        format!("{}://{ANYONE}", self.scheme)
    }

    /// Returns an origin that contains the trusted one, and neither begins nor ends like it.
    pub(super) fn containing(&self) -> String {
        format!("{}://evil{}.{ANYONE}", self.scheme, self.host)
    }

    /// Returns origins that begin like the trusted one, and like its domain.
    pub(super) fn beginning_alike(&self) -> Vec<String> {
        let domain = self.domain.filter(|&domain| domain != self.host);
        let hosts = [Some(self.host), domain];
        hosts.into_iter().flatten().map(|host| format!("{}://{host}.{ANYONE}", self.scheme)).collect()
    }

    /// Returns an origin that ends like the trusted domain. Anyone can register it.
    pub(super) fn ending_alike(&self) -> Option<String> {
        Some(format!("{}://evil{}{}", self.scheme, self.domain?, self.port))
    }

    /// Returns an origin that ends like the trusted host, unless that is the domain itself.
    pub(super) fn ending_like_the_host(&self) -> Option<String> {
        let domain = self.domain?;
        (domain != self.host).then(|| format!("{}://evil{}{}", self.scheme, self.host, self.port))
    }

    /// Returns origins with a letter in place of a dot, if anyone can register the result.
    pub(super) fn without_a_dot(&self) -> Vec<String> {
        let Some(domain) = self.domain else { return Vec::new() };
        let suffix = domain.split_once('.').map_or("", |(_, suffix)| suffix);
        let in_host = self.host.strip_suffix(domain).and_then(|labels| {
            let labels = labels.strip_suffix('.')?;
            Some(format!("{labels}x{domain}"))
        });
        // `example.co.uk` becomes `examplexco.uk`.
        let in_domain = suffix.contains('.').then(|| domain.replacen('.', "x", 1));
        let hosts = [in_host, in_domain];
        hosts.into_iter().flatten().map(|host| format!("{}://{host}{}", self.scheme, self.port)).collect()
    }

    /// Returns an origin with this character after the trusted host.
    pub(super) fn followed_by(&self, character: &str) -> String {
        format!("{}://{}{character}.{ANYONE}", self.scheme, self.host)
    }

    /// Returns an origin with the trusted host as a user name, which browsers do not send.
    pub(super) fn as_user_name(&self) -> String {
        format!("{}://{}@{ANYONE}", self.scheme, self.host)
    }

    /// Returns an origin under the same public suffix, if it is one of several labels, such as `github.io`.
    pub(super) fn under_its_suffix(&self) -> Option<String> {
        let (_, suffix) = self.domain?.split_once('.')?;
        suffix.contains('.').then(|| format!("{}://evil.{suffix}{}", self.scheme, self.port))
    }

    pub(super) fn under_its_domain(&self) -> Option<String> {
        Some(self.under(self.domain?))
    }

    /// Returns an origin under the trusted host, unless that is the domain itself.
    pub(super) fn under_its_host(&self) -> Option<String> {
        (self.domain? != self.host).then(|| self.under(self.host))
    }

    fn under(&self, host: &str) -> String {
        format!("{}://cors-probe.{host}{}", self.scheme, self.port)
    }

    pub(super) fn over_http(&self) -> Option<String> {
        (self.scheme == "https").then(|| format!("http://{}{}", self.host, self.port))
    }

    pub(super) fn on_another_port(&self) -> String {
        let port = if self.port == ":4443" { 4444 } else { 4443 };
        format!("{}://{}:{port}", self.scheme, self.host)
    }
}

/// Returns the shortest suffix of `host` that is not a public suffix.
fn registrable_domain(host: &str) -> Option<&str> {
    if host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok() {
        return None;
    }
    let starts = host.rmatch_indices('.').filter_map(|(dot, _)| host.get(dot.saturating_add(1)..));
    starts.chain([host]).find(|end| !end.is_empty() && !is_public_suffix(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registrable_domains() {
        for (host, expected) in [
            ("app.example.com", Some("example.com")),
            ("example.com", Some("example.com")),
            ("a.b.example.co.uk", Some("example.co.uk")),
            ("me.github.io", Some("me.github.io")),
            ("github.io", None),
            ("localhost", None),
            ("127.0.0.1", None),
            ("[::1]", None),
        ] {
            assert_eq!(registrable_domain(host), expected, "{host}");
        }
    }

    fn trusted(text: &str) -> Trusted<'_> {
        Trusted::new(Origin::parse(text.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn made_up_origins() {
        let name = trusted("https://app.example.com");
        assert_eq!(name.containing(), "https://evilapp.example.com.evil.example");
        assert_eq!(
            name.beginning_alike(),
            ["https://app.example.com.evil.example", "https://example.com.evil.example"]
        );
        assert_eq!(name.ending_alike().unwrap(), "https://evilexample.com");
        assert_eq!(name.ending_like_the_host().unwrap(), "https://evilapp.example.com");
        assert_eq!(name.without_a_dot(), ["https://appxexample.com"]);
        assert_eq!(name.followed_by("%60"), "https://app.example.com%60.evil.example");
        assert_eq!(name.under_its_suffix(), None);
        assert_eq!(name.under_its_domain().unwrap(), "https://cors-probe.example.com");
        assert_eq!(name.under_its_host().unwrap(), "https://cors-probe.app.example.com");
        assert_eq!(name.over_http().unwrap(), "http://app.example.com");
        assert_eq!(name.on_another_port(), "https://app.example.com:4443");

        let domain = trusted("http://shop.co.uk:8080");
        assert_eq!(domain.beginning_alike(), ["http://shop.co.uk.evil.example"]);
        assert_eq!(domain.ending_alike().unwrap(), "http://evilshop.co.uk:8080");
        assert_eq!(domain.ending_like_the_host(), None);
        assert_eq!(domain.without_a_dot(), ["http://shopxco.uk:8080"]);
        assert_eq!(domain.under_its_suffix().unwrap(), "http://evil.co.uk:8080");
        assert_eq!(domain.under_its_domain().unwrap(), "http://cors-probe.shop.co.uk:8080");
        assert_eq!(domain.under_its_host(), None);
        assert_eq!(domain.over_http(), None);

        let shell = trusted("app://main.example.com");
        assert_eq!(shell.beginning_alike(), ["app://main.example.com.evil.example"]);
        assert!(shell.ending_alike().is_none() && shell.under_its_domain().is_none());
        assert!(
            trusted("app://.").ending_alike().is_none() && trusted("capacitor://").under_its_host().is_none()
        );

        let local = trusted("http://127.0.0.1:3000");
        assert_eq!(local.beginning_alike(), ["http://127.0.0.1.evil.example"]);
        assert!(local.ending_alike().is_none() && local.without_a_dot().is_empty());
        assert!(local.under_its_domain().is_none() && local.under_its_suffix().is_none());
    }
}
