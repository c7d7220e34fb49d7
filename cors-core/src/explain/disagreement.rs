//! [`Disagreement`]: an engine in which a fetch ends otherwise.

use core::fmt;

use super::case::Case;
use crate::browser::{Engine, HeaderName};

/// An engine in which a fetch succeeds that fails in the explanation's engine, or the other way round.
///
/// Whatever engines disagree on, it is about a header: whether it needs a preflight, or whether `*` covers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disagreement<'a> {
    engine: Engine,
    is_ok: bool,
    name: Option<HeaderName<'a>>,
    reason: Reason,
}

/// Why an engine disagrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// To it the header needs a preflight.
    AsksForHeader,
    /// To it the header needs no preflight.
    DoesNotAskForHeader,
    /// It lets `*` cover the header, which is `authorization`.
    WildcardCovers,
    /// It does not.
    WildcardDoesNotCover,
}

impl<'a> Disagreement<'a> {
    /// The engine.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// True if the fetch succeeds there.
    pub fn is_ok(&self) -> bool {
        self.is_ok
    }

    /// The header that makes the difference.
    pub fn header(&self) -> Option<HeaderName<'a>> {
        self.name
    }

    /// Why.
    pub fn reason(&self) -> Reason {
        self.reason
    }
}

pub(super) fn disagreements(case: Case<'_>) -> impl Iterator<Item = Disagreement<'_>> + Clone {
    let is_ok = case.is_ok();
    Engine::ALL.into_iter().filter_map(move |engine| {
        let other = Case { engine, ..case };
        (other.is_ok() != is_ok).then(|| disagreement(case, other))
    })
}

fn disagreement<'a>(case: Case<'a>, other: Case<'a>) -> Disagreement<'a> {
    let is_ok = other.is_ok();
    let asks = |case: Case<'a>, name| case.requested_headers().any(|requested| requested == name);
    let (passing, failing) = if is_ok { (other, case) } else { (case, other) };
    let refused = || failing.missing_headers().chain(failing.response_headers());
    // Where there is nothing but too many of them, each that only one asks for makes the difference.
    let name = refused().next().or_else(|| failing.requested_headers().find(|name| !asks(passing, *name)));
    let is_asked_for_by_both = name.is_some_and(|name| asks(passing, name));
    let reason = match (is_asked_for_by_both, is_ok) {
        (true, true) => Reason::WildcardCovers,
        (true, false) => Reason::WildcardDoesNotCover,
        (false, true) => Reason::DoesNotAskForHeader,
        (false, false) => Reason::AsksForHeader,
    };
    Disagreement { engine: other.engine, is_ok, name, reason }
}

impl fmt::Display for Disagreement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = if self.is_ok { "succeeds" } else { "is blocked" };
        let preposition = if self.engine == Engine::Standard { "by" } else { "in" };
        write!(f, "{preposition} {} the fetch {outcome}: ", self.engine.title())?;
        match (self.name, self.reason) {
            (None, Reason::AsksForHeader) => {
                f.write_str("there the preflight names more than a policy repeats")
            }
            (None, _) => f.write_str("there the preflight names no more than a policy repeats"),
            (Some(name), Reason::AsksForHeader) => write!(f, "there the header {name} needs a preflight"),
            (Some(name), Reason::DoesNotAskForHeader) => {
                write!(f, "there the header {name} needs no preflight")
            }
            (Some(name), Reason::WildcardCovers) => write!(f, "there `*` covers {name}"),
            (Some(name), Reason::WildcardDoesNotCover) => write!(f, "there `*` does not cover {name}"),
        }
    }
}
