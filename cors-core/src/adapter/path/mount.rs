//! The place where an application is mounted: the beginning of a path.

use super::RequestPath;
use super::reading::{AS_IT_IS, DECODED_ONCE};
use super::segment::{Agreement, names_from_end};

/// The beginning of a path, which is read as it stands, with its escapes decoded once.
#[derive(Clone, Copy)]
pub(super) struct Mount<'p>(RequestPath<'p>);

impl<'p> RequestPath<'p> {
    /// Splits the path behind its mount, which has this length with its slashes at the end or without.
    pub(super) fn split(self, mount_len: usize) -> (Mount<'p>, Self) {
        let split = |path: &'p [u8]| {
            let mount = path.get(..mount_len).unwrap_or(path);
            let len = mount.iter().rposition(|&byte| byte != b'/').map_or(0, |last| last.saturating_add(1));
            path.split_at_checked(len).unwrap_or((path, b""))
        };
        match self {
            RequestPath::Raw(path) => {
                let (mount, below) = split(path);
                (Mount(RequestPath::Raw(mount)), RequestPath::Raw(below))
            }
            RequestPath::Decoded(path) => {
                let (mount, below) = split(path);
                (Mount(RequestPath::Decoded(mount)), RequestPath::Decoded(below))
            }
        }
    }
}

impl Mount<'_> {
    /// Returns how far mount and prefix agree and, if the prefix is longer, what is left of it for the path below. A prefix
    /// that covers the mount covers all below it.
    pub(super) fn agreement(self, prefix: &[u8]) -> (Agreement, Option<&[u8]>) {
        let (mount, syntax) = match self.0 {
            RequestPath::Raw(path) => (path, DECODED_ONCE),
            RequestPath::Decoded(path) => (path, AS_IT_IS),
        };
        let segments = syntax.segments(mount);
        let count = segments.clone().count();
        let slashes = || prefix.iter().enumerate().filter(|&(_, &byte)| byte == b'/');
        let (own, rest) = match slashes().nth(count).and_then(|(at, _)| prefix.split_at_checked(at)) {
            Some((own, rest)) => (own, Some(rest)),
            None => (prefix, None),
        };
        let further = count.saturating_sub(slashes().count());
        let pairs = segments.skip(further).zip(names_from_end(own));
        (pairs.map(|(segment, name)| segment.agreement(name)).min().unwrap_or(Agreement::Exact), rest)
    }
}
