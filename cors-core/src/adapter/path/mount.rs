//! The places where a server may be mounted: the beginnings of a path.

use super::RequestPath;
use super::reading::{self, AS_IT_IS, DECODED_ONCE};
use super::segment::{Agreement, names_from_end};

/// The beginning of a path, which is read as it stands, with its escapes decoded once.
#[derive(Clone, Copy)]
pub(super) struct Mount<'p>(RequestPath<'p>);

impl<'p> RequestPath<'p> {
    /// Returns the lengths of the mounts that the path may have, the shortest first.
    pub(super) fn mounts(self) -> impl Iterator<Item = usize> + use<'p> {
        let (RequestPath::Raw(path) | RequestPath::Decoded(path)) = self;
        let slashes = path.iter().enumerate().skip(1).filter(|&(_, &byte)| byte == b'/');
        slashes.map(|(at, _)| at)
    }

    /// Splits the path behind its mount, which has this length.
    pub(super) fn split(self, mount_len: usize) -> (Mount<'p>, Self) {
        let split = |path: &'p [u8]| path.split_at_checked(mount_len).unwrap_or((path, b""));
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

/// What a mount is, as far as it counts for what is below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MountForm {
    /// There is one way to read it.
    Plain,
    /// It has `..` in some reading.
    LeadsUp,
    /// There are several ways to read it.
    Several,
}

/// Returns the number of a text's slashes: of the segments of a prefix.
pub(super) fn slashes(text: &[u8]) -> usize {
    text.split(|&byte| byte == b'/').count().saturating_sub(1)
}

impl Mount<'_> {
    /// Returns the number of segments.
    pub(super) fn len(self) -> usize {
        let (RequestPath::Raw(path) | RequestPath::Decoded(path)) = self.0;
        slashes(path)
    }

    pub(super) fn form(self) -> MountForm {
        if reading::plain(self.0).is_some() {
            MountForm::Plain
        } else if reading::may_lead_up(self.0) {
            MountForm::LeadsUp
        } else {
            MountForm::Several
        }
    }

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
