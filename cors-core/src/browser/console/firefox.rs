//! The texts of Firefox's console, which it calls reasons.

use super::{Cause, Row};
use crate::browser::error::ErrorKind;

/// The key of the one row that is a whole line: it is not about CORS.
pub(crate) const MIXED: &str = "BlockMixedActiveContent";

pub(crate) static ROWS: &[Row] = &[
    Row::error(
        ErrorKind::MissingAllowOriginHeader,
        "CORS header ‘Access-Control-Allow-Origin’ missing",
    )
    .key("CORSMissingAllowOrigin2")
    .status(),
    Row::error(
        ErrorKind::MultipleAllowOriginValues,
        "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed",
    )
    .key("CORSMultipleAllowOriginNotAllowed"),
    Row::error(
        ErrorKind::AllowOriginMismatch,
        "CORS header ‘Access-Control-Allow-Origin’ does not match ‘{parameter}’",
    )
    .key("CORSAllowOriginNotMatchingOrigin"),
    Row::error(
        ErrorKind::WildcardOriginNotAllowed,
        "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’",
    )
    .key("CORSNotSupportingCredentials"),
    Row::error(
        ErrorKind::InvalidAllowCredentials,
        "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’",
    )
    .key("CORSMissingAllowCredentials"),
    Row::error(ErrorKind::PreflightInvalidStatus, "CORS preflight response did not succeed")
        .key("CORSPreflightDidNotSucceed3")
        .status(),
    Row::error(
        ErrorKind::InvalidAllowMethodsPreflightResponse,
        "invalid token ‘{parameter}’ in CORS header ‘Access-Control-Allow-Methods’",
    )
    .key("CORSInvalidAllowMethod"),
    Row::error(
        ErrorKind::InvalidAllowHeadersPreflightResponse,
        "invalid token ‘{parameter}’ in CORS header ‘Access-Control-Allow-Headers’",
    )
    .key("CORSInvalidAllowHeader"),
    Row::error(
        ErrorKind::MethodDisallowedByPreflightResponse,
        "Did not find method in CORS header ‘Access-Control-Allow-Methods’",
    )
    .key("CORSMethodNotFound"),
    Row::error(
        ErrorKind::HeaderDisallowedByPreflightResponse,
        "header ‘{parameter}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response",
    )
    .key("CORSMissingAllowHeaderFromPreflight2"),
    Row::error(ErrorKind::PreflightDisallowedRedirect, "CORS request external redirect not allowed")
        .key("CORSExternalRedirectNotAllowed"),
    // It follows a failed preflight in a line of its own.
    Row::new(Cause::DidNotSucceed, "CORS request did not succeed").key("CORSDidNotSucceed2").status(),
    Row::new(
        Cause::AuthorizationNotCovered,
        "When the `Access-Control-Allow-Headers` is `*`, the `Authorization` header is not covered. To include the `Authorization` header, it must be explicitly listed in CORS header `Access-Control-Allow-Headers`",
    )
    .key("CORSAllowHeaderFromPreflightDeprecation"),
    Row::error(ErrorKind::CorsDisabledScheme, "CORS request not http").key("CORSRequestNotHttp"),
    Row::error(ErrorKind::MixedContent, "Blocked loading mixed active content “{url}”").key(MIXED),
];
