//! Which of several path prefixes a request falls under (A9).

mod letters;
mod mount;
mod prefix;
mod reading;
mod segment;

use mount::MountForm;
pub use prefix::{PathPrefix, PathPrefixError, PathPrefixErrorKind, PrefixText};
use reading::Beginning;
pub use reading::{AmbiguousPath, PathReading, path_readings};
use segment::Agreement;

/// The path of a request, by what its server has done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestPath<'a> {
    /// As it was sent, with its percent-escapes.
    Raw(&'a [u8]),
    /// With its percent-escapes decoded once, as WSGI and ASGI hand it on.
    Decoded(&'a [u8]),
}

/// The prefix that a path falls under: what [`find_prefix`] returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundPrefix {
    /// The prefix at this place.
    At(usize),
    /// No prefix covers the path.
    Nowhere,
    /// Servers read the path in several ways, and these fall under different prefixes. The request is denied:
    /// [`Decision::ambiguous_path`](crate::Decision::ambiguous_path).
    Ambiguous,
}

/// Returns the place of the longest prefix that covers the path, if each way to read the path has the same one.
///
/// A prefix covers the path that it is and all paths below it, segment by segment: `/api` covers `/api` and `/api/orders`,
/// not `/apis`. A path is compared with its percent-escapes decoded once, in each way in which a server behind may read
/// it ([`path_readings`]). It is ambiguous, too, if a longer prefix would cover it were letters the same in any case,
/// those beyond ASCII, too; and, if it has `..`, if a server that is mounted at a part of it would find another prefix, since `..` does
/// not lead out of a mount.
///
/// It takes time in proportion to the path's length times the number of prefixes, for a path with `..` times the segments of the
/// longest one, and no memory. A path of more than 8 KiB that
/// can be read in several ways is ambiguous unread.
///
/// ```
/// use cors_core::adapter::{FoundPrefix, PathPrefix, RequestPath, find_prefix};
///
/// let prefixes = [PathPrefix::parse("/")?, PathPrefix::parse("/api")?];
/// let find = |path: &'static str| find_prefix(RequestPath::Raw(path.as_bytes()), &prefixes);
/// assert_eq!(find("/%61pi/orders"), FoundPrefix::At(1));
/// assert_eq!(find("/apis"), FoundPrefix::At(0));
/// assert_eq!(find("/api/..%2Fadmin"), FoundPrefix::Ambiguous);
/// assert_eq!(find("//api/orders"), FoundPrefix::Ambiguous);
/// # Ok::<(), cors_core::adapter::PathPrefixError<'_>>(())
/// ```
#[inline]
pub fn find_prefix<'p, P: PrefixText<'p>>(
    path: RequestPath<'_>,
    prefixes: impl IntoIterator<Item = P, IntoIter: Clone>,
) -> FoundPrefix {
    let prefixes = prefixes.into_iter().map(|prefix| prefix.prefix_text().as_bytes());
    // Most sites have one policy for every path, and need not read the path.
    if prefixes.clone().all(<[u8]>::is_empty) {
        return if prefixes.clone().next().is_some() { FoundPrefix::At(0) } else { FoundPrefix::Nowhere };
    }
    if let Some(path) = reading::plain(path) {
        return longest(prefixes, |prefix| path.agreement(prefix));
    }
    find_read(path, &prefixes)
}

/// Does so for a path that can be read in several ways.
#[cold]
fn find_read<'p>(path: RequestPath<'_>, prefixes: &(impl Iterator<Item = &'p [u8]> + Clone)) -> FoundPrefix {
    let found = find_below(path, 0, prefixes);
    if found == FoundPrefix::Ambiguous || !reading::may_lead_up(path) {
        return found;
    }
    // Another server may be mounted at some path, and does not let `..` lead out of that. Below a mount that is longer than every
    // prefix nothing of a prefix is left.
    let deepest = prefixes.clone().map(mount::slashes).max().unwrap_or_default();
    for mount_len in path.mounts() {
        let (mount, _) = path.split(mount_len);
        if mount.len() > deepest {
            break;
        }
        match mount.form() {
            MountForm::Plain if find_below(path, mount_len, prefixes) == found => {}
            // Here the path led up already.
            MountForm::LeadsUp => break,
            _ => return FoundPrefix::Ambiguous,
        }
    }
    found
}

/// Finds the prefix with the first bytes of the path, a mount, as they stand, and what is below them read in each way.
fn find_below<'p>(
    path: RequestPath<'_>,
    mount_len: usize,
    prefixes: &(impl Iterator<Item = &'p [u8]> + Clone),
) -> FoundPrefix {
    let (mount, below) = path.split(mount_len);
    let Ok(shapes) = reading::shapes(below, reading::plain(below).is_some()) else {
        return FoundPrefix::Ambiguous;
    };
    let (RequestPath::Raw(below) | RequestPath::Decoded(below)) = below;
    let mut found = None;
    // By reference: what drops a vector that is iterated over has code that panics.
    for &(syntax, shape) in &shapes {
        for beginning in &Beginning::each(below, syntax, shape) {
            let under = longest(prefixes.clone(), |prefix| {
                let (agreement, rest) = mount.agreement(prefix);
                rest.map_or(agreement, |rest| agreement.min(beginning.agreement(rest)))
            });
            if *found.get_or_insert(under) != under {
                return FoundPrefix::Ambiguous;
            }
        }
    }
    found.unwrap_or(FoundPrefix::Nowhere)
}

/// Returns the longest prefix that covers a reading; `Ambiguous` if a longer one covers it in another case.
#[inline]
fn longest<'p>(
    prefixes: impl Iterator<Item = &'p [u8]>,
    agreement: impl Fn(&[u8]) -> Agreement,
) -> FoundPrefix {
    let mut found = FoundPrefix::Nowhere;
    let mut exact = None;
    let mut any_case = None;
    for (index, prefix) in prefixes.enumerate() {
        let len = Some(prefix.len());
        if len <= exact {
            continue;
        }
        match agreement(prefix) {
            Agreement::Exact => {
                exact = len;
                found = FoundPrefix::At(index);
            }
            Agreement::AnyCase => any_case = any_case.max(len),
            Agreement::None => {}
        }
    }
    if any_case > exact { FoundPrefix::Ambiguous } else { found }
}

#[cfg(test)]
mod tests;
