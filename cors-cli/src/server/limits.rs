//! [`Limits`]: what clients may occupy of a server.

use std::time::Duration;

/// The most bytes of a request head, and of the response head of a target.
pub(crate) const MAX_HEAD_LEN: usize = 64 * 1024;

pub(crate) struct Limits {
    /// The number of connections that are open at a time.
    pub(crate) connections: usize,
    /// How long a connection may be open without a request: before the first one, and after each response.
    pub(crate) idle: Duration,
    /// How long responses may take to end once the server is asked to stop.
    pub(crate) grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections: connections(descriptors()),
            idle: Duration::from_secs(30),
            grace: Duration::from_secs(5),
        }
    }
}

/// The most connections, however many file descriptors there are.
const MAX_CONNECTIONS: u64 = 512;

/// Descriptors left for files, standard streams and the runtime.
const SPARE_DESCRIPTORS: u64 = 32;

/// Returns how many connections leave room: each may need a second descriptor, for a connection to the target.
fn connections(descriptors: Option<u64>) -> usize {
    let room = descriptors.map_or(MAX_CONNECTIONS, |all| all.saturating_sub(SPARE_DESCRIPTORS) / 2);
    usize::try_from(room.clamp(1, MAX_CONNECTIONS)).unwrap_or(1)
}

#[cfg(unix)]
fn descriptors() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

#[cfg(not(unix))]
fn descriptors() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors() {
        for (descriptors, expected) in [
            (None, 512),
            (Some(1_048_576), 512),
            (Some(1024), 496),
            (Some(128), 48),
            (Some(33), 1),
            (Some(0), 1),
        ] {
            assert_eq!(connections(descriptors), expected, "{descriptors:?}");
        }
    }
}
