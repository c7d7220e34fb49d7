//! [`Disagreement`]: an engine in which a fetch ends otherwise.

use core::fmt;

use super::obstacle::obstacles;
use super::trial::{Refused, Trial};
use crate::browser::{Engine, ErrorKind, HeaderName, Stage};

/// An engine in which a fetch succeeds that fails in the explanation's engine, or the other way round.
///
/// Engines disagree on headers, whether one needs a preflight and whether `*` covers it, and on what stops a request before it is
/// sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disagreement<'a> {
    engine: Engine,
    is_ok: bool,
    name: Option<HeaderName<'a>>,
    reason: Reason,
}

/// The reason why an engine disagrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// In that engine the header needs a preflight.
    AsksForHeader,
    /// In that engine the header needs no preflight.
    DoesNotAskForHeader,
    /// That engine lets `*` cover the header, which is `authorization`.
    WildcardCovers,
    /// That engine does not let `*` cover the header.
    WildcardDoesNotCover,
    /// That engine stops the request before it is sent, for this.
    Stops(ErrorKind),
    /// That engine does not stop the request before it is sent for what the other stops it for.
    DoesNotStop(ErrorKind),
}

impl<'a> Disagreement<'a> {
    /// Returns the engine.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// True if the fetch succeeds there.
    pub fn is_ok(&self) -> bool {
        self.is_ok
    }

    /// Returns the header that makes the difference.
    pub fn header(&self) -> Option<HeaderName<'a>> {
        self.name
    }

    /// Returns the reason.
    pub fn reason(&self) -> Reason {
        self.reason
    }
}

/// Returns the engines in which the fetch ends otherwise.
pub(super) fn disagreements(trial: Trial<'_>) -> impl Iterator<Item = Disagreement<'_>> + Clone {
    let is_ok = succeeds(trial);
    Engine::ALL.into_iter().filter_map(move |engine| {
        let other = Trial { engine, written: None, ..trial };
        (succeeds(other) != is_ok).then(|| disagreement(trial, other, !is_ok))
    })
}

fn succeeds(trial: Trial<'_>) -> bool {
    obstacles(trial).next().is_none()
}

fn disagreement<'a>(trial: Trial<'a>, other: Trial<'a>, is_ok: bool) -> Disagreement<'a> {
    let (passing, failing) = if is_ok { (other, trial) } else { (trial, other) };
    if let Err(error) = failing.fetch.check_address(failing.engine) {
        let kind = error.kind();
        let reason = if is_ok { Reason::DoesNotStop(kind) } else { Reason::Stops(kind) };
        return Disagreement { engine: other.engine, is_ok, name: None, reason };
    }
    let refused = [Refused::Missing, Refused::OfResponses, Refused::Unlistable]
        .into_iter()
        .find_map(|kind| failing.refused_headers(kind).next());
    // If there are only too many headers, each that one engine alone asks for makes the difference.
    let name = refused.or_else(|| only_requested_by(failing, passing));
    let is_requested_by_both = name.is_some_and(|name| passing.requests(name));
    let reason = match (is_requested_by_both, is_ok) {
        (true, true) => Reason::WildcardCovers,
        (true, false) => Reason::WildcardDoesNotCover,
        (false, true) => Reason::DoesNotAskForHeader,
        (false, false) => Reason::AsksForHeader,
    };
    Disagreement { engine: other.engine, is_ok, name, reason }
}

/// Returns the first name that one engine asks for and the other does not. Both have their names in order.
fn only_requested_by<'a>(one: Trial<'a>, other: Trial<'a>) -> Option<HeaderName<'a>> {
    let mut others = other.requested_headers().peekable();
    one.requested_headers().find(|name| {
        while others.next_if(|other| other < name).is_some() {}
        others.peek() != Some(name)
    })
}

impl fmt::Display for Disagreement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = if self.is_ok { "succeeds" } else { "is blocked" };
        let preposition = if self.engine == Engine::Standard { "by" } else { "in" };
        write!(f, "{preposition} {} the fetch {outcome}: ", self.engine.title())?;
        match (self.name, self.reason) {
            (_, Reason::Stops(kind)) => {
                write!(f, "there the browser makes no request: {}", kind.name(Stage::Actual))
            }
            (_, Reason::DoesNotStop(kind)) => {
                write!(f, "there the browser does not stop it for {}", kind.name(Stage::Actual))
            }
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
