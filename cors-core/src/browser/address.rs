//! What stops a request before it is sent, whatever the server allows: an address that no page can ask, mixed content, a
//! port of another protocol, local network access (rule B4).

use crate::browser::address_space::AddressSpace;
use crate::browser::engine::{Engine, Rule};
use crate::browser::error::CorsError;
use crate::browser::fetch::Fetch;
use crate::browser::options::{Api, Mode, Permission};
use crate::browser::{ports, url};
use crate::origin::ipv4;

/// What an address asks for, by its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Addressed<'a> {
    /// A server, by http or https; or, without a scheme, a path of the page's own server.
    Server,
    /// The text itself, or an object of the page: `data:` and `blob:`.
    Nobody,
    /// What looks like a host in front, such as `api.example.com/orders`: to the browser, a path of the page's own server.
    OwnServer,
    /// What no page can fetch. The text is the scheme.
    Unfetchable(&'a str),
}

impl<'a> Addressed<'a> {
    pub(crate) fn of(url: &'a str) -> Self {
        let Some(scheme) = url::scheme(url) else {
            let segment = url.split(['/', '?', '#']).next().unwrap_or_default();
            let is_host = segment == "localhost" || (segment.contains('.') && !segment.starts_with('.'));
            return if is_host { Addressed::OwnServer } else { Addressed::Server };
        };
        let is_one_of = |schemes: [&str; 2]| schemes.iter().any(|known| scheme.eq_ignore_ascii_case(known));
        if is_one_of(["http", "https"]) {
            Addressed::Server
        } else if is_one_of(["data", "blob"]) {
            Addressed::Nobody
        } else {
            Addressed::Unfetchable(scheme)
        }
    }
}

impl<'a> Fetch<'a> {
    /// Returns what stops the request before it is sent, whatever the server allows.
    ///
    /// In this order: an address without a scheme, or with one that no page can fetch; the mode `same-origin`, for another
    /// origin; mixed content, an http address for an https page (except this machine; an image is asked for by https
    /// instead); a port of another protocol, such as 6667; local network access, an address that is nearer than the page's own
    /// ([`AddressSpace`]). For that the page has to come by https, and the person who uses it has to permit it.
    ///
    /// ```
    /// use cors_core::Origin;
    /// use cors_core::browser::{CorsError, Engine, Fetch, Permission};
    ///
    /// let page = Origin::parse(b"https://app.example.com")?;
    /// let mixed = Fetch::new(page, "http://api.example.com/orders");
    /// assert_eq!(mixed.check_address(Engine::Standard), Err(CorsError::MixedContent));
    ///
    /// let nearer = Fetch::new(page, "http://localhost:8080/orders");
    /// let error = nearer.check_address(Engine::Chromium).unwrap_err();
    /// assert_eq!(error.name(), "LocalNetworkAccessPermissionDenied");
    /// let permitted = Fetch { local_network_permission: Permission::Given, ..nearer };
    /// assert_eq!(permitted.check_address(Engine::Chromium), Ok(()));
    /// // WebKit takes this machine for any other.
    /// assert_eq!(permitted.check_address(Engine::WebKit), Err(CorsError::MixedContent));
    /// # Ok::<(), cors_core::OriginError>(())
    /// ```
    pub fn check_address(&self, engine: Engine) -> Result<(), CorsError<'a>> {
        self.check_scheme_and_mode(engine)?;
        if let Some(port) = self.unsafe_port(engine) {
            return Err(CorsError::UnsafePort { port });
        }
        self.check_local_network(engine)
    }

    /// The same, as if a server could listen on any port.
    pub(crate) fn check_address_at_any_port(&self, engine: Engine) -> Result<(), CorsError<'a>> {
        self.check_scheme_and_mode(engine)?;
        self.check_local_network(engine)
    }

    /// Returns the port of the address, if it is one to which this engine sends no request (FS, "port blocking").
    pub(crate) fn unsafe_port(&self, engine: Engine) -> Option<u16> {
        let port = url::port(self.url).filter(|_| self.is_cross_origin())?;
        ports::is_unsafe(port, engine).then_some(port)
    }

    fn check_scheme_and_mode(&self, engine: Engine) -> Result<(), CorsError<'a>> {
        match Addressed::of(self.url) {
            Addressed::OwnServer => return Err(CorsError::MissingScheme),
            // An application's page may fetch from itself.
            Addressed::Unfetchable(scheme) if self.is_cross_origin() => {
                return Err(CorsError::CorsDisabledScheme { scheme });
            }
            Addressed::Nobody | Addressed::Server | Addressed::Unfetchable(_) => {}
        }
        if !self.is_cross_origin() {
            return Ok(());
        }
        if self.mode == Mode::SameOrigin {
            return Err(CorsError::DisallowedByMode);
        }
        if self.is_mixed(engine) && !self.is_upgraded(engine) {
            return Err(CorsError::MixedContent);
        }
        Ok(())
    }

    /// True if the browser asks by https for what the page asks for by http: an image of an https page.
    pub fn is_upgraded(&self, engine: Engine) -> bool {
        let is_address = self
            .http_host()
            .is_some_and(|host| host.starts_with('[') || ipv4::is_serialized(host.as_bytes()));
        self.api == Api::Image
            && self.is_mixed(engine)
            && (!is_address || engine.departs(Rule::UpgradesImagesAtAddresses))
    }

    /// Mixed Content, "should fetching request be blocked as mixed content", but for images.
    fn is_mixed(&self, engine: Engine) -> bool {
        let is_insecure = url::scheme(self.url).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
        if self.first().origin.scheme() != Some("https") || !is_insecure {
            return false;
        }
        let Some(target) = self.target_origin() else {
            return true;
        };
        match AddressSpace::of(&target) {
            Some(AddressSpace::Loopback) if target.is_local() => engine.departs(Rule::LoopbackIsMixed),
            Some(AddressSpace::Local) => !engine.departs(Rule::PrivateAddressesAreNotMixed),
            _ => true,
        }
    }

    fn http_host(&self) -> Option<&'a str> {
        self.target_origin()?.host()
    }

    /// Local Network Access, as engines have it: a page of a private network may reach this machine.
    fn check_local_network(&self, engine: Engine) -> Result<(), CorsError<'a>> {
        let page = self.first();
        let space = self.target_space();
        let is_nearer = page.page_space() == Some(AddressSpace::Public) && space != AddressSpace::Public;
        if !self.is_cross_origin() || !is_nearer || engine.departs(Rule::NoLocalNetworkAccess) {
            return Ok(());
        }
        let is_secure = page.origin.scheme() == Some("https");
        if !is_secure && !engine.departs(Rule::InsecurePagesAskForLocalNetwork) {
            return Err(CorsError::InsecureLocalNetwork { space });
        }
        match page.local_network_permission {
            Permission::Given => Ok(()),
            Permission::NotGiven => Err(CorsError::LocalNetworkAccessPermissionDenied { space }),
        }
    }

    /// Returns the space of the page's address, `None` where nothing is known of it: an opaque origin, an application's, a name
    /// that only a private network has.
    fn page_space(&self) -> Option<AddressSpace> {
        self.page_address_space.or_else(|| AddressSpace::of(&self.origin)).or_else(|| {
            let is_of_the_web = matches!(self.origin.scheme(), Some("http" | "https"));
            let is_public = is_of_the_web && !self.origin.host().is_some_and(is_private_name);
            is_public.then_some(AddressSpace::Public)
        })
    }

    /// Returns the space of the address, public if nothing else is known.
    fn target_space(&self) -> AddressSpace {
        let literal = || AddressSpace::of(&self.target_origin()?);
        self.target_address_space.or_else(literal).unwrap_or(AddressSpace::Public)
    }
}

/// Returns true for a name that no server of the internet has: one label, or under a domain that private networks use (RFC 6762,
/// appendix G; RFC 8375; ICANN's `internal`) or that is for tests.
fn is_private_name(host: &str) -> bool {
    const DOMAINS: [&str; 8] =
        [".test", ".internal", ".intranet", ".private", ".corp", ".home", ".lan", ".home.arpa"];
    let name = host.strip_suffix('.').unwrap_or(host);
    !name.contains('.') || DOMAINS.iter().any(|domain| name.ends_with(domain))
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;
    use crate::origin::Origin;

    fn origin(text: &str) -> Origin<'_> {
        Origin::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn beginnings_of_addresses() {
        use Addressed::{Nobody, OwnServer, Server, Unfetchable};
        for (url, expected) in [
            ("http://api.example.com", Server),
            ("HTTPS://api.example.com", Server),
            ("//api.example.com/x", Server),
            ("/orders", Server),
            ("./orders.json", Server),
            ("../orders.json", Server),
            ("?page=a.b", Server),
            ("#a.b", Server),
            ("orders", Server),
            ("", Server),
            ("data:text/plain,x", Nobody),
            ("blob:https://app.example.com/1", Nobody),
            ("api.example.com", OwnServer),
            ("api.example.com/orders", OwnServer),
            ("localhost/orders", OwnServer),
            ("127.0.0.1/orders", OwnServer),
            ("127.0.0.1:8080/orders", OwnServer),
            ("[::1]:8080/orders", Server),
            ("localhost:8080/orders", Unfetchable("localhost")),
            ("api.example.com:8080/orders", Unfetchable("api.example.com")),
            ("file:///etc/hosts", Unfetchable("file")),
            ("ftp://api.example.com", Unfetchable("ftp")),
            ("wss://api.example.com", Unfetchable("wss")),
            ("chrome-extension://abc/x", Unfetchable("chrome-extension")),
        ] {
            assert_eq!(Addressed::of(url), expected, "{url}");
        }
    }

    #[test]
    fn private_names() {
        for (host, expected) in [
            ("intranet", true),
            ("app.test", true),
            ("app.test.", true),
            ("nas.home.arpa", true),
            ("app.internal", true),
            ("test", true),
            ("test.example.com", false),
            ("latest.com", false),
            ("example.com", false),
        ] {
            assert_eq!(is_private_name(host), expected, "{host}");
        }
    }

    /// The whole table: page, address, and what each engine says. No entry: the request is sent.
    #[test]
    fn what_comes_before() {
        const MIXED: &str = "MixedContent";
        const INSECURE: &str = "InsecureLocalNetwork";
        const DENIED: &str = "LocalNetworkAccessPermissionDenied";
        const PORT: &str = "UnsafePort";
        let (page, plain) = ("https://app.example.com", "http://app.example.com");
        // Standard, Chromium, Firefox, WebKit.
        for (page, url, expected) in [
            (page, "https://api.example.com/", [""; 4]),
            (page, "http://api.example.com/", [MIXED; 4]),
            (page, "http://API.example.com/", [MIXED; 4]),
            (page, "http://93.184.215.14/", [MIXED; 4]),
            (page, "http://app.example.com/", [MIXED; 4]),
            (page, "http://127.0.0.1:8080/", [DENIED, DENIED, DENIED, MIXED]),
            (page, "http://localhost/", [DENIED, DENIED, DENIED, MIXED]),
            (page, "https://localhost/", [DENIED, DENIED, DENIED, ""]),
            (page, "http://192.168.1.1/", [MIXED, DENIED, MIXED, MIXED]),
            (page, "http://printer.local/", [MIXED, DENIED, MIXED, MIXED]),
            (page, "https://192.168.1.1/", [DENIED, DENIED, DENIED, ""]),
            (plain, "http://api.example.com:6666/", [PORT; 4]),
            (plain, "http://user@API.example.com:6666", [PORT; 4]),
            (plain, "//api.example.com:25/x", [PORT; 4]),
            (plain, "http://api.example.com:4190/", [PORT, "", PORT, PORT]),
            (plain, "http://localhost:6000/", [PORT; 4]),
            (page, "http://localhost:6000/", [PORT, PORT, PORT, MIXED]),
            (page, "http://api.example.com:6666/", [MIXED; 4]),
            (page, "https://api.example.com:6666/", [PORT; 4]),
            (plain, "http://api.example.com/", [""; 4]),
            (plain, "https://api.example.com/", [""; 4]),
            (plain, "http://localhost:8080/", [INSECURE, INSECURE, DENIED, ""]),
            (plain, "https://10.0.0.1/", [INSECURE, INSECURE, DENIED, ""]),
            // A page that is not public, or of which nothing is known.
            ("http://localhost:3000", "http://api.example.com/", [""; 4]),
            ("http://localhost:3000", "http://127.0.0.1:8080/", [""; 4]),
            ("http://192.168.1.2", "http://192.168.1.1/", [""; 4]),
            ("http://192.168.1.2", "http://localhost:8080/", [""; 4]),
            ("https://192.168.1.2", "http://192.168.1.1/", [MIXED, "", MIXED, MIXED]),
            ("http://app.test", "http://localhost:8080/", [""; 4]),
            ("http://intranet", "http://10.0.0.1/", [""; 4]),
            ("null", "http://localhost:8080/", [""; 4]),
            ("app://.", "http://localhost:8080/", [""; 4]),
            ("chrome-extension://abc", "http://api.example.com/", [""; 4]),
            // Nobody is asked.
            (page, "api.example.com/orders", ["MissingScheme"; 4]),
            (page, "localhost:8080/orders", ["CorsDisabledScheme"; 4]),
            (page, "file:///etc/hosts", ["CorsDisabledScheme"; 4]),
            (page, "data:text/plain,x", [""; 4]),
            (page, "/orders", [""; 4]),
            ("chrome-extension://abc", "chrome-extension://abc/x", [""; 4]),
            ("chrome-extension://abc", "chrome-extension://def/x", ["CorsDisabledScheme"; 4]),
            ("file://", "file:///a.json", ["CorsDisabledScheme"; 4]),
            ("null", "file:///a.json", ["CorsDisabledScheme"; 4]),
        ] {
            let fetch = Fetch::new(origin(page), url);
            for (engine, expected) in Engine::ALL.into_iter().zip(expected) {
                let name = fetch.check_address(engine).err().map_or("", |error| error.name());
                assert_eq!(name, expected, "{page} {url} {engine}");
            }
        }
    }

    #[test]
    fn what_is_told_of_the_addresses() {
        use AddressSpace::{Local, Loopback, Public};
        let plain = Fetch::new(origin("https://app.example.com"), "https://api.example.com/");
        let error = |fetch: Fetch<'_>| {
            fetch
                .check_address(Engine::Standard)
                .err()
                .map(|error| (error.name(), error.parameter().to_string()))
        };
        let denied = |space: &str| Some(("LocalNetworkAccessPermissionDenied", space.to_string()));
        for (page, target, expected) in [
            (None, Some(Local), denied("local")),
            (None, Some(Loopback), denied("loopback")),
            (Some(Public), Some(Local), denied("local")),
            (Some(Local), Some(Local), None),
            (Some(Local), Some(Loopback), None),
            (Some(Loopback), Some(Public), None),
            (Some(Public), Some(Public), None),
        ] {
            let fetch = Fetch { page_address_space: page, target_address_space: target, ..plain };
            assert_eq!(error(fetch), expected, "{page:?} {target:?}");
            assert_eq!(error(Fetch { local_network_permission: Permission::Given, ..fetch }), None);
        }
        // The page's space stands above its name.
        let told = Fetch {
            page_address_space: Some(Public),
            ..Fetch::new(origin("http://app.test"), "http://localhost/")
        };
        assert_eq!(error(told).map(|(name, _)| name), Some("InsecureLocalNetwork"));
    }

    #[test]
    fn images_are_upgraded() {
        let page = origin("https://app.example.com");
        for (url, expected) in [
            ("http://cdn.example.net/a.png", [true; 4]),
            ("http://8.8.8.8/a.png", [false, false, true, false]),
            ("http://[2001:db8::1]/a.png", [false, false, true, false]),
            ("https://cdn.example.net/a.png", [false; 4]),
        ] {
            let fetch = Fetch { api: Api::Image, ..Fetch::new(page, url) };
            assert_eq!(Engine::ALL.map(|engine| fetch.is_upgraded(engine)), expected, "{url}");
            let is_secure = url.starts_with("https");
            assert!(Engine::ALL.iter().all(|&engine| {
                fetch.check_address(engine).is_ok() == (is_secure || fetch.is_upgraded(engine))
            }));
        }
        let fetch = Fetch::new(page, "http://cdn.example.net/a.png");
        assert!(!fetch.is_upgraded(Engine::Standard));
    }

    /// Behind a redirect the page is still the page.
    #[test]
    fn redirects_lead_there_too() {
        let first = Fetch::new(origin("https://app.example.com"), "https://api.example.com/");
        let error = |url: &'static str| {
            first.redirected(Engine::Chromium, 302, url).check_address(Engine::Chromium).err()
        };
        assert_eq!(error("http://api.example.com/"), Some(CorsError::MixedContent));
        assert_eq!(error("http://other.example.net/"), Some(CorsError::MixedContent));
        assert_eq!(
            error("http://localhost/"),
            Some(CorsError::LocalNetworkAccessPermissionDenied { space: AddressSpace::Loopback })
        );
        assert_eq!(error("https://other.example.net/"), None);
        let unsafe_port = Engine::ALL.map(|engine| {
            let next = first.redirected(engine, 302, "https://other.example.net:6666/");
            next.check_address(engine).is_err()
        });
        assert_eq!(unsafe_port, [true; 4]);
    }
}
