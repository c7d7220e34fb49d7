//! [`Decision`]: what a policy decides about a request.

use core::fmt;

use crate::image::{Field, FieldSet, Image};
use crate::named;
use crate::policy::denial::Denial;
use crate::policy::request::Request;

/// What a policy decides about a request: the kind of the request, the verdict, and the header fields to send.
///
/// A decision borrows from the policy and the request, and copies no bytes: its iterator picks the header fields from
/// both.
#[derive(Clone, Copy)]
pub struct Decision<'a> {
    pub(crate) image: Image<'a>,
    pub(crate) request: &'a Request<'a>,
    pub(crate) kind: Kind,
    pub(crate) verdict: Verdict,
    pub(crate) fields: FieldSet,
    /// True if the lines of `Access-Control-Request-Headers` are among the fields (E6).
    pub(crate) echoes_headers: bool,
}

impl<'a> Decision<'a> {
    /// Denies a request of which the path can be read in several ways that fall under different policies (A9). A request
    /// without `Origin` is allowed, because it is not CORS, and has no Access-Control field either.
    ///
    /// The only field is `Vary: origin`: where an adapter enforces, a request without `Origin` gets the application's
    /// response, and a cache that reads the path in one way keeps it under the address of a policy that depends on the origin.
    ///
    /// ```
    /// use cors_core::{Decision, Denial, Request};
    ///
    /// let request = Request::from_headers("GET", [("Origin", "https://app.example.com")]);
    /// let decision = Decision::ambiguous_path(&request);
    /// assert_eq!(decision.denial(), Some(Denial::AmbiguousPath));
    /// assert_eq!(decision.fields().map(|field| field.name).collect::<Vec<_>>(), ["vary"]);
    /// ```
    pub fn ambiguous_path(request: &'a Request<'a>) -> Self {
        let kind = request.kind();
        Decision {
            // The image of no policy has no flag.
            image: Image::new(&[]),
            request,
            kind,
            verdict: match kind {
                Kind::NotCors => Verdict::Allowed,
                Kind::Actual | Kind::Preflight => Verdict::Denied(Denial::AmbiguousPath),
            },
            fields: FieldSet::DENIED,
            echoes_headers: false,
        }
    }

    /// Returns what the request is to the CORS protocol.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns whether the policy allows the request, or why not.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Returns true unless the request is denied. A request that is not CORS is allowed: there is nothing to decide.
    pub fn is_allowed(&self) -> bool {
        self.verdict == Verdict::Allowed
    }

    /// Returns the reason of a denial.
    pub fn denial(&self) -> Option<Denial> {
        match self.verdict {
            Verdict::Allowed => None,
            Verdict::Denied(denial) => Some(denial),
        }
    }

    /// Returns the status to answer a preflight with, allowed or denied; `None` for other requests, whose status the
    /// application chooses.
    pub fn status(&self) -> Option<u16> {
        match self.kind {
            Kind::Preflight if self.fields.contains(Field::AllowOrigin) => {
                Some(self.image.preflight_status())
            }
            Kind::Preflight => Some(403), // E4
            Kind::NotCors | Kind::Actual => None,
        }
    }
}

impl fmt::Debug for Decision<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decision")
            .field("kind", &self.kind)
            .field("verdict", &self.verdict)
            .field("status", &self.status())
            .field("fields", &DebugFields(*self))
            .finish()
    }
}

struct DebugFields<'a>(Decision<'a>);

impl fmt::Debug for DebugFields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.fields()).finish()
    }
}

named! {
    /// What a request is to the CORS protocol (E1).
    pub enum Kind: u8 {
        /// A request without `Origin`: the CORS protocol does not apply to it.
        NotCors = 0, "not-cors";
        /// A request with `Origin` that is not a preflight: the application answers it, and the decision's fields are
        /// added to its response, whatever the status.
        Actual = 1, "actual";
        /// `OPTIONS` with `Origin` and `Access-Control-Request-Method`: the decision is the answer, and the application
        /// never sees the request.
        Preflight = 2, "preflight";
    }
    /// Returns the name in lower case: `not-cors`, `actual` or `preflight`.
    fn name, Display;
}

/// Whether the policy allows a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The browser will let the page go on.
    Allowed,
    /// The browser will stop the page, for this reason.
    Denied(Denial),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Allowed => f.write_str("allowed"),
            Verdict::Denied(denial) => write!(f, "denied: {denial}"),
        }
    }
}
