//! Where the proxy listens, what it stands in front of, and by which names it may be asked.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};

use http::Uri;
use http::uri::Authority;
use url::Url;

use crate::args::Proxy;
use crate::exit::Failure;
use crate::printable::printable;
use crate::target;

pub(super) struct Place {
    listen: SocketAddr,
    url: Url,
    target: Uri,
    names: Vec<String>,
}

impl Place {
    pub(super) fn new(arguments: &Proxy) -> Result<Self, Failure> {
        let url = target::url(&arguments.target)?;
        if url.path() != "/" || url.query().is_some() {
            let origin = url.origin().ascii_serialization();
            let what = format!("a path; write {origin}, since pages ask the proxy for whole paths");
            return Err(Failure::unusable(printable(&arguments.target), what));
        }
        let target =
            url.as_str().parse().map_err(|error| Failure::unusable(printable(&arguments.target), error))?;
        let unusable =
            |what: &str| Failure::unusable(format_args!("--listen {}", printable(&arguments.listen)), what);
        let listen: SocketAddr = arguments
            .listen
            .parse()
            .map_err(|_| unusable("no address with a port; write one such as 127.0.0.1:8787"))?;
        if !listen.ip().is_loopback() && !arguments.expose_to_network {
            return Err(unusable(
                "other machines could use the proxy, and what this machine may reach through it; write 127.0.0.1, \
                 or add --expose-to-network if that is what you want",
            ));
        }
        if listen.port() != 0
            && url.port_or_known_default() == Some(listen.port())
            && target::is_loopback(&url)
        {
            return Err(unusable("the target itself; let one of the two have another port"));
        }
        Ok(Place { listen, url, target, names: arguments.hosts.clone() })
    }

    pub(super) fn listen(&self) -> SocketAddr {
        self.listen
    }

    pub(super) fn target(&self) -> &Uri {
        &self.target
    }

    /// The target, as it may be printed.
    pub(super) fn name(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    pub(super) fn hosts(&self, address: SocketAddr) -> Hosts {
        Hosts { any: !address.ip().is_loopback(), names: self.names.clone() }
    }
}

/// The names by which the proxy may be asked. A page whose own name was made to lead to this machine (DNS rebinding)
/// is of the proxy's origin to its browser, and no policy would stop it.
pub(super) struct Hosts {
    any: bool,
    names: Vec<String>,
}

impl Hosts {
    pub(super) fn contain(&self, authority: &Authority) -> bool {
        let host = authority.host();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let name = host.to_ascii_lowercase();
        self.any
            || address.is_ok_and(|address| address.is_loopback())
            || name == "localhost"
            || name.ends_with(".localhost")
            || self.names.iter().any(|known| known.eq_ignore_ascii_case(&name))
    }
}

pub(super) fn explain(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => {
            "something listens there already; choose another port with --listen".to_owned()
        }
        ErrorKind::AddrNotAvailable => "no address of this machine; write 127.0.0.1 with a port".to_owned(),
        ErrorKind::PermissionDenied => "you may not listen there; choose a port from 1024".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine() {
        let hosts = Hosts { any: false, names: vec!["api.test".to_owned()] };
        let cases = [
            ("127.0.0.1:8787", true),
            ("127.8.8.8", true),
            ("[::1]:8787", true),
            ("localhost:1", true),
            ("LOCALHOST", true),
            ("app.localhost:1", true),
            ("Api.Test:9", true),
            ("evil.example:8787", false),
            ("localhost.evil.example", false),
            ("evillocalhost", false),
            ("192.168.0.1", false),
            ("0.0.0.0", false),
        ];
        for (authority, expected) in cases {
            assert_eq!(hosts.contain(&authority.parse().unwrap()), expected, "{authority}");
        }
    }
}
