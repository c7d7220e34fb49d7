//! The texts of Chromium's console, and what stands before them.

use super::Row;
use crate::browser::error::ErrorKind;
use crate::browser::options::Api;

pub(crate) const BLOCKED: &str = " has been blocked by CORS policy: ";

pub(crate) const PREFLIGHT: &str = "Response to preflight request doesn't pass access control check: ";

pub(crate) const CANNOT_LOAD: &str = "Fetch API cannot load ";

pub(crate) const UNSAFE_ATTEMPT: &str = "Unsafe attempt to load URL ";

pub(crate) const MUST_MATCH: &str = "Domains, protocols and ports must match.";

/// The text after [`CANNOT_LOAD`] and the address, for one that no page can fetch.
pub(crate) const SCHEME: &str = "URL scheme \"{parameter}\" is not supported.";

/// The text for a file that a page of the web asks for.
pub(crate) const LOCAL_RESOURCE: &str = "Not allowed to load local resource: ";

/// What stands before and after the page's address, the kind of what the page asks for, and the address.
pub(crate) const MIXED: [&str; 4] =
    ["Mixed Content: The page at '", "' was loaded over HTTPS, but requested an insecure ", " '", "'. "];

/// The schemes in the text for an `XMLHttpRequest`, those of Chromium's own pages among them.
pub(crate) const SCHEMES: &str = "chrome, chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, http, \
                                  https, isolated-app";

/// The text after [`CANNOT_LOAD`].
pub(crate) const SAME_ORIGIN: &str =
    "Request mode is \"same-origin\" but the URL's origin is not same as the request origin {origin}";

const VALID_VALUE: &str = " Have the server send the header with a valid value.";

const WITH_CREDENTIALS: &str = " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute.";

pub(crate) static ROWS: &[Row] = &[
    // After `MIXED`.
    Row::error(
        ErrorKind::MixedContent,
        "This request has been blocked; the content must be served over HTTPS.",
    ),
    Row::error(
        ErrorKind::MissingAllowOriginHeader,
        "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    ),
    Row::error(
        ErrorKind::WildcardOriginNotAllowed,
        "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.",
    )
    .hint(Api::XmlHttpRequest, WITH_CREDENTIALS),
    Row::error(
        ErrorKind::MultipleAllowOriginValues,
        "The 'Access-Control-Allow-Origin' header contains multiple values '{parameter}', but only one is allowed.",
    )
    .hint(Api::Fetch, VALID_VALUE),
    Row::error(
        ErrorKind::InvalidAllowOriginValue,
        "The 'Access-Control-Allow-Origin' header contains the invalid value '{parameter}'.",
    )
    .hint(Api::Fetch, VALID_VALUE),
    Row::error(
        ErrorKind::AllowOriginMismatch,
        "The 'Access-Control-Allow-Origin' header has a value '{parameter}' that is not equal to the supplied origin.",
    )
    .hint(Api::Fetch, VALID_VALUE),
    Row::error(
        ErrorKind::InvalidAllowCredentials,
        "The value of the 'Access-Control-Allow-Credentials' header in the response is '{parameter}' which must be 'true' when the request's credentials mode is 'include'.",
    )
    .hint(Api::XmlHttpRequest, WITH_CREDENTIALS),
    Row::error(ErrorKind::PreflightInvalidStatus, "It does not have HTTP ok status."),
    Row::error(ErrorKind::PreflightDisallowedRedirect, "Redirect is not allowed for a preflight request."),
    Row::error(
        ErrorKind::InvalidAllowMethodsPreflightResponse,
        "Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
    ),
    Row::error(
        ErrorKind::InvalidAllowHeadersPreflightResponse,
        "Cannot parse Access-Control-Allow-Headers response header field in preflight response.",
    ),
    Row::error(
        ErrorKind::MethodDisallowedByPreflightResponse,
        "Method {parameter} is not allowed by Access-Control-Allow-Methods in preflight response.",
    ),
    Row::error(
        ErrorKind::HeaderDisallowedByPreflightResponse,
        "Request header field {parameter} is not allowed by Access-Control-Allow-Headers in preflight response.",
    ),
    Row::error(
        ErrorKind::RedirectContainsCredentials,
        "Redirect location '{parameter}' contains a username and password, which is disallowed for cross-origin requests.",
    ),
    Row::error(ErrorKind::DisallowedByMode, "Cross origin requests are not allowed by request mode."),
    Row::error(ErrorKind::DisallowedByMode, SAME_ORIGIN),
    Row::error(
        ErrorKind::CorsDisabledScheme,
        "Cross origin requests are only supported for protocol schemes: {parameter}.",
    ),
    // The whole line: it names no address.
    Row::error(ErrorKind::UnsafePort, "Failed to load resource: net::ERR_UNSAFE_PORT"),
    Row::error(
        ErrorKind::InsecureLocalNetwork,
        "The request client is not a secure context and the resource is in more-private address space `{parameter}`.",
    ),
    Row::error(
        ErrorKind::LocalNetworkAccessPermissionDenied,
        "Permission was denied for this request to access the `{parameter}` address space.",
    ),
];
