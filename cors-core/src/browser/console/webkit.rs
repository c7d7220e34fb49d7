//! The texts of WebKit's console. They vary with the version, so that they are recognized and not rendered.

use super::Row;
use crate::browser::cause::Cause;
use crate::browser::error::ErrorKind;

pub(crate) const STATUS: &str = " Status code: ";

/// The line after the one with the cause.
pub(crate) const CANNOT_LOAD: &str = "cannot load {url} due to access control checks.";

pub(crate) static ROWS: &[Row] = &[
    // One text for a missing field and for one that does not match.
    Row::error(
        ErrorKind::AllowOriginMismatch,
        "Origin {origin} is not allowed by Access-Control-Allow-Origin.",
    ),
    Row::error(
        ErrorKind::WildcardOriginNotAllowed,
        "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
    ),
    Row::error(
        ErrorKind::MultipleAllowOriginValues,
        "Access-Control-Allow-Origin cannot contain more than one origin.",
    ),
    Row::error(
        ErrorKind::InvalidAllowCredentials,
        "Credentials flag is true, but Access-Control-Allow-Credentials is not \"true\".",
    ),
    Row::error(ErrorKind::PreflightInvalidStatus, "Preflight response is not successful."),
    Row::error(
        ErrorKind::InvalidAllowMethodsPreflightResponse,
        "Header Access-Control-Allow-Methods has an invalid value: {parameter}",
    ),
    Row::error(
        ErrorKind::InvalidAllowHeadersPreflightResponse,
        "Header Access-Control-Allow-Headers has an invalid value: {parameter}",
    ),
    Row::error(
        ErrorKind::MethodDisallowedByPreflightResponse,
        "Method {parameter} is not allowed by Access-Control-Allow-Methods.",
    ),
    Row::error(
        ErrorKind::HeaderDisallowedByPreflightResponse,
        "Request header field {parameter} is not allowed by Access-Control-Allow-Headers.",
    ),
    Row::new(Cause::AccessControlChecks, CANNOT_LOAD),
];
