//! [`Hosts`]: the names by which a server on this machine may be asked.

use std::net::SocketAddr;

use cors_core::Origin;
use http::Request;
use http::header::HOST;
use http::uri::Authority;

/// With DNS rebinding an attacker's page is same-origin with this server. Only the `Host` name gives it away.
pub(crate) struct Hosts {
    any: bool,
    names: Vec<String>,
}

impl Hosts {
    /// Returns the names accepted by a server at `address`: localhost, loopback addresses and `names`. A server that other
    /// machines can reach accepts any name.
    pub(crate) fn new(address: SocketAddr, names: Vec<String>) -> Self {
        Hosts { any: !address.ip().is_loopback(), names }
    }

    pub(crate) fn contain(&self, authority: &Authority) -> bool {
        let name = authority.host().to_ascii_lowercase();
        let origin = format!("http://{name}");
        self.any
            || Origin::parse(origin.as_bytes()).is_ok_and(|origin| origin.is_local())
            || self.names.iter().any(|known| known.eq_ignore_ascii_case(&name))
    }
}

/// Returns the name by which the server is asked; `None` for several `Host` fields, too (RFC 9112, section 3.2).
pub(crate) fn authority<B>(request: &Request<B>) -> Option<Authority> {
    if request.headers().get_all(HOST).iter().nth(1).is_some() {
        return None;
    }
    let host = || request.headers().get(HOST)?.to_str().ok()?.parse().ok();
    request.uri().authority().cloned().or_else(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_with_several_hosts_has_none() {
        let mut request = Request::builder().header(HOST, "localhost:1").body(()).unwrap();
        assert_eq!(authority(&request).unwrap(), "localhost:1");
        request.headers_mut().append(HOST, "localhost:1".parse().unwrap());
        assert_eq!(authority(&request), None);
        *request.uri_mut() = "http://localhost:1/".parse().unwrap();
        assert_eq!(authority(&request), None);
    }

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
