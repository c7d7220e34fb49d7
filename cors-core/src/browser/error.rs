//! [`CorsError`]: why the browser stops a fetch (rule B3).

use core::error::Error;
use core::fmt;

use crate::browser::header::{CombinedValue, HeaderName, write_lossy};
use crate::named;

/// The reason why a browser keeps a response from a page. The variants have the names that Chromium's DevTools show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CorsError<'a> {
    /// The response has no `Access-Control-Allow-Origin`.
    MissingAllowOriginHeader {
        /// Which response.
        stage: Stage,
        /// Its status.
        status: u16,
    },
    /// `Access-Control-Allow-Origin` is `*`, and the fetch is made with credentials.
    WildcardOriginNotAllowed {
        /// Which response.
        stage: Stage,
    },
    /// `Access-Control-Allow-Origin` has a comma or a space in it: the server means several origins.
    MultipleAllowOriginValues {
        /// Which response.
        stage: Stage,
        /// The value.
        value: CombinedValue<'a>,
    },
    /// `Access-Control-Allow-Origin` is not a URL.
    InvalidAllowOriginValue {
        /// Which response.
        stage: Stage,
        /// The value.
        value: CombinedValue<'a>,
    },
    /// `Access-Control-Allow-Origin` is another origin than the page's, or not spelled as the browser spells it.
    AllowOriginMismatch {
        /// Which response.
        stage: Stage,
        /// The value.
        value: CombinedValue<'a>,
    },
    /// `Access-Control-Allow-Credentials` is not exactly `true`, and the fetch is made with credentials.
    InvalidAllowCredentials {
        /// Which response.
        stage: Stage,
        /// The value, if there is one.
        value: Option<CombinedValue<'a>>,
    },
    /// The status of the answer to the preflight is not from 200 to 299.
    PreflightInvalidStatus {
        /// Its status.
        status: u16,
    },
    /// The answer to the preflight is a redirect.
    PreflightDisallowedRedirect {
        /// Its status.
        status: u16,
    },
    /// `Access-Control-Allow-Methods` is not a list of methods.
    InvalidAllowMethodsPreflightResponse {
        /// The first element that is not a token.
        element: Element<'a>,
    },
    /// `Access-Control-Allow-Headers` is not a list of header names.
    InvalidAllowHeadersPreflightResponse {
        /// The first element that is not a token.
        element: Element<'a>,
    },
    /// `Access-Control-Allow-Methods` does not have the method.
    MethodDisallowedByPreflightResponse {
        /// The method.
        method: &'a str,
    },
    /// `Access-Control-Allow-Headers` does not have a header that the page sets.
    HeaderDisallowedByPreflightResponse {
        /// The header's name.
        name: HeaderName<'a>,
    },
    /// The response redirects to an address with a user name or a password in it.
    RedirectContainsCredentials {
        /// The value of `Location`.
        location: Element<'a>,
    },
    /// The fetch is across origins, in the mode `same-origin`.
    DisallowedByMode,
}

named! {
    /// The two responses that the CORS check applies to.
    pub enum Stage {
        /// The answer to the preflight.
        Preflight, "preflight";
        /// The response to the request itself.
        Actual, "actual";
    }
    /// Returns the name in lower case: `preflight` or `actual`.
    fn name;
}

/// A part of a header's value: whatever bytes the server sent there.
///
/// [`Display`](fmt::Display) writes them as UTF-8, with U+FFFD for bytes that are not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Element<'a>(&'a [u8]);

impl<'a> Element<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Element(bytes)
    }

    /// Returns the bytes.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Display for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_lossy(f, self.0)
    }
}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

named! {
    /// [`CorsError`] without its data, which a console message may not have.
    #[non_exhaustive]
    pub enum ErrorKind {
        /// [`CorsError::MissingAllowOriginHeader`].
        MissingAllowOriginHeader, "PreflightMissingAllowOriginHeader",
            "The response has no Access-Control-Allow-Origin, and without it no page of another origin may read it. \
             Often the response is not the one that was meant: an error page, a login, a proxy's own answer, or the \
             answer to an origin that the server does not know.";
        /// [`CorsError::WildcardOriginNotAllowed`].
        WildcardOriginNotAllowed, "PreflightWildcardOriginNotAllowed",
            "The page sends credentials (cookies, client certificates, HTTP authentication), and for those \
             `Access-Control-Allow-Origin: *` does not count: the response has to name the page's origin.";
        /// [`CorsError::MultipleAllowOriginValues`].
        MultipleAllowOriginValues, "PreflightMultipleAllowOriginValues",
            "Access-Control-Allow-Origin has several values, and a browser takes one. Either the server sends a list, \
             or two parts of it add the field, such as the application and the proxy before it.";
        /// [`CorsError::InvalidAllowOriginValue`].
        InvalidAllowOriginValue, "PreflightInvalidAllowOriginValue",
            "The value of Access-Control-Allow-Origin is not an origin: a scheme, `://`, a host, and a port if it is not \
             the scheme's own.";
        /// [`CorsError::AllowOriginMismatch`].
        AllowOriginMismatch, "PreflightAllowOriginMismatch",
            "Access-Control-Allow-Origin does not name the page's origin. A browser compares the two byte by byte: \
             scheme, host and port, no slash at the end, no pattern.";
        /// [`CorsError::InvalidAllowCredentials`].
        InvalidAllowCredentials, "PreflightInvalidAllowCredentials",
            "The page sends credentials (cookies, client certificates, HTTP authentication), and the response does \
             not say that it may: Access-Control-Allow-Credentials is not exactly `true`.";
        /// [`CorsError::PreflightInvalidStatus`].
        PreflightInvalidStatus, "PreflightInvalidStatus",
            "Before this request the browser sends a preflight, an OPTIONS request, and its answer had no status from \
             200 to 299. Mostly nothing answers OPTIONS at that address (404, 405), or a login comes first (401, \
             403): a preflight carries no cookies and no Authorization.";
        /// [`CorsError::PreflightDisallowedRedirect`].
        PreflightDisallowedRedirect, "PreflightDisallowedRedirect",
            "Before this request the browser sends a preflight, an OPTIONS request, which was redirected, and \
             browsers follow no redirect of a preflight. Mostly http leads to https, an address without its last \
             slash to the one with it, or everything to a login.";
        /// [`CorsError::InvalidAllowMethodsPreflightResponse`].
        InvalidAllowMethodsPreflightResponse, "InvalidAllowMethodsPreflightResponse",
            "Access-Control-Allow-Methods in the answer to the preflight is not a list of methods, so that all of it \
             counts for nothing.";
        /// [`CorsError::InvalidAllowHeadersPreflightResponse`].
        InvalidAllowHeadersPreflightResponse, "InvalidAllowHeadersPreflightResponse",
            "Access-Control-Allow-Headers in the answer to the preflight is not a list of header names, so that all of \
             it counts for nothing.";
        /// [`CorsError::MethodDisallowedByPreflightResponse`].
        MethodDisallowedByPreflightResponse, "MethodDisallowedByPreflightResponse",
            "The answer to the preflight does not have the page's method in Access-Control-Allow-Methods. Methods are \
             case-sensitive, and with credentials `*` is not a wildcard.";
        /// [`CorsError::HeaderDisallowedByPreflightResponse`].
        HeaderDisallowedByPreflightResponse, "HeaderDisallowedByPreflightResponse",
            "The page sets a header that the answer to the preflight does not have in Access-Control-Allow-Headers. \
             With credentials `*` is not a wildcard, and for Authorization it never is one by the standard.";
        /// [`CorsError::RedirectContainsCredentials`].
        RedirectContainsCredentials, "RedirectContainsCredentials",
            "The response redirects to an address with a user name or a password in it, where no fetch across origins \
             goes.";
        /// [`CorsError::DisallowedByMode`].
        DisallowedByMode, "DisallowedByMode",
            "The page asks in the mode `same-origin`, which lets no request leave the page's own origin.";
    }
    /// Returns the name that Chromium's DevTools show for a failure of the preflight or, for a failure that only the
    /// request itself can have, of that.
    fn preflight_name;
    /// Returns what the failure means, in plain words.
    fn meaning;
}

impl ErrorKind {
    /// Returns the name that Chromium's DevTools show for a failure of this kind at that stage, such as
    /// `PreflightMissingAllowOriginHeader`.
    pub fn name(self, stage: Stage) -> &'static str {
        let name = self.preflight_name();
        match (self.stage(), stage) {
            (None, Stage::Actual) => name.strip_prefix("Preflight").unwrap_or(name),
            _ => name,
        }
    }

    /// Returns the only stage at which a failure of this kind can come, `None` if it can come at both.
    pub fn stage(self) -> Option<Stage> {
        match self {
            ErrorKind::MissingAllowOriginHeader
            | ErrorKind::WildcardOriginNotAllowed
            | ErrorKind::MultipleAllowOriginValues
            | ErrorKind::InvalidAllowOriginValue
            | ErrorKind::AllowOriginMismatch
            | ErrorKind::InvalidAllowCredentials => None,
            ErrorKind::RedirectContainsCredentials | ErrorKind::DisallowedByMode => Some(Stage::Actual),
            _ => Some(Stage::Preflight),
        }
    }
}

impl<'a> CorsError<'a> {
    /// Returns the error without its data.
    pub fn kind(&self) -> ErrorKind {
        match self {
            CorsError::MissingAllowOriginHeader { .. } => ErrorKind::MissingAllowOriginHeader,
            CorsError::WildcardOriginNotAllowed { .. } => ErrorKind::WildcardOriginNotAllowed,
            CorsError::MultipleAllowOriginValues { .. } => ErrorKind::MultipleAllowOriginValues,
            CorsError::InvalidAllowOriginValue { .. } => ErrorKind::InvalidAllowOriginValue,
            CorsError::AllowOriginMismatch { .. } => ErrorKind::AllowOriginMismatch,
            CorsError::InvalidAllowCredentials { .. } => ErrorKind::InvalidAllowCredentials,
            CorsError::PreflightInvalidStatus { .. } => ErrorKind::PreflightInvalidStatus,
            CorsError::PreflightDisallowedRedirect { .. } => ErrorKind::PreflightDisallowedRedirect,
            CorsError::InvalidAllowMethodsPreflightResponse { .. } => {
                ErrorKind::InvalidAllowMethodsPreflightResponse
            }
            CorsError::InvalidAllowHeadersPreflightResponse { .. } => {
                ErrorKind::InvalidAllowHeadersPreflightResponse
            }
            CorsError::MethodDisallowedByPreflightResponse { .. } => {
                ErrorKind::MethodDisallowedByPreflightResponse
            }
            CorsError::HeaderDisallowedByPreflightResponse { .. } => {
                ErrorKind::HeaderDisallowedByPreflightResponse
            }
            CorsError::RedirectContainsCredentials { .. } => ErrorKind::RedirectContainsCredentials,
            CorsError::DisallowedByMode => ErrorKind::DisallowedByMode,
        }
    }

    /// Returns whether the preflight failed or the request itself.
    pub fn stage(&self) -> Stage {
        match *self {
            CorsError::MissingAllowOriginHeader { stage, .. }
            | CorsError::WildcardOriginNotAllowed { stage }
            | CorsError::MultipleAllowOriginValues { stage, .. }
            | CorsError::InvalidAllowOriginValue { stage, .. }
            | CorsError::AllowOriginMismatch { stage, .. }
            | CorsError::InvalidAllowCredentials { stage, .. } => stage,
            CorsError::RedirectContainsCredentials { .. } | CorsError::DisallowedByMode => Stage::Actual,
            _ => Stage::Preflight,
        }
    }

    /// Returns the name that Chromium's DevTools show: `PreflightMissingAllowOriginHeader`.
    pub fn name(&self) -> &'static str {
        self.kind().name(self.stage())
    }

    /// Returns what Chromium's DevTools show next to the name: the value, method or header name at fault, or nothing.
    pub fn parameter(&self) -> Parameter<'a> {
        Parameter(match *self {
            CorsError::MultipleAllowOriginValues { value, .. }
            | CorsError::InvalidAllowOriginValue { value, .. }
            | CorsError::AllowOriginMismatch { value, .. }
            | CorsError::InvalidAllowCredentials { value: Some(value), .. } => Data::Value(value),
            CorsError::MethodDisallowedByPreflightResponse { method } => {
                Data::Element(Element(method.as_bytes()))
            }
            CorsError::HeaderDisallowedByPreflightResponse { name } => Data::Name(name),
            // Not even the location of a redirect: it has a password.
            _ => Data::Nothing,
        })
    }
}

/// The value, element or name at fault in a [`CorsError`]; empty for errors without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter<'a>(Data<'a>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Data<'a> {
    Nothing,
    Value(CombinedValue<'a>),
    Element(Element<'a>),
    Name(HeaderName<'a>),
}

impl<'a> Parameter<'a> {
    pub(crate) const NONE: Parameter<'static> = Parameter(Data::Nothing);

    pub(crate) fn value(value: CombinedValue<'a>) -> Self {
        Parameter(Data::Value(value))
    }

    pub(crate) fn element(element: Element<'a>) -> Self {
        Parameter(Data::Element(element))
    }

    /// Writes the parameter as Chromium's console does: `\uXXXX` for whatever is not printable ASCII.
    pub(crate) fn write_escaped(&self, w: &mut impl fmt::Write) -> fmt::Result {
        match self.0 {
            Data::Nothing => Ok(()),
            Data::Value(value) => value.bytes().try_for_each(|byte| write_byte(w, byte)),
            Data::Element(element) => element.0.iter().try_for_each(|&byte| write_byte(w, byte)),
            Data::Name(name) => write!(w, "{name}"),
        }
    }
}

fn write_byte(w: &mut impl fmt::Write, byte: u8) -> fmt::Result {
    match byte {
        b' '..=b'~' => w.write_char(char::from(byte)),
        _ => write!(w, "\\u{byte:04X}"),
    }
}

impl fmt::Display for Parameter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Data::Nothing => Ok(()),
            Data::Value(value) => value.fmt(f),
            Data::Element(element) => element.fmt(f),
            Data::Name(name) => name.fmt(f),
        }
    }
}

impl Error for CorsError<'_> {}
