//! [`Hosts`]: the names by which a server on this machine may be asked.

use std::net::{IpAddr, SocketAddr};

use http::Request;
use http::header::HOST;
use http::uri::Authority;

/// A page whose own name was made to lead to this machine (DNS rebinding) is of the server's origin to its browser: what
/// it asks is told by the name alone.
pub(crate) struct Hosts {
    any: bool,
    names: Vec<String>,
}

impl Hosts {
    /// Those of a server at this address, and further `names`. Only one that other machines reach has any name.
    pub(crate) fn new(address: SocketAddr, names: Vec<String>) -> Self {
        Hosts { any: !address.ip().is_loopback(), names }
    }

    pub(crate) fn contain(&self, authority: &Authority) -> bool {
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

/// By which name the server is asked.
pub(crate) fn authority<B>(request: &Request<B>) -> Option<Authority> {
    let host = || request.headers().get(HOST)?.to_str().ok()?.parse().ok();
    request.uri().authority().cloned().or_else(host)
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
