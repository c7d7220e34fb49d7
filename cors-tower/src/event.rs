//! [`Denied`] and [`Difference`]: what a layer reports to counters and logs (A5, A8).

use std::fmt;

use cors_core::{Denial, Kind, Verdict};
use http::Method;

/// Returns true if a subscriber may be there for the events.
#[cfg(feature = "tracing")]
#[inline]
pub(crate) fn is_traced() -> bool {
    use tracing::level_filters::LevelFilter;

    LevelFilter::current() >= LevelFilter::INFO
}

/// The parts of a request that a log shows.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub(crate) kind: Kind,
    pub(crate) origin: Option<&'a [u8]>,
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
}

impl<'a> Asked<'a> {
    /// Returns whether the request is a preflight or an actual request.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the first `Origin`, as it came: any bytes, of any length.
    pub fn origin(&self) -> Option<&'a [u8]> {
        self.origin
    }

    /// Returns the method; a preflight's is `OPTIONS`.
    pub fn method(&self) -> &'a Method {
        self.method
    }

    /// Returns the path, as it came.
    pub fn path(&self) -> &'a str {
        self.path
    }
}

/// One line of printable ASCII: `preflight OPTIONS /orders from "https://app.example.com"`. Each part is cut after 256
/// bytes.
impl fmt::Display for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Asked { kind, origin, method, path } = self;
        write!(f, "{kind} {} {}", shortened(method.as_str().as_bytes()), shortened(path.as_bytes()))?;
        match origin {
            Some(origin) => write!(f, " from \"{}\"", shortened(origin)),
            None => Ok(()),
        }
    }
}

fn shortened(bytes: &[u8]) -> impl fmt::Display {
    bytes.get(..MAX_SHOWN_LEN).unwrap_or(bytes).escape_ascii()
}

const MAX_SHOWN_LEN: usize = 256;

/// A request that is denied, as [`CorsLayer::on_denial`](crate::CorsLayer::on_denial) gets it.
///
/// As text it is one line of printable ASCII, whatever the request holds.
#[derive(Clone, Copy, Debug)]
pub struct Denied<'a> {
    pub(crate) denial: Denial,
    pub(crate) asked: Asked<'a>,
    pub(crate) is_refused: bool,
}

impl<'a> Denied<'a> {
    /// Returns the reason.
    pub fn denial(&self) -> Denial {
        self.denial
    }

    /// Returns the request.
    pub fn asked(&self) -> Asked<'a> {
        self.asked
    }

    /// Returns true for an actual request that is answered with 403 (A6). Otherwise the service inside answers it, and
    /// the browser keeps the response from the page.
    pub fn is_refused(&self) -> bool {
        self.is_refused
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn trace(&self) {
        let Denied { denial, asked, is_refused } = self;
        tracing::info!(
            target: "cors_tower",
            denial = denial.name(),
            kind = asked.kind.name(),
            refused = is_refused,
            "CORS: {denial}: {asked}"
        );
    }
}

impl fmt::Display for Denied<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.asked, self.denial)
    }
}

/// A request about which the policies in the shadow decide otherwise, as
/// [`CorsLayer::on_difference`](crate::CorsLayer::on_difference) gets it.
///
/// As text it is one line of printable ASCII, whatever the request holds.
#[derive(Clone, Copy, Debug)]
pub struct Difference<'a> {
    pub(crate) asked: Asked<'a>,
    pub(crate) verdict: Option<Verdict>,
    pub(crate) shadow: Option<Verdict>,
}

impl<'a> Difference<'a> {
    /// Returns the request.
    pub fn asked(&self) -> Asked<'a> {
        self.asked
    }

    /// Returns the verdict that counts; `None` where no policy is for the path.
    pub fn verdict(&self) -> Option<Verdict> {
        self.verdict
    }

    /// Returns the verdict in the shadow; `None` where none of its policies is for the path.
    pub fn shadow(&self) -> Option<Verdict> {
        self.shadow
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn trace(&self) {
        let name = |verdict| match verdict {
            None => "no policy",
            Some(Verdict::Allowed) => "allowed",
            Some(Verdict::Denied(denial)) => denial.name(),
        };
        tracing::info!(
            target: "cors_tower",
            verdict = name(self.verdict),
            shadow = name(self.shadow),
            kind = self.asked.kind.name(),
            "CORS shadow: {self}"
        );
    }
}

impl fmt::Display for Difference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |verdict: Option<Verdict>| match verdict {
            Some(verdict) => verdict.to_string(),
            None => "no policy".to_owned(),
        };
        write!(f, "{}: {}; in the shadow: {}", self.asked, text(self.verdict), text(self.shadow))
    }
}
