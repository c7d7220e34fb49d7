//! `--listen`: an address with a port.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::exit::Failure;
use crate::printable::printable;

pub(crate) fn address(text: &str) -> Result<SocketAddr, Failure> {
    text.parse().map_err(|_| unusable(text, "not an address with a port; write one such as 127.0.0.1:8787"))
}

/// Returns the failure of the option `--listen`.
pub(crate) fn unusable(text: &str, what: &str) -> Failure {
    Failure::unusable(format_args!("--listen {}", printable(text)), what)
}

/// Listens at `address`, with port 0 at a free port. Also returns the address with its port.
pub(crate) async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let listener =
        TcpListener::bind(address).await.map_err(|error| Failure::unusable(address, explain(&error)))?;
    let bound = listener.local_addr().map_err(|error| Failure::unusable(address, error))?;
    Ok((listener, bound))
}

fn explain(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => {
            "something listens there already; choose another port with --listen".to_owned()
        }
        ErrorKind::AddrNotAvailable => {
            "not an address of this machine; write 127.0.0.1 with a port".to_owned()
        }
        ErrorKind::PermissionDenied => "you may not listen there; choose a port from 1024".to_owned(),
        _ => error.to_string(),
    }
}
