//! The value of `Vary` (E8).

/// The request fields, beside `Origin`, that the answer to a preflight depends on.
#[derive(Clone, Copy, Default)]
pub(crate) struct Vary {
    pub(crate) method: bool,
    pub(crate) headers: bool,
    pub(crate) private_network: bool,
}

macro_rules! names {
    ($first:literal $(, $rest:literal)*) => { Some(concat!($first $(, ", ", $rest)*)) };
}

impl Vary {
    /// The names, in a fixed order; `None` where the answer depends on no field. Methods and headers are echoed
    /// only where the origin is.
    pub(crate) fn value(self, origin: bool) -> Option<&'static str> {
        match (origin, self.method, self.headers, self.private_network) {
            (false, _, _, false) => None,
            (false, _, _, true) => names!("access-control-request-private-network"),
            (true, false, false, false) => names!("origin"),
            (true, false, false, true) => names!("origin", "access-control-request-private-network"),
            (true, true, false, false) => names!("origin", "access-control-request-method"),
            (true, true, false, true) => {
                names!("origin", "access-control-request-method", "access-control-request-private-network")
            }
            (true, false, true, false) => names!("origin", "access-control-request-headers"),
            (true, false, true, true) => {
                names!("origin", "access-control-request-headers", "access-control-request-private-network")
            }
            (true, true, true, false) => {
                names!("origin", "access-control-request-method", "access-control-request-headers")
            }
            (true, true, true, true) => names!(
                "origin",
                "access-control-request-method",
                "access-control-request-headers",
                "access-control-request-private-network"
            ),
        }
    }
}
