//! Where the proxy listens, its target, and the names that it answers to.

use std::net::SocketAddr;

use http::Uri;
use url::Url;

use crate::args::Proxy;
use crate::exit::Failure;
use crate::printable::printable;
use crate::server::{Hosts, listen};
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
        let unusable = |what: &str| listen::unusable(&arguments.listen, what);
        let listen = listen::address(&arguments.listen)?;
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

    /// Returns the target, as it may be printed.
    pub(super) fn name(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    pub(super) fn hosts(&self, address: SocketAddr) -> Hosts {
        Hosts::new(address, self.names.clone())
    }
}
