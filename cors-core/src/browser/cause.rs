//! [`Cause`]: the cause that a console message gives, its name, its meaning and the advice.

use crate::browser::error::{ErrorKind, Stage};

/// The cause that a console message gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// A failure that a [`CorsError`](crate::browser::CorsError) stands for. `WebKit` has one text for a missing
    /// `Access-Control-Allow-Origin` and for one that does not match: [`recognize`](crate::browser::recognize) returns
    /// the latter.
    Error(ErrorKind),
    /// Firefox: the request did not succeed. Another line names the cause if that is CORS; otherwise the network
    /// failed: no such host, nobody listening, a bad certificate.
    DidNotSucceed,
    /// `WebKit`: the fetch failed a check, and another line names it.
    AccessControlChecks,
    /// Firefox: a warning that `Access-Control-Allow-Headers: *` will cease to cover `authorization`.
    AuthorizationNotCovered,
}

/// What a person reads about a cause that is not a [`CorsError`](crate::browser::CorsError).
pub(crate) struct CauseText {
    pub(crate) name: &'static str,
    pub(crate) meaning: &'static str,
    /// What to change, in the imperative.
    pub(crate) advice: &'static str,
    /// The least vague of several messages is taken.
    vagueness: u8,
}

impl Cause {
    /// Returns a short name: that of a [`CorsError`](crate::browser::CorsError), at this stage or else that of the request
    /// itself, and a few words for any other cause.
    pub fn name(self, stage: Option<Stage>) -> &'static str {
        match self.text() {
            Ok(text) => text.name,
            Err(kind) => kind.name(stage.unwrap_or(Stage::Actual)),
        }
    }

    /// Returns 0 for a message that names a cause, and more for vaguer ones.
    pub(crate) fn vagueness(self) -> u8 {
        self.text().map_or(0, |text| text.vagueness)
    }

    /// Returns the texts about the cause, or the kind of the [`CorsError`](crate::browser::CorsError) that
    /// it is.
    pub(crate) fn text(self) -> Result<CauseText, ErrorKind> {
        Ok(match self {
            Cause::Error(kind) => return Err(kind),
            Cause::DidNotSucceed => CauseText {
                name: "the request did not succeed",
                meaning: "The request failed. If another message stands beside this one, that is the cause. Otherwise \
                          the network failed: no such host, nobody listening, a certificate that the browser does \
                          not trust, an extension that blocks.",
                advice: "See first that it answers: open the address itself in the same browser, and look at the \
                         network panel.",
                vagueness: 1,
            },
            Cause::AccessControlChecks => CauseText {
                name: "a check failed",
                meaning: "The browser stopped the fetch. The message before this one says why.",
                advice: "See the message before this one.",
                vagueness: 1,
            },
            Cause::AuthorizationNotCovered => CauseText {
                name: "a warning",
                meaning: "A warning: the fetch has passed. By the standard `Access-Control-Allow-Headers: *` does not \
                          cover Authorization, and Firefox will stop to let it.",
                advice: "Name it beside the wildcard: `Access-Control-Allow-Headers: *, Authorization`.",
                vagueness: 2,
            },
        })
    }
}
