//! Chrome, Edge since version 79, Opera; and Blink before its messages began with "Access to".

use cors_core::browser::ErrorKind as Kind;

use super::{error, topic};
use crate::message::row::{Row, rows};
use crate::message::topics as about;

pub(super) static ROWS: &[Row] = rows! { Chromium:
    // Since 2018: `Access to {kind} at '…' from origin '…' has been blocked by CORS policy: …`
    "since 33" "No 'Access-Control-Allow-Origin' header is present" => error(Kind::MissingAllowOriginHeader);
    "any" "No 'Access-Control-Allow-Origin' header" => error(Kind::MissingAllowOriginHeader);
    "since 50" "must not be the wildcard '*'" => error(Kind::WildcardOriginNotAllowed);
    "since 50" "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard" => error(Kind::WildcardOriginNotAllowed);
    "since 33" "'Access-Control-Allow-Origin' header contains multiple values {parameter} but only one is allowed" => error(Kind::MultipleAllowOriginValues);
    "since 33" "'Access-Control-Allow-Origin' header contains the invalid value {parameter}" => error(Kind::InvalidAllowOriginValue);
    "33 to 80" "'Access-Control-Allow-Origin' header contains the invalid value {parameter} Origin {origin} is therefore not allowed access" => error(Kind::InvalidAllowOriginValue);
    "since 33" "'Access-Control-Allow-Origin' header has a value {parameter} that is not equal to the supplied origin" => error(Kind::AllowOriginMismatch);
    "since 65" "The value of the 'Access-Control-Allow-Credentials' header in the response is {parameter} which must be 'true'" => error(Kind::InvalidAllowCredentials);
    "50 to 64" "'Access-Control-Allow-Credentials' header in the response is {parameter} which must be 'true'" => error(Kind::InvalidAllowCredentials);
    "any" "URLs are treated as unique security origins" => error(Kind::CorsDisabledScheme);
    "any" "Unsafe attempt to load URL {url} 'file:' URLs are treated as unique security origins" => error(Kind::CorsDisabledScheme);
    "any" "Unsafe attempt to load URL {url} from frame with URL {other} 'file:' URLs are treated as unique security origins" => error(Kind::CorsDisabledScheme);
    "any" "Unsafe attempt to load URL {url} from frame with URL {other}" => error(Kind::DisallowedByMode);
    "since 61" "does not have HTTP ok status" => error(Kind::PreflightInvalidStatus);
    "since 61" "Redirect is not allowed for a preflight request" => error(Kind::PreflightDisallowedRedirect);
    "since 61" "Cannot parse Access-Control-Allow-Methods response header field" => error(Kind::InvalidAllowMethodsPreflightResponse);
    "since 61" "Cannot parse Access-Control-Allow-Headers response header field" => error(Kind::InvalidAllowHeadersPreflightResponse);
    "since 38" "Method {parameter} is not allowed by Access-Control-Allow-Methods in preflight response" => error(Kind::MethodDisallowedByPreflightResponse);
    "since 38" "Request header field {parameter} is not allowed by Access-Control-Allow-Headers in preflight response" => error(Kind::HeaderDisallowedByPreflightResponse);
    "since 61" "Redirect location {parameter} contains a username and password" => error(Kind::RedirectContainsCredentials);
    "45 to 60" "Redirect location {parameter} contains userinfo, which is disallowed for cross-origin requests" => error(Kind::RedirectContainsCredentials);
    "33 to 60" "The request was redirected to a URL {parameter} which contains userinfo" => error(Kind::RedirectContainsCredentials);
    "since 61" "Cross origin requests are not allowed by request mode" => error(Kind::DisallowedByMode);
    "since 42" "Request mode is \"same-origin\" but the URL's origin is not same as the request origin {origin}" => error(Kind::DisallowedByMode);
    "since 30" "Cross origin requests are only support" => error(Kind::CorsDisabledScheme);
    "since 80" "Cross origin requests are only supported for protocol schemes: {parameter}" => error(Kind::CorsDisabledScheme);
    "since 42" "URL scheme {parameter} is not supported" => error(Kind::CorsDisabledScheme);
    "since 42" "URL scheme must be \"http\" or \"https\" for CORS request" => error(Kind::CorsDisabledScheme);
    "since 20" "Not allowed to load local resource: {url}" => error(Kind::CorsDisabledScheme);
    "since 94" "request client is not a secure context and the resource is in more-private address space {parameter}" => error(Kind::InsecureLocalNetwork);
    "since 94" "request client is not a secure context" => error(Kind::InsecureLocalNetwork);
    "since 123" "Permission was denied for this request to access the {parameter} address space" => error(Kind::LocalNetworkAccessPermissionDenied);
    "since 123" "Permission was denied for this request to access the" => error(Kind::LocalNetworkAccessPermissionDenied);
    "since 142" "{url} net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS" => error(Kind::LocalNetworkAccessPermissionDenied);
    "since 142" "ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS" => error(Kind::LocalNetworkAccessPermissionDenied);
    "104 to 141" "{url} net::ERR_BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS" => error(Kind::InsecureLocalNetwork);
    "104 to 141" "ERR_BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS" => error(Kind::InsecureLocalNetwork);
    "94 to 103" "ERR_INSECURE_PRIVATE_NETWORK_REQUEST" => error(Kind::InsecureLocalNetwork);
    "since 104" "Request had a target IP address space of {other} yet the resource is in address space {parameter}" => topic(&about::LOCAL_NETWORK_SPACE);
    "since 104" "Request had no target IP address space, yet the resource is in address space {parameter}" => error(Kind::LocalNetworkAccessPermissionDenied);
    "104 to 141" "No 'Access-Control-Allow-Private-Network' header was present in the preflight response" => topic(&about::MISSING_PRIVATE_NETWORK), Preflight;
    "98 to 141" "'Access-Control-Allow-Private-Network' header in the preflight response" => topic(&about::MISSING_PRIVATE_NETWORK), Preflight;
    "any" "Access-Control-Allow-Private-Network" => topic(&about::MISSING_PRIVATE_NETWORK), Preflight;
    "85 to 97" "No 'Access-Control-Allow-External' header was present" => topic(&about::MISSING_PRIVATE_NETWORK), Preflight;
    "104 to 141" "A site requested a resource from a network that it could only access because of its users' privileged network position" => topic(&about::PRIVATE_NETWORK_WARNING);
    "since 100" "Authorization will not be covered by the wildcard symbol (*) in CORS" => topic(&about::AUTHORIZATION_NOT_COVERED);

    // The issues panel.
    "since 88" "Ensure CORS response header values are valid" => topic(&about::INVALID_HEADERS);
    "since 88" "request was blocked because of invalid or missing response headers" => topic(&about::INVALID_HEADERS);
    "since 88" "Ensure CORS requesting origin matches" => error(Kind::AllowOriginMismatch);
    "since 88" "Ensure CORS request includes credentials properly" => error(Kind::InvalidAllowCredentials);
    "since 88" "Ensure CORS requests include credentials only when allowed" => error(Kind::InvalidAllowCredentials);
    "since 88" "Access-Control-Allow-Credentials header when CORS request uses credentials" => error(Kind::InvalidAllowCredentials);
    "since 88" "Ensure credentialed requests aren’t sent to CORS resources with origin wildcards" => error(Kind::WildcardOriginNotAllowed);
    "since 88" "Ensure credentialed requests are not sent to CORS resources with origin wildcards" => error(Kind::WildcardOriginNotAllowed);
    "since 88" "Ensure preflight responses are valid" => topic(&about::PREFLIGHT_FAILED), Preflight;
    "since 88" "request was blocked because the response to the associated preflight request failed" => topic(&about::PREFLIGHT_FAILED), Preflight;
    "since 88" "Ensure CORS request includes only allowed headers" => error(Kind::HeaderDisallowedByPreflightResponse);
    "since 88" "Ensure CORS request uses allowed headers" => error(Kind::HeaderDisallowedByPreflightResponse);
    "since 88" "Ensure CORS request uses allowed method" => error(Kind::MethodDisallowedByPreflightResponse);
    "since 88" "Ensure CORS requests are made on supported schemes" => error(Kind::CorsDisabledScheme);
    "since 88" "Ensure CORS requests aren’t redirected to URLs containing credentials" => error(Kind::RedirectContainsCredentials);
    "since 88" "Ensure CORS requests are not redirected to URLs containing credentials" => error(Kind::RedirectContainsCredentials);
    "since 88" "Ensure only same-origin resources are fetched with same-origin request mode" => error(Kind::DisallowedByMode);
    "since 94" "Ensure that local network requests are compatible with restrictions" => error(Kind::LocalNetworkAccessPermissionDenied);
    "94 to 141" "Ensure private network requests are" => error(Kind::InsecureLocalNetwork);

    // The network panel: the column "status" and the tooltip.
    "since 86" "Cross-Origin Resource Sharing error: {other}" => topic(&about::BLOCKED);
    "since 86" "Cross-Origin Resource Sharing error: MissingAllowOriginHeader" => error(Kind::MissingAllowOriginHeader);
    "since 86" "Cross-Origin Resource Sharing error: WildcardOriginNotAllowed" => error(Kind::WildcardOriginNotAllowed);
    "since 86" "Cross-Origin Resource Sharing error: MultipleAllowOriginValues" => error(Kind::MultipleAllowOriginValues);
    "since 86" "Cross-Origin Resource Sharing error: InvalidAllowOriginValue" => error(Kind::InvalidAllowOriginValue);
    "since 86" "Cross-Origin Resource Sharing error: AllowOriginMismatch" => error(Kind::AllowOriginMismatch);
    "since 86" "Cross-Origin Resource Sharing error: InvalidAllowCredentials" => error(Kind::InvalidAllowCredentials);
    "since 86" "CORS error: MissingAllowOriginHeader" => error(Kind::MissingAllowOriginHeader);
    "since 86" "CORS error: WildcardOriginNotAllowed" => error(Kind::WildcardOriginNotAllowed);
    "since 86" "CORS error: MultipleAllowOriginValues" => error(Kind::MultipleAllowOriginValues);
    "since 86" "CORS error: InvalidAllowOriginValue" => error(Kind::InvalidAllowOriginValue);
    "since 86" "CORS error: AllowOriginMismatch" => error(Kind::AllowOriginMismatch);
    "since 86" "CORS error: InvalidAllowCredentials" => error(Kind::InvalidAllowCredentials);
    "since 86" "PreflightMissingAllowOriginHeader" => error(Kind::MissingAllowOriginHeader), Preflight;
    "since 86" "PreflightWildcardOriginNotAllowed" => error(Kind::WildcardOriginNotAllowed), Preflight;
    "since 86" "PreflightMultipleAllowOriginValues" => error(Kind::MultipleAllowOriginValues), Preflight;
    "since 86" "PreflightInvalidAllowOriginValue" => error(Kind::InvalidAllowOriginValue), Preflight;
    "since 86" "PreflightAllowOriginMismatch" => error(Kind::AllowOriginMismatch), Preflight;
    "since 86" "PreflightInvalidAllowCredentials" => error(Kind::InvalidAllowCredentials), Preflight;
    "since 86" "PreflightInvalidStatus" => error(Kind::PreflightInvalidStatus);
    "since 86" "PreflightDisallowedRedirect" => error(Kind::PreflightDisallowedRedirect);
    "since 86" "MethodDisallowedByPreflightResponse" => error(Kind::MethodDisallowedByPreflightResponse);
    "since 86" "HeaderDisallowedByPreflightResponse" => error(Kind::HeaderDisallowedByPreflightResponse);
    "since 86" "InvalidAllowMethodsPreflightResponse" => error(Kind::InvalidAllowMethodsPreflightResponse);
    "since 86" "InvalidAllowHeadersPreflightResponse" => error(Kind::InvalidAllowHeadersPreflightResponse);

    // 2011 to 2018: `XMLHttpRequest cannot load …. …` and `Failed to load …: …`.
    "33 to 60" "A wildcard '*' cannot be used in the 'Access-Control-Allow-Origin' header when the credentials flag is true" => error(Kind::WildcardOriginNotAllowed);
    "33 to 60" "Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is {parameter} It must be 'true'" => error(Kind::InvalidAllowCredentials);
    "33 to 60" "Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header" => error(Kind::InvalidAllowCredentials);
    "30 to 32" "'Access-Control-Allow-Origin' whitelists only {parameter} Origin {origin} is not in the list" => error(Kind::AllowOriginMismatch);
    "42 to 60" "Response for preflight has invalid HTTP status code {status}" => error(Kind::PreflightInvalidStatus);
    "42 to 60" "Response for preflight has invalid HTTP status code" => error(Kind::PreflightInvalidStatus);
    "30 to 47" "Invalid HTTP status code {status}" => error(Kind::PreflightInvalidStatus);
    "42 to 60" "Response for preflight is invalid (redirect)" => error(Kind::PreflightDisallowedRedirect);
    "20 to 46" "The request was redirected to {redirected_to} which is disallowed for cross-origin requests that require preflight" => error(Kind::PreflightDisallowedRedirect);
    "20 to 46" "which is disallowed for cross-origin requests that require preflight" => error(Kind::PreflightDisallowedRedirect);
    "46 to 56" "Request requires preflight, which is disallowed to follow cross-origin redirect" => topic(&about::REDIRECT_AFTER_PREFLIGHT);
    "47 to 60" "Response to preflight request is invalid" => topic(&about::PREFLIGHT_FAILED), Preflight;
    "any" "Response to preflight request doesn't pass access control check" => topic(&about::PREFLIGHT_FAILED), Preflight;
    "any" "preflight request doesn't pass access control check" => topic(&about::PREFLIGHT_FAILED), Preflight;
    "any" "CORS policy: No Access-Control-Allow-Origin" => error(Kind::MissingAllowOriginHeader);
    "any" "has been blocked by CORS policy" => topic(&about::BLOCKED);
    "any" "blocked by CORS policy" => topic(&about::BLOCKED);
    "30 to 60" "from loading by Cross-Origin Resource Sharing policy" => topic(&about::BLOCKED);
};
