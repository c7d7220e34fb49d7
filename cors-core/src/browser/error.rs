//! [`CorsError`]: why the browser stops a fetch (rule B3).

use core::error::Error;
use core::fmt;

use crate::browser::address_space::AddressSpace;
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
    /// The address has no scheme, and a host in front: the browser asks the page's own server for a path of that name.
    MissingScheme,
    /// The address has a scheme other than http and https, from which no page can fetch.
    CorsDisabledScheme {
        /// The scheme, or what the browser takes for one: `localhost` of `localhost:8080`.
        scheme: &'a str,
    },
    /// The page came by https, and asks an http address.
    MixedContent,
    /// The port belongs to another protocol, and browsers ask no server there.
    UnsafePort {
        /// The port.
        port: u16,
    },
    /// The page came by http from a public address, and asks a nearer one.
    InsecureLocalNetwork {
        /// Where the address is.
        space: AddressSpace,
    },
    /// The page came from a public address and asks a nearer one, without the permission of the person who uses it.
    LocalNetworkAccessPermissionDenied {
        /// Where the address is.
        space: AddressSpace,
    },
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
        /// [`CorsError::MissingScheme`].
        MissingScheme, "MissingScheme",
            "The address does not begin with https:// or http://, so that the browser takes it for a path on the page's own \
             server. The server that is meant gets no request.";
        /// [`CorsError::CorsDisabledScheme`].
        CorsDisabledScheme, "CorsDisabledScheme",
            "A page can fetch from http and https addresses alone, and the address has another scheme, or the page itself was \
             opened as a file. In an address such as localhost:8080 the browser takes `localhost` for the scheme.";
        /// [`CorsError::MixedContent`].
        MixedContent, "MixedContent",
            "The page was loaded over https and asks an http address. The browser sends nothing: whoever is on the way could \
             read and change the response. The server's CORS fields are not the reason.";
        /// [`CorsError::UnsafePort`].
        UnsafePort, "UnsafePort",
            "The address has a port that belongs to another protocol (mail, chat, file systems and others), and the browser sends \
             nothing to such a port, so that no page can speak to servers that do not know what a page is. The server's CORS \
             fields are not the reason.";
        /// [`CorsError::InsecureLocalNetwork`].
        InsecureLocalNetwork, "InsecureLocalNetwork",
            "The page comes from the internet over http, and asks an address of a private network or of this machine. The \
             browser sends nothing: a page may ask for that only if it was loaded over https. The server's CORS fields are not \
             the reason.";
        /// [`CorsError::LocalNetworkAccessPermissionDenied`].
        LocalNetworkAccessPermissionDenied, "LocalNetworkAccessPermissionDenied",
            "The page comes from the internet, and asks an address of a private network or of this machine. For that the browser \
             wants the permission of the person who uses it, which was refused or not given. The server's CORS fields are not \
             the reason.";
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
            ErrorKind::RedirectContainsCredentials => Some(Stage::Actual),
            _ if self.is_before_request() => Some(Stage::Actual),
            _ => Some(Stage::Preflight),
        }
    }

    /// True for a failure that is about the origin that a response allows, or the credentials that go with it.
    pub(crate) fn is_about_origin(self) -> bool {
        self.stage().is_none()
    }

    /// True for a failure that comes before any request: no server has a part in it.
    pub fn is_before_request(self) -> bool {
        matches!(
            self,
            ErrorKind::DisallowedByMode
                | ErrorKind::MissingScheme
                | ErrorKind::CorsDisabledScheme
                | ErrorKind::MixedContent
                | ErrorKind::UnsafePort
                | ErrorKind::InsecureLocalNetwork
                | ErrorKind::LocalNetworkAccessPermissionDenied
        )
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
            CorsError::MissingScheme => ErrorKind::MissingScheme,
            CorsError::CorsDisabledScheme { .. } => ErrorKind::CorsDisabledScheme,
            CorsError::MixedContent => ErrorKind::MixedContent,
            CorsError::UnsafePort { .. } => ErrorKind::UnsafePort,
            CorsError::InsecureLocalNetwork { .. } => ErrorKind::InsecureLocalNetwork,
            CorsError::LocalNetworkAccessPermissionDenied { .. } => {
                ErrorKind::LocalNetworkAccessPermissionDenied
            }
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
            other => other.kind().stage().unwrap_or(Stage::Actual),
        }
    }

    /// Returns the name that Chromium's DevTools show: `PreflightMissingAllowOriginHeader`.
    pub fn name(&self) -> &'static str {
        self.kind().name(self.stage())
    }

    /// Returns what Chromium shows of the failure: the value, method, header name, port or address space at fault, or nothing.
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
            CorsError::InsecureLocalNetwork { space }
            | CorsError::LocalNetworkAccessPermissionDenied { space } => {
                Data::Element(Element(space.name().as_bytes()))
            }
            CorsError::CorsDisabledScheme { scheme } => Data::Element(Element(scheme.as_bytes())),
            CorsError::UnsafePort { port } => Data::Port(port),
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
    Port(u16),
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
            Data::Port(port) => write!(w, "{port}"),
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
            Data::Port(port) => port.fmt(f),
        }
    }
}

impl Error for CorsError<'_> {}
