//! The parts shared by the command's servers: where they listen, the names they answer to, how many connections they
//! hold, and how they end.

mod hosts;
mod limits;
pub(crate) mod listen;
mod requests;
mod room;
mod serve;
mod stop;

use tokio::runtime::Runtime;

use crate::exit::Failure;

pub(crate) use hosts::{Hosts, authority};
pub(crate) use limits::{Limits, MAX_HEAD_LEN};
pub(crate) use serve::serve;
pub(crate) use stop::Stop;

/// Runs a server to its end. Threads that still compute then do not delay the end of the program.
pub(crate) fn run<T>(name: &str, server: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = Runtime::new().map_err(|error| Failure::unusable(name, error))?;
    let result = runtime.block_on(server);
    runtime.shutdown_background();
    result
}
