//! [`AddressSpace`]: how near an address is, for local network access.

use crate::named;
use crate::origin::{Origin, host, ipv4, ipv6};

named! {
    /// How near an address is: on the internet, on the private network, or on this machine. A browser does not let a page of a
    /// public address reach a nearer one without further ado ([`Fetch::check_address`](crate::browser::Fetch::check_address)).
    pub enum AddressSpace {
        /// An address of the internet.
        Public, "public";
        /// An address of a private network, such as 192.168.0.0/16, or a name under `.local`.
        Local, "local";
        /// This machine: 127.0.0.0/8, `[::1]`, `localhost` and the names under it.
        Loopback, "loopback";
    }
    /// Returns the name in lower case: `public`, `local` or `loopback`.
    fn name;
}

impl AddressSpace {
    /// Returns the space of an origin whose host is an address, or a name that is on this machine or its network by definition. `None`
    /// for any other host, whose address only the browser learns.
    ///
    /// ```
    /// use cors_core::Origin;
    /// use cors_core::browser::AddressSpace;
    ///
    /// let space = |origin: &'static str| AddressSpace::of(&Origin::parse(origin.as_bytes()).unwrap());
    /// assert_eq!(space("http://localhost:8080"), Some(AddressSpace::Loopback));
    /// assert_eq!(space("http://192.168.1.1"), Some(AddressSpace::Local));
    /// assert_eq!(space("https://93.184.215.14"), Some(AddressSpace::Public));
    /// assert_eq!(space("https://api.example.com"), None);
    /// ```
    pub fn of(origin: &Origin<'_>) -> Option<AddressSpace> {
        let host = origin.host()?;
        let name = host.strip_suffix('.').unwrap_or(host);
        if host::is_local(host) {
            return Some(AddressSpace::Loopback);
        }
        if name.rsplit('.').next() == Some("local") && name.contains('.') {
            return Some(AddressSpace::Local);
        }
        if ipv4::is_serialized(host.as_bytes()) {
            return ipv4::parse(host).map(of_ipv4);
        }
        let address = host.strip_prefix('[')?.strip_suffix(']')?;
        ipv6::parse_embedded(address.as_bytes()).map(of_ipv6)
    }
}

/// Local Network Access, "IP address space".
fn of_ipv4(address: [u8; 4]) -> AddressSpace {
    match address {
        [0 | 127, ..] => AddressSpace::Loopback,
        [10, ..]
        | [100, 64..=127, ..]
        | [169, 254, ..]
        | [172, 16..=31, ..]
        | [192, 168, ..]
        | [198, 18..=19, ..] => AddressSpace::Local,
        _ => AddressSpace::Public,
    }
}

fn of_ipv6(pieces: ipv6::Pieces) -> AddressSpace {
    match pieces {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => AddressSpace::Loopback,
        // An IPv4 address in the form of IPv6.
        [0, 0, 0, 0, 0, 0xffff, high, low] => {
            let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
            of_ipv4([a, b, c, d])
        }
        // Unique local addresses and those of a link.
        [0xfc00..=0xfdff | 0xfe80..=0xfebf, ..] => AddressSpace::Local,
        _ => AddressSpace::Public,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces() {
        use AddressSpace::{Local, Loopback, Public};
        for (host, expected) in [
            ("localhost", Some(Loopback)),
            ("a.localhost", Some(Loopback)),
            ("localhost.", Some(Loopback)),
            ("127.0.0.1", Some(Loopback)),
            ("127.255.255.254", Some(Loopback)),
            ("0.0.0.0", Some(Loopback)),
            ("[::1]", Some(Loopback)),
            ("[::]", Some(Loopback)),
            ("[::ffff:7f00:1]", Some(Loopback)),
            ("10.0.0.1", Some(Local)),
            ("100.63.255.255", Some(Public)),
            ("100.64.0.1", Some(Local)),
            ("169.254.169.254", Some(Local)),
            ("172.15.255.255", Some(Public)),
            ("172.16.0.1", Some(Local)),
            ("172.31.255.255", Some(Local)),
            ("172.32.0.1", Some(Public)),
            ("192.168.1.1", Some(Local)),
            ("192.169.1.1", Some(Public)),
            ("198.18.0.1", Some(Local)),
            ("198.20.0.1", Some(Public)),
            ("[fd00::1]", Some(Local)),
            ("[fe80::1]", Some(Local)),
            ("[fec0::1]", Some(Public)),
            ("[::ffff:c0a8:101]", Some(Local)),
            ("[2001:db8::1]", Some(Public)),
            ("8.8.8.8", Some(Public)),
            ("printer.local", Some(Local)),
            ("printer.local.", Some(Local)),
            ("local", None),
            ("printer.local.example.com", None),
            ("localhost.example.com", None),
            ("app.test", None),
            ("intranet", None),
            ("api.example.com", None),
        ] {
            let text = std::format!("http://{host}");
            let origin = Origin::parse(text.as_bytes()).unwrap();
            assert_eq!(AddressSpace::of(&origin), expected, "{host}");
        }
        for origin in ["null", "file://", "app://."] {
            assert_eq!(AddressSpace::of(&Origin::parse(origin.as_bytes()).unwrap()), None, "{origin}");
        }
    }
}
