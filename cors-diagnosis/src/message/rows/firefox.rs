//! Firefox: `Cross-Origin Request Blocked: … (Reason: …).` and the column "Transferred" of its network panel. Its other
//! languages are in [`languages`](crate::message::languages).

use cors_core::browser::ErrorKind as Kind;

use super::{error, topic};
use crate::message::row::{Row, rows};
use crate::message::topics as about;

pub(super) static ROWS: &[Row] = rows! { Firefox:
    "since 35" "CORS header ‘Access-Control-Allow-Origin’ missing" => error(Kind::MissingAllowOriginHeader);
    "any" "Access-Control-Allow-Origin missing" => error(Kind::MissingAllowOriginHeader);
    "any" "missing Access-Control-Allow-Origin" => error(Kind::MissingAllowOriginHeader);
    "any" "Access-Control-Allow-Origin is missing" => error(Kind::MissingAllowOriginHeader);
    "any" "Access-Control-Allow-Origin header is missing" => error(Kind::MissingAllowOriginHeader);
    "since 58" "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed" => error(Kind::MultipleAllowOriginValues);
    "since 35" "CORS header ‘Access-Control-Allow-Origin’ does not match {parameter}" => error(Kind::AllowOriginMismatch);
    "since 35" "‘Access-Control-Allow-Origin’ does not match ‘{parameter}’)" => error(Kind::AllowOriginMismatch);
    "since 35" "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’" => error(Kind::WildcardOriginNotAllowed);
    "since 35" "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’" => error(Kind::InvalidAllowCredentials);
    "since 35" "Did not find method in CORS header ‘Access-Control-Allow-Methods’" => error(Kind::MethodDisallowedByPreflightResponse);
    "since 35" "invalid token {parameter} in CORS header ‘Access-Control-Allow-Methods’" => error(Kind::InvalidAllowMethodsPreflightResponse);
    "since 35" "invalid token {parameter} in CORS header ‘Access-Control-Allow-Headers’" => error(Kind::InvalidAllowHeadersPreflightResponse);
    "since 72" "header {parameter} is not allowed according to header ‘Access-Control-Allow-Headers’" => error(Kind::HeaderDisallowedByPreflightResponse);
    "35 to 71" "missing token {parameter} in CORS header" => error(Kind::HeaderDisallowedByPreflightResponse);
    "35 to 71" "missing token {parameter} in CORS header ‘Access-Control-Allow-Headers’ from CORS preflight channel" => error(Kind::HeaderDisallowedByPreflightResponse);
    "since 62" "CORS preflight response did not succeed" => error(Kind::PreflightInvalidStatus);
    "35 to 61" "CORS preflight channel did not succeed" => topic(&about::PREFLIGHT_FAILED), Preflight;
    "since 35" "CORS request external redirect not allowed" => error(Kind::PreflightDisallowedRedirect);
    "since 54" "CORS request did not succeed" => topic(&about::DID_NOT_SUCCEED);
    "35 to 53" "CORS request failed" => topic(&about::DID_NOT_SUCCEED);
    "since 35" "CORS request not http" => error(Kind::CorsDisabledScheme);
    "since 35" "Reason: CORS disabled" => topic(&about::CORS_DISABLED);
    "since 35" "CORS header ‘Origin’ cannot be added" => topic(&about::ORIGIN_NOT_ADDED);
    "since 98" "When the `Access-Control-Allow-Headers` is `*`, the `Authorization` header is not covered" => topic(&about::AUTHORIZATION_NOT_COVERED);
    "since 98" "the `Authorization` header is not covered. To include the `Authorization` header, it must be explicitly listed in CORS header `Access-Control-Allow-Headers`" => topic(&about::AUTHORIZATION_NOT_COVERED);
    "24 to 34" "This can be fixed by moving the resource to the same domain or enabling CORS" => topic(&about::NO_REASON);
    "any" "Cross-Origin Request Blocked" => topic(&about::BLOCKED);
    "any" "The Same Origin Policy disallows reading the remote resource" => topic(&about::BLOCKED);
    "any" "downloadable font: download failed {other} bad URI or cross-site access not allowed source: {url}" => topic(&about::FONT);
    "any" "bad URI or cross-site access not allowed source: {url}" => topic(&about::FONT);
    "any" "bad URI or cross-site access not allowed" => topic(&about::FONT);

    // The network panel.
    "since 66" "CORS Missing Allow Origin" => error(Kind::MissingAllowOriginHeader);
    "since 66" "CORS Multiple Origin Not Allowed" => error(Kind::MultipleAllowOriginValues);
    "since 66" "CORS Multiple Allow Origin Not Allowed" => error(Kind::MultipleAllowOriginValues);
    "since 66" "CORS Allow Origin Not Matching Origin" => error(Kind::AllowOriginMismatch);
    "since 66" "CORS No Allow Credentials" => error(Kind::WildcardOriginNotAllowed);
    "since 66" "CORS Not Supporting Credentials" => error(Kind::WildcardOriginNotAllowed);
    "since 66" "CORS Missing Allow Credentials" => error(Kind::InvalidAllowCredentials);
    "since 66" "CORS Origin Header Missing" => topic(&about::ORIGIN_NOT_ADDED);
    "since 66" "CORS External Redirect Not Allowed" => error(Kind::PreflightDisallowedRedirect);
    "since 66" "CORS Preflight Did Not Succeed" => error(Kind::PreflightInvalidStatus);
    "since 66" "CORS Invalid Allow Method" => error(Kind::InvalidAllowMethodsPreflightResponse);
    "since 66" "CORS Method Not Found" => error(Kind::MethodDisallowedByPreflightResponse);
    "since 66" "CORS Invalid Allow Header" => error(Kind::InvalidAllowHeadersPreflightResponse);
    "since 66" "CORS Missing Allow Header" => error(Kind::HeaderDisallowedByPreflightResponse);
    "since 66" "CORS Failed" => topic(&about::DID_NOT_SUCCEED);
    "since 66" "CORS Not HTTP" => error(Kind::CorsDisabledScheme);

    "since 25" "Loading mixed (insecure) active content" => error(Kind::MixedContent);
    "since 23" "Blocked loading mixed active content {url}" => error(Kind::MixedContent);
    "since 23" "Blocked loading mixed display content {url}" => error(Kind::MixedContent);
};
